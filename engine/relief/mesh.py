"""A field's triangles: two a cell, none over a hole, and cut off level at a ceiling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.int32]

BLOCK = 8
"""Cells along the side of a square whose triangles come one after another."""
CHUNK = 2 * BLOCK**2
"""Triangles that lie close together, which a band of rows passes over all at once."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """Points (n, 3) of the scene and triangles (m, 3) of them, neighbours near one another."""

    points: Array
    triangles: Places


def mesh_of(z: Array, half: tuple[float, float], ceiling: float) -> Mesh:
    """The triangles of heights (rows, columns) over a plane from -half to +half.

    Each cell is split from its lowest corner in x and y to its highest; what is above the ceiling
    is cut off.
    """
    rows, columns = z.shape
    x, y = np.meshgrid(np.linspace(-half[0], half[0], columns),
                       np.linspace(-half[1], half[1], rows))
    points = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
    i, j = np.divmod(np.arange((rows - 1) * (columns - 1)), columns - 1)
    a = (i * columns + j)[np.lexsort((j // BLOCK, i // BLOCK))]
    b, c, d = a + 1, a + columns, a + columns + 1
    triangles = np.stack([a, b, d, a, d, c], axis=1).reshape(-1, 3)
    heights = points[triangles, 2]
    there = np.isfinite(heights).all(axis=1)
    below = heights <= ceiling
    count = np.where(there, below.sum(axis=1), 0)
    pieces = [triangles[count == 3]]
    added = [points]
    size = len(points)
    for inside in (1, 2):
        cut = triangles[count == inside]
        if len(cut):
            more, corners = _cut(points, cut, below[count == inside], inside, ceiling, size)
            added.append(more)
            pieces.append(corners)
            size += len(more)
    return Mesh(np.concatenate(added), np.concatenate(pieces).astype(np.int32))


def _cut(points: Array, triangles: NDArray[np.int64], below: NDArray[np.bool_], inside: int,
         ceiling: float, size: int) -> tuple[Array, NDArray[np.int64]]:
    """New points on the ceiling, counted from `size`, and what is left of the triangles.

    A point is computed from below upwards, so that two neighbours find it in the same place.
    """
    # The corner that is alone on its side of the ceiling first, the others in their order.
    alone = np.argmax(below if inside == 1 else ~below, axis=1)
    turned = np.take_along_axis(triangles, (alone[:, None] + np.arange(3)) % 3, axis=1)
    one, second, third = turned.T
    first = _on_ceiling(points, one, second, ceiling, inside == 1)
    last = _on_ceiling(points, one, third, ceiling, inside == 1)
    count = len(triangles)
    p, q = size + np.arange(count), size + count + np.arange(count)
    if inside == 1:
        left = np.stack([one, p, q], axis=1)
    else:
        left = np.concatenate([np.stack([p, second, third], axis=1),
                               np.stack([p, third, q], axis=1)])
    return np.concatenate([first, last]), left


def _on_ceiling(points: Array, alone: NDArray[np.int64], other: NDArray[np.int64], ceiling: float,
                alone_below: bool) -> Array:
    low, high = (alone, other) if alone_below else (other, alone)
    bottom, top = points[low], points[high]
    share = (ceiling - bottom[:, 2]) / (top[:, 2] - bottom[:, 2])
    found = bottom + share[:, None] * (top - bottom)
    found[:, 2] = ceiling
    return found
