"""How a batch norm spreads a batch: before it, normalised, and after γ and β, as histograms."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from .counting import counted, moments
from .normalisation import Normalisation

Array = NDArray[np.floating]

ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, eq=False)
class Spread:
    """Counts (bins,) from -`reach` to `reach`, with mean and std of all finite numbers."""

    counts: NDArray[np.int64]
    reach: float
    mean: float
    std: float


def spreads(found: Normalisation, unit: int | None, bins: int, own: float, shared: float
            ) -> tuple[Spread, Spread, Spread]:
    """Before, normalised, and after γ and β: of one unit, or of all of them together.

    All ranges lie around 0, so that an offset is seen: to `own` for the first, to `shared` for the
    other two. Numbers beyond are counted in the outermost bins.
    """
    arrays = [array if unit is None else array[unit]
              for array in (found.before, found.normalised, found.after)]
    return tuple(  # type: ignore[return-value]
        _spread(array, bins, reach)
        for array, reach in zip(arrays, (own, shared, shared), strict=True))


def _spread(array: Array, bins: int, reach: float) -> Spread:
    known = moments(array)
    counts, below, above = counted(array, known, bins, -reach, reach)
    counts[0] += below
    counts[-1] += above
    return Spread(counts, reach, known.mean, known.std)


def rounded_up(size: float) -> float:
    """The next round number that is not below `size`; 1 for 0 and for what is not finite."""
    if not isfinite(size) or size < 1e-30:
        return 1.0
    decade = 10.0 ** floor(log10(size))
    return next(step * decade for step in ROUND if step * decade >= size * (1 - 1e-9))
