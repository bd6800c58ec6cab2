"""A height field in its box: where a surface's points lie in the scene that a camera looks at.

Heights stand as tall as their bands on the map do (`engine.heights.Levels`), so that a valley's
floor and its walls are both seen, and isolines are level lines of what is seen. What is not finite
is a hole; what is higher than the box is cut off level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..heights import Levels, Range, banded, choose_levels, heights
from ..surfaces import Surface
from .mesh import Mesh, mesh_of
from .sizes import CEILING, HEIGHT, MOST_OBLONG

Array = NDArray[np.float64]

MOST_PIECES = 64


@dataclass(frozen=True, eq=False)
class Draped:
    """Points (n, 3) on a surface, which way up it is there (n, 3), and their places along the line
    that they are of (n,): 3.5 is half-way between its points 3 and 4."""

    points: Array
    normals: Array
    along: Array


@dataclass(frozen=True, eq=False)
class Relief:
    """A field of heights (rows, columns) over a plane, its first row at the low end of y.

    The outermost points lie on the ends of the ranges. `half` is half the width and half the depth
    of the box.
    """

    heights: Array
    x_range: Range
    y_range: Range
    levels: Levels

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2:
            raise RunError("a relief's heights must be a table of at least 2 rows and 2 columns, "
                           f"not an array of shape {self.heights.shape}")
        for name, (low, high) in (("x", self.x_range), ("y", self.y_range)):
            if not (np.isfinite([low, high]).all() and low < high):
                raise RunError(f"a relief's {name} range must be two finite numbers, the lower one "
                               f"first, not {low:g} and {high:g}")

    @cached_property
    def half(self) -> tuple[float, float]:
        """Half the box's sides along x and y: those of the ranges, as long as none is a sliver."""
        wide = (self.x_range[1] - self.x_range[0]) / (self.y_range[1] - self.y_range[0])
        wide = min(max(wide, 1 / MOST_OBLONG), MOST_OBLONG)
        return (1.0, 1 / wide) if wide > 1 else (wide, 1.0)

    @property
    def radius(self) -> float:
        """The box's radius about the vertical axis, for a camera."""
        return float(np.hypot(*self.half))

    @cached_property
    def z(self) -> Array:
        """Heights in the scene, (rows, columns); NaN in holes."""
        return self.raised(self.heights)

    @cached_property
    def mesh(self) -> Mesh:
        """The surface as triangles."""
        return mesh_of(self.z, self.half, CEILING)

    @cached_property
    def slopes(self) -> NDArray[np.float32]:
        """The slopes ∂z/∂x and ∂z/∂y in the scene at the points of the field, (rows, columns, 2).
        """
        rows, columns = self.z.shape
        steps = 2 * self.half[0] / (columns - 1), 2 * self.half[1] / (rows - 1)
        return np.stack([_slope(self.z, 1, steps[0]), _slope(self.z, 0, steps[1])], axis=2
                        ).astype(np.float32)

    @cached_property
    def rim(self) -> tuple[Draped, ...]:
        """The four sides of the surface; z is NaN where it is cut off."""
        rows, columns = self.z.shape
        x, y = np.linspace(*self.x_range, columns), np.linspace(*self.y_range, rows)
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        sides = [self.draped(np.column_stack(np.broadcast_arrays(*side))) for side in (
            (x, y0), (x, y1), (x0, y), (x1, y))]
        for side in sides:
            side.points[side.points[:, 2] >= CEILING, 2] = np.nan
        return tuple(sides)

    def raised(self, heights: Array) -> Array:
        """Heights of any shape as heights in the scene; NaN where they are not finite."""
        heights = np.asarray(heights, float)
        z = banded(np.atleast_2d(heights), self.levels) * (HEIGHT / self.levels.bands)
        return np.where(np.isfinite(heights), z.reshape(heights.shape), np.nan)

    def placed(self, points: Array) -> Array:
        """Points (n, 2) of the plane in the scene, (n, 2)."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        share = (points - np.array([x0, y0])) / np.array([x1 - x0, y1 - y0])
        return (2 * share - 1) * np.array(self.half)

    def found(self, places: Array) -> Array:
        """Points (n, 2) of the scene on the plane, (n, 2)."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        share = (places / np.array(self.half) + 1) / 2
        return np.array([x0, y0]) + share * np.array([x1 - x0, y1 - y0])

    def draped(self, points: Array) -> Draped:
        """Points (n, 2) of the plane laid on the surface's triangles.

        Where the surface is cut off they lie at the ceiling; over a hole or beside the field z is
        NaN.
        """
        rows, columns = self.z.shape
        places = self.placed(np.asarray(points, float).reshape(-1, 2))
        share = (places / np.array(self.half) + 1) / 2
        inside = ((share >= 0) & (share <= 1)).all(axis=1)
        at = np.where(inside[:, None], share, 0.0) * np.array([columns - 1, rows - 1])
        cell = np.minimum(at.astype(int), [columns - 2, rows - 2])
        (x, y), (j, i) = (at - cell).T, cell.T
        a, b, c, d = self.z[i, j], self.z[i, j + 1], self.z[i + 1, j], self.z[i + 1, j + 1]
        # A cell is split from its corner a to its corner d (see `mesh`).
        along_x, along_y = np.where(x >= y, (b - a, d - b), (d - c, c - a))
        z = np.where(inside, np.minimum(a + x * along_x + y * along_y, CEILING), np.nan)
        steps = 2 * np.array(self.half) / np.array([columns - 1, rows - 1])
        normals = np.column_stack([-along_x / steps[0], -along_y / steps[1], np.ones(len(z))])
        return Draped(np.column_stack([places, z]), normals, np.arange(len(z), dtype=float))

    def drape(self, path: Array) -> Draped:
        """A line (n, 2) of the plane laid on the surface, up to what is not finite.

        Pieces between two of its points are at most half a cell long, so that they follow the
        surface.
        """
        path = np.asarray(path, float)
        finite = np.isfinite(path).all(axis=1)
        path = path if finite.all() else path[: int(np.argmin(finite))]
        if len(path) < 2:
            return self.draped(path)
        rows, columns = self.z.shape
        cells = np.diff(self.placed(path), axis=0) / np.array(self.half) / 2 * np.array(
            [columns - 1, rows - 1])
        pieces = np.clip(np.ceil(2 * np.abs(cells).max(axis=1)), 1, MOST_PIECES).astype(int)
        ends = np.cumsum(pieces)
        along = np.repeat(np.arange(len(pieces)), pieces).astype(float)
        along += (np.arange(ends[-1]) - np.repeat(ends - pieces, pieces)) / np.repeat(
            pieces, pieces)
        along = np.append(along, len(path) - 1.0)
        whole = np.arange(len(path))
        points = np.stack([np.interp(along, whole, path[:, k]) for k in (0, 1)], axis=1)
        return replace(self.draped(points), along=along)


def surface_relief(surface: Surface, x_range: Range, y_range: Range, points: int = 201,
                   levels: Levels | None = None) -> Relief:
    """A surface over a rectangle, with so many points a side; `levels` default to the map's."""
    (x0, x1), (y0, y1) = x_range, y_range
    dx, dy = (x1 - x0) / (points - 1) / 2, (y1 - y0) / (points - 1) / 2
    # The field's points are the centres of cells that reach half a cell further.
    field = heights(surface, (x0 - dx, x1 + dx), (y0 - dy, y1 + dy), points, points)
    return Relief(np.ascontiguousarray(field[::-1]), x_range, y_range,
                  levels or choose_levels(surface, x_range, y_range))


def _slope(z: Array, axis: int, step: float) -> Array:
    """Differences over both neighbours along an axis, or over the one that is there."""
    before, after = np.full_like(z, np.nan), np.full_like(z, np.nan)
    ahead = np.diff(z, axis=axis) / step
    if axis == 1:
        after[:, :-1], before[:, 1:] = ahead, ahead
    else:
        after[:-1], before[1:] = ahead, ahead
    one = np.where(np.isnan(before), after, np.where(np.isnan(after), before,
                                                     (before + after) / 2))
    return np.nan_to_num(one, nan=0.0)
