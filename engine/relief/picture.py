"""The whole picture of a relief: floor and box, the surface over them, and trails over that.

What stays while a race plays is drawn once for a camera; a step then costs its trails alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from .box import BoxPicture
from .camera import Projection
from .field import Relief
from .lines import Drawing, Line, LinePainter, joined
from .polygon import polygon_filler
from .shading import Paint
from .surface import Depths, Picture, draw_surface
from .trails import Trail, TrailLook, TrailsSeen, rim_of

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class BoxPaint:
    """Colours of 0 to 255 of what lies around the surface, and the width of lines in pixels."""

    ground: Colour
    floor: Colour
    grid: Colour
    outline: Colour
    rim: Colour
    width: float = 1.0


class Canvas:
    """What pictures of `size` (columns, rows) are drawn on, one after another.

    A frame's pictures, depths and coverages are some 30 MB at 1080p. Memory that is touched for the
    first time costs the system a tenth of a frame, so a camera that goes round keeps its canvas.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        columns, rows = size
        self.ground, self.out = (np.empty((rows, columns), np.uint32) for _ in range(2))
        self.depths = np.empty((rows, columns), np.float32)
        self.painter = LinePainter((rows, columns))


@dataclass(eq=False)
class ReliefPicture:
    """A relief seen by a camera, (rows, columns) pixels of 0xAARRGGBB, without trails at first;
    valid until another one is drawn on its canvas."""

    relief: Relief
    projection: Projection
    canvas: Canvas
    _seen: tuple[tuple[Trail, ...], TrailsSeen] | None = field(init=False, default=None)

    @property
    def ground(self) -> Picture:
        """The picture without trails."""
        return self.canvas.ground

    @property
    def depths(self) -> Depths:
        """The depth of what is seen in each pixel, 0 where there is nothing of the surface."""
        return self.canvas.depths

    def with_trails(self, trails: Sequence[Trail], step: int, look: TrailLook) -> Picture:
        """The picture with trails up to a step; valid until the next call."""
        lines = self._trails_seen(tuple(trails)).lines(step, look)
        self.canvas.painter.paint(self.canvas.out, lines, self.ground)
        return self.canvas.out

    def _trails_seen(self, trails: tuple[Trail, ...]) -> TrailsSeen:
        """The trails as seen from here, worked out once for all steps."""
        known = self._seen
        if known is None or len(known[0]) != len(trails) or any(
                one is not other for one, other in zip(known[0], trails, strict=True)):
            self._seen = known = (trails, TrailsSeen(trails, self.projection, self.depths))
        return known[1]

    def place_at(self, column: float, row: float) -> NDArray[np.float64] | None:
        """The point (3,) of the scene that is seen in a pixel; None where the surface is not."""
        rows, columns = self.depths.shape
        if not (0 <= column < columns and 0 <= row < rows):
            return None
        depth = float(self.depths[int(row), int(column)])
        if depth <= 0:
            return None
        return self.projection.unproject(np.array([[column, row, depth]]))[0]

    def point_at(self, column: float, row: float) -> tuple[float, float] | None:
        """The point of the plane above which the surface is seen in a pixel, or None."""
        place = self.place_at(column, row)
        if place is None:
            return None
        x, y = self.relief.found(place[None, :2])[0]
        return float(x), float(y)


def draw_relief(relief: Relief, projection: Projection, box: BoxPicture, size: tuple[int, int],
                paint: Paint, around: BoxPaint, threads: int | None = None,
                canvas: Canvas | None = None) -> ReliefPicture:
    """A relief in its box in `size` (columns, rows) pixels, on a canvas of that size or a new one.
    """
    columns, rows = size
    canvas = canvas or Canvas(size)
    if canvas.ground.shape != (rows, columns):
        raise RunError(f"a picture of {columns} × {rows} pixels needs a canvas of that size, not "
                       f"one of {canvas.ground.shape[1]} × {canvas.ground.shape[0]}")
    ground, painter = canvas.ground, canvas.painter
    red, green, blue = (round(level) for level in around.ground)
    empty = np.uint32((255 << 24) | (red << 16) | (green << 8) | blue)
    fill_floor = polygon_filler(box.floor, around.floor)
    lines = Drawing([
        Line(joined([stroke.line for stroke in strokes if stroke.strength == strength]),
             around.width, color, strength)
        for strokes, color in ((box.grid, around.grid), (box.outline, around.outline))
        for strength in sorted({stroke.strength for stroke in strokes})])

    def draw_behind(first: int, last: int) -> None:
        ground[first:last] = empty
        fill_floor(ground, (first, last))
        painter.paint_rows(ground, lines, (first, last))

    draw_surface(relief, projection, paint, ground, threads, draw_behind, canvas.depths)
    rim = rim_of(projection, canvas.depths, relief.rim)
    # So few points that a second thread would not be worth its while.
    painter.paint_rows(ground, Drawing([Line(rim, around.width, around.rim)]), (0, rows))
    return ReliefPicture(relief, projection, canvas)
