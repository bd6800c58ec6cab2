"""What a lecture calls a layer: a weight layer with the norm, activation and dropout behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..layers import Activation
from .architecture import Architecture, Placed

# What is left out at random is not what a unit has to say.
DROPOUT = "dropout"


@dataclass(frozen=True)
class Block:
    """Places of a network's layers that belong together.

    `weights` is the dense or maxout layer that it begins with. What `activation` puts out is its
    activation: its last activation function, or without one its last layer but for dropout. What
    `pre_activation` puts out goes into that function; without one it is the same as `activation`.
    """

    number: int
    name: str
    places: tuple[int, ...]
    weights: int
    pre_activation: int
    activation: int


def blocks(network: Architecture) -> tuple[Block, ...]:
    """A network's blocks in order, the output layer last.

    Layers before the first weight layer (a batch norm of the inputs) belong to none.
    """
    starts = [layer.place for layer in network.layers if layer.weights_size]
    ends = [*starts[1:], len(network.layers)]
    return tuple(
        _block(number, network.layers[start:end], last=end == len(network.layers))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    )


def _block(number: int, layers: Sequence[Placed], last: bool) -> Block:
    places = tuple(layer.place for layer in layers)
    functions = [layer.place for layer in layers if isinstance(layer.definition, Activation)]
    if functions:
        activation, before = functions[-1], functions[-1] - 1
    else:
        lasting = [layer.place for layer in layers if layer.definition.name != DROPOUT]
        activation = before = lasting[-1]
    return Block(number, "output" if last else f"layer {number}", places, places[0], before,
                 activation)
