"""The curves that join nodes of a graph as pixels: hundreds of them in well under a millisecond.

A curve leaves its node level, bends, and arrives level: y = a + (b - a) · (3s² - 2s³). It has one y
for each x, so a column of pixels holds a few pixels of it, whose coverage is known from the
distance; Qt strokes two hundred such curves in 25 ms.
"""

from __future__ import annotations

from functools import cache
from math import ceil, floor, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

Table = NDArray[np.float64]
Picture = NDArray[np.uint32]


def _lay(ends, colors, picture):
    rows, columns = picture.shape
    for e in range(ends.shape[0]):
        x0, y0, x1, y1, half = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3], ends[e, 4] / 2
        red, green, blue = np.int32(colors[e, 0]), np.int32(colors[e, 1]), np.int32(colors[e, 2])
        length = x1 - x0
        # Thinner than a pixel is fainter.
        reach = max(half, 0.5) + 0.5
        # Parts of 256: mixing whole numbers takes half the time.
        fade = 256 * colors[e, 3] * min(2 * half, 1.0)
        for column in range(max(0, int(floor(x0))), min(columns, int(ceil(x1)))):
            s = min(max((column + 0.5 - x0) / length, 0.0), 1.0)
            middle = y0 + (y1 - y0) * s * s * (3 - 2 * s)
            slope = (y1 - y0) * 6 * s * (1 - s) / length
            lean = sqrt(1 + slope * slope)
            # The ends' pixels are covered in part.
            share = min(column + 1.0, x1) - max(float(column), x0)
            top = max(0, int(floor(middle - reach * lean)))
            bottom = min(rows, int(ceil(middle + reach * lean)))
            straighten, share = 1 / lean, share * fade
            for row in range(top, bottom):
                away = abs(row + 0.5 - middle) * straighten
                cover = np.int32(min(max(reach - away, 0.0), 1.0) * share + 0.5)
                pixel = np.int32(picture[row, column] & 0xFFFFFF)
                a, b, c = pixel >> 16, (pixel >> 8) & 255, pixel & 255
                a += ((red - a) * cover + 128) >> 8
                b += ((green - b) * cover + 128) >> 8
                c += ((blue - c) * cover + 128) >> 8
                picture[row, column] = np.uint32(0xFF000000) | np.uint32(
                    (a << 16) | (b << 8) | c)


@cache
def _compiled() -> Any:
    types = import_numba().types
    table = types.float64[:, ::1]
    return compile_function(_lay, types.void(table, table, types.uint32[:, ::1]), "float64")


def warm() -> None:
    """Compile what laying edges needs."""
    _compiled()


def lay_edges(ends: Table, colors: Table, picture: Picture) -> None:
    """Draw curves over an opaque picture (rows, columns) of 0xAARRGGBB, one after another.

    `ends` (E, 5) are x, y of the left end, x, y of the right end, and the width, in pixels;
    `colors` (E, 4) are red, green, blue of 0 to 255, and the opacity of 0 to 1.
    """
    if not (ends[:, 2] > ends[:, 0]).all():
        raise ValueError("the right end of an edge lies right of its left end")
    _compiled()(ends, colors, picture)
