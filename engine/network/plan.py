"""Where a pass through a network finds and leaves its numbers: offsets into one workspace.

One row a layer. With the number of rows of a batch everything is known beforehand, so a pass
allocates nothing, and any network runs through the same compiled loop.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..kernels import Precision
from ..streams import key
from .architecture import Architecture

# The columns of a plan. What is called `…_AT` is a place in a flat array, counted in numbers.
(PARAMS_AT, PARAMS, STATE_AT, STATE, HYPER_AT, HYPER, X_AT, FAN_IN, Y_AT, FAN_OUT, MEMORY_AT,
 MEMORY, DY_AT, DX_AT, DX_ROWS, KEY, WEIGHTS, GRADS) = range(18)
COLUMNS = 18
# GRADS is how many of its own gradients a layer is asked for: as many as it has parameters, or 0,
# which a layer with a weight matrix must bear, so that a probe saves the product.

# Every part begins at a multiple of 64 bytes, whole cache lines and vectors.
ALIGNMENT = 64
MOST_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Plan:
    """Offsets for passes over `rows` rows: (L, COLUMNS), and how long the workspace must be."""

    rows: int
    table: NDArray[np.int64]
    target_at: int
    size: int
    precision: Precision

    def workspace(self) -> NDArray[np.floating]:
        """An aligned array of `size` numbers, not initialised."""
        dtype = np.dtype(self.precision)
        raw = np.empty(self.size * dtype.itemsize + ALIGNMENT, np.uint8)
        skip = -raw.ctypes.data % ALIGNMENT
        return raw[skip : skip + self.size * dtype.itemsize].view(dtype)


def plan(network: Architecture, rows: int, targets: int, precision: Precision, seed: int) -> Plan:
    """The plan of a network for batches of `rows`; `targets` numbers belong to each row.

    Raises RunError for a workspace of more than MOST_BYTES, before anything is allocated.
    """
    itemsize = np.dtype(precision).itemsize
    unit = ALIGNMENT // itemsize
    size = 0

    def room(count: int) -> int:
        nonlocal size
        at, size = size, size + -(-count // unit) * unit
        return at

    table = np.zeros((len(network.layers), COLUMNS), np.int64)
    values_at = room(network.inputs * rows)
    target_at = room(targets * rows)
    gradient_at = 0
    seen: Counter[str] = Counter()
    for row, layer in zip(table, network.layers, strict=True):
        row[PARAMS_AT], row[PARAMS] = layer.params_at, layer.params_size
        row[STATE_AT], row[STATE] = layer.state_at, layer.state_size
        row[HYPER_AT], row[HYPER] = layer.hyper_at, len(layer.hypers)
        row[X_AT], row[FAN_IN] = values_at, layer.fan_in
        row[DX_AT], row[DX_ROWS] = gradient_at, layer.fan_in if layer.place else 0
        values_at, gradient_at = room(layer.fan_out * rows), room(layer.fan_out * rows)
        row[Y_AT], row[FAN_OUT], row[DY_AT] = values_at, layer.fan_out, gradient_at
        row[MEMORY] = layer.form.memory + layer.form.memory_per_row * rows
        row[MEMORY_AT] = room(int(row[MEMORY]))
        # Counted by kind, so that two contestants' first dropout layers draw the same masks.
        kind = layer.definition.name
        row[KEY] = key(seed, f"{kind}/{seen[kind]}")
        seen[kind] += 1
        row[WEIGHTS], row[GRADS] = layer.weights_size, layer.params_size
    if size * itemsize > MOST_BYTES:
        raise RunError(
            f"a pass of {rows:,} rows through this network needs {size * itemsize / 2**30:.1f} GB; "
            f"at most {MOST_BYTES / 2**30:.0f} GB are used: take a smaller batch or fewer units")
    return Plan(rows, table, target_at, size, precision)
