"""Numbers on a coarse grid drawn large: smooth between the grid's points, exact on them.

A network is asked at a few thousand points and its picture has a hundred times as many pixels. What
is enlarged are scores and never colours: a score runs smoothly through a boundary where a share
jumps, so that the boundary comes out sharp and in its place.

Source: Catmull & Rom 1974, A class of local interpolating splines; Keys 1981, Cubic convolution
interpolation for digital image processing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

Grid = NDArray[np.float32]
Places = NDArray[np.int64]

# Rows of pixels of one piece: what is made of them stays in the cache.
ROWS_A_PIECE = 48
# Grid points added on every side, where the spline reaches over the border.
BORDER = 2


def _enlarge(grid, rows_at, row_shares, columns_at, column_shares, line, out):
    for f in range(out.shape[0]):
        for row in range(out.shape[1]):
            at = rows_at[row]
            a, b, c, d = (row_shares[0, row], row_shares[1, row], row_shares[2, row],
                          row_shares[3, row])
            first, second, third, fourth = (grid[f, at], grid[f, at + 1], grid[f, at + 2],
                                            grid[f, at + 3])
            for k in range(line.size):
                line[k] = a * first[k] + b * second[k] + c * third[k] + d * fourth[k]
            target = out[f, row]
            for x in range(target.size):
                k = columns_at[x]
                target[x] = (column_shares[0, x] * line[k] + column_shares[1, x] * line[k + 1]
                             + column_shares[2, x] * line[k + 2]
                             + column_shares[3, x] * line[k + 3])


@cache
def _compiled() -> Any:
    types = import_numba().types
    real, places = types.float32, types.int64[::1]
    stack, table = real[:, :, ::1], real[:, ::1]
    return compile_function(
        _enlarge, types.void(stack, places, table, places, table, real[::1], stack), "float32")


def warm() -> None:
    """Compile what enlarging needs."""
    _compiled()


def enlarged(grids: Grid, columns: int, rows: int) -> Iterator[tuple[int, Grid]]:
    """F grids (F, r, c) at the centres of `columns` × `rows` pixels, a piece of rows at a time.

    The grid's border points lie on the picture's border, and its first row is the lowest one while
    the picture's is the topmost. There are at least 2 × 2 points. Yields the first row of a piece
    and its numbers (F, n + 2, columns + 2): with a pixel more on every side, for slopes. A piece
    is valid until the next one.
    """
    padded = _with_border(grids)
    columns_at, column_shares = _taps(columns, grids.shape[2])
    rows_at, row_shares = _taps(rows, grids.shape[1])
    rows_at, row_shares = rows_at[::-1].copy(), row_shares[:, ::-1].copy()
    line = np.empty(padded.shape[2], np.float32)
    room = np.empty((len(grids), min(ROWS_A_PIECE, rows) + 2, columns + 2), np.float32)
    for first in range(0, rows, ROWS_A_PIECE):
        count = min(ROWS_A_PIECE, rows - first) + 2
        piece = room if count == room.shape[1] else np.empty(
            (len(grids), count, columns + 2), np.float32)
        _compiled()(padded, rows_at[first : first + count],
                    np.ascontiguousarray(row_shares[:, first : first + count]), columns_at,
                    column_shares, line, piece)
        yield first, piece


def _with_border(grids: Grid) -> Grid:
    """The grids with BORDER points more on every side, by going on straight."""
    count, rows, columns = grids.shape
    padded = np.empty((count, rows + 2 * BORDER, columns + 2 * BORDER), np.float32)
    inner = padded[:, BORDER:-BORDER]
    inner[:, :, BORDER:-BORDER] = grids
    for out in (1, 2):
        left, right = BORDER - out, BORDER + columns - 1 + out
        inner[:, :, left] = 2 * inner[:, :, left + 1] - inner[:, :, left + 2]
        inner[:, :, right] = 2 * inner[:, :, right - 1] - inner[:, :, right - 2]
    for out in (1, 2):
        low, high = BORDER - out, BORDER + rows - 1 + out
        padded[:, low] = 2 * padded[:, low + 1] - padded[:, low + 2]
        padded[:, high] = 2 * padded[:, high - 1] - padded[:, high - 2]
    return padded


@lru_cache(maxsize=64)
def _taps(pixels: int, points: int) -> tuple[Places, Grid]:
    """The first of the four grid points of each pixel, and their shares (4, pixels + 2)."""
    place = (np.arange(-1, pixels + 1) + 0.5) / pixels * (points - 1)
    before = np.clip(np.floor(place), -1, points - 1)
    t = place - before
    shares = np.stack([
        -0.5 * t + t**2 - 0.5 * t**3, 1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3, -0.5 * t**2 + 0.5 * t**3,
    ]).astype(np.float32)
    return before.astype(np.int64) - 1 + BORDER, shares
