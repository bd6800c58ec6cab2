"""Arrays of numbers from a binary file as data: shapes, bytes as ink, targets by their kind."""

from __future__ import annotations

import numpy as np

from .raw import (
    Array,
    DataError,
    Raw,
    Task,
    check_size,
    column_names,
    first_bad,
    interpreted,
    pixel_names,
    what_is_bad,
)


def raw_of_arrays(x: Array, y: Array, task: Task | None) -> Raw:
    """Inputs (n, …) and targets (n,) or (n, k) as they were stored; raises DataError.

    Whatever follows the rows is flattened. Bytes that are images (three dimensions or more) become
    float32 from 0 to 1; everything else becomes float64.
    """
    n, image = len(x), x.shape[1:]
    if len(y) != n:
        raise DataError(f"there are {n:,} rows of inputs and {len(y):,} of targets; there must be "
                        "as many of both")
    if x.size == 0:
        raise DataError(f"there are no {'inputs' if n else 'rows'}: the inputs' shape is {x.shape}")
    columns = x.size // n
    check_size(n, columns)
    pixels = x.dtype == np.uint8 and x.ndim > 2
    flat = x.reshape(n, columns)
    flat = flat * np.float32(1 / 255) if pixels else flat.astype(np.float64)
    if not pixels:
        _check_finite(flat, "inputs")
    values = y.astype(np.int64) if y.dtype.kind == "b" else y
    if values.dtype.kind == "f":
        _check_finite(values.reshape(n, -1), "targets")
    try:
        learnt, found, classes = interpreted(values, task)
    except DataError as error:
        raise DataError(f"the target {error}") from None
    is_image = len(image) == 2
    names = pixel_names(*image) if is_image else column_names(columns, "x")
    targets = column_names(learnt.shape[1] if learnt.ndim == 2 else 1, "y")
    return Raw(flat, learnt, found, classes, names, targets, image if is_image else None)


def _check_finite(values: Array, what: str) -> None:
    bad = first_bad(values)
    if bad is not None:
        row, column = bad
        raise DataError(f"row {row + 1:,} of the {what}, column {column + 1:,}: "
                        f"{what_is_bad(values[bad])}")
