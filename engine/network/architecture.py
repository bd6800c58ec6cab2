"""A network laid out: which numbers of the flat arrays belong to which layer.

The layers that a contestant lists are joined by a linear output layer. All that is learnt lies in
one vector of P numbers, layer after layer, each tensor in C order; what layers remember between
steps (batch norm's running statistics) lies in another one of R numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ExperimentError, Mistake
from ..layers import Form, Layer, layers

if TYPE_CHECKING:
    from ..inits import Init

Array = NDArray[Any]

# Fifty layers of 1,000 units behind 1,000 inputs are just above 50 million float32 numbers; with
# Adam's moments and the gradient they are 800 MB.
MOST_PARAMETERS = 51_000_000


@dataclass(frozen=True)
class Placed:
    """A layer at its place: `place` counts the contestant's layers, the output layer last."""

    place: int
    definition: Layer
    hypers: Mapping[str, float]
    form: Form
    fan_in: int
    params_at: int
    state_at: int
    hyper_at: int
    rate_factor: float
    init: Init | None
    init_hypers: Mapping[str, float]

    @property
    def fan_out(self) -> int:
        """How many outputs it has."""
        return self.form.fan_out

    @cached_property
    def params_size(self) -> int:
        """How many numbers it learns."""
        return sum(tensor.size for tensor in self.form.params)

    @cached_property
    def state_size(self) -> int:
        """How many numbers it remembers from step to step."""
        return sum(tensor.size for tensor in self.form.state)

    @cached_property
    def weights_size(self) -> int:
        """The size of its weight matrix, which comes first in its parameters; 0 without one."""
        return sum(tensor.size for tensor in self.form.params if tensor.start is None)


@dataclass(frozen=True)
class Architecture:
    """A network's layers in order, from `inputs` numbers to the last layer's outputs."""

    inputs: int
    layers: tuple[Placed, ...]

    @property
    def outputs(self) -> int:
        """How many numbers the network puts out for a row."""
        return self.layers[-1].fan_out

    @cached_property
    def params_size(self) -> int:
        """P: how many numbers are learnt."""
        return sum(layer.params_size for layer in self.layers)

    @cached_property
    def state_size(self) -> int:
        """R: how many numbers are remembered from step to step."""
        return sum(layer.state_size for layer in self.layers)

    def hypers(self, other: Mapping[str, Mapping[str, float]] | None = None
               ) -> NDArray[np.float64]:
        """All layers' hyperparameters one after another, as the kernels take them.

        `other` has values that kinds of layers are to have instead of theirs.
        """
        kinds = other or {}
        return np.array([kinds.get(layer.definition.name, {}).get(key, value)
                         for layer in self.layers for key, value in layer.hypers.items()], float)

    def tensors(self, params: Array, state: Array) -> Iterator[tuple[str, Array]]:
        """Views of every array by its name in a record: `2.W`, `2.b`, `3.mean`."""
        for layer in self.layers:
            for flat, at, tensors in ((params, layer.params_at, layer.form.params),
                                      (state, layer.state_at, layer.form.state)):
                for tensor in tensors:
                    part = flat[at : at + tensor.size]
                    yield f"{layer.place}.{tensor.name}", part.reshape(tensor.shape)
                    at += tensor.size


def architecture(
    choices: Sequence[Any], init: Any, inputs: int, outputs: int, place: str = "layers"
) -> Architecture:
    """Lay out `choices` (layer tables) and a linear output layer of `outputs` units.

    `init` is the init of layers that name none. Nothing is allocated. Raises ExperimentError for a
    network of more parameters than MOST_PARAMETERS, naming `place`.
    """
    placed: list[Placed] = []
    params_at = state_at = hyper_at = 0
    fan_in = inputs
    rows = [(choice.definition, choice.hypers(), choice.own_init or init, choice.rate_factor)
            for choice in choices]
    rows.append((layers["dense"], {"width": outputs}, init, 1.0))
    for number, (definition, hypers, own_init, factor) in enumerate(rows):
        form = definition.form(fan_in, hypers)
        layer = Placed(
            number, definition, hypers, form, fan_in, params_at, state_at, hyper_at, factor,
            own_init.definition, own_init.hypers(),
        )
        placed.append(layer)
        params_at += layer.params_size
        state_at += layer.state_size
        hyper_at += len(hypers)
        fan_in = form.fan_out
    if params_at > MOST_PARAMETERS:
        largest = max(placed, key=lambda layer: layer.params_size)
        raise ExperimentError([Mistake(place, (
            f"makes a network of {params_at:,} parameters, {largest.params_size:,} of them in "
            f"layer {largest.place} ({largest.fan_in:,} inputs, {largest.fan_out:,} outputs); "
            f"at most {MOST_PARAMETERS:,} are trained"))])
    return Architecture(inputs, tuple(placed))
