"""A network at one step of its training: what it has learnt so far, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError
from ..snapshot import ContestantState
from .probe import Probe
from .probe_rows import Rows, chosen_rows
from .response import activations, plane

if TYPE_CHECKING:
    from .layer_look import LayerLook
    from .training import Training

Array = NDArray[np.floating]
Part = Literal["train", "test"]

# Rows of one pass when many are evaluated: a few megabytes of activations at most.
ROWS_A_PASS = 1024


@dataclass(frozen=True)
class Evaluation:
    """How good a network is on some rows, as in use: dropout off, batch norm on running statistics.

    `loss` is the mean without penalties, `accuracy` the share of rows classified rightly (NaN for a
    regression), `outputs` (n, K) what the network puts out for each row.
    """

    loss: float
    accuracy: float
    outputs: Array


@dataclass(frozen=True)
class NetworkState(ContestantState):
    """A contestant that trains a network; after a divergence, as it was at its last finite step."""

    training: Training = field(repr=False)
    step: int
    state: Array = field(repr=False)
    """All its numbers in one flat read-only array; `tensors` gives them by name."""
    _looks: dict[int, LayerLook] = field(
        default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def tensors(self) -> dict[str, Array]:
        """Parameters and running statistics by layer and name: `"0.W"` (fan_out, fan_in), …"""
        parts = self.training.split(self.state)
        return dict(self.training.network.tensors(parts.params, parts.memory))

    @cached_property
    def train(self) -> Evaluation:
        """How good it is on the training rows."""
        return self.evaluate("train")

    @cached_property
    def test(self) -> Evaluation:
        """How good it is on rows that it is not trained on."""
        return self.evaluate("test")

    @cached_property
    def loss(self) -> float:
        """The mean loss over the next step's batch, as in training; penalties are not in it."""
        _, rows, _ = self.training.segment(self.state, self.step, 1)
        return float(rows[0, 0])

    def evaluate(self, part: Part) -> Evaluation:
        """Loss, accuracy and outputs on the training or the test rows.

        Where the dataset drifts, the rows are taken as they are at this step. Raises RunError.
        """
        material = self.training.material
        if part not in ("train", "test"):
            raise RunError(f'rows to evaluate must be "train" or "test", not {part!r}')
        x = getattr(material.data, f"{part}_x")
        return self._evaluated(material.at(x, self.step), getattr(material, f"{part}_y"))

    def outputs(self, x: ArrayLike) -> Array:
        """What the network puts out for preprocessed inputs (n, d), (n, K), as in use."""
        return self.activations(x, len(self.training.network.layers) - 1)

    def activations(self, x: ArrayLike, layer: int, units: Sequence[int] | None = None) -> Array:
        """What a layer's units put out for preprocessed inputs (n, d), (n, u), as in use.

        `units` are the wanted ones, all without any; layers behind are not run. Raises RunError.
        """
        layers = self.training.network.layers
        if not 0 <= layer < len(layers):
            raise RunError(f"the network has layers 0 to {len(layers) - 1}, not {layer}")
        fan_out = layers[layer].fan_out
        for unit in range(0) if units is None else units:
            if not 0 <= unit < fan_out:
                raise RunError(f"layer {layer} has units 0 to {fan_out - 1}, not {unit}")
        return activations(self.training, self.state, self.inputs(x), layer, units)

    def response(self, layer: int, unit: int, x: ArrayLike) -> Array:
        """What one unit of a layer puts out for preprocessed inputs (n, d), (n,), as in use."""
        return self.activations(x, layer, [unit])[:, 0]

    def plane(self, extent: tuple[float, float, float, float], size: int | tuple[int, int],
              axes: tuple[int, int] = (0, 1)) -> Array:
        """A grid of preprocessed inputs, (rows · columns, d), other than `axes` at their mean.

        The mean is that of the training rows. See `response.plane` for the order of the points and
        for `extent` and `size`.
        """
        return plane(extent, size, self.training.material.data.train_x.mean(0), axes)

    def probe(self, rows: Rows | ArrayLike = "batch", targets: ArrayLike | None = None,
              training: bool | None = None, step: int | None = None, reuse: Probe | None = None
              ) -> Probe:
        """Look into one pass forward and backward; nothing of the state changes.

        `rows` are "batch", those of a step, by default the one that follows and as in training,
        with the very masks that it will draw; "train" or "test", all such rows as they are at this
        step and as in use; or preprocessed inputs (n, d), also as in use. Without `targets` those
        have no loss: the gradient put in at the outputs is standard normal, the same numbers for
        every network of as many outputs (the seed's stream "probe/gradient").

        `training` says otherwise whether it is as in training; `step`, counted from 1, whose masks
        and batch are taken. `reuse` is an earlier probe that is needed no more: its arrays become
        this one's, which saves asking the system for memory. Raises RunError.
        """
        step = self.step + 1 if step is None else step
        x, y = chosen_rows(self, rows, targets, step)
        if training is None:
            training = isinstance(rows, str) and rows == "batch"
        return Probe(self, x, y, step, training, reuse)

    def look(self, rows: int) -> LayerLook:
        """What all layers put out and get back over `rows` of the training rows, evenly spread.

        The same look for the same rows: what it has worked out is kept with this state. Nothing is
        computed before it is asked.
        """
        from .layer_look import LayerLook

        rows = max(1, min(rows, len(self.training.material.train_x)))
        return self._looks.setdefault(rows, LayerLook(self, rows))

    def inputs(self, x: ArrayLike) -> Array:
        """Inputs (n, d) in the run's precision; raises RunError where they do not fit."""
        expected = self.training.material.inputs
        try:
            # What float32 has no room for becomes infinite.
            with np.errstate(over="ignore"):
                x = np.ascontiguousarray(x, self.training.precision)
        except (TypeError, ValueError):
            raise RunError(f"inputs must be numbers of the shape (n, {expected})") from None
        if x.ndim != 2 or x.shape[1] != expected:
            raise RunError(f"inputs must have the shape (n, {expected}), not {x.shape}")
        return x

    def _evaluated(self, x: Array, targets: Array) -> Evaluation:
        training = self.training
        outputs = np.empty((len(x), training.material.outputs), x.dtype)
        total = 0.0
        for first in range(0, len(x), ROWS_A_PASS):
            rows = np.arange(first, min(first + ROWS_A_PASS, len(x)))
            loss, out = training.evaluated(self.state, x, targets, rows)
            outputs[rows] = out.T
            total += loss * len(rows)
        loss = total / len(x) if len(x) else float("nan")
        classes = training.loss.predict is not None
        accuracy = training.loss.accuracy(outputs.T, targets.T) if classes else float("nan")
        outputs.flags.writeable = False
        return Evaluation(loss, accuracy, outputs)
