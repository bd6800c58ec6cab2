"""Coarse to fine: the pixels of a map in nested lattices, so that each is computed only once.

The first lattice has a pixel in every block of 2ᵏ × 2ᵏ, the next one in every block of half that
side, and so on to all of them. Until then a pixel shows the nearest one that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

# Blocks along the longer side of the first lattice: enough to see a shape.
COARSE = 24


@dataclass(frozen=True)
class Lattice:
    """Every `stride`-th row and column of a map of (rows, columns) pixels."""

    rows: int
    columns: int
    stride: int

    def along(self, count: int) -> Places:
        """Which of `count` rows or columns are among it."""
        return np.arange(offset(self.stride), count, self.stride)

    def places(self) -> Places:
        """Its pixels' places in the flat map, row after row."""
        rows, columns = self.along(self.rows), self.along(self.columns)
        return (rows[:, None] * self.columns + columns).ravel()

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """A map (rows, columns, …) in which every pixel has the value of the nearest known one."""
        if self.stride == 1:
            return values
        return values[np.ix_(self._nearest(self.rows), self._nearest(self.columns))]

    def _nearest(self, count: int) -> Places:
        known = self.along(count)
        place = np.rint((np.arange(count) - known[0]) / self.stride).astype(np.int64)
        return known[np.clip(place, 0, len(known) - 1)]


def lattices(rows: int, columns: int, blocks: int = COARSE) -> list[Lattice]:
    """From the coarsest lattice, of about so many `blocks` along the longer side, to all pixels."""
    stride = 1
    while 2 * stride * blocks <= max(rows, columns) and 4 * stride <= min(rows, columns):
        stride *= 2
    return [Lattice(rows, columns, stride >> k) for k in range(stride.bit_length())]


def offset(stride: int) -> int:
    """The first row of a lattice: near the middle of its block, and in all finer lattices too."""
    if stride == 1:
        return 0
    half = stride // 2
    inner = offset(half)
    return min(inner + half, inner, key=lambda first: abs(first - (stride - 1) / 2))
