"""Signals by depth: how large activations and gradients are, layer by layer, before or in training.

What inits are made to keep (Glorot & Bengio 2010), measured on few rows (see `even_rows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .counting import moments
from .even_rows import sampled_probe

if TYPE_CHECKING:
    from .probe import Probe
    from .state import NetworkState

Exact = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Signals:
    """The spread of activations (forward) and of their gradients (backward) by block, (B,) each.

    Standard deviations, infinite where a number is not finite. Gradients are those of one row's own
    loss, which do not depend on how many rows there are: a batch's are their mean, and so smaller
    by the number of its rows. `places` (B,) are the layers whose outputs these are.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    forward: Exact
    backward: Exact
    rows: int

    @property
    def overflow(self) -> bool:
        """Whether a number somewhere was too large to be one."""
        return not (np.isfinite(self.forward).all() and np.isfinite(self.backward).all())


def signals(state: NetworkState) -> Signals:
    """How large activations and gradients are, block by block, in training at this step."""
    return signals_of(sampled_probe(state, "training"))


def signals_of(probe: Probe) -> Signals:
    """The same from a pass with targets that has been made."""
    places = tuple(block.activation for block in probe.blocks)
    return Signals(
        tuple(block.name for block in probe.blocks), places,
        np.array([_spread(probe.activation(place)) for place in places]),
        np.array([_spread(probe.gradient(place)) for place in places]) * probe.rows, probe.rows)


def _spread(values: NDArray[np.floating]) -> float:
    found = moments(values)
    return found.std if found.finite == values.size else inf
