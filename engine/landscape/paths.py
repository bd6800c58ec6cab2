"""The ways of contestants through weight space: their networks at many steps of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..network.architecture import Architecture
from ..network.looking_back import LookingBack
from ..network.state import NetworkState
from ..snapshot import Snapshot
from .loss import Cancelled

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

MOST_STEPS, FEWEST_STEPS, HASTY_STEPS = 128, 12, 24
# Numbers that are kept of all paths together, 4 or 8 bytes each.
MOST_KEPT = 24_000_000
# Between two looks at whether to go on; half of it is trained in one go, for which a window that
# asks for a step has to wait.
SECONDS_A_TURN = 0.006


@dataclass(frozen=True, eq=False)
class Place:
    """A network at one step: parameters (P,) and running statistics (R,), read-only."""

    params: Array
    memory: Array


class WeightPaths(LookingBack[Place]):
    """The contestants' places in weight space at up to 128 steps of a run, fewer of large networks.

    They are evenly spread. Where a way goes far from one to the next, `fill_in` looks in between.
    """

    def __init__(self) -> None:
        super().__init__(MOST_STEPS)
        self._between: list[int] = []
        self._filled: set[int] = set()

    def gather(self, snapshot: Snapshot, contestants: Sequence[int],
               cancelled: Callable[[], bool] = lambda: False, *, hasty: bool = False) -> None:
        """Look at all of the run so far; raises Cancelled soon after `cancelled()` says so.

        A `hasty` look is at few steps. Raises RunError for networks whose paths would not fit into
        the memory.
        """
        sizes = sum(snapshot.contestants[i].training.network.params_size for i in contestants)
        self.most = min(MOST_STEPS, MOST_KEPT // max(sizes, 1))
        if self.most < FEWEST_STEPS:
            raise RunError(f"a landscape is for networks of up to {MOST_KEPT // FEWEST_STEPS:,} "
                           f"weights in all; these have {sizes:,}")
        if hasty:
            self.most = min(self.most, HASTY_STEPS)
        while not self.follow(snapshot, SECONDS_A_TURN, contestants):
            if cancelled():
                raise Cancelled

    def fill_in(self, snapshot: Snapshot, contestants: Sequence[int],
                points: Callable[[Sequence[Place]], Exact], least: float,
                cancelled: Callable[[], bool] = lambda: False) -> None:
        """Look at as many steps again, where ways are longest from one step to the next.

        `points` says where places are in a picture, (n, 2), and `least` how far apart neighbours
        may be there. What is looked at follows from the run alone. Raises Cancelled.
        """
        at: dict[int, Exact] = {}
        gaps: list[tuple[float, int, int]] = []
        found: list[int] = []

        def consider(first: int, last: int) -> None:
            for step in (first, last):
                if step not in at:
                    at[step] = points([self._known[step, i] for i in contestants])
            away = np.nan_to_num(at[last] - at[first], posinf=0.0, neginf=0.0)
            length = float(np.hypot(*away.T).max(initial=0.0))
            if last - first > 1 and length > least:
                heappush(gaps, (-length, first, last))

        def is_known(step: int) -> bool:
            return all((step, i) in self._known for i in contestants)

        steps = [step for step in self._wanted if is_known(step)]
        for first, last in zip(steps, steps[1:], strict=False):
            consider(first, last)
        while gaps and len(found) < self.most and snapshot.series is not None:
            _, first, last = heappop(gaps)
            step = (first + last) // 2
            self._filled.add(step)
            while not is_known(step):
                if cancelled():
                    raise Cancelled
                self._go_to(snapshot.series, step, SECONDS_A_TURN, snapshot, contestants, inf)
            found.append(step)
            consider(first, step)
            consider(step, last)
        gone = self._filled.difference(found, self._wanted)
        self._known = {key: place for key, place in self._known.items() if key[0] not in gone}
        self._between, self._filled = sorted(found), set(found)

    def ways(self, contestant: int) -> list[tuple[int, Place]]:
        """What is known of a contestant at all steps looked at, in order."""
        between = [(step, self._known[step, contestant]) for step in self._between
                   if (step, contestant) in self._known]
        return sorted([*self.seen(contestant), *between], key=lambda entry: entry[0])

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
