"""The pixels' values along a side of a map, with no more digits than a pixel can tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..hyper import Hyper

Array = NDArray[np.float64]

# A value is rounded to so small a share of the distance of its neighbours.
ROUNDED = 0.02


def along(ends: tuple[float, float], count: int) -> Array:
    """The middles of `count` pixels from low to high, (count,), as short decimals."""
    low, high = ends
    return _short(low + (np.arange(count) + 0.5) / count * (high - low))


def along_hyper(hyper: Hyper, count: int) -> Array:
    """The same for a hyperparameter between its slider's ends, evenly on its own scale."""
    return _short(np.array([hyper.value((k + 0.5) / count) for k in range(count)], float))


def _short(values: Array) -> Array:
    """The values rounded to a small share of their distances: a click makes one a setting."""
    if len(values) < 2:
        return values
    gaps = np.abs(np.gradient(values))
    digits = np.ceil(-np.log10(np.maximum(ROUNDED * gaps, 1e-300))).astype(int)
    return np.array([float(f"{value:.{max(places, 0)}f}")
                     for value, places in zip(values, digits, strict=True)])
