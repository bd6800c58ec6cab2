"""Dropout's masks taken one at a time: the thinned networks that a dropout network is made of.

In training every row of a batch draws a mask of its own. Here one mask of the units holds for all
rows, so that it leaves one thinner network, whose outputs can be drawn as a picture. All else is as
in use: a batch norm normalises by its running statistics, since the batch's own would be those of
the rows that happen to be asked about, and nothing of the state changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError
from ..kernels import FORWARD, Precision, kernel
from ..layers import Layer
from . import passes
from .architecture import Architecture
from .kernel_lists import listed
from .plan import HYPER, HYPER_AT, KEY
from .response import MOST_POINTS, ROWS_A_PASS, activations

if TYPE_CHECKING:
    from .state import NetworkState
    from .training import Training

Array = NDArray[np.floating]
Exact = NDArray[np.float64]
Masks = Mapping[int, Exact]
"""By a dropout layer's place what each of its units is multiplied by, (units,)."""

MOST_MASKS = 100_000


@kernel(FORWARD)
def _thin(params, x, y, memory, state, hyper, key, training):
    """A dropout layer whose mask (U,) is given, in the place of hyperparameters."""
    for i in range(x.shape[0]):
        factor = x.dtype.type(hyper[i])
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] * factor


def dropouts(network: Architecture) -> tuple[int, ...]:
    """The places of a network's dropout layers."""
    return tuple(layer.place for layer in network.layers if layer.definition.name == "dropout")


def drawn(state: NetworkState, number: int) -> dict[int, Exact]:
    """The masks of one thinned network, each factor 0 or 1 / (1 - rate), by place.

    `number`, from 1 up, tells them apart: these are the masks that the step of that number draws
    for the first row of a batch of one. Two contestants' layers of the same place and width get the
    same mask under the same rate. Raises RunError.
    """
    training = state.training
    if number < 1:
        raise RunError(f"masks are numbered from 1 up, not {number}")
    found = {}
    for place in dropouts(training.network):
        layer = training.network.layers[place]
        key = (int(training.plan.table[place, KEY]) + number * passes.STRIDE) % 2**64
        found[place] = _mask(layer.definition, layer.hypers["rate"], layer.fan_in, key,
                             training.precision)
    return found


@lru_cache(512)
def _mask(layer: Layer, rate: float, units: int, key: int, precision: Precision) -> Exact:
    """What a dropout layer multiplies one row by, (units,): its own kernel says so.

    Masks hang on no weight, so a view draws the same ones at every step of a run.
    """
    ones, mask, memory = (np.ones((units, 1), precision) for _ in range(3))
    none = np.empty(0, precision)
    layer.forward.compiled(precision)(
        none, ones, mask, memory.reshape(-1), none, np.array([rate]), np.uint64(key), True)
    factors = mask[:, 0].astype(float)
    factors.flags.writeable = False
    return factors


def under_masks(state: NetworkState, x: ArrayLike, masks: Masks) -> Array:
    """What the network puts out for preprocessed inputs (n, d) under given masks, (n, K).

    Dropout layers that `masks` does not name let everything pass. Raises RunError.
    """
    return _through(state, x, [masks])[0]


def over_masks(state: NetworkState, x: ArrayLike, count: int, first: int = 1) -> Array:
    """Outputs for preprocessed inputs (n, d) under `count` masks from `first` on, (count, n, K).

    Their mean is the Monte Carlo average over thinned networks, which the network in use is to
    stand for (Srivastava et al. 2014, section 7.5); in a network that is linear behind its first
    dropout layer the two agree but for chance. Raises RunError.
    """
    if not 1 <= count <= MOST_MASKS:
        raise RunError(f"from 1 to {MOST_MASKS:,} masks are drawn at once, not {count:,}")
    return _through(state, x, [drawn(state, number) for number in range(first, first + count)])


def _through(state: NetworkState, x: ArrayLike, several: Sequence[Masks]) -> Array:
    """Outputs under each of several masks, (S, n, K); what comes before the first is done once."""
    training, inputs = state.training, state.inputs(x)
    network = training.network
    places = dropouts(network)
    for masks in several:
        _check(network, places, masks)
    outputs = network.outputs
    if len(several) * len(inputs) * outputs > MOST_POINTS:
        raise RunError(
            f"{len(several):,} masks of {len(inputs):,} rows of {outputs:,} outputs are more than "
            f"the {MOST_POINTS:,} numbers that are put out at once")
    first, forwards, hypers = _behind(training)
    parts = training.split(state.state)
    if first:
        inputs = np.ascontiguousarray(activations(training, state.state, inputs, first - 1))
    layout = training.plan_for(max(1, min(ROWS_A_PASS, len(inputs))))
    table, workspace, at = layout.table[first:].copy(), layout.workspace(), len(hypers)
    for place in places:
        row, units = table[place - first], network.layers[place].fan_in
        row[HYPER_AT], row[HYPER], at = at, units, at + units
    found = np.empty((len(several), len(inputs), outputs), training.precision)
    go = passes.compiled(passes.through, training.precision)
    memory, every = np.array(parts.memory), np.arange(outputs)
    for masks, out in zip(several, found, strict=True):
        factors = [masks[place] if place in masks else np.ones(network.layers[place].fan_in)
                   for place in places]
        go(forwards, table, layout.rows, inputs, 0, parts.params, memory, workspace,
           np.concatenate([hypers, *factors]), False, every, out)
    found.flags.writeable = False
    return found


def _behind(training: Training) -> tuple[int, Any, Exact]:
    """The first dropout layer's place, the kernels from there on, and all hyperparameters.

    Without one that is the output layer. The list is kept as long as the training is: making it
    takes as long as three masks do.
    """
    if training not in _lists:
        layers = training.network.layers
        first = next(iter(dropouts(training.network)), len(layers) - 1)
        # Asked for here, so that BLAS is held to one thread.
        assert training.kernels
        _lists[training] = first, listed(
            [_thin if layer.definition.name == "dropout" else layer.definition.forward
             for layer in layers[first:]], training.precision), training.network.hypers()
    return _lists[training]


_lists: WeakKeyDictionary[Training, tuple[int, Any, Exact]] = WeakKeyDictionary()


def _check(network: Architecture, places: tuple[int, ...], masks: Masks) -> None:
    for place, mask in masks.items():
        if place not in places:
            known = ", ".join(map(str, places)) or "none"
            raise RunError(f"layer {place} is no dropout layer of this network; these are: {known}")
        wanted = (network.layers[place].fan_in,)
        if np.shape(mask) != wanted:
            raise RunError(f"the mask of layer {place} must have the shape {wanted}, not "
                           f"{np.shape(mask)}")
