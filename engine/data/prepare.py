"""What a network is trained on: rows split into training and test, inputs preprocessed.

The split hangs on the data, the fraction and the seed alone, and preprocessing on the training rows
alone: all contestants of a race get the same data, and nothing of the test rows leaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..streams import generator, key
from .affine import STEPS, Affine, Step, fitted
from .raw import Array, Raw, Task, read_only

Rows = NDArray[np.int64]
MOST_TEST = 0.9


@dataclass(frozen=True, eq=False)
class Data:
    """Training and test rows after preprocessing; arrays are C-contiguous and read-only.

    `train_x`, `test_x` are (n, d) float64; `train_y`, `test_y` are (n,) int64 class numbers or
    (n, k) float64 targets, as the file has them. `train_rows` and `test_rows` say which rows of
    `raw` they are; the order is shuffled. `transform` is the preprocessing.
    """

    raw: Raw
    transform: Affine
    train_rows: Rows
    test_rows: Rows
    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array

    @property
    def task(self) -> Task:
        """Whether classes are to be told apart or numbers predicted."""
        return self.raw.task

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; none for a regression."""
        return self.raw.classes

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the inputs before preprocessing (whitened inputs mix them)."""
        return self.raw.columns

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of what is predicted."""
        return self.raw.targets

    @property
    def image(self) -> tuple[int, int] | None:
        """(height, width) where a row of raw inputs is a picture."""
        return self.raw.image

    @property
    def raw_train_x(self) -> Array:
        """The training inputs before preprocessing, (n, d): a copy, in the order of `train_x`."""
        return read_only(self.raw.x[self.train_rows])

    @property
    def raw_test_x(self) -> Array:
        """The test inputs before preprocessing, (n, d): a copy, in the order of `test_x`."""
        return read_only(self.raw.x[self.test_rows])


def prepare(raw: Raw, test_fraction: float, preprocess: Sequence[Step], seed: int) -> Data:
    """Split and preprocess; `preprocess` is any of center, scale, whiten, in that order.

    The same arguments soon after give the same Data again. Raises RunError.
    """
    if not 0 <= test_fraction <= MOST_TEST:
        raise RunError(f"test_fraction must be from 0 to {MOST_TEST:g}, not {test_fraction:g}")
    steps = tuple(preprocess)
    if steps != tuple(step for step in STEPS if step in steps):
        raise RunError(f"preprocess must be any of {', '.join(STEPS)}, once each and in that "
                       f"order, not {', '.join(map(str, steps))}")
    return _prepared(raw, float(test_fraction), steps, seed)


# Data may have hundreds of megabytes: the experiment at hand and the one before an edit are kept.
@lru_cache(maxsize=2)
def _prepared(raw: Raw, test_fraction: float, steps: tuple[Step, ...], seed: int) -> Data:
    train, test = split(raw, test_fraction, seed)
    transform = fitted(raw.x[train], steps)
    return Data(
        raw, transform, read_only(train), read_only(test),
        train_x=read_only(transform.apply(raw.x[train])), train_y=read_only(raw.y[train]),
        test_x=read_only(transform.apply(raw.x[test])), test_y=read_only(raw.y[test]),
    )


def split(raw: Raw, test_fraction: float, seed: int) -> tuple[Rows, Rows]:
    """The training and the test rows' numbers, each shuffled; there is always a training row.

    Classes are stratified: of the test rows each class has its share, to less than one row, and at
    least one row of each class is left to train on.

    Where rows are parted by place, one more of them moves hardly any other to the other part.
    """
    order = _by_place(raw.x, seed) if raw.by_place else (
        generator(seed, "split").permutation(len(raw.x)))
    if raw.task == "regression":
        count = min(floor(test_fraction * len(order) + 0.5), len(order) - 1)
        return order[count:], order[:count]
    y = raw.y[order]
    quotas = _quotas(np.bincount(y, minlength=len(raw.classes)), test_fraction)
    is_test = np.zeros(len(order), bool)
    for label, quota in enumerate(quotas):
        is_test[np.flatnonzero(y == label)[:quota]] = True
    return order[~is_test], order[is_test]


def _by_place(x: Array, seed: int) -> Rows:
    """An order of rows (n, d) that hangs on each one's own numbers: sorted by a hash (SplitMix64).
    """
    found = np.full(len(x), np.uint64(key(seed, "split") % 2**64))
    for column in np.ascontiguousarray(x.T, np.float64) + 0.0:
        found ^= column.view(np.uint64)
        found += np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found ^= found >> np.uint64(31)
    return np.argsort(found, kind="stable").astype(np.int64)


def _quotas(counts: Rows, test_fraction: float) -> Rows:
    """How many test rows each class gives, (C,): largest remainders, and never a class's all."""
    exact = test_fraction * counts
    # 0.3 · 10 must be 3, whatever the last bit of the product says.
    quotas = np.floor(exact + 1e-9).astype(np.int64)
    missing = floor(test_fraction * counts.sum() + 0.5) - quotas.sum()
    behind = np.argsort(quotas - exact, kind="stable")
    quotas[behind[: max(missing, 0)]] += 1
    return np.minimum(quotas, np.maximum(counts - 1, 0))
