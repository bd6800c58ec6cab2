"""Many runs with the same settings, a block of them at a time.

An optimizer treats every coordinate alike, so the coordinates of a block's runs are one vector to
it: one call, and one power of β, for all of them. The numbers are those of `engine.loop.descend`,
bit for bit; what it does to a gradient is said here once more, since a kernel calls no kernel of
another file.
"""

from __future__ import annotations

from functools import cache
from math import isfinite, sqrt
from typing import Any

import numpy as np

from ..kernels import SURFACE, UPDATE, compile_function, import_numba, pointer_type

BLOCK = 128


def march(surface, update, rows, slot_count, hyper, rates, noise, clip, limit, first, minima,
          radius, near, since, lost, chunk):
    """Take the steps from `first` on, as many as there are `rates`, for every row (n, width).

    As `sweep.sweep` does, but with one `hyper` (H,) and one rate a step for all.
    """
    width, reach = rows.shape[1], radius * radius
    point, grad = np.empty(2), np.empty(2)
    for begin in range(0, rows.shape[0], BLOCK):
        block = rows[begin : begin + BLOCK]
        n = block.shape[0]
        params, used, exact = np.empty(2 * n), np.empty(2 * n), np.empty(2 * n)
        slots, losses = np.empty((slot_count, 2 * n)), np.empty(n)
        way = np.empty((chunk, 2 * n))
        for i in range(n):
            losses[i] = block[i, width - 3]
            for c in range(2):
                params[2 * i + c] = block[i, c]
                exact[2 * i + c] = block[i, width - 2 + c]
                for s in range(slot_count):
                    slots[s, 2 * i + c] = block[i, 2 + 2 * s + c]
        taken = 0
        for k in range(rates.size):
            for j in range(2 * n):
                used[j] = exact[j]
            if noise.shape[0] > 0:
                for i in range(n):
                    used[2 * i] += noise[k, 0]
                    used[2 * i + 1] += noise[k, 1]
            if clip == 1:
                for i in range(n):
                    x, y = used[2 * i], used[2 * i + 1]
                    scale = limit / (sqrt(x * x + y * y) + 1e-6)
                    if scale < 1:
                        used[2 * i] = x * scale
                        used[2 * i + 1] = y * scale
            elif clip == 2:
                for j in range(2 * n):
                    used[j] = min(max(used[j], -limit), limit)
            hyper[0] = rates[k]
            update(params, used, slots, hyper, first + k)
            for i in range(n):
                if lost[begin + i] >= 0:
                    continue
                point[0], point[1] = params[2 * i], params[2 * i + 1]
                loss = surface(point, grad)
                if isfinite(loss) and isfinite(point[0]) and isfinite(point[1]):
                    losses[i] = loss
                    exact[2 * i], exact[2 * i + 1] = grad[0], grad[1]
                    block[i, 0], block[i, 1] = point[0], point[1]
                    way[taken, 2 * i], way[taken, 2 * i + 1] = point[0], point[1]
                else:
                    # Its row has the last finite place, and its numbers here touch no other's.
                    lost[begin + i] = first + k
                    near[begin + i] = -1
            taken += 1
            if taken < chunk and k < rates.size - 1:
                continue
            for i in range(n):
                if lost[begin + i] >= 0:
                    continue
                x, y = way[taken - 1, 2 * i], way[taken - 1, 2 * i + 1]
                found = -1
                for m in range(minima.shape[0]):
                    dx, dy = x - minima[m, 0], y - minima[m, 1]
                    if dx * dx + dy * dy <= reach:
                        found = m
                        break
                if found >= 0:
                    j = taken - 1
                    while j >= 0:
                        dx, dy = way[j, 2 * i] - minima[found, 0], (
                            way[j, 2 * i + 1] - minima[found, 1])
                        if dx * dx + dy * dy > reach:
                            break
                        j -= 1
                    if j >= 0 or found != near[begin + i]:
                        since[begin + i] = first + k + 2 - taken + j
                near[begin + i] = found
            taken = 0
        for i in range(n):
            block[i, width - 3] = losses[i]
            if lost[begin + i] >= 0:
                continue
            for c in range(2):
                block[i, width - 2 + c] = exact[2 * i + c]
                for s in range(slot_count):
                    block[i, 2 + 2 * s + c] = slots[s, 2 * i + c]


@cache
def compiled_march() -> Any:
    """`march` with its types spelled out, compiled or read from the cache once."""
    types = import_numba().types
    real, whole = types.float64, types.int64
    vector, table, wholes = real[::1], real[:, ::1], whole[::1]
    signature = types.void(
        pointer_type(SURFACE), pointer_type(UPDATE), table, whole, vector, vector, table, whole,
        real, whole, table, real, wholes, wholes, wholes, whole)
    return compile_function(march, signature, "float64")
