"""The ground of a landscape with everyone's way stroked on it, which can be made on any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor

from engine.landscape.field import Extent
from engine.landscape.picture import LandscapePicture, PathOnPlane
from engine.landscape.shading import landscape_pixels

from ..theme import Style, mixed
from . import quiet_axes
from .trails import Line, TrailPicture, make_line, rgb
from .view import Appearance

# A line so many times as long as the picture's diagonal would cover what it is on; a thin one is
# this share of the usual width, but for its newest piece, a share of the diagonal.
TANGLED, THIN, TAIL = 3.0, 0.4, 0.15


@dataclass(frozen=True)
class Canvas:
    """What a picture is painted on: `size` in pixels, `ratio` device pixels to each of them.

    `shown` are the contestants in the order of painting; `extent` is the piece of the plane.
    """

    size: tuple[float, float]
    ratio: float
    style: Style
    shown: tuple[Appearance, ...]
    extent: Extent

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 2) of the plane in pixels."""
        (left, right), (bottom, top) = self.extent
        return quiet_axes.to_pixels(points, (left, right, bottom, top),
                                    QRectF(0, 0, *self.size))


class Ways:
    """A picture on a canvas; `trails` grow with the step, the rest stays."""

    def __init__(self, picture: LandscapePicture, canvas: Canvas, before: Ways | None = None
                 ) -> None:
        """Of the ways `before` it takes the ground, if that is the same."""
        self.picture, self.canvas = picture, canvas
        self.ground: NDArray[np.uint32]
        if before is not None and before.on_same_ground(picture, canvas):
            self.ground = before.ground
        else:
            self.ground = _ground(picture, canvas)
        paths = {path.contestant: path for path in picture.paths}
        self.lines: tuple[Line, ...] = tuple(
            self._line(appearance, paths[appearance.index]) for appearance in canvas.shown)
        self.painted: tuple[Line, ...] = tuple(sorted(self.lines, key=lambda line: (
            line.appearance.opacity, -line.weight)))
        """The lines in their order of painting: a thin one would be hidden below the others."""
        self.trails = TrailPicture(self.ground, self.painted, canvas.style, canvas.ratio)

    def _line(self, appearance: Appearance, path: PathOnPlane) -> Line:
        """A path as a line; one that goes to and fro is thin, and leaves its valley to be seen."""
        canvas = self.canvas
        line = make_line(appearance, canvas.pixels(path.points) * canvas.ratio, path.steps, 0.5)
        length = np.hypot(*np.diff(line.points, axis=0).T).sum()
        tangled = length > TANGLED * np.hypot(*canvas.size) * canvas.ratio
        return replace(line, weight=THIN) if tangled else line

    @property
    def vectors(self) -> tuple[Line, ...]:
        """The lines in the order of painting and in pixels, not in device pixels."""
        return tuple(replace(line, points=line.points / self.canvas.ratio)
                     for line in self.painted)

    def end_of(self, place: int, step: int, head: NDArray[np.float64]) -> NDArray[np.float64]:
        """The last piece of a line up to a contestant's head at a step, in pixels (n, 2).

        A path is kept at some steps, so that it does not reach the head; of a thin line the piece
        goes back a little, to be seen among all the rest.
        """
        line, canvas = self.lines[place], self.canvas
        past = line.points[: max(line.upto(step), 1)] / canvas.ratio
        piece = np.concatenate([past, canvas.pixels(head[None])])
        back = np.cumsum(np.hypot(*np.diff(piece[::-1], axis=0).T))
        room = TAIL * float(np.hypot(*canvas.size)) if line.weight < 1 else 0.0
        count = 2 + int(np.searchsorted(back[1:], room)) if room else 2
        return piece[-count:]

    def on_same_ground(self, picture: LandscapePicture, canvas: Canvas) -> bool:
        """Whether another picture's ground looks the same on a canvas."""
        mine = self.canvas
        return (picture.field is self.picture.field and picture.levels == self.picture.levels
                and (canvas.size, canvas.ratio, canvas.style, canvas.extent) == (
                    mine.size, mine.ratio, mine.style, mine.extent))

    def shows(self, picture: LandscapePicture, canvas: Canvas) -> bool:
        """Whether these are a picture's ways on a canvas."""
        return (picture.paths is self.picture.paths and canvas == self.canvas
                and self.on_same_ground(picture, canvas))


def _ground(picture: LandscapePicture, canvas: Canvas) -> NDArray[np.uint32]:
    columns, rows = (max(1, round(side * canvas.ratio)) for side in canvas.size)
    theme, levels, field = canvas.style.theme, picture.levels, picture.field
    shades = [mixed(theme.surface_low, theme.surface_high, share)
              for share in np.linspace(0, 1, levels.bands)]
    return landscape_pixels(field, levels, columns, rows, np.array([rgb(s) for s in shades]),
                            np.array(rgb(QColor(theme.isoline))), 0.5,
                            max(1.0, canvas.style.unit * canvas.ratio))
