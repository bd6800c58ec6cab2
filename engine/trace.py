"""The memory of a run: every step at first, every second, fourth, … step as it grows long.

Rows are thinned, never dropped silently: `stride` says what is kept, and a run recomputes a step
in between from the nearest kept row. Arrays that were handed out never change: the buffer only
grows at its end, and thinning or growing makes a new one.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Kept:
    """What a trace holds: row k of `rows` (n, width) belongs to step k · stride; read-only."""

    stride: int
    rows: NDArray[np.float64]

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """The step of each row, (n,)."""
        steps = np.arange(len(self.rows)) * self.stride
        steps.flags.writeable = False
        return steps


class Trace:
    """Rows of `width` numbers, one a step from step 0, at most `capacity` of them kept.

    One thread extends it; any thread may read `kept` and `length` meanwhile.
    """

    def __init__(self, width: int, capacity: int = 2**16, expected: int = 1024) -> None:
        """Room for `expected` rows is made at once; a longer trace grows."""
        self._buffer = np.empty((min(capacity, expected), width))
        self._capacity = capacity
        self._stride = 1
        self._length = 0
        self._kept = self._seen(0)

    @property
    def length(self) -> int:
        """How many steps have been handed in, kept or not."""
        return self._length

    @property
    def kept(self) -> Kept:
        """Everything kept so far."""
        return self._kept

    def until(self, length: int) -> Trace:
        """The same up to `length` steps, to go on from there in another way."""
        branch = copy(self)
        count = -(-length // self._stride)
        branch._buffer = np.empty_like(self._buffer)
        branch._buffer[:count] = self._kept.rows[:count]
        branch._length = length
        branch._kept = branch._seen(count)
        return branch

    def extend(self, rows: NDArray[np.float64]) -> None:
        """Take the rows of the next len(rows) steps."""
        while len(rows):
            count = len(self._kept.rows)
            if count == self._capacity and self._length % self._stride == 0:
                self._thin(count)
                continue
            # Only so many that the stride is the same for all of them.
            part = rows[: self._capacity * self._stride - self._length]
            self._append(count, part[(-self._length) % self._stride :: self._stride])
            self._length += len(part)
            rows = rows[len(part) :]

    def _append(self, count: int, rows: NDArray[np.float64]) -> None:
        needed = count + len(rows)
        if needed > len(self._buffer):
            size = min(self._capacity, max(needed, 2 * len(self._buffer)))
            grown = np.empty((size, self._buffer.shape[1]))
            grown[:count] = self._buffer[:count]
            self._buffer = grown
        self._buffer[count:needed] = rows
        self._kept = self._seen(needed)

    def _thin(self, count: int) -> None:
        thinned = np.empty_like(self._buffer)
        remaining = (count + 1) // 2
        thinned[:remaining] = self._buffer[:count:2]
        self._buffer = thinned
        self._stride *= 2
        self._kept = self._seen(remaining)

    def _seen(self, count: int) -> Kept:
        rows = self._buffer[:count]
        rows.flags.writeable = False
        return Kept(self._stride, rows)
