"""Which rows make up each step's batch: a fresh shuffle of the training rows for every epoch.

An epoch is cut into batches of exactly `batch` rows; a shorter rest is left out. All contestants
of a race see the same batches, and any step's can be made without those before it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba
from ..streams import key

Rows = NDArray[np.int64]

# How many row numbers are made at a time for a record.
MOST_CELLS = 1_000_000


def shuffled(stream, epoch, rows):
    """Fill `rows` (n,) with 0 to n - 1, shuffled for this epoch.

    Fisher & Yates's shuffle as Durstenfeld (1964) wrote it, with numbers from SplitMix64 (Steele,
    Lea & Flood 2014); a 32-bit number is scaled to the range by multiplication.
    """
    state = np.uint64(stream) + np.uint64(epoch) * np.uint64(0xD1342543DE82EF95)
    for i in range(rows.size):
        rows[i] = i
    for i in range(rows.size - 1, 0, -1):
        state += np.uint64(0x9E3779B97F4A7C15)
        z = state
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        j = np.int64(((z >> np.uint64(32)) * np.uint64(i + 1)) >> np.uint64(32))
        rows[i], rows[j] = rows[j], rows[i]


@lru_cache(1)
def compiled_shuffled() -> Any:
    """`shuffled`, compiled or read from the cache once."""
    types = import_numba().types
    return compile_function(
        shuffled, types.void(types.int64, types.int64, types.int64[::1]), "float64")


class Order:
    """The batches of a run: `rows` training rows, `batch` at a time; 0 takes all of them always."""

    def __init__(self, rows: int, batch: int, seed: int) -> None:
        self.rows = rows
        self.batch = batch or rows
        self.steps_per_epoch = rows // self.batch
        self._whole = not batch
        self._stream = key(seed, "order")
        self._seed = seed
        self._remembered = lru_cache(4)(self._epoch)

    def __reduce__(self) -> tuple[Any, ...]:
        # What is remembered can be made again, and a compiled function cannot be pickled.
        return Order, (self.rows, 0 if self._whole else self.batch, self._seed)

    def batches(self, first: int, count: int) -> Rows:
        """The rows of the steps `first` to `first + count - 1`, counted from 1, (count, batch)."""
        if self._whole:
            return np.tile(np.arange(self.rows), (count, 1))
        start = first - 1
        epochs = range(start // self.steps_per_epoch,
                       (start + count - 1) // self.steps_per_epoch + 1)
        parts = np.concatenate([self._remembered(epoch) for epoch in epochs])
        skipped = start - epochs[0] * self.steps_per_epoch
        return parts[skipped : skipped + count]

    def recorded(self, steps: int) -> NDArray[np.int32]:
        """The rows of the steps 1 to `steps`, (steps, batch), for a record: not to be written to.

        Where every step takes all rows they are in memory once, however many steps there are.
        """
        if self._whole:
            return np.broadcast_to(np.arange(self.rows, dtype=np.int32), (steps, self.rows))
        rows = np.empty((steps, self.batch), np.int32)
        most = max(1, MOST_CELLS // self.batch)
        for first in range(0, steps, most):
            count = min(most, steps - first)
            rows[first : first + count] = self.batches(first + 1, count)
        return rows

    def _epoch(self, epoch: int) -> Rows:
        rows = np.empty(self.rows, np.int64)
        compiled_shuffled()(self._stream, epoch, rows)
        used = self.steps_per_epoch * self.batch
        return rows[:used].reshape(self.steps_per_epoch, self.batch)
