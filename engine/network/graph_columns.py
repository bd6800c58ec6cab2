"""A network as a graph: a column of units for the inputs and for each block, joined by weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .architecture import Architecture, Placed
from .blocks import DROPOUT, Block, blocks

if TYPE_CHECKING:
    from .state import NetworkState

Exact = NDArray[np.float64]
Units = Sequence[int] | NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """The inputs (number 0, without a block) or the units of a block.

    What a unit puts out is that of the layer at `place`, the block's activation; None of inputs.
    `behind` are the layers between there and the next column's weights.
    """

    number: int
    name: str
    width: int
    place: int | None
    block: Block | None
    behind: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """All layers that a unit of it goes through before the next weights."""
        return self.behind if self.block is None else self.block.places


def columns(network: Architecture) -> tuple[Column, ...]:
    """A network's columns, the inputs first and the outputs last."""
    chain = blocks(network)
    found = [Column(0, "inputs", network.inputs, None, None, tuple(range(chain[0].weights)))]
    for block in chain:
        width = network.layers[block.activation].fan_out
        behind = tuple(place for place in block.places if place > block.activation)
        found.append(Column(block.number, block.name, width, block.activation, block, behind))
    return tuple(found)


def described(network: Architecture, column: Column) -> tuple[str, ...]:
    """What a block is made of besides its weights: ("batch norm", "tanh", "dropout 0.5")."""
    found = []
    for place in column.places:
        layer = network.layers[place]
        if layer.definition.name == DROPOUT:
            found.append(f"dropout {layer.hypers['rate']:g}")
        elif layer.definition.name != "dense":
            found.append(spoken(layer.definition.title))
    return tuple(found)


def spoken(title: str) -> str:
    """A title within a sentence: "tanh", "batch norm", but "Leaky ReLU"."""
    return title.lower() if title[1:].islower() else title


def weights_between(state: NetworkState, before: Column, after: Column, sources: Units,
                    targets: Units) -> Exact:
    """By how much units of a column grow with those of the column before it, (t, s), in use.

    That is the weight from each of `sources` to each of `targets`, times what a batch norm between
    the source's activation and the target's function makes of it with its running statistics. Of a
    maxout unit's pieces it is the weight that is the largest in size.
    """
    network, block = state.training.network, after.block
    assert block is not None
    weights = matrix(state, network.layers[block.weights])[np.asarray(targets, np.int64)]
    chosen = weights[:, :, np.asarray(sources, np.int64)]
    largest = np.abs(chosen).argmax(axis=1)
    found = np.take_along_axis(chosen, largest[:, None], axis=1)[:, 0].astype(np.float64)
    for place in before.behind:
        found *= _slopes(state, network.layers[place], sources)
    for place in range(block.weights + 1, block.pre_activation + 1):
        found *= _slopes(state, network.layers[place], targets)[:, None]
    return found


def matrix(state: NetworkState, layer: Placed) -> NDArray[np.floating]:
    """A weight layer's matrix with its units' pieces apart: (units, pieces, fan_in)."""
    params = state.training.split(state.state).params
    part = params[layer.params_at : layer.params_at + layer.weights_size]
    return part.reshape(layer.fan_out, -1, layer.fan_in)


def biases(state: NetworkState, layer: Placed) -> NDArray[np.floating]:
    """A weight layer's biases, (units, pieces)."""
    params = state.training.split(state.state).params
    first = layer.params_at + layer.weights_size
    return params[first : layer.params_at + layer.params_size].reshape(layer.fan_out, -1)


def _slopes(state: NetworkState, layer: Placed, units: Units) -> Exact:
    """How a layer's outputs grow with its inputs, (u,): 1 but for batch norm."""
    chosen = np.asarray(units, np.int64)
    if layer.definition.name != "batch-norm":
        return np.ones(len(chosen))
    tensors = state.tensors
    gamma, var = (np.asarray(tensors[f"{layer.place}.{name}"], np.float64)[chosen]
                  for name in ("gamma", "var"))
    return np.asarray(gamma / np.sqrt(var + layer.hypers["eps"]))


def strongest(weights: Exact, most: int, each: int = 2) -> NDArray[np.bool_]:
    """Which of the weights (t, s) are drawn where only about `most` can be: (t, s).

    Each target keeps as many of its largest in size as all others do, at least `each`. Weights that
    are 0 or not finite are never drawn.
    """
    size = np.where(np.isfinite(weights), np.abs(weights), 0.0)
    found = size > 0
    keep = max(each, most // max(len(size), 1))
    if size.size > most and keep < size.shape[1]:
        least = np.partition(size, -keep, axis=1)[:, -keep]
        found &= size >= least[:, None]
    return found
