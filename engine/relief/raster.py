"""Triangles as depths: which surface is nearest at places of the pixels of a band of rows.

Only depths are written. What a place looks like follows from where it is, which its depth says, so
that nothing is shaded where it is hidden. One place a pixel says where edges are, and there four
places tell how much of a pixel each side has. They are on four lines and in four columns, which
makes five shades of every edge, whichever way it runs.

Source: Akenine-Möller, Haines, Hoffman 2018, Real-time rendering, §5.4 (rotated grid).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba

MIDDLE = np.array([0.5])
"""Where in its column the one place of a pixel is."""
APART = np.array([0.375, 0.875, 0.125, 0.625])
"""Where in a column the four places of a pixel are, line after line."""
TILE = 8
"""The side of a square of pixels that has edges or has none."""
# A place on an edge belongs to both sides; rounding must not take it from both.
TOUCH = 1e-3
LANES = np.arange(16, dtype=np.float32)
"""Places of a line that are tried at once; a line of depths has so many columns more."""
NOTHING = np.float32(0)
# Neighbouring pixels further apart than so many pixels are long are no one slope.
STEEP = np.float32(6.0)


def _reaches(pixels, triangles, chunk, reaches):
    for part in range(reaches.shape[0]):
        low, high = 1e30, -1e30
        for k in range(part * chunk, min((part + 1) * chunk, triangles.shape[0])):
            for corner in range(3):
                row = pixels[triangles[k, corner], 1]
                low, high = min(low, row), max(high, row)
        reaches[part, 0], reaches[part, 1] = low, high


def _cover(pixels, triangles, chunk, reaches, first_row, places, lanes, tiles, depths):
    count, columns = depths.shape[0], depths.shape[1] - lanes.size
    lines = places.size
    rows = count // lines
    top, bottom = float(first_row), float(first_row + rows)
    for i in range(tiles.shape[0]):
        start, end = columns, 0
        for j in range(tiles.shape[1]):
            if tiles[i, j]:
                start, end = min(start, j * TILE), min((j + 1) * TILE, columns)
        for line in range(i * TILE * lines, min((i + 1) * TILE * lines, count)):
            depths[line, start:end] = 0
    for part in range(reaches.shape[0]):
        if reaches[part, 1] < top or reaches[part, 0] > bottom:
            continue
        for k in range(part * chunk, min((part + 1) * chunk, triangles.shape[0])):
            a, b, c = triangles[k, 0], triangles[k, 1], triangles[k, 2]
            ay, by, cy = pixels[a, 1], pixels[b, 1], pixels[c, 1]
            highest, lowest = min(ay, by, cy), max(ay, by, cy)
            if lowest < top or highest > bottom:
                continue
            ax, bx, cx = pixels[a, 0], pixels[b, 0], pixels[c, 0]
            left, right = min(ax, bx, cx), max(ax, bx, cx)
            if right < 0 or left > columns:
                continue
            wanted = False
            for i in range(int(max(highest - top, 0.0)) // TILE,
                           int(min(lowest - top, rows - 1.0)) // TILE + 1):
                for j in range(int(max(left, 0.0)) // TILE,
                               int(min(right, columns - 1.0)) // TILE + 1):
                    wanted = wanted or tiles[i, j] != 0
            if not wanted:
                continue
            az, bz, cz = pixels[a, 2], pixels[b, 2], pixels[c, 2]
            # From the first corner, where numbers are small enough for half of the digits.
            bu, bv, cu, cv = bx - ax, by - ay, cx - ax, cy - ay
            area = bu * cv - cu * bv
            along_x, along_y = 0.0, 0.0
            if abs(area) > 1e-9:
                along_x = ((bz - az) * cv - (cz - az) * bv) / area
                along_y = (bu * (cz - az) - cu * (bz - az)) / area
            # Of a triangle seen from its edge the slope is all rounding.
            low, high = np.float32(min(az, bz, cz)), np.float32(max(az, bz, cz))
            turn = 1.0 if area >= 0 else -1.0
            # How far inside of each side a place is, times its length, and how that grows with x.
            du, dv = (cu - bu) * turn, (cv - bv) * turn
            bu, bv, cu, cv = bu * turn, bv * turn, cu * turn, cv * turn
            grow_ab, grow_bc, grow_ca = np.float32(-bv), np.float32(-dv), np.float32(cv)
            give_ab = TOUCH * (abs(bu) + abs(bv))
            give_bc = TOUCH * (abs(du) + abs(dv))
            give_ca = TOUCH * (abs(cu) + abs(cv))
            step = np.float32(along_x)
            first = int(max(lines * (highest - top) + (0.5 - TOUCH), 0.0))
            last = int(min(max(lines * (lowest - top) + (0.5 + TOUCH), 0.0), float(count)))
            for line in range(first, last):
                place = places[line % lines]
                start = int(max(left - place + (1 - TOUCH), 0.0))
                end = int(min(max(right - place + (1 + TOUCH), 0.0), float(columns)))
                v = top + (line + 0.5) / lines - ay
                for column in range(start, end, lanes.size):
                    u = column + place - ax
                    in_ab = np.float32(bu * v - bv * u + give_ab)
                    in_bc = np.float32(du * (v - by + ay) - dv * (u - bx + ax) + give_bc)
                    in_ca = np.float32(cv * u - cu * v + give_ca)
                    here = np.float32(az + v * along_y + u * along_x)
                    width = np.float32(end - column)
                    target = depths[line, column : column + lanes.size]
                    for x in range(lanes.size):
                        on = lanes[x]
                        inside = min(min(in_ab + grow_ab * on, in_bc + grow_bc * on),
                                     in_ca + grow_ca * on)
                        depth = min(max(here + step * on, low), high)
                        there = depth if inside >= NOTHING and on < width else NOTHING
                        target[x] = there if there > target[x] else target[x]


def _find_edges(depths, focal, perspective, edges, tiles):
    # `depths` has a row more above and below.
    rows, columns = edges.shape
    tiles[:] = 0
    found = 0
    slope = STEEP / focal if perspective else np.float32(0)
    flat = np.float32(0) if perspective else STEEP / focal
    for row in range(rows):
        above, here, below = depths[row], depths[row + 1], depths[row + 2]
        line = edges[row]
        line[0], line[columns - 1] = here[0] > 0, here[columns - 1] > 0
        before, after, inside = here[: columns - 2], here[2:], here[1 : columns - 1]
        over, under, target = above[1 : columns - 1], below[1 : columns - 1], line[1 : columns - 1]
        for x in range(target.size):
            depth = inside[x]
            low = min(min(before[x], after[x]), min(over[x], under[x]))
            high = max(max(before[x], after[x]), max(over[x], under[x]))
            gap = max(high - depth, depth - low)
            # Where nothing is there is no gap, and no room for one.
            target[x] = np.uint8(1) if gap > slope * depth + flat else np.uint8(0)
        for j in range(tiles.shape[1]):
            marks = 0
            for x in range(j * TILE, min((j + 1) * TILE, columns)):
                marks += line[x]
            if marks:
                tiles[row // TILE, j] = 1
                found += marks
    return found


@cache
def compiled(name: str) -> Any:
    """A kernel by its name: "reaches", "cover" or "edges"."""
    types = import_numba().types
    table, corners = types.float64[:, ::1], types.int32[:, ::1]
    real, whole, marks = types.float32, types.int64, types.uint8[:, ::1]
    depths = real[:, ::1]
    kinds: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
        "reaches": (_reaches, types.void, (table, corners, whole, table)),
        "cover": (_cover, types.void, (table, corners, whole, table, whole, types.float64[::1],
                                       real[::1], marks, depths)),
        "edges": (_find_edges, whole, (depths, real, types.boolean, marks, marks)),
    }
    function, returned, arguments = kinds[name]
    return compile_function(function, returned(*arguments), "float32")


def tiles_of(rows: int, columns: int) -> NDArray[np.uint8]:
    """Marks for all tiles of a band, all of them set."""
    return np.ones((-(-rows // TILE), -(-columns // TILE)), np.uint8)
