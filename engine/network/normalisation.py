"""What a batch norm did in a pass: the statistics of the rows beside the running ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Normalisation:
    """A batch norm of U units in a pass over n rows.

    `mean` and `var` (U,) are those of the rows, biased; `running_mean` and `running_var` (U,) what
    it had gathered before. In training (`learning`) it normalises with the first, in use with the
    second. `before` (U, n) becomes `normalised` (U, n), and gamma · normalised + beta is `after`.
    """

    learning: bool
    mean: Array
    var: Array
    running_mean: Array
    running_var: Array
    gamma: Array
    beta: Array
    before: Array
    normalised: Array
    after: Array


def normalisation(before: Array, after: Array, memory: Array, params: Array, running: Array,
                  learning: bool) -> Normalisation:
    """Sort out the numbers of a batch norm: its memory, parameters and running statistics.

    `memory` is laid out by `engine.layers.batch_norm`: mean, variance, scale, normalised inputs.
    """
    units = len(before)
    if learning:
        mean, var = memory[:units], memory[units : 2 * units]
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            mean, var = before.mean(1, dtype=np.float64), before.var(1, dtype=np.float64)
            mean, var = mean.astype(before.dtype), var.astype(before.dtype)
    return Normalisation(
        learning, mean, var, running[:units], running[units:], params[:units], params[units:],
        before, memory[3 * units :].reshape(before.shape), after)
