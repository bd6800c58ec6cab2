"""Convex polygons over a picture, antialiased: how far inside a pixel lies is its share."""

from __future__ import annotations

from collections.abc import Sequence
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
        cover[:] = one
        for k in range(sides.shape[0]):
            along = sides[k, 0]
            begin = sides[k, 1] * (np.float32(row) + half) + sides[k, 2] + along * (
                np.float32(left) + half)
            for x in range(cover.size):
                cover[x] = min(cover[x], begin + along * np.float32(x))
        target = picture[row, left:right]
        for x in range(cover.size):
            share = max(cover[x], none)
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


def fill_polygon(corners: Array, color: Sequence[float], picture: NDArray[np.uint32]) -> None:
    """Fill a convex polygon (n, 2) of pixels on an opaque picture (rows, columns) of 0xAARRGGBB."""
    rows, columns = picture.shape
    left, right = max(0, floor(corners[:, 0].min())), min(columns, ceil(corners[:, 0].max()))
    top, bottom = max(0, floor(corners[:, 1].min())), min(rows, ceil(corners[:, 1].max()))
    if right <= left or bottom <= top:
        return
    following = np.roll(corners, -1, axis=0)
    turned = np.sum(corners[:, 0] * following[:, 1] - following[:, 0] * corners[:, 1])
    along = (following - corners) * np.sign(turned)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    # Distance inside of each side, plus half a pixel.
    begin = 0.5 + corners[:, 0] * along[:, 1] - corners[:, 1] * along[:, 0]
    sides = np.stack([-along[:, 1], along[:, 0], begin], axis=1).astype(np.float32)
    _compiled()(sides, np.array(color, np.float32), top, bottom, left, right, picture)
