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

import_numba()

from numba.extending import register_jitable  # noqa: E402

MIDDLE = np.array([0.5])
"""Where in its column the one place of a pixel is."""
APART = np.array([0.375, 0.875, 0.125, 0.625])
"""Where in a column the four places of a pixel are, line after line."""
TILE = 4
"""The side of a square of pixels that has edges or has none."""
# A place on an edge belongs to both sides; rounding must not take it from both.
TOUCH = 1e-3
LANES = np.arange(16, dtype=np.float32)
"""Places of a line that are tried at once; a line of depths has so many columns more."""
EVERYWHERE = np.empty((0, 0), np.uint8)
"""Marks of no tiles: all of them are wanted."""
NOTHING = np.float32(0)


def _reaches(pixels, triangles, chunk, reaches):
    for part in range(reaches.shape[0]):
        top, bottom, left, right = 1e30, -1e30, 1e30, -1e30
        for k in range(part * chunk, min((part + 1) * chunk, triangles.shape[0])):
            for corner in range(3):
                place = triangles[k, corner]
                column, row = pixels[place, 0], pixels[place, 1]
                top, bottom = min(top, row), max(bottom, row)
                left, right = min(left, column), max(right, column)
        reaches[part, 0], reaches[part, 1] = top, bottom
        reaches[part, 2], reaches[part, 3] = left, right


@register_jitable
def _any(tiles, top, bottom, left, right):
    """Whether a box of pixels, which may reach beyond, meets a tile that is marked."""
    last_row, last = tiles.shape[0] - 1, tiles.shape[1] - 1
    for i in range(int(max(top, 0.0)) // TILE, min(int(max(bottom, 0.0)) // TILE, last_row) + 1):
        for j in range(int(max(left, 0.0)) // TILE, min(int(max(right, 0.0)) // TILE, last) + 1):
            if tiles[i, j]:
                return True
    return False


def _cover(pixels, triangles, chunk, reaches, first_row, places, lanes, tiles, depths):
    count, columns = depths.shape[0], depths.shape[1] - lanes.size
    lines = places.size
    rows = count // lines
    top, bottom = float(first_row), float(first_row + rows)
    everywhere = tiles.size == 0
    if everywhere:
        depths[:] = 0
    for i in range(tiles.shape[0]):
        start, end = columns, 0
        for j in range(tiles.shape[1]):
            if tiles[i, j]:
                start, end = min(start, j * TILE), min((j + 1) * TILE, columns)
        for line in range(i * TILE * lines, min((i + 1) * TILE * lines, count)):
            depths[line, start:end] = 0
    for part in range(reaches.shape[0]):
        if (reaches[part, 1] < top or reaches[part, 0] > bottom or reaches[part, 3] < 0
                or reaches[part, 2] > columns):
            continue
        if not (everywhere or _any(tiles, reaches[part, 0] - top, reaches[part, 1] - top,
                                   reaches[part, 2], reaches[part, 3])):
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
            if not (everywhere or _any(tiles, highest - top, lowest - top, left, right)):
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
            give_bc = TOUCH * (abs(du) + abs(dv)) + dv * (bx - ax) - du * (by - ay)
            give_ca = TOUCH * (abs(cu) + abs(cv))
            step = np.float32(along_x)
            for phase in range(lines):
                place, height = places[phase], (phase + 0.5) / lines
                start = int(max(left - place + (1 - TOUCH), 0.0))
                end = int(min(max(right - place + (1 + TOUCH), 0.0), float(columns)))
                first = int(max(highest - top - height + (1 - TOUCH), 0.0))
                last = int(min(max(lowest - top - height + (1 + TOUCH), 0.0), float(rows)))
                for column in range(start, end, lanes.size):
                    u = column + place - ax
                    width = np.float32(end - column)
                    from_ab, from_bc, from_ca = (give_ab - bv * u, give_bc - dv * u,
                                                 give_ca + cv * u)
                    from_a = az + u * along_x
                    for row in range(first, last):
                        v = top + row + height - ay
                        in_ab = np.float32(from_ab + bu * v)
                        in_bc = np.float32(from_bc + du * v)
                        in_ca = np.float32(from_ca - cu * v)
                        here = np.float32(from_a + v * along_y)
                        target = depths[row * lines + phase, column:]
                        for x in range(lanes.size):
                            on = lanes[x]
                            inside = min(min(in_ab + grow_ab * on, in_bc + grow_bc * on),
                                         in_ca + grow_ca * on)
                            depth = min(max(here + step * on, low), high)
                            there = depth if inside >= NOTHING and on < width else NOTHING
                            target[x] = there if there > target[x] else target[x]


@cache
def compiled(name: str) -> Any:
    """A kernel by its name: "reaches" or "cover"."""
    types = import_numba().types
    table, corners = types.float64[:, ::1], types.int32[:, ::1]
    real, whole, marks = types.float32, types.int64, types.uint8[:, ::1]
    depths = real[:, ::1]
    kinds: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "reaches": (_reaches, (table, corners, whole, table)),
        "cover": (_cover, (table, corners, whole, table, whole, types.float64[::1], real[::1],
                           marks, depths)),
    }
    function, arguments = kinds[name]
    return compile_function(function, types.void(*arguments), "float32")


def tiles_of(rows: int, columns: int) -> NDArray[np.uint8]:
    """Marks for all tiles of a band, none of them set."""
    return np.zeros((-(-rows // TILE), -(-columns // TILE)), np.uint8)
