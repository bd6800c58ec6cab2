"""Long lines made short for drawing, without a visible difference."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba


def _thin(points, tolerance, kept):
    count = 0
    last_x = last_y = 0.0
    square = tolerance * tolerance
    for k in range(points.shape[0]):
        x, y = points[k, 0], points[k, 1]
        if k == 0 or (x - last_x) ** 2 + (y - last_y) ** 2 >= square:
            kept[count] = k
            count += 1
            last_x, last_y = x, y
    return count


@cache
def _compiled_thin() -> Any:
    types = import_numba().types
    signature = types.int64(types.float64[:, ::1], types.float64, types.int64[::1])
    return compile_function(_thin, signature, "float64")


def warm() -> None:
    """Compile what drawing lines needs."""
    _compiled_thin()


def thinned(points: NDArray[np.float64], tolerance: float) -> NDArray[np.int64]:
    """Places of the points to keep, (m,), so that neighbours are at least `tolerance` apart.

    `points` (n, 2) are finite; the first is always kept.
    """
    kept = np.empty(len(points), np.int64)
    return kept[: _compiled_thin()(np.ascontiguousarray(points), tolerance, kept)]


def envelope(
    values: NDArray[np.float64], columns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """A long curve as its lowest and highest value in each of `columns` stretches, in order.

    Returns the places kept, (m,), and their values; a curve of at most two points a column is kept
    whole. NaN counts as not there.
    """
    count = len(values)
    if count <= 2 * columns:
        return np.arange(count), np.asarray(values)
    per = -(-count // columns)
    padded = np.full(per * -(-count // per), np.nan)
    padded[:count] = values
    table = padded.reshape(-1, per)
    lowest = np.argmin(np.where(np.isnan(table), np.inf, table), axis=1)
    highest = np.argmax(np.where(np.isnan(table), -np.inf, table), axis=1)
    pairs = np.sort(np.stack([lowest, highest], axis=1), axis=1)
    places = (pairs + per * np.arange(len(table))[:, None]).ravel()
    places = np.unique(places[places < count])
    return places, values[places]
