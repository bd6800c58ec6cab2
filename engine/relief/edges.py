"""Edges of a surface: pixels whose neighbours' depths say that no one slope is seen there."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ..kernels import compile_function, import_numba
from .raster import TILE

import_numba()

from numba.extending import register_jitable  # noqa: E402

# Neighbouring pixels further apart than so many pixels are long are no one slope.
STEEP = np.float32(6.0)
# Places that are looked through at once for any that has something.
STRETCH = 64
NOTHING = np.float32(0)


@register_jitable
def _span(line):
    """From where up to where a line of depths has any."""
    left, right = 0, line.size
    while right - left >= STRETCH:
        total, part = NOTHING, line[left : left + STRETCH]
        for x in range(part.size):
            total += part[x]
        if total > 0:
            break
        left += STRETCH
    while right - left >= STRETCH:
        total, part = NOTHING, line[right - STRETCH : right]
        for x in range(part.size):
            total += part[x]
        if total > 0:
            break
        right -= STRETCH
    while left < right and line[left] == 0:
        left += 1
    while left < right and line[right - 1] == 0:
        right -= 1
    return (left, right) if left < right else (line.size, 0)


def _find_edges(depths, focal, perspective, edges, tiles, spans, places):
    # `depths` has a row more above and below.
    rows, columns = edges.shape
    tiles[:] = 0
    edges[:] = 0
    found = 0
    slope = STEEP / focal if perspective else np.float32(0)
    flat = np.float32(0) if perspective else STEEP / focal
    for line in range(rows + 2):
        spans[line, 0], spans[line, 1] = _span(depths[line, :columns])
    for row in range(rows):
        above, here, below = depths[row], depths[row + 1], depths[row + 2]
        line = edges[row]
        line[0], line[columns - 1] = here[0] > 0, here[columns - 1] > 0
        # Where nothing is there is no gap, and no room for one.
        first = max(min(spans[row, 0], spans[row + 1, 0], spans[row + 2, 0]) - 1, 0)
        last = min(max(spans[row, 1], spans[row + 1, 1], spans[row + 2, 1]) + 1, columns)
        left, right = max(first, 1), min(last, columns - 1)
        before, after = here[left - 1 : right - 1], here[left + 1 : right + 1]
        over, under = above[left:right], below[left:right]
        inside, target = here[left:right], line[left:right]
        for x in range(target.size):
            depth = inside[x]
            low = min(min(before[x], after[x]), min(over[x], under[x]))
            high = max(max(before[x], after[x]), max(over[x], under[x]))
            gap = max(high - depth, depth - low)
            target[x] = np.uint8(1) if gap > slope * depth + flat else np.uint8(0)
        for start in range(first, last, STRETCH):
            part, marks = line[start : min(start + STRETCH, last)], np.uint8(0)
            for x in range(part.size):
                marks |= part[x]
            if marks:
                for x in range(part.size):
                    if part[x]:
                        tiles[row // TILE, (start + x) // TILE] = 1
                        places[found, 0], places[found, 1] = row, start + x
                        found += 1
    return found


@cache
def compiled() -> Any:
    """The kernel that marks edges and their tiles, and lists them by row and column (n, 2); it
    returns how many they are, and fills from where up to where each row has any surface.
    """
    types = import_numba().types
    real, marks, pairs = types.float32, types.uint8[:, ::1], types.int32[:, ::1]
    return compile_function(_find_edges, types.int64(real[:, ::1], real, types.boolean, marks,
                                                     marks, pairs, pairs), "float32")
