"""The ways of contestants through weight space: their networks at many steps of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..network.architecture import Architecture
from ..network.looking_back import LookingBack
from ..network.state import NetworkState
from ..snapshot import Snapshot
from .loss import Cancelled

Array = NDArray[np.floating]

MOST_STEPS, FEWEST_STEPS = 128, 12
# Numbers that are kept of all paths together, 4 or 8 bytes each.
MOST_KEPT = 24_000_000
# Between two looks at whether to go on.
SECONDS_A_TURN = 0.02


@dataclass(frozen=True, eq=False)
class Place:
    """A network at one step: parameters (P,) and running statistics (R,), read-only."""

    params: Array
    memory: Array


class WeightPaths(LookingBack[Place]):
    """The contestants' places in weight space at up to 128 steps of a run, fewer of large networks.
    """

    def gather(self, snapshot: Snapshot, contestants: Sequence[int],
               cancelled: Callable[[], bool] = lambda: False) -> None:
        """Look at all of the run so far; raises Cancelled soon after `cancelled()` says so.

        Raises RunError for networks whose paths would not fit into the memory.
        """
        sizes = sum(snapshot.contestants[i].training.network.params_size for i in contestants)
        self.most = min(MOST_STEPS, MOST_KEPT // max(sizes, 1))
        if self.most < FEWEST_STEPS:
            raise RunError(f"a landscape is for networks of up to {MOST_KEPT // FEWEST_STEPS:,} "
                           f"weights in all; these have {sizes:,}")
        while not self.follow(snapshot, SECONDS_A_TURN, contestants):
            if cancelled():
                raise Cancelled

    def look(self, state: NetworkState) -> Place:
        parts = state.training.split(state.state)
        found = Place(np.array(parts.params), np.array(parts.memory))
        for array in (found.params, found.memory):
            array.flags.writeable = False
        return found


def alike(snapshot: Snapshot, contestant: int, others: Sequence[int]) -> tuple[int, ...]:
    """Those of `others` whose weights mean the same function as a contestant's do.

    Their layers are the same but for dropout, which is off on a landscape, and for inits: only
    then do equal weights have an equal loss.
    """
    wanted = _meaning(snapshot.contestants[contestant].training.network)
    return tuple(i for i in others
                 if _meaning(snapshot.contestants[i].training.network) == wanted)


def _meaning(network: Architecture) -> tuple[object, ...]:
    return tuple((layer.definition.name, layer.form, tuple(layer.hypers.items()))
                 for layer in network.layers if layer.definition.name != "dropout")
