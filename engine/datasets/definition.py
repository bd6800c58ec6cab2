"""What a dataset is: a function from a generator and hyperparameters to inputs and targets.

Inputs lie roughly in [-1, 1] (those of normal-rows have variance 1), so that a network learns from
them without preprocessing and all pictures have one scale. Classes are balanced to one row,
whatever the number of rows. The order of the rows means nothing: the split into training and test
rows shuffles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..hyper import Hyper

Hypers = Mapping[str, float]
Task = Literal["classes", "regression"]
Table = NDArray[np.float64]
Labels = NDArray[np.int64]
Rng = np.random.Generator
Made = tuple[Table, Labels] | tuple[Table, Table]


def two_classes(hypers: Hypers) -> tuple[str, ...]:
    """The names of the classes of a dataset that always has two."""
    return "0", "1"


def counted_classes(hypers: Hypers) -> tuple[str, ...]:
    """The names of as many classes as the hyperparameter `classes` says."""
    return tuple(str(label) for label in range(int(hypers["classes"])))


def no_classes(hypers: Hypers) -> tuple[str, ...]:
    """A regression has none."""
    return ()


@dataclass(frozen=True)
class Dataset:
    """Data that are made (or read from the assets) anew for every seed.

    `make` returns inputs (n, d) and, for `classes`, labels (n,) from 0 to C - 1 or, for
    `regression`, targets (n, k); the same generator and hyperparameters give the same bits.
    `columns` names the d inputs, unless `columns_for` tells them for given hyperparameters;
    `targets` names the k targets, and `class_names` tells the C classes for given
    hyperparameters. `image` is (height, width) where a row of inputs is a picture.
    """

    name: str
    title: str
    doc: str
    source: str
    task: Task
    make: Callable[[Rng, Hypers], Made]
    hypers: tuple[Hyper, ...] = ()
    columns: tuple[str, ...] = ("x1", "x2")
    targets: tuple[str, ...] = ("class",)
    class_names: Callable[[Hypers], tuple[str, ...]] = no_classes
    image: tuple[int, int] | None = None
    columns_for: Callable[[Hypers], tuple[str, ...]] | None = None

    def column_names(self, hypers: Hypers) -> tuple[str, ...]:
        """The names of the d inputs."""
        return self.columns if self.columns_for is None else self.columns_for(hypers)

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default."""
        return {hyper.name: hyper.default for hyper in self.hypers}


def samples(default: int = 600, low: int = 2, high: int = 100_000, doc: str = "") -> Hyper:
    """How many rows there are, training and test together."""
    return Hyper("samples", default, low, high, "log", "rows", whole=True,
                 slider=(max(low, 10), min(high, 5000)),
                 doc=doc or "How many rows there are, training and test together.")


def noise(default: float, doc: str = "", most: float = 0.5) -> Hyper:
    """The standard deviation of what is added at random; `most` is the slider's right end."""
    return Hyper("noise", default, 0.0, 10.0, symbol="σ", slider=(0.0, most),
                 doc=doc or "Standard deviation of what is added to each input.")


def class_count(default: int, high: int) -> Hyper:
    """How many classes there are."""
    return Hyper("classes", default, 2, high, doc="How many classes there are.", whole=True)


def balanced(count: int, classes: int) -> Labels:
    """Labels (count,) that take turns: no class has more than one row more than another."""
    return np.arange(count, dtype=np.int64) % classes


def blurred(rng: Rng, x: Table, hypers: Hypers) -> Table:
    """Inputs (n, d) with normal noise of standard deviation `noise` on each."""
    return x + hypers["noise"] * rng.standard_normal(x.shape)
