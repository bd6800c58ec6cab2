"""One measurement of a network under training: how good it is, and how large what moves it."""

from __future__ import annotations

from functools import cached_property
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..streams import generator

if TYPE_CHECKING:
    from .material import Material
    from .training import Training

Array = NDArray[np.floating]

# Rows of the training and of the test set that losses and accuracies are taken over. The standard
# error of an accuracy over 2,000 rows is 1.1 % at most.
MOST_ROWS = 2000
# Rows that go through all layers before the next ones do; they stay in the cache on their way.
ROWS_A_PASS = 128


class Sample:
    """The rows that contestants are measured on: all, or as many as `MOST_ROWS` drawn by the seed.

    They are drawn without replacement from the streams "evaluation/train" and "evaluation/test",
    the same for all contestants and steps.
    """

    def __init__(self, material: Material, seed: int) -> None:
        self._material, self._seed = material, seed

    @cached_property
    def train(self) -> NDArray[np.int64]:
        """Which rows of the training set are taken, in order."""
        return self._rows("train")

    @cached_property
    def test(self) -> NDArray[np.int64]:
        """Which rows of the test set are taken, in order."""
        return self._rows("test")

    @cached_property
    def targets(self) -> Array:
        """The targets (n, t) of all of them, those of the training set first."""
        material = self._material
        return np.concatenate([material.train_y[self.train], material.test_y[self.test]])

    def inputs(self, step: int) -> Array:
        """The inputs (n, d) of all of them as they are at a step, in the run's precision."""
        return self._prepared if self._material.drift is None else self._material.at(
            self._gathered, step)

    @cached_property
    def _gathered(self) -> NDArray[np.float64]:
        data = self._material.data
        return np.concatenate([data.train_x[self.train], data.test_x[self.test]])

    @cached_property
    def _prepared(self) -> Array:
        return self._material.at(self._gathered, 0)

    def _rows(self, part: str) -> NDArray[np.int64]:
        count = len(getattr(self._material.data, f"{part}_x"))
        if count <= MOST_ROWS:
            return np.arange(count)
        draw = generator(self._seed, f"evaluation/{part}")
        return np.sort(draw.choice(count, MOST_ROWS, replace=False))


class Meter:
    """Measures states of one training, one after another in the same scratch arrays."""

    def __init__(self, training: Training, sample: Sample) -> None:
        self.training, self._sample = training, sample
        network = training.network
        self._layout = training.plan_for(ROWS_A_PASS)
        self._workspace = self._layout.workspace()
        self._units = np.arange(network.outputs)
        self._outputs = np.empty((len(sample.targets), network.outputs), training.precision)
        self._weights = [slice(layer.params_at, layer.params_at + layer.weights_size)
                         for layer in network.layers if layer.weights_size]

    def measured(self, state: Array, step: int) -> tuple[float, ...]:
        """What `Evaluations` holds of a step, in the order of its columns."""
        training = self.training
        parts = training.split(state)
        training.forward(
            self._layout.table, ROWS_A_PASS, self._sample.inputs(step), parts.params,
            np.array(parts.memory), self._workspace, 0, False, self._units, self._outputs)
        train_rows = len(self._sample.train)
        train_loss, train_accuracy = self._rated(slice(train_rows))
        test_loss, test_accuracy = self._rated(slice(train_rows, None))
        with np.errstate(all="ignore"):
            _, _, grads = training.gradient(state, step)
            after, _, _ = training.segment(state, step, 1)
            change = self._size(training.split(after).params - parts.params)
            weights = self._size(parts.params)
            gradient = sqrt(_square(grads))
        return (train_loss, test_loss, train_accuracy, test_accuracy, gradient, weights,
                change / weights if weights else nan)

    def _rated(self, rows: slice) -> tuple[float, float]:
        """Loss and accuracy on rows of the sample, NaN where there is none."""
        outputs = np.ascontiguousarray(self._outputs[rows].T)
        if not outputs.size:
            return nan, nan
        targets = np.ascontiguousarray(self._sample.targets[rows].T)
        loss = self.training.loss_of(outputs, targets, np.empty_like(outputs))
        if self.training.loss.predict is None:
            return loss, nan
        return loss, self.training.loss.accuracy(outputs, targets)

    def _size(self, params: Array) -> float:
        """The norm of all weight matrices together."""
        return sqrt(sum(_square(params[part]) for part in self._weights))


def _square(values: Array) -> float:
    """The sum of squares; those of float32 neither overflow nor vanish in float64."""
    exact = values.astype(np.float64)
    return float(exact @ exact)
