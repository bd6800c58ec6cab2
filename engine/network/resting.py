"""On how many rows each unit is on, and which are dead: at rest on every one of them.

A ReLU that is at rest on a row passes nothing of that row's gradient on. At rest on all rows, all
that leads into it has a gradient of exactly 0, and no step of descent will bring it back by
itself; what still can are a momentum that has not run out, and layers before it that move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..layers import Activation
from .even_rows import spread_rows
from .plan import Y_AT

if TYPE_CHECKING:
    from .state import NetworkState

ROWS_A_PASS = 512
# All rows, as long as that is no work: parameters times rows, about 3 ms on one core. Of larger
# networks evenly spread ones, and never fewer than these where there are as many.
MOST_PRODUCTS, FEWEST_ROWS = 90_000_000, 256


@dataclass(frozen=True, eq=False)
class Activity:
    """How often each of U units is on: `on` (U,) counts rows, out of `rows` that were looked at.

    They are training rows in use, `of` of which there are.
    """

    on: NDArray[np.int64]
    rows: int
    of: int

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Which units are at rest on every row, (U,)."""
        return self.on == 0

    @property
    def share(self) -> NDArray[np.float64]:
        """The share of rows on which each unit is on, (U,)."""
        return self.on / max(self.rows, 1)


def resting_layers(state: NetworkState) -> tuple[int, ...]:
    """The places of layers whose units can be at rest, such as ReLUs."""
    return tuple(layer.place for layer in state.training.network.layers
                 if isinstance(layer.definition, Activation)
                 and layer.definition.at_rest is not None)


def activities(state: NetworkState) -> Mapping[int, Activity]:
    """The activity of every layer that can be at rest, by its place, at this step and in use."""
    training = state.training
    material, network = training.material, training.network
    rests = {layer.place: layer.definition.at_rest for layer in network.layers
             if isinstance(layer.definition, Activation) and layer.definition.at_rest is not None}
    if not rests:
        return {}
    size = max(network.params_size, 1)
    rows = spread_rows(len(material.train_x), max(MOST_PRODUCTS // size, FEWEST_ROWS))
    x = material.at(material.data.train_x[rows], state.step)
    counts = {place: np.zeros(network.layers[place].fan_out, np.int64) for place in rests}
    parts = training.split(state.state)
    memory = np.array(parts.memory)
    for first in range(0, len(x), ROWS_A_PASS):
        part = x[first : first + ROWS_A_PASS]
        layout = training.plan_for(len(part))
        workspace = layout.workspace()
        training.forward(layout.table[: max(rests) + 1], len(part), part, parts.params, memory,
                         workspace, 0, False)
        for place, count in counts.items():
            at = layout.table[place][Y_AT]
            outputs = workspace[at : at + len(count) * len(part)].reshape(len(count), -1)
            count += np.count_nonzero(outputs != rests[place], axis=1)
    return {place: Activity(count, len(x), len(material.train_x))
            for place, count in counts.items()}
