"""The largest curvature of a network's loss, from gradients alone.

The Hessian times a vector is the difference of two gradients; repeated, that turns any vector into
the direction of the largest curvature (power iteration; Pearlmutter 1994 on the product).
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..streams import generator

if TYPE_CHECKING:
    from .training import Training

ROUNDS = 20
# Weights times rows of a batch for which all rounds stay below a third of a second.
MOST_PRODUCTS = 100_000_000


def largest_curvature(training: Training, state: NDArray[np.floating], step: int) -> float | None:
    """λmax of the loss and penalties over the batch of the step after `step`.

    Good to a few per cent where the largest eigenvalue is well apart from the next one, else from
    below. None where the network is too large for it, or the gradient is not finite.
    """
    weights = sum(layer.weights_size for layer in training.network.layers)
    if weights * training.material.order.batch > MOST_PRODUCTS:
        return None
    inputs, targets, batches = training.material.batches(step + 1, 1)
    batch = (np.array(inputs[batches[0]]), np.array(targets[batches[0]]),
             np.arange(batches.shape[1])[None])
    exact = np.array(state, np.float64)
    params = training.split(exact).params
    length = float(np.linalg.norm(params))
    # As far as float32 tells gradients apart well, and near enough for a straight line.
    reach = 1e-3 * max(length, 1e-3)
    direction = generator(training.seed, "curvature").standard_normal(params.size)

    def slope(along: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = np.array(state)
        training.split(moved).params[:] = params + along
        _, _, grads = training.gradient(moved, step, batch)
        return grads.astype(np.float64)

    def dominant(shift: float) -> float | None:
        """The eigenvalue of Hessian + shift that is farthest from 0, less the shift."""
        vector, value = direction, 0.0
        for _ in range(ROUNDS):
            vector = vector / np.linalg.norm(vector)
            product = (slope(reach * vector) - slope(-reach * vector)) / (2 * reach)
            value, product = float(vector @ product), product + shift * vector
            if not isfinite(value) or not product.any():
                return None
            vector = product
        return value

    curvature = dominant(0.0)
    # A loss may curve down more than up; lifted by that much, all curvatures are above 0.
    return dominant(-curvature) if curvature is not None and curvature < 0 else curvature
