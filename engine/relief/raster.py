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


def _cover(pixels, triangles, chunk, reaches, first_row, places, tiles, depths):
    count, columns = depths.shape
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
            if max(ay, by, cy) < top or min(ay, by, cy) > bottom:
                continue
            # From the topmost corner to the lowest: two triangles see a side of both alike.
            if by < ay:
                a, b, ay, by = b, a, by, ay
            if cy < by:
                b, c, by, cy = c, b, cy, by
                if by < ay:
                    a, b, ay, by = b, a, by, ay
            ax, bx, cx = pixels[a, 0], pixels[b, 0], pixels[c, 0]
            left, right = min(ax, bx, cx), max(ax, bx, cx)
            if right < 0 or left > columns:
                continue
            wanted = False
            for i in range(int(max(ay - top, 0.0)) // TILE,
                           int(min(cy - top, rows - 1.0)) // TILE + 1):
                for j in range(int(max(left, 0.0)) // TILE,
                               int(min(right, columns - 1.0)) // TILE + 1):
                    wanted = wanted or tiles[i, j] != 0
            if not wanted:
                continue
            az, bz, cz = pixels[a, 2], pixels[b, 2], pixels[c, 2]
            area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
            along_x, along_y = 0.0, 0.0
            if abs(area) > 1e-9:
                along_x = ((bz - az) * (cy - ay) - (cz - az) * (by - ay)) / area
                along_y = ((bx - ax) * (cz - az) - (cx - ax) * (bz - az)) / area
            # Of a triangle seen from its edge the slope is all rounding.
            low, high = np.float32(min(az, bz, cz)), np.float32(max(az, bz, cz))
            lean = (cx - ax) / (cy - ay) if cy > ay else 0.0
            lean_up = (bx - ax) / (by - ay) if by > ay else 0.0
            lean_down = (cx - bx) / (cy - by) if cy > by else 0.0
            first = int(max(lines * (ay - top) + (0.5 - TOUCH), 0.0))
            last = int(min(max(lines * (cy - top) + (0.5 + TOUCH), 0.0), float(count)))
            for line in range(first, last):
                y = top + (line + 0.5) / lines
                height = min(max(y, ay), cy)
                one = ax + (height - ay) * lean
                other = ax + (height - ay) * lean_up
                if height >= by:
                    other = bx + (height - by) * lean_down
                place = places[line % lines]
                start = int(max(min(one, other) - place + (1 - TOUCH), 0.0))
                end = int(min(max(max(one, other) - place + (1 + TOUCH), 0.0), float(columns)))
                here = np.float32(az + (y - ay) * along_y + (start + place - ax) * along_x)
                step = np.float32(along_x)
                for x in range(start, end):
                    depth = min(max(here, low), high)
                    if depth > depths[line, x]:
                        depths[line, x] = depth
                    here += step


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
                                       marks, depths)),
        "edges": (_find_edges, whole, (depths, real, types.boolean, marks, marks)),
    }
    function, returned, arguments = kinds[name]
    return compile_function(function, returned(*arguments), "float32")


def tiles_of(rows: int, columns: int) -> NDArray[np.uint8]:
    """Marks for all tiles of a band, all of them set."""
    return np.ones((-(-rows // TILE), -(-columns // TILE)), np.uint8)
