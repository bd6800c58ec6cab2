"""Noisy curves made smooth: an exponential moving average that looks back only.

What is past does not change when more of a curve is known, so a film of a finished run shows the
line that one saw while it was computed.
"""

from __future__ import annotations

from functools import cache
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import compile_function, import_numba

Array = NDArray[np.float64]


def _smooth(steps, values, span, out):
    total, weight = 0.0, 0.0
    for k in range(values.size):
        if k:
            kept = exp(-(steps[k] - steps[k - 1]) / span)
            total, weight = total * kept, weight * kept
        if np.isfinite(values[k]):
            total, weight = total + values[k], weight + 1.0
            out[k] = total / weight
        else:
            out[k] = np.nan


@cache
def _compiled_smooth() -> Any:
    real = import_numba().types.float64[::1]
    types = import_numba().types
    return compile_function(_smooth, types.void(real, real, types.float64, real), "float64")


def warm() -> None:
    """Compile what smoothing needs."""
    _compiled_smooth()


def smoothed(steps: NDArray[Any], values: Array, span: float) -> Array:
    """The average of each value (n,) and those before, weighted by exp(−age / `span`), (n,).

    Ages are differences of the rising `steps` (n,), which need not be evenly apart. Weights sum to
    1 from the first value on, as in Adam's averages (Kingma & Ba 2015), so that a curve begins
    where its first value is. What is not finite has no weight, and is NaN in the outcome.
    """
    out = np.empty(len(values))
    # Copies: what a snapshot holds cannot be written to, and the kernel asks for arrays that can.
    _compiled_smooth()(np.array(steps, float), np.array(values, float), float(span), out)
    return out
