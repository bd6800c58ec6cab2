"""What preprocessing does to the training rows, step by step, in two of their coordinates.

Of two inputs those are the inputs themselves, and of more the two that vary most: numbers with
names, unlike principal axes. Whitening mixes the inputs; from there on they are its first two
outputs, which lie along the widest principal axes of the step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from .affine import Step, fitted
from .prepare import Data

Exact = NDArray[np.float64]

# Rows over which all inputs are taken together: enough for a number with two digits.
MOST_ROWS = 4096
# Eigenvalues that differ by less than this part are the same but for rounding.
ALIKE = 1e-6


@dataclass(frozen=True, eq=False)
class Stage:
    """All n training rows after a step of preprocessing, as they lie before any drift.

    `step` is None for raw rows. `points` (n, k) are their coordinates `names` (k,), with k of 2, or
    of 1 where there is one input; `mean` (k,) and `covariance` (k, k) are theirs, divided by n.
    """

    step: Step | None
    names: tuple[str, ...]
    points: Exact
    mean: Exact
    covariance: Exact

    @property
    def axes(self) -> tuple[Exact, Exact]:
        """The standard deviations (k,) along the principal axes, the widest first, and those axes
        as rows (k, k)."""
        variances, axes = principal(self.covariance)
        return np.sqrt(np.maximum(variances, 0.0)), axes


def stages(data: Data, steps: Sequence[Step]) -> tuple[Stage, ...]:
    """The raw rows, and what each of `steps` makes of them; the last are `data.train_x`."""
    columns = shown_columns(data)
    names = tuple(data.columns[k] for k in columns)
    raw = np.array(data.raw.x[:, columns][data.train_rows], np.float64)
    found = [_stage(None, names, raw)]
    for done, step in enumerate(steps, 1):
        if step == "whiten":
            # It is always the last one, and mixes all inputs.
            places = range(len(columns))
            found.append(_stage(step, tuple(f"whitened {k + 1}" for k in places),
                                np.array(data.train_x[:, : len(columns)])))
        else:
            # Centring and scaling know no other inputs.
            found.append(_stage(step, names, fitted(raw, steps[:done]).apply(raw)))
    return tuple(found)


def shown_columns(data: Data) -> list[int]:
    """The inputs that stand for all: the only one, both, or the two that vary most."""
    if len(data.columns) <= 2:
        return list(range(len(data.columns)))
    spread = data.raw.x[_spread(data.train_rows)].var(0, dtype=np.float64)
    return sorted(np.argsort(-spread, kind="stable")[:2].tolist())


def principal(symmetric: Exact) -> tuple[Exact, Exact]:
    """Eigenvalues (k,) of a symmetric matrix, the largest first, and its eigenvectors as rows.

    The largest component of each is positive. Where all eigenvalues are the same no direction is
    one more than another, and they are those of the coordinates: else rounding would choose.
    """
    values, axes = np.linalg.eigh(symmetric)
    values, axes = values[::-1].copy(), axes.T[::-1].copy()
    if values[0] - values[-1] <= ALIKE * abs(values[0]):
        axes = np.eye(len(values))
    largest = np.abs(axes).argmax(axis=1)
    axes *= np.sign(axes[np.arange(len(axes)), largest])[:, None]
    return values, axes


def raw_offset(data: Data) -> float:
    """How far all raw inputs together are off centre: ‖mean‖ / √(sum of variances).

    0 for centred inputs, infinite where nothing varies.
    """
    values = data.raw.x[_spread(data.train_rows)]
    mean = float(np.linalg.norm(values.mean(0, dtype=np.float64)))
    spread = float(np.sqrt(values.var(0, dtype=np.float64).sum()))
    return mean / spread if spread > 0 else inf


def _stage(step: Step | None, names: tuple[str, ...], points: Exact) -> Stage:
    mean = points.mean(0)
    away = points - mean
    return Stage(step, names, points, mean, away.T @ away / len(points))


def _spread(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """An even share of rows, all of them where they are few."""
    return rows[:: -(-len(rows) // MOST_ROWS)]
