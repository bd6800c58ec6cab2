"""Where the inputs of a network lie at each step: covariate shift from outside, if there is any.

It follows from the drift alone, so that the whole run is known before the first step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .even_rows import spread_rows
from .layer_shift import Array, Distribution, Exact, distribution, moved
from .material import Material

# Rows that are looked at, and steps of a run.
ROWS, LOOKS = 256, 60


@dataclass(frozen=True, eq=False)
class InputShift:
    """One input over a run: `column` is its place, the rest is as in `ShiftTable`."""

    column: int
    name: str
    steps: NDArray[np.int64]
    quantiles: Exact
    moved: Exact


def input_shifts(material: Material, last: int) -> tuple[InputShift, ...]:
    """Both inputs of two, or the only one; of more the one that moves most, or varies most where
    none of them moves. The steps go from 0 to `last`.
    """
    steps = np.unique(np.linspace(0, last, LOOKS + 1 if material.drift is not None else 2).round()
                      .astype(np.int64))
    columns = _columns(material, last)
    tables = [input_values(material, int(step), columns) for step in steps]
    names = material.data.columns
    mixed = material.data.transform.diagonal is None
    found = []
    for place, column in enumerate(columns):
        looks: list[Distribution] = [distribution(table[place : place + 1]) for table in tables]
        found.append(InputShift(
            column, f"whitened {column + 1}" if mixed else names[column], steps,
            np.array([look.quantiles for look in looks]),
            np.array([moved(look.units, looks[0]) for look in looks])))
    return tuple(found)


def input_values(material: Material, step: int, columns: list[int]) -> Array:
    """An even share of the training rows' inputs as they lie at a step, (columns, n)."""
    x = material.data.train_x
    return np.ascontiguousarray(material.at(x[spread_rows(len(x), ROWS)], step)[:, columns].T)


def _columns(material: Material, last: int) -> list[int]:
    if material.inputs <= 2:
        return list(range(material.inputs))
    every = list(range(material.inputs))
    start, end = (input_values(material, step, every).astype(float) for step in (0, last))
    away = np.abs(np.sort(end, axis=1) - np.sort(start, axis=1)).mean(1)
    return [int(np.argmax(away if away.max() > 0 else start.var(1)))]


