"""What of the points on a surface is seen, and what the surface hides.

A point is tested, and not its pixel: where it is seen a line through it has its whole width, and no
part of that sinks into the slope beside it. A depth is known in the middle of a pixel; how near a
point's own surface is there follows from its slope, so that no point is ever under the surface that
it lies on.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba
from .camera import FAR, Projection
from .field import Draped

Array = NDArray[np.float64]
Depths = NDArray[np.float32]
Marks = NDArray[np.bool_]

# Nearer by so much of its distance than the surface, a point lies on it.
NEARNESS = 1 + 1e-3
# So far before a mark the surface may be, in the scene, as the slope that it stands on is; and so
# many places around its middle are looked at.
THICKNESS, AROUND = 0.06, 16
# How much nearer a point's own surface can be in the middle of its pixel; seen from its edge it
# would have no end.
STEEPEST = 1.02


def _look(points, normals, pixels, camera, depths, nearness, steepest, in_front, above):
    rows, columns = depths.shape
    focal, far, perspective, stretch = camera[2], camera[3], camera[4] != 0, camera[17]
    for k in range(points.shape[0]):
        in_front[k], above[k] = False, False
        x, y = pixels[k, 0], pixels[k, 1]
        # What is nowhere is in no picture either.
        if not (x >= 0 and y >= 0 and x < columns and y < rows):
            continue
        column, row = int(x), int(y)
        # The way of the eye through the middle of the pixel, and how it meets the point's plane.
        u, v = (column + 0.5 - camera[0]) / stretch / focal, (camera[1] - row - 0.5) / focal
        towards, ahead, offset, way = 0.0, 0.0, 0.0, 0.0
        for i in range(3):
            normal, forward = normals[k, i], camera[11 + i]
            place, side = points[k, i] - camera[14 + i], u * camera[5 + i] + v * camera[8 + i]
            ahead += normal * forward
            if perspective:
                offset += normal * (place + far * forward)
                way += normal * (forward + side)
            else:
                offset += normal * (place - side)
        if perspective:
            towards, expected = -offset, way / offset
        else:
            towards, expected = -ahead, far - offset / ahead
        nearest = max(pixels[k, 2], min(expected, steepest * pixels[k, 2]))
        in_front[k] = nearest * nearness >= depths[row, column]
        above[k] = towards > 0


def _free(pixels, depths, free):
    rows, columns = depths.shape
    for k in range(pixels.shape[0]):
        free[k] = False
        x, y = pixels[k, 0], pixels[k, 1]
        if not (x >= 0 and y >= 0 and x < columns and y < rows):
            continue
        column, row = int(x), int(y)
        most = depths[row, column]
        for i in range(max(row - 1, 0), min(row + 2, rows)):
            for j in range(max(column - 1, 0), min(column + 2, columns)):
                most = max(most, depths[i, j])
        free[k] = most == 0


@cache
def _compiled(name: str) -> Any:
    types = import_numba().types
    real, marks = types.float64, types.boolean[::1]
    table, depths = real[:, ::1], types.float32[:, ::1]
    fixed = types.Array(real, 2, "C", readonly=True)
    kinds: dict[str, tuple[Any, Any]] = {
        "look": (_look, types.void(fixed, fixed, table, real[::1], depths, real, real, marks,
                                   marks)),
        "free": (_free, types.void(table, depths, marks)),
    }
    function, signature = kinds[name]
    return compile_function(function, signature, "float64")


def warm() -> None:
    """Compile what telling the seen from the hidden needs."""
    for name in ("look", "free"):
        _compiled(name)


def seen(line: Draped, projection: Projection, depths: Depths) -> Marks:
    """Which points on the surface are seen, (n,): from above, and with none of it before them.

    `depths` (rows, columns) are those that the surface was drawn with.
    """
    in_front, above = looked_at(line, projection.project(line.points), projection, depths)
    return in_front & above


def looked_at(line: Draped, pixels: Array, projection: Projection, depths: Depths
              ) -> tuple[Marks, Marks]:
    """Which points have none of the surface before them, and which are seen from above.

    `pixels` (n, 3) are the points projected. Those outside of the picture are neither.
    """
    in_front, above = np.empty(len(pixels), bool), np.empty(len(pixels), bool)
    _compiled("look")(np.ascontiguousarray(line.points), np.ascontiguousarray(line.normals),
                      np.ascontiguousarray(pixels), projection.numbers(), depths, NEARNESS,
                      STEEPEST, in_front, above)
    return in_front, above


def share_free(points: Array, projection: Projection, depths: Depths, radius: float) -> Array:
    """How much of a round mark at each of the points (n, 3) no hill stands before, 0 to 1 (n,).

    A mark faces the eye and has a radius in pixels: at the edge of a hill that hides its middle it
    is seen in part, and the slope that it stands on hides less than half of it.
    """
    pixels = projection.project(points)
    turns = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ring = radius * np.concatenate([[[0.0, 0.0]], np.column_stack([np.cos(turns), np.sin(turns)])])
    columns, rows = (pixels[:, None, :2] + ring).transpose(2, 0, 1)
    inside = (columns >= 0) & (rows >= 0) & (columns < depths.shape[1]) & (rows < depths.shape[0])
    near = np.zeros(inside.shape)
    near[inside] = depths[rows[inside].astype(int), columns[inside].astype(int)]
    there = near > 0
    way = _distance(np.where(there, near, 1.0), projection)
    hidden = there & (way < _distance(pixels[:, 2:], projection) - THICKNESS)
    return np.asarray(1 - hidden.mean(axis=1))


def _distance(depth: Array, projection: Projection) -> Array:
    """How far in front of the eye a depth is."""
    return np.asarray(1 / depth if projection.perspective else FAR - depth)


def has_none(pixels: Array, depths: Depths) -> Marks:
    """Which pixels (n, 3) have nothing of the surface in or around them."""
    free = np.empty(len(pixels), bool)
    _compiled("free")(np.ascontiguousarray(pixels), depths, free)
    return free
