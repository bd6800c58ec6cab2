"""What part of their scale curves are shown on: all of it that matters, between round ends.

Round ends move seldom while a run is computed, so that what is painted can stay.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .curve_tracks import QUANTITIES, Scale
from .plot import Array, tick_spacing
from .timeline_axes import rounded_outwards

# What is drawn far below an axis, such as an exact 0 on a logarithmic one.
LOWEST = -200.0
# Decades below the usual height that are still shown.
FLOOR_DECADES = 9


def limits(curve: str, scale: Scale, found: Sequence[Array]) -> tuple[float, float]:
    """The lowest and the highest height to be shown of a quantity, given every curve's heights.

    A contestant that diverges does not squeeze the others flat.
    """
    every = np.concatenate([*found, np.empty(0)])
    every = every[np.isfinite(every) & (every > LOWEST)]
    if not len(every):
        return 0.0, 1.0
    low, high = float(every.min()), float(every.max())
    if scale == "percent":
        return min(float(np.floor(10 * low)) / 10, 0.9), 1.0
    starts = np.array([heights[0] for heights in found if len(heights)])
    usual = float(np.max(starts[np.isfinite(starts)], initial=float(np.median(every))))
    if scale == "log":
        above = QUANTITIES[curve].above
        return rounded_outwards(max(low, usual - FLOOR_DECADES), min(high, usual + above))
    return _linear(low, min(high, 3 * usual) if usual > 0 else high, from_zero=curve != "weights")


def _linear(low: float, high: float, *, from_zero: bool) -> tuple[float, float]:
    if from_zero:
        low = min(low, 0.0)
    spread = max(high - low, 0.02 * high)
    if not from_zero:
        low = max(low - 0.05 * spread, 0.0)
    if spread <= 0:
        return low, low + 1.0
    unit = tick_spacing(0.0, spread, 1.0, 0.1)
    return float(np.floor(low / unit) * unit), float(np.ceil(high / unit - 1e-9) * unit)
