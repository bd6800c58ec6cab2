"""The compiled loop that takes one contestant down a surface, many steps to a call.

Surface and optimizer come in as pointers to their kernels, so every pair of them runs through this
one compiled function. A row of the record is, from left to right: the parameters (2), the slots
(2 each), the exact loss, the exact gradient (2).
"""

from __future__ import annotations

from functools import cache
from math import isfinite, sqrt
from typing import Any

from .kernels import SURFACE, UPDATE, compile_function, import_numba, pointer_type

CLIP_CODES = {None: 0, "norm": 1, "value": 2}


def descend(surface, update, start, slot_count, hyper, rates, noise, clip, limit, first, rows):
    """Take the steps `first`, `first` + 1, … from the row `start`; return how many were finite.

    `rates` (n,) are the learning rates, `noise` (n, 2) is added to the gradient (or has no rows),
    `rows` (n, width) is filled. The loop ends early at the first row that is not finite.
    """
    width = start.size
    params = start[:2].copy()
    slots = start[2 : width - 3].copy().reshape((slot_count, 2))
    exact = start[width - 2 :].copy()
    used = exact.copy()
    for k in range(rates.size):
        used[0], used[1] = exact[0], exact[1]
        if noise.shape[0] > 0:
            used[0] += noise[k, 0]
            used[1] += noise[k, 1]
        if clip == 1:
            # PyTorch's clip_grad_norm_, its 1e-6 included.
            scale = limit / (sqrt(used[0] * used[0] + used[1] * used[1]) + 1e-6)
            if scale < 1:
                used[0] *= scale
                used[1] *= scale
        elif clip == 2:
            for i in range(2):
                used[i] = min(max(used[i], -limit), limit)
        hyper[0] = rates[k]
        update(params, used, slots, hyper, first + k)
        loss = surface(params, exact)
        row = rows[k]
        row[0], row[1] = params[0], params[1]
        for s in range(slot_count):
            row[2 + 2 * s], row[3 + 2 * s] = slots[s, 0], slots[s, 1]
        row[width - 3] = loss
        row[width - 2], row[width - 1] = exact[0], exact[1]
        if not (isfinite(loss) and isfinite(params[0]) and isfinite(params[1])):
            return k
    return rates.size


@cache
def compiled_descend() -> Any:
    """`descend` with its types spelled out, compiled or read from the cache once."""
    types = import_numba().types
    real, whole = types.float64, types.int64
    vector, table = real[::1], real[:, ::1]
    signature = whole(
        pointer_type(SURFACE), pointer_type(UPDATE), vector, whole, vector, vector, table,
        whole, real, whole, table,
    )
    return compile_function(descend, signature, "float64")
