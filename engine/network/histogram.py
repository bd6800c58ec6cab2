"""Histograms: how the numbers of a layer, its weights or its gradients are spread."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError

Exact = NDArray[np.float64]
Range = tuple[float, float] | Literal["shared"] | None

MOST_BINS = 10_000
# Sides of a range: the distance between them must not overflow.
FARTHEST = float(np.finfo(np.float64).max) / 4


@dataclass(frozen=True, eq=False)
class Histogram:
    """How a layer's numbers are spread.

    Bin k counts what is from `edges[k]` up to but without `edges[k + 1]`; the last bin includes
    `high`. `below` and `above` are finite numbers outside of the range, `nonfinite` those that are
    NaN or infinite; `mean`, `std`, `minimum`, `maximum` are those of all finite ones, in the range
    or not (NaN where there is none).

    Of activations only: `sparse` is the share of outputs that are exactly 0; `saturated` the share
    of inputs on the activation function's flat sides, NaN where it has none; `dead` how many units
    were at rest on every row, where it has a value of rest (ReLU's 0), of `units`.
    """

    place: int
    name: str
    counts: NDArray[np.int64]
    low: float
    high: float
    below: int
    above: int
    nonfinite: int
    mean: float
    std: float
    minimum: float
    maximum: float
    units: int
    sparse: float = nan
    saturated: float = nan
    dead: int = 0

    @property
    def edges(self) -> Exact:
        """The bins' edges, (bins + 1,)."""
        return np.linspace(self.low, self.high, len(self.counts) + 1)

    @property
    def second_moment(self) -> float:
        """The mean square of the finite numbers, about 0 and not about their mean."""
        return self.mean**2 + self.std**2


def bounds(low: float, high: float) -> tuple[float, float]:
    """A range with room for bins; around a single value it reaches half of 1 to both sides.

    NaN, for numbers of which none is finite, gives 0 to 1.
    """
    if not (isfinite(low) and isfinite(high)):
        return 0.0, 1.0
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    # Bins too narrow for the numbers between them to exist, or for 1 / width to.
    if high - low <= max(1e-15 * max(abs(low), abs(high)), 1e-300):
        half = max(0.5, 1e-9 * abs(low))
        return low - half, high + half
    return low, high


def checked(bins: int, span: Range) -> None:
    """Raise RunError for bins or a range that cannot be had."""
    if isinstance(bins, bool) or not isinstance(bins, (int, np.integer)) or not (
            1 <= bins <= MOST_BINS):
        raise RunError(f"bins must be a whole number from 1 to {MOST_BINS:,}, not {bins!r}")
    if span is None or span == "shared":
        return
    try:
        low, high = map(float, span)
    except (TypeError, ValueError):
        low = high = nan
    if not (-FARTHEST <= low < high <= FARTHEST) or bounds(low, high) != (low, high):
        raise RunError('a range must be None, "shared" or two finite numbers, the lower one first '
                       f"and room for bins between them, not {span!r}")
