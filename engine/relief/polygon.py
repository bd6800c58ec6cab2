"""Convex polygons over a picture, antialiased: how far inside a pixel lies is its share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba

Array = NDArray[np.float64]


def _fill(sides, color, top, bottom, left, right, picture):
    one, half, none = np.float32(1), np.float32(0.5), np.float32(0)
    cover = np.empty(right - left, np.float32)
    red, green, blue = color[0], color[1], color[2]
    for row in range(top, bottom):
        # From where to where the row has any of it: a pixel more than that.
        first, last = float(left), float(right)
        for k in range(sides.shape[0]):
            along = sides[k, 0]
            if along != 0:
                place = -(sides[k, 1] * (np.float32(row) + half) + sides[k, 2]) / along - half
                if along > 0:
                    first = max(first, place - 1)
                else:
                    last = min(last, place + 2)
        start = int(min(first, float(right)))
        end = max(int(max(last, float(left))), start)
        inside, target = cover[: end - start], picture[row, start:end]
        inside[:] = one
        for k in range(sides.shape[0]):
            along = sides[k, 0]
            begin = sides[k, 1] * (np.float32(row) + half) + sides[k, 2] + along * (
                np.float32(left) + half)
            for x in range(inside.size):
                inside[x] = min(inside[x], begin + along * np.float32(start - left + x))
        for x in range(inside.size):
            share = max(inside[x], none)
            pixel = target[x]
            r, g, b = (np.float32(np.int32((pixel >> 16) & 255)),
                       np.float32(np.int32((pixel >> 8) & 255)), np.float32(np.int32(pixel & 255)))
            r, g, b = r + (red - r) * share, g + (green - g) * share, b + (blue - b) * share
            target[x] = np.uint32((255 << 24) | (np.int32(r + half) << 16)
                                  | (np.int32(g + half) << 8) | np.int32(b + half))


@cache
def _compiled() -> Any:
    types = import_numba().types
    real, whole = types.float32, types.int64
    return compile_function(
        _fill, types.void(real[:, ::1], real[::1], whole, whole, whole, whole,
                          types.uint32[:, ::1]), "float32")


def warm() -> None:
    """Compile what filling a polygon needs."""
    _compiled()


Rows = tuple[int, int]


def polygon_filler(corners: Array, color: Sequence[float]
                   ) -> Callable[[NDArray[np.uint32], Rows], None]:
    """What fills a convex polygon (n, 2) of pixels on some rows (from, to) of an opaque picture
    (rows, columns) of 0xAARRGGBB."""
    following = np.roll(corners, -1, axis=0)
    turned = np.sum(corners[:, 0] * following[:, 1] - following[:, 0] * corners[:, 1])
    along = (following - corners) * np.sign(turned)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    # Distance inside of each side, plus half a pixel.
    begin = 0.5 + corners[:, 0] * along[:, 1] - corners[:, 1] * along[:, 0]
    sides = np.stack([-along[:, 1], along[:, 0], begin], axis=1).astype(np.float32)
    levels = np.array(color, np.float32)
    low_x, low_y = (floor(low) for low in corners.min(axis=0))
    high_x, high_y = (ceil(high) for high in corners.max(axis=0))

    def fill(picture: NDArray[np.uint32], rows: Rows) -> None:
        left, right = max(0, low_x), min(picture.shape[1], high_x)
        top, bottom = max(rows[0], low_y), min(rows[1], high_y)
        if left < right and top < bottom:
            _compiled()(sides, levels, top, bottom, left, right, picture)

    return fill


def fill_polygon(corners: Array, color: Sequence[float], picture: NDArray[np.uint32]) -> None:
    """Fill a convex polygon (n, 2) of pixels on an opaque picture (rows, columns) of 0xAARRGGBB."""
    polygon_filler(corners, color)(picture, (0, len(picture)))
