"""A probe over few rows, so that a network of any size can be looked into at every frame.

A histogram or a standard deviation over thousands of numbers a layer needs no thousand rows: 96
rows of 500 units are 48,000 numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from .probe import Probe

if TYPE_CHECKING:
    from .state import NetworkState

MOST_ROWS, FEWEST_ROWS = 256, 64
# Parameters times rows: 96 rows of ten layers of 500 units, about 15 ms a network on one core.
MOST_PRODUCTS = 220_000_000


def spread_rows(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` of `count` rows, evenly spread, the first one among them."""
    taken = min(count, most)
    return np.arange(taken) * count // max(taken, 1)


def sampled_probe(state: NetworkState, mode: Literal["training", "use"]) -> Probe:
    """A pass over an even share of the training rows, as they are at this step.

    At most `MOST_ROWS`, fewer for networks of more than a million parameters and never less than
    `FEWEST_ROWS` where there are as many. "training" normalises by these rows and drops out with
    the masks of the step that follows.
    """
    material, size = state.training.material, max(state.training.network.params_size, 1)
    rows = spread_rows(len(material.train_x), min(
        MOST_ROWS, max(FEWEST_ROWS, MOST_PRODUCTS // size)))
    x = material.at(material.data.train_x[rows], state.step)
    # A batch norm cannot normalise by a single row.
    learning = mode == "training" and len(rows) > 1
    return Probe(state, x, material.train_y[rows], state.step + 1, learning)
