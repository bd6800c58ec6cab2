"""Data as they come, from a generator or a file, before rows are split or inputs preprocessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Task = Literal["classes", "regression"]
Array = NDArray[Any]

MOST_CELLS = 50_000_000
"""The largest table of inputs, rows times columns: 200 MB in float32. All of MNIST fits."""
MOST_COLUMNS = 4096
"""The most inputs, those of a 64×64 image: preprocessing is a matrix of their square."""
MOST_CLASSES = 1000
LARGEST_NUMBER = 1e100
"""Squares of larger numbers, which variances need, would come near the end of float64."""


class DataError(ValueError):
    """Why data cannot be learnt from, as a sentence; who knows where they came from adds that."""


@dataclass(frozen=True, eq=False)
class Raw:
    """Inputs and what is to be learnt from them; arrays cannot be written to.

    `x` is (n, d), float64, or float32 where it was bytes in a file of images. `y` is (n,) int64
    from 0 to C - 1 for `classes`, whose names are `classes`, and (n, k) float64 for `regression`.
    `columns` names the d inputs, `targets` what `y` holds; `image` is (height, width) where a row
    of `x` is a picture. Rows that come and go, as those drawn by hand, are parted into training and
    test rows `by_place`: each by what it holds, whatever others there are.
    """

    x: Array
    y: Array
    task: Task
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    image: tuple[int, int] | None = None
    by_place: bool = False

    def __post_init__(self) -> None:
        """Raises DataError where there is nothing to learn."""
        refusal = self._refusal()
        if refusal is not None:
            raise DataError(refusal)
        for name in ("x", "y"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def _refusal(self) -> str | None:
        n = len(self.x)
        if len(self.y) != n:
            return f"there are {n:,} rows of inputs and {len(self.y):,} of targets"
        if n < 2:
            return f"there must be at least 2 rows, not {n}"
        if self.task == "classes" and len(self.classes) < 2:
            return f"all rows are of one class, {self.classes[0]!r}; there must be at least 2"
        return None


def read_only(array: Array) -> Array:
    """The array in C order, not to be written to; copied only where it has to be."""
    array = np.ascontiguousarray(array).view()
    array.flags.writeable = False
    return array


def check_size(rows: int, columns: int) -> None:
    """Raises DataError for a table of inputs that is too large, before there is one."""
    if columns > MOST_COLUMNS:
        raise DataError(f"there are {columns:,} inputs; at most {MOST_COLUMNS:,} are read")
    if rows * columns > MOST_CELLS:
        raise DataError(f"there are {rows:,} rows of {columns:,} inputs, {rows * columns:,} "
                        f"numbers in all; at most {MOST_CELLS:,} are read")


def first_bad(x: Array) -> tuple[int, int] | None:
    """Row and column, from 0, of the first of floats (n, d) that cannot be learnt from, or None."""
    # False for NaN, too; a float32 has no room for the limit itself.
    good = np.abs(x) <= min(LARGEST_NUMBER, float(np.finfo(x.dtype).max))
    if good.all():
        return None
    row, column = np.unravel_index(int(np.argmin(good)), x.shape)
    return int(row), int(column)


def what_is_bad(value: float) -> str:
    """A number that cannot be learnt from, as the end of a sentence about its place."""
    if np.isnan(value):
        return "is missing (nan)"
    if np.isinf(value):
        return "is infinite"
    return f"is {value:g}; numbers of up to {LARGEST_NUMBER:g} are read"


def column_names(count: int, stem: str) -> tuple[str, ...]:
    """`x1`, `x2`, …, or the stem alone where there is one."""
    return (stem,) if count == 1 else tuple(f"{stem}{place}" for place in range(1, count + 1))


def pixel_names(height: int, width: int) -> tuple[str, ...]:
    """`pixel 1,1`, …: row and column of each input of an image."""
    return tuple(
        f"pixel {row},{column}" for row in range(1, height + 1) for column in range(1, width + 1))


def labelled(labels: Sequence[str] | Array) -> tuple[Array, tuple[str, ...]]:
    """Class numbers (n,) and the classes' names, sorted, from n texts or whole numbers.

    Raises DataError where there are too many classes.
    """
    found, y = np.unique(np.asarray(labels), return_inverse=True)
    if len(found) > MOST_CLASSES:
        raise DataError(f"has {len(found):,} different values, and each would be a class; at most "
                        f"{MOST_CLASSES:,} are allowed. If it is a quantity, say "
                        'task = "regression"')
    names = [f"{label:.0f}" if found.dtype.kind == "f" else str(label) for label in found]
    return y.astype(np.int64).reshape(-1), tuple(names)


def interpreted(values: Array, task: Task | None) -> tuple[Array, Task, tuple[str, ...]]:
    """Targets (n,) or (n, k) of finite numbers or texts as `y`, the task, and the classes' names.

    Texts and whole numbers are classes, numbers with fractions and several columns are a
    regression, unless `task` says otherwise. Raises DataError.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    numeric = values.dtype.kind in "iuf"
    whole = values.ndim == 1 and (not numeric or bool(np.all(values == np.floor(values))))
    if task is None:
        task = "classes" if whole else "regression"
    if task == "classes":
        if values.ndim > 1:
            raise DataError("has several columns; classes have one")
        if not whole:
            row = int(np.argmax(values != np.floor(values)))
            raise DataError(f"holds {values[row]:g}, which is no whole number; classes are whole "
                            "numbers or texts")
        y, classes = labelled(values)
        return y, task, classes
    if not numeric:
        text = str(values.flat[0])[:60]
        raise DataError(f"holds text ({text!r}), and a regression needs numbers")
    return values.reshape(len(values), -1).astype(np.float64), task, ()
