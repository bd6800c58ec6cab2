"""The next step's batch on its way forward, for views that look at every frame.

A probe goes back as well, which is twice the work; what a batch norm does to a batch, and how a
loss in training differs from one in use, is known on the way there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from .normalisation import Normalisation, normalisation
from .plan import DY_AT, FAN_OUT, MEMORY, MEMORY_AT, X_AT, Y_AT

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]


def batch_norms(state: NetworkState) -> tuple[int, ...]:
    """The places of a network's batch norms."""
    return tuple(layer.place for layer in state.training.network.layers
                 if layer.definition.name == "batch-norm")


def normalised_batch(state: NetworkState, *places: int) -> tuple[Normalisation, ...]:
    """What batch norms do to the next step's batch: `state.probe().batch_norm(place)`, sooner.

    Layers behind the last of `places` are not run. Raises RunError where there is no batch norm.
    """
    known = batch_norms(state)
    for place in places:
        if place not in known:
            raise RunError(f"layer {place} is no batch norm of this network; these are: "
                           f"{', '.join(map(str, known)) or 'none'}")
    training = state.training
    parts, layers = training.split(state.state), training.network.layers
    inputs, _, rows = training.material.batches(state.step + 1, 1)
    layout, x = training.plan_for(rows.shape[1]), inputs[rows[0]]
    workspace = layout.workspace()
    training.forward(layout.table[: max(places) + 1], len(x), x, parts.params,
                     np.array(parts.memory), workspace, state.step + 1, True)
    workspace.flags.writeable = False
    found = []
    for place in places:
        layer, at = layers[place], layout.table[place]
        before, after = (
            workspace[first : first + layer.fan_in * len(x)].reshape(layer.fan_in, len(x))
            for first in (at[X_AT], at[Y_AT]))
        found.append(normalisation(
            before, after, workspace[at[MEMORY_AT] : at[MEMORY_AT] + at[MEMORY]],
            parts.params[layer.params_at : layer.params_at + layer.params_size],
            parts.memory[layer.state_at : layer.state_at + layer.state_size], True))
    return tuple(found)


def mode_losses(state: NetworkState) -> tuple[float, float]:
    """The mean loss over the next step's batch as in training, with its masks, and as in use.

    Penalties are in neither. A batch norm normalises by the batch in the first, by its running
    statistics in the second.
    """
    training = state.training
    parts = training.split(state.state)
    inputs, targets, rows = training.material.batches(state.step + 1, 1)
    layout = training.plan_for(rows.shape[1])
    workspace, x = layout.workspace(), inputs[rows[0]]
    wanted = np.ascontiguousarray(targets[rows[0]].T)
    last = layout.table[-1]
    shape = int(last[FAN_OUT]), len(x)

    def outputs(column: int) -> Array:
        return workspace[last[column] : last[column] + shape[0] * shape[1]].reshape(shape)

    losses = []
    for learning in (True, False):
        training.forward(layout.table, len(x), x, parts.params, np.array(parts.memory), workspace,
                         state.step + 1, learning)
        losses.append(training.loss_of(outputs(Y_AT), wanted, outputs(DY_AT)))
    return losses[0], losses[1]
