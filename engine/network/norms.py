"""Sizes of weights, gradients and updates, layer by layer: Euclidean norms, taken in float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from .architecture import Architecture
from .counting import moments
from .training import Training

Array = NDArray[np.floating]
Exact = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Norms:
    """`layers` (L,) holds one for each layer, 0 where there is nothing; `total` is that of all."""

    layers: Exact
    total: float


def norm(values: Array) -> float:
    """The norm of a contiguous array; its squares neither overflow nor vanish in float32."""
    known = moments(values)
    if known.finite < values.size:
        return nan if known.nans else inf
    return sqrt(known.finite * (known.mean**2 + known.std**2)) if known.finite else 0.0


def gradient_norms(network: Architecture, grads: Array) -> Norms:
    """Norms of all that each layer learns, biases too, from a gradient (P,)."""
    return _norms(network, lambda at, weights, params: grads[at : at + params])


def weight_norms(network: Architecture, params: Array) -> Norms:
    """Norms of the weight matrices alone, which are what penalties are about."""
    return _norms(network, lambda at, weights, _: params[at : at + weights])


def update_ratios(training: Training, state: Array, step: int) -> Exact:
    """‖Δw‖ / ‖w‖ of each weight matrix in the step after `step`, whose state is `state`, (L,).

    The step is taken as in training: with clipping, penalties and the scheduled learning rate. A
    rule of thumb wants about 1e-3 (Karpathy, CS231n 2016). NaN for a layer without weights, and
    for one whose weights are all 0.
    """
    after, _, _ = training.segment(state, step, 1)
    before, then = (training.split(numbers).params for numbers in (state, after))
    ratios = np.full(len(training.network.layers), np.nan)
    for layer in training.network.layers:
        part = slice(layer.params_at, layer.params_at + layer.weights_size)
        size = norm(before[part])
        if layer.weights_size and size:
            ratios[layer.place] = norm(then[part] - before[part]) / size
    return ratios


def _norms(network: Architecture, part: Callable[[int, int, int], Array]) -> Norms:
    sizes = np.array([
        norm(part(layer.params_at, layer.weights_size, layer.params_size))
        for layer in network.layers
    ])
    return Norms(sizes, float(np.linalg.norm(sizes)))
