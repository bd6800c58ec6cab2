"""A training step once more, every array of it kept: what was lost first, and how sizes went.

The order is that of the computation: the layers' outputs, the loss, gradients from the last layer
to the first, penalties, and the update.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import passes
from .architecture import Placed
from .plan import DY_AT, FAN_OUT, Y_AT

if TYPE_CHECKING:
    from .training import Training

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Lost:
    """The first array with a number that is not finite; `layer` is its layer's place, or None.

    `part` is where in the step that was: "forward", "loss", "backward", "penalty" or "update".
    `undefined` says that it holds NaN and no infinity.
    """

    name: str
    part: str
    layer: int | None
    undefined: bool


@dataclass(frozen=True)
class Retrace:
    """One step: root mean squares of inputs, outputs and gradients, and what was lost, if anything.

    `outputs` and `gradients` have one number a layer, the latter that of the loss's slope by the
    layer's outputs. `largest_input` is the largest of all |x| in the batch.
    """

    lost: Lost | None
    largest_input: float
    input_size: float
    outputs: tuple[float, ...]
    gradients: tuple[float, ...]


def retrace(training: Training, state: Array, step: int) -> Retrace:
    """Take the step after `step`, whose state is `state`, and look at everything on its way."""
    inputs, targets, batches = training.material.batches(step + 1, 1)
    rows = np.arange(batches.shape[1])
    # In arrays of their own, so that none of the data's are touched.
    x, y = np.array(inputs[batches[0]]), np.array(targets[batches[0]])
    layout = training.plan
    workspace = layout.workspace()
    grads = np.empty(training.network.params_size, training.precision)
    value = passes.compiled(passes.there_and_back, training.precision)(*training.pass_arguments(
        layout, x, y, rows, training.split(np.array(state)), grads, workspace, step + 1))

    def kept(column: int) -> list[Array]:
        return [workspace[row[column] : row[column] + row[FAN_OUT] * len(rows)]
                for row in layout.table]

    outputs, slopes = kept(Y_AT), kept(DY_AT)
    lost = None
    for name, part, layer, array in _in_order(training, state, step, outputs, value, slopes, grads,
                                              (x, y, rows[None])):
        if not np.isfinite(array).all():
            lost = Lost(name, part, layer, not np.isinf(array).any())
            break
    return Retrace(
        lost, float(np.max(np.abs(x), initial=0.0)), _size(x),
        tuple(map(_size, outputs)), tuple(map(_size, slopes)),
    )


Named = tuple[str, str, "int | None", Array]


def _in_order(training: Training, state: Array, step: int, outputs: list[Array], value: float,
              slopes: list[Array], grads: Array, batch: tuple[Array, Array, NDArray[np.int64]]
              ) -> Iterator[Named]:
    """Every array of a step as it comes about: what it is called, its part, its layer."""
    layers = training.network.layers
    for layer, output in zip(layers, outputs, strict=True):
        yield f"the output of {described(layer)}", "forward", layer.place, output
    yield "the loss", "loss", None, np.array([value])
    for layer, slope in zip(reversed(layers), reversed(slopes), strict=True):
        yield (f"the gradient by the output of {described(layer)}", "backward", layer.place, slope)
        for name, tensor in _tensors(layer, grads):
            yield f"the gradient by {name} of {described(layer)}", "backward", layer.place, tensor
    _, _, penalised = training.gradient(state, step, batch)
    for layer in layers:
        for name, tensor in _tensors(layer, penalised):
            what = f"the gradient by {name} of {described(layer)}, with its penalty,"
            yield what, "penalty", layer.place, tensor
    after, _, _ = training.segment(state, step, 1)
    for layer in layers:
        for name, tensor in _tensors(layer, training.split(after).params):
            yield f"the parameter {name} of {described(layer)}", "update", layer.place, tensor


def described(layer: Placed) -> str:
    """A layer by its place in the file, its kind and its units."""
    units = "1 unit" if layer.fan_out == 1 else f"{layer.fan_out:,} units"
    return f"layer {layer.place} ({layer.definition.name}, {units})"


def _tensors(layer: Placed, flat: Array) -> Iterator[tuple[str, Array]]:
    at = layer.params_at
    for tensor in layer.form.params:
        yield tensor.name, flat[at : at + tensor.size]
        at += tensor.size


def _size(array: Array) -> float:
    """The root mean square; infinite where a number is not finite."""
    exact = array.astype(np.float64)
    size = float(np.sqrt(np.mean(exact * exact))) if exact.size else 0.0
    return size if np.isfinite(size) else float("inf")
