"""Activation functions as curves: value and slope, by the very kernels that train the network.

Nothing is written down a second time here: a function's values are what its forward kernel puts
out, and its slopes what its backward kernel makes of an upstream gradient of 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..activations import activations
from ..layers import Activation
from .counting import counted, moments, share_outside

if TYPE_CHECKING:
    from .probe import Probe
    from .state import NetworkState

Exact = NDArray[np.float64]


@dataclass(frozen=True)
class Use:
    """An activation function as a network has it, with all that its shape depends on.

    `hypers` are its hyperparameters in the kernels' order. `params` are the numbers of it that are
    learnt (PReLU's slope), those at the first of the layers at `places`.
    """

    definition: Activation
    hypers: tuple[float, ...]
    params: tuple[float, ...]
    places: tuple[int, ...]

    @property
    def shape(self) -> tuple[str, tuple[float, ...]]:
        """What tells it from others: PReLUs of different slopes are still one function."""
        return self.definition.name, self.hypers

    @property
    def flat(self) -> tuple[float | None, float | None]:
        """Below and above which inputs it is saturated; known for the defaults only."""
        if self.hypers != tuple(self.definition.defaults().values()):
            return None, None
        return self.definition.flat_below, self.definition.flat_above


@dataclass(frozen=True, eq=False)
class Inputs:
    """How the inputs of an activation function are spread over some rows and all its layers.

    `counts` (bins,) are those from `low` to `high`, `below` and `above` the finite ones outside.
    `saturated_below` and `saturated_above` are the shares on its flat sides: NaN where it has no
    such side, or where it lies is not known.
    """

    counts: NDArray[np.int64]
    low: float
    high: float
    below: int
    above: int
    saturated_below: float
    saturated_above: float

    @property
    def saturated(self) -> float:
        """The share on both flat sides, NaN without any."""
        sides = [side for side in (self.saturated_below, self.saturated_above) if not isnan(side)]
        return sum(sides) if sides else nan

    @property
    def beyond(self) -> float:
        """The share of finite inputs below `low` and above `high`."""
        outside = self.below + self.above
        return outside / max(outside + int(self.counts.sum()), 1)


def unused(definition: Activation) -> Use:
    """A function on its own, with its defaults and what it starts from."""
    hypers = definition.defaults()
    params = tuple(float(tensor.start or 0.0) for tensor in definition.form(1, hypers).params
                   for _ in range(tensor.size))
    return Use(definition, tuple(hypers.values()), params, ())


def uses(state: NetworkState) -> tuple[Use, ...]:
    """The activation functions of a network at a step, each once, in the order of its layers."""
    training = state.training
    params = training.split(state.state).params
    found: dict[tuple[str, tuple[float, ...]], Use] = {}
    for layer in training.network.layers:
        if isinstance(layer.definition, Activation):
            own = params[layer.params_at : layer.params_at + layer.params_size]
            use = Use(layer.definition, tuple(layer.hypers.values()), tuple(map(float, own)),
                      (layer.place,))
            known = found.get(use.shape)
            found[use.shape] = use if known is None else Use(
                known.definition, known.hypers, known.params, (*known.places, layer.place))
    return tuple(found.values())


def curve(use: Use, x: Exact) -> tuple[Exact, Exact]:
    """Values and slopes of a function at inputs (n,), both (n,), in float64."""
    found = np.empty((2, len(x)))
    _fill(use, np.asarray(x, np.float64), found)
    return found[0], found[1]


@lru_cache(maxsize=64)
def sampled(use: Use, low: float, high: float, count: int) -> tuple[Exact, Exact, Exact]:
    """Inputs evenly from `low` to `high` with values and slopes there, read-only, (count,) each."""
    found = np.empty((3, count))
    found[0] = np.linspace(low, high, count)
    _fill(use, found[0], found[1:])
    found.flags.writeable = False
    return found[0], found[1], found[2]


def inputs_of(probe: Probe, use: Use, bins: int, low: float, high: float) -> Inputs:
    """How what goes into a function is spread, all its layers together, over a probe's rows."""
    counts = np.zeros(bins, np.int64)
    below = above = total = 0
    flat = np.zeros(2)
    low_end, high_end = (nan if end is None else end for end in use.flat)
    for place in use.places:
        values = probe.pre_activation(place)
        more, under, over = counted(values, moments(values), bins, low, high)
        counts += more
        below, above, total = below + under, above + over, total + values.size
        flat += np.array([share_outside(values, low_end, nan), share_outside(values, nan, high_end)
                          ]) * values.size
    shares = [nan if end is None or not total else float(count) / total
              for end, count in zip(use.flat, flat, strict=True)]
    return Inputs(counts, low, high, below, above, shares[0], shares[1])


def warm() -> None:
    """Compile what draws all functions, or read it from the cache."""
    for definition in activations.values():
        curve(unused(definition), np.zeros(1))


def _fill(use: Use, x: Exact, found: Exact) -> None:
    definition, count = use.definition, len(x)
    hypers: Mapping[str, float] = dict(zip(definition.defaults(), use.hypers, strict=True))
    form = definition.form(1, hypers)
    inputs = np.ascontiguousarray(x[None])
    values, slopes, upstream = np.empty((1, count)), np.empty((1, count)), np.ones((1, count))
    memory = np.zeros(form.memory + form.memory_per_row * count)
    params, hyper = np.array(use.params, float), np.array(use.hypers, float)
    remembered = np.zeros(sum(tensor.size for tensor in form.state))
    definition.forward.compiled("float64")(
        params, inputs, values, memory, remembered, hyper, np.uint64(0), False)
    definition.backward.compiled("float64")(
        params, inputs, values, upstream, slopes, np.zeros_like(params), memory, hyper, False)
    found[0], found[1] = values[0], slopes[0]


def merged(parts: Sequence[Use]) -> tuple[Use, ...]:
    """Each function once, the first of each shape, in order of appearance."""
    return tuple({part.shape: part for part in reversed(parts)}[shape]
                 for shape in dict.fromkeys(part.shape for part in parts))
