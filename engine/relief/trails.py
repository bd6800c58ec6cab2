"""Trails on a relief: what of a line that lies on the surface is seen, and what a hill hides.

A line is tested, and not its pixels: where its middle is seen it has its whole width, and no part
of it sinks into the slope beside it. A depth is known in the middle of a pixel; how near a point's
own surface is there follows from its slope, so that no trail is ever under the surface that it lies
on. Where that is seen from below its trails are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba
from ..polyline import thinned
from .camera import Projection
from .field import Draped
from .lines import LinePainter, Picture
from .sizes import FLOOR

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

# Nearer by so much of its distance than the surface, a point lies on it.
BIAS = 1e-3
# How much nearer a point's own surface can be in the middle of its pixel; seen from its edge it
# would have no end.
STEEPEST = 1.02
# Lines have a point in every so many pixels at most.
APART = 0.7
NOWHERE = -1e9


@dataclass(frozen=True, eq=False)
class Trail:
    """A line on the surface, and at which step each of its points is passed (n,).

    NaN in z is a gap. `color` has three numbers of 0 to 255.
    """

    line: Draped
    steps: Array
    color: tuple[float, float, float]
    opacity: float = 1.0


@dataclass(frozen=True)
class TrailLook:
    """Widths in pixels, and how much is seen of what is to come and of what a hill hides.

    `halo` and `shadow` are colours of three numbers of 0 to 255.
    """

    halo: tuple[float, float, float]
    shadow: tuple[float, float, float]
    width: float = 3.0
    faint_width: float = 2.0
    halo_width: float = 6.0
    future: float = 0.3
    hidden: float = 0.22
    darkness: float = 0.16


def _test(pixels, expected, depths, nearness, in_front, free):
    rows, columns = depths.shape
    for k in range(pixels.shape[0]):
        in_front[k], free[k] = False, False
        x, y = pixels[k, 0], pixels[k, 1]
        # What is nowhere is in no picture either.
        if not (x >= 0 and y >= 0 and x < columns and y < rows):
            continue
        column, row = int(x), int(y)
        in_front[k] = max(pixels[k, 2], expected[k]) * nearness >= depths[row, column]
        most = depths[row, column]
        for i in range(max(row - 1, 0), min(row + 2, rows)):
            for j in range(max(column - 1, 0), min(column + 2, columns)):
                most = max(most, depths[i, j])
        free[k] = most == 0


@cache
def _compiled() -> Any:
    types = import_numba().types
    marks = types.boolean[::1]
    signature = types.void(types.float64[:, ::1], types.float64[::1], types.float32[:, ::1],
                           types.float64, marks, marks)
    return compile_function(_test, signature, "float64")


def warm() -> None:
    """Compile what drawing trails needs."""
    _compiled()


def seen(line: Draped, projection: Projection, depths: NDArray[np.float32]) -> Marks:
    """Which points on the surface are seen, (n,): from above, and with none of it before them.

    `depths` (rows, columns) are those that the surface was drawn with.
    """
    return _seen(line, projection.project(line.points), projection, depths)


def _seen(line: Draped, pixels: Array, projection: Projection, depths: NDArray[np.float32]
          ) -> Marks:
    """The same for points that are projected already, (n, 3)."""
    towards = np.einsum("nk,nk->n", projection.eye - line.points, line.normals)
    above: Marks = np.greater(towards, 0.0)
    return _in_front(line, pixels, projection, depths) & above


def _in_front(line: Draped, pixels: Array, projection: Projection, depths: NDArray[np.float32]
              ) -> Marks:
    """Which points have none of the surface before them, from whichever side they are seen."""
    expected = projection.plane_depths(line.points, line.normals, np.floor(pixels[:, :2]) + 0.5)
    return _tested(pixels, np.minimum(expected, STEEPEST * pixels[:, 2]), depths)[0]


def _tested(pixels: Array, expected: Array, depths: NDArray[np.float32]) -> tuple[Marks, Marks]:
    """Which of the projected points (n, 3) are in front, and which have nothing of the surface in
    or around their pixel. In the middle of its pixel a point's own surface is as near as `expected`
    (n,)."""
    in_front, free = np.empty(len(pixels), bool), np.empty(len(pixels), bool)
    _compiled()(np.ascontiguousarray(pixels), np.ascontiguousarray(expected), depths, 1 + BIAS,
                in_front, free)
    return in_front, free


class TrailsSeen:
    """Trails as a camera sees them: what is worked out once, however many steps are then drawn."""

    def __init__(self, trails: Sequence[Trail], projection: Projection,
                 depths: NDArray[np.float32]) -> None:
        self._laid = [_lay(trail, projection, depths) for trail in trails]

    def draw_shadows(self, painter: LinePainter, picture: Picture, step: int, look: TrailLook
                     ) -> None:
        """The trails up to a step as shadows straight below, where the floor is seen."""
        lines = [run for laid in self._laid
                 for run in _runs(laid.below, laid.free & (laid.steps <= step))]
        painter.paint(picture, lines, look.width, look.shadow, look.darkness)

    def draw(self, painter: LinePainter, picture: Picture, step: int, look: TrailLook) -> None:
        """The trails over the surface: up to a step full, from there on faint, and behind hills.
        """
        for laid in self._laid:
            trail, past = laid.trail, laid.steps <= step
            coming = ~past
            # The segment between now and what is to come belongs to the latter.
            coming[:-1] |= coming[1:]
            painter.paint(picture, _runs(laid.pixels, laid.visible & coming), look.faint_width,
                          trail.color, look.future * trail.opacity)
            painter.paint(picture, _runs(laid.pixels, laid.hidden & past), look.faint_width,
                          trail.color, look.hidden * trail.opacity)
        for laid in self._laid:
            trail = laid.trail
            painter.paint_haloed(picture, laid.upto(step), look.width, trail.color, trail.opacity,
                                 look.halo_width, look.halo)


@dataclass(frozen=True, eq=False)
class _Laid:
    """A trail's points on the picture (n, 3), those below on the floor, and which of them are seen.
    """

    trail: Trail
    all_pixels: Array
    kept: NDArray[np.int64]
    pixels: Array
    below: Array
    steps: Array
    visible: Marks
    hidden: Marks
    free: Marks

    def upto(self, step: int) -> list[Array]:
        """What is past and seen; it ends under its head, whatever thinning has left of it."""
        runs = _runs(self.pixels, self.visible & (self.steps <= step))
        now = int(np.searchsorted(self.trail.steps, step, side="right")) - 1
        last = int(np.searchsorted(self.steps, step, side="right")) - 1
        if last >= 0 and self.kept[last] < now and self.visible[last] and (
                self.all_pixels[now, 2] > 0):
            runs.append(np.stack([self.pixels[last, :2], self.all_pixels[now, :2]]))
        return runs


def _lay(trail: Trail, projection: Projection, depths: NDArray[np.float32]) -> _Laid:
    pixels = projection.project(trail.line.points)
    # A point that is not there is moved far out, where it parts two lines.
    pixels = np.where(np.isfinite(pixels[:, 2:]), pixels, NOWHERE)
    kept = thinned(pixels[:, :2], APART)
    line = Draped(trail.line.points[kept], trail.line.normals[kept], trail.line.along[kept])
    seen_pixels = pixels[kept]
    there = seen_pixels[:, 2] > 0
    visible = _seen(line, seen_pixels, projection, depths)
    floor = line.points.copy()
    floor[:, 2] = FLOOR
    below = projection.project(floor)
    free = _tested(below, below[:, 2], depths)[1] & there
    return _Laid(trail, pixels, kept, seen_pixels, below, trail.steps[kept], visible,
                 _widened(~visible) & there, free)


def draw_rim(painter: LinePainter, picture: Picture, projection: Projection,
             depths: NDArray[np.float32], sides: Sequence[Draped], width: float,
             color: Sequence[float]) -> None:
    """The sides of a surface, where they are seen: pale hills end somewhere on a pale ground."""
    lines = []
    for side in sides:
        pixels = projection.project(side.points)
        # What is not finite is on no picture.
        lines += _runs(pixels, _in_front(side, pixels, projection, depths))
    painter.paint(picture, lines, width, color)


def _widened(marks: Marks) -> Marks:
    """The marks and their neighbours, so that a line goes on where another kind of it ends."""
    wide = marks.copy()
    wide[1:] |= marks[:-1]
    wide[:-1] |= marks[1:]
    return wide


def _runs(pixels: Array, marks: Marks) -> list[Array]:
    """The lines (m, 2) of neighbouring points that are marked."""
    change = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    return [pixels[first:last, :2] for first, last in change.reshape(-1, 2) if last - first > 1]
