"""Long lines made short for drawing, without a visible difference."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

NO_PLACES, NO_VALUES = np.empty(0, np.int64), np.empty(0)


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


class GrowingEnvelope:
    """The envelope of a curve that grows at its end, each stretch of it looked at once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Hashable, int, NDArray[np.int64], NDArray[np.float64]]]
        self._known = {}

    def of(self, slot: Hashable, key: Hashable, values: NDArray[np.float64], per: int
           ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `envelope` of the complete stretches of `per` values (at least 3).

        A `slot` is one curve; what it was before still holds as long as `key` is the same.
        """
        known, done, places, found = self._known.get(slot, (None, 0, NO_PLACES, NO_VALUES))
        count = len(values) // per
        if known != key or done > count:
            done, places, found = 0, NO_PLACES, NO_VALUES
        if count > done:
            more, heights = envelope(values[done * per : count * per], count - done)
            places = np.concatenate([places, more + done * per])
            found = np.concatenate([found, heights])
            self._known[slot] = key, count, places, found
        return places, found
