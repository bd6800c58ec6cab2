"""The loss over a piece of a plane, first on a coarse grid and then on finer ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from .loss import WeightLoss
from .plane import Exact, Plane

Range = tuple[float, float]
Extent = tuple[Range, Range]

COARSEST = 9
SMALLEST, LARGEST = 2, 1001
# How much wider than high a picture is in which both axes have one unit.
SHAPE = 1.7


@dataclass(frozen=True, eq=False)
class Field:
    """Losses on a grid: `heights[r, c]` (rows, columns) is that at (`x[c]`, `y[r]`), read-only."""

    x: Exact
    y: Exact
    heights: Exact

    @property
    def extent(self) -> Extent:
        """The piece of the plane that it covers, ((x low, x high), (y low, y high))."""
        return ((float(self.x[0]), float(self.x[-1])), (float(self.y[0]), float(self.y[-1])))

    def at(self, points: Exact) -> Exact:
        """Heights between the grid's points (bilinear) at `points` (n, 2), (n,).

        Beyond the border the height is that of its nearest point.
        """
        columns, across = _between(self.x, points[:, 0])
        rows, up = _between(self.y, points[:, 1])
        low = (self.heights[rows, columns] * (1 - across)
               + self.heights[rows, columns + 1] * across)
        high = (self.heights[rows + 1, columns] * (1 - across)
                + self.heights[rows + 1, columns + 1] * across)
        found: Exact = low * (1 - up) + high * up
        return found

    def within(self, points: Exact) -> Exact:
        """The same, but NaN beyond the border."""
        (left, right), (bottom, top) = self.extent
        x, y = points.T
        inside = (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
        return np.where(inside, self.at(points), np.nan)


def field(loss: WeightLoss, plane: Plane, extent: Extent = ((-1.0, 1.0), (-1.0, 1.0)),
          size: int = 51, *, threads: int | None = None,
          cancelled: Callable[[], bool] = lambda: False) -> Field:
    """The loss on a grid of `size` × `size` points, borders included.

    See `WeightLoss.on` for `threads` and `cancelled`. Raises RunError, or Cancelled.
    """
    return list(refined(loss, plane, extent, size, threads=threads, cancelled=cancelled))[-1]


def refined(loss: WeightLoss, plane: Plane, extent: Extent, size: int, *,
            threads: int | None = None, cancelled: Callable[[], bool] = lambda: False,
            coarsest: int = COARSEST) -> Iterator[Field]:
    """The same, coarse to fine: each grid has the points of the one before and those between.

    The coarsest one has `coarsest` points a side or a few more.
    """
    if not SMALLEST <= size <= LARGEST:
        raise RunError(f"a field has from {SMALLEST} to {LARGEST:,} points a side, not {size:,}")
    (left, right), (bottom, top) = extent
    if not (np.isfinite([left, right, bottom, top]).all() and left < right and bottom < top):
        raise RunError("an extent is two pairs of finite numbers, ((x low, x high), (y low, "
                       f"y high)), not {extent!r}")
    x, y = np.linspace(left, right, size), np.linspace(bottom, top, size)
    points = np.stack(np.broadcast_arrays(x, y[:, None]), axis=-1)
    heights, known = np.empty((size, size)), np.zeros((size, size), bool)
    for stride in _strides(size, coarsest):
        wanted = np.zeros_like(known)
        wanted[::stride, ::stride] = True
        wanted &= ~known
        heights[wanted] = loss.on(plane.origin, plane.axes, points[wanted], threads=threads,
                                  cancelled=cancelled)
        known |= wanted
        grid = heights[::stride, ::stride].copy()
        grid.flags.writeable = False
        yield Field(x[::stride], y[::stride], grid)


def _between(grid: Exact, at: Exact) -> tuple[NDArray[np.intp], Exact]:
    """The grid's place before each number, and the share of the way to the next one."""
    before = np.clip(np.searchsorted(grid, at, side="right") - 1, 0, len(grid) - 2)
    share = (at - grid[before]) / (grid[before + 1] - grid[before])
    return before, np.clip(share, 0.0, 1.0)


def _strides(size: int, coarsest: int) -> list[int]:
    """Distances of grids that end on the border, each half of the one before."""
    stride = 1
    while (size - 1) % (2 * stride) == 0 and (size - 1) // (2 * stride) + 1 >= coarsest:
        stride *= 2
    strides = [stride]
    while strides[-1] > 1:
        strides.append(strides[-1] // 2)
    return strides


def around(points: Exact, margin: float = 0.2, oblong: float = 4.0) -> Extent:
    """A rectangle around points (n, 2), with a share of its sides as a margin.

    Its shorter side is no less than the `oblong`-th part of the longer one.
    """
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return (-1.0, 1.0), (-1.0, 1.0)
    low, high = points.min(0), points.max(0)
    # Halves first: their sum has room where that of the ends may have none.
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    half = np.maximum(half, float(half.max()) / oblong) * (1 + 2 * margin)
    # Where nothing moves there is still something to see.
    half = np.where(half > 0, half, np.maximum(np.abs(middle) * 1e-3, 1e-3))
    return ((float(middle[0] - half[0]), float(middle[0] + half[0])),
            (float(middle[1] - half[1]), float(middle[1] + half[1])))


def shaped(extent: Extent) -> Extent:
    """The piece made wider or higher until it is 1.7 times as wide as high.

    On a picture of that shape both axes have one unit, so that equal curvatures look equal.
    """
    (left, right), (bottom, top) = extent
    wide, high = right - left, top - bottom
    if abs(wide / high / SHAPE - 1) < 1e-9:
        return extent
    more_x, more_y = max(SHAPE * high - wide, 0.0) / 2, max(wide / SHAPE - high, 0.0) / 2
    return (left - more_x, right + more_x), (bottom - more_y, top + more_y)
