"""Ranges for what a batch norm shows while a run plays: they grow now and then, in round steps.

A range of each batch's own would be another one at every step, since batches differ; one of the
looks so far (`batch_series`) follows from the run alone, and never shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from .batch_histograms import rounded_up
from .batch_series import BatchTable
from .normalisation import Normalisation

Exact = NDArray[np.float64]

TAILS = 3.5
"""Standard deviations that a histogram reaches to: of 5,000 normal numbers 2 lie beyond."""


@dataclass(frozen=True)
class BatchRanges:
    """How far each axis reaches: histograms `before` and `after` (normalised ones too) to both
    sides of 0, `gamma` of 1 and `beta` of 0; `mean` to both sides of 0 and `std` from 0."""

    before: float
    after: float
    gamma: float
    beta: float
    mean: float
    std: float


def batch_ranges(found: Normalisation, table: BatchTable | None, unit: int | None) -> BatchRanges:
    """The ranges of all looks of a table, or where there is none of this one batch.

    The histograms' are those of one `unit`, if it is given.
    """
    looks = table if table is not None else BatchTable(np.zeros(1, np.int64), *(
        np.asarray(row, float)[None] for row in (
            found.mean, found.var, found.running_mean, found.running_var, found.gamma,
            found.beta)))
    seen = slice(None) if unit is None else slice(unit, unit + 1)
    spread = np.sqrt(np.maximum(looks.var, 0))
    before = (np.abs(looks.mean) + TAILS * spread)[:, seen]
    after = (np.abs(looks.beta) + TAILS * np.abs(looks.gamma))[:, seen]
    running = np.sqrt(np.maximum(looks.running_var, 0))
    return BatchRanges(
        rounded_up(_largest(before)), rounded_up(max(_largest(after), TAILS)),
        _coarse(max(_largest(1.05 * np.abs(looks.gamma - 1)), 0.25)),
        _coarse(max(_largest(1.05 * np.abs(looks.beta)), 0.25)),
        _coarse(_largest(np.abs(np.concatenate([looks.mean, looks.running_mean])))),
        _coarse(_largest(np.concatenate([spread, running]))))


def _largest(values: Exact) -> float:
    return float(np.max(values, initial=0.0, where=np.isfinite(values)))


def _coarse(size: float) -> float:
    """A round number that stays long the same while `size` grows: 1, 2 or 5 times a power of 10."""
    found = rounded_up(size)
    decade = 10.0 ** floor(log10(found) + 1e-9)
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= found * (1 - 1e-9))
