"""One training row on its way through a network, and its loss's gradient on the way back.

The row is taken from the batch of the step that follows, in training: with the very masks that the
step draws and, where there is a batch norm, the statistics of the very batch. Backpropagation
(Rumelhart, Hinton & Williams 1986) goes through the same numbers in reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .graph_columns import Column, biases, columns, matrix
from .probe import Probe

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

# What makes the rows of a batch depend on one another, or on their place in it.
TOGETHER = ("batch-norm", "dropout")


@dataclass(frozen=True, eq=False)
class Products:
    """Weights and what each is multiplied by, (m,) both; `total` is their sum and the bias."""

    weights: Exact
    values: Exact
    bias: float
    total: float


class Flow:
    """A pass forward and backward, seen from one training row.

    `row` is its number among the training rows, `inputs` (d,) and `target` (t,) what it holds,
    `loss` its own loss without penalties. Gradients are those of its own loss; where a batch norm
    ties the rows together, those of the sum of all the batch's losses. Layers are named by their
    place in `layers`, columns by their number.
    """

    def __init__(self, state: NetworkState, example: int | None = None) -> None:
        """Make the pass for the training row `example`, by default the first of the next batch.

        A row that is not in the batch takes the place of the first. A number beyond the last row
        means the last.
        """
        training, material = state.training, state.training.material
        self.state = state
        self.step = state.step + 1
        batch = material.order.batches(self.step, 1)[0]
        self.row = int(batch[0]) if example is None else min(example, len(material.train_x) - 1)
        own = slice(self.row, self.row + 1)
        alone = material.at(material.data.train_x[own], self.step), material.train_y[own]
        self._at = 0
        if any(layer.definition.name in TOGETHER for layer in training.network.layers):
            inputs, targets, places = material.batches(self.step, 1)
            x, y = inputs[places[0]], targets[places[0]]
            found = np.flatnonzero(batch == self.row)
            if len(found):
                self._at = int(found[0])
            else:
                x[:1], y[:1] = alone
        else:
            # Nothing hangs on the other rows.
            x, y = (np.array(table) for table in alone)
        self._probe = Probe(state, x, y, self.step, learning=True)
        self.inputs, self.target = x[self._at], y[self._at]
        last = len(training.network.layers) - 1
        self.outputs = self.value(last)
        out, wanted = np.array(self.outputs)[:, None], np.array(self.target)[:, None]
        self.loss = training.loss_of(out, wanted, np.empty_like(out))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The network's columns, the inputs first."""
        return columns(self.state.training.network)

    @property
    def last(self) -> int:
        """The number of the outputs' column."""
        return len(self.columns) - 1

    def value(self, place: int) -> Array:
        """What a layer puts out, (fan_out,)."""
        return self._probe.activation(place)[:, self._at]

    def gradient(self, place: int) -> Array:
        """The gradient by what a layer puts out, (fan_out,)."""
        return self._probe.gradient(place)[:, self._at] * self._probe.rows

    def activations(self, number: int) -> Array:
        """What a column's units put out, (width,), before any dropout; inputs as they are."""
        place = self.columns[number].place
        return self.inputs if place is None else self.value(place)

    def gradients(self, number: int) -> Array:
        """The gradient by what a column's units put out, (width,); not of the inputs."""
        place = self.columns[number].place
        assert place is not None
        return self.gradient(place)

    @cached_property
    def kept(self) -> tuple[NDArray[np.bool_], ...]:
        """Which units of each column no dropout of theirs has blanked out, (width,) each."""
        layers = self.state.training.network.layers
        found = []
        for column in self.columns:
            kept = np.ones(column.width, bool)
            for place in column.places:
                if layers[place].definition.name == "dropout":
                    kept &= self._probe.mask(place)[:, self._at]
            found.append(kept)
        return tuple(found)

    def arriving(self, number: int, unit: int) -> Products:
        """What a unit adds up on the way forward; of a maxout unit, its winning piece.

        `total` is what its weight layer puts out.
        """
        layer = self._weights(number)
        values = self._probe.pre_activation(layer)[:, self._at]
        placed = self.state.training.network.layers[layer]
        piece = int(self._winners(layer, values)[unit])
        return Products(
            matrix(self.state, placed)[unit, piece].astype(float), values.astype(float),
            float(biases(self.state, placed)[unit, piece]), float(self.value(layer)[unit]))

    def returning(self, number: int, unit: int) -> Products:
        """What a unit adds up on the way back, from the weights and gradients of the next column.

        `total` is the gradient by what it hands on to the next column's weights.
        """
        layer = self._weights(number + 1)
        placed = self.state.training.network.layers[layer]
        values = self._probe.pre_activation(layer)[:, self._at]
        table = matrix(self.state, placed)[:, :, unit]
        weights = np.take_along_axis(table, self._winners(layer, values)[:, None], 1)[:, 0]
        return Products(weights.astype(float), self.gradient(layer).astype(float), 0.0,
                        float(self.gradient(layer - 1)[unit]))

    def weight_gradients(self, number: int, unit: int) -> Exact:
        """The gradient by the weights that arrive at a unit, (m,): its own times their inputs."""
        layer = self._weights(number)
        return np.asarray(float(self.gradient(layer)[unit]) * self.arriving(number, unit).values)

    def _weights(self, number: int) -> int:
        block = self.columns[number].block
        assert block is not None
        return block.weights

    def _winners(self, layer: int, values: Array) -> NDArray[np.intp]:
        """Which piece of each unit of a weight layer counts for its inputs (m,), (units,)."""
        placed = self.state.training.network.layers[layer]
        table = matrix(self.state, placed)
        if table.shape[1] == 1:
            return np.zeros(len(table), np.intp)
        return np.asarray((table @ values + biases(self.state, placed)).argmax(axis=1))
