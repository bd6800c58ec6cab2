"""The ground of a landscape with everyone's way stroked on it, which can be made on any thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor

from engine.landscape.field import Extent
from engine.landscape.picture import LandscapePicture
from engine.landscape.shading import landscape_pixels

from ..theme import Style, mixed
from . import quiet_axes
from .trails import Line, TrailPicture, make_line, rgb
from .view import Appearance


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
        self.lines: tuple[Line, ...] = tuple(make_line(
            appearance, canvas.pixels(paths[appearance.index].points) * canvas.ratio,
            paths[appearance.index].steps, 0.5) for appearance in canvas.shown)
        self.trails = TrailPicture(self.ground, self.lines, canvas.style, canvas.ratio)

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
    if field.extent != canvas.extent:
        # Until that piece of the plane is computed.
        field = field.resampled(canvas.extent)
    shades = [mixed(theme.surface_low, theme.surface_high, share)
              for share in np.linspace(0, 1, levels.bands)]
    return landscape_pixels(field, levels, columns, rows, np.array([rgb(s) for s in shades]),
                            np.array(rgb(QColor(theme.isoline))), 0.5,
                            max(1.0, canvas.style.unit * canvas.ratio))
