"""Who died when: the dead units of a run at steps all over it, and each death's step.

A unit may come back, so it is its present dead spell that has a beginning. Between two steps looked
at, the one at which it was seen alive last and the next, that is found by bisection: a unit that
comes back and dies again within so few steps is taken to have died once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..snapshot import Snapshot
from .looking_back import MOST, LookingBack
from .resting import Activity, activities

if TYPE_CHECKING:
    from .state import NetworkState

Dead = Mapping[int, NDArray[np.bool_]]


@dataclass(frozen=True)
class Death:
    """A unit that is dead at a step: it was alive at `after` and dead at `by`.

    Known to the step where those are neighbours. Where it was dead from the start both are 0.
    """

    unit: int
    after: int
    by: int

    @property
    def exact(self) -> bool:
        """Whether there is no step in between."""
        return self.by - self.after <= 1

    @property
    def from_start(self) -> bool:
        """Whether it was never seen alive."""
        return self.by == 0


@dataclass(frozen=True, eq=False)
class DeathTable:
    """One layer of one contestant over a run: of `units` ones, `dead[k]` were so at `steps[k]`.

    It ends before a divergence.
    """

    steps: NDArray[np.int64]
    dead: NDArray[np.int64]
    units: int


class DeathSeries(LookingBack[Dead | None]):
    """Which units were dead over a run, looked up as time allows."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(most)
        self._now: dict[int, Mapping[int, Activity]] = {}
        self._now_key: object = None
        self._layers: Mapping[int, int] = {}
        self._deaths: dict[tuple[int, int], tuple[Death, ...]] = {}
        self._deaths_key: object = None
        self._stacks: dict[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}
        self._stacks_key = -1

    def now(self, snapshot: Snapshot, contestant: int) -> Mapping[int, Activity]:
        """The activity of a contestant's layers at the snapshot's step, by place."""
        key = (snapshot.experiment, snapshot.step)
        if key != self._now_key:
            self._now_key, self._now = key, {}
        if contestant not in self._now:
            self._now[contestant] = activities(snapshot.contestants[contestant])
        return self._now[contestant]

    def trace(self, snapshot: Snapshot, layers: Mapping[int, int], seconds: float | None = None
              ) -> bool:
        """`follow`, and find when those died that are dead now; whether all of that is done.

        `layers` are the wanted ones: the place of one by contestant.
        """
        self._layers = layers
        return self.follow(snapshot, seconds, tuple(layers))

    def table(self, contestant: int, place: int) -> DeathTable | None:
        """What is known of a contestant's layer so far; None if that is nothing."""
        looks = [(step, look[place]) for step, look in self.seen(contestant) if look is not None]
        if not looks:
            return None
        return DeathTable(np.array([step for step, _ in looks]),
                          np.array([np.count_nonzero(dead) for _, dead in looks]),
                          len(looks[0][1]))

    def deaths(self, snapshot: Snapshot, contestant: int, place: int) -> tuple[Death, ...]:
        """The units that are dead at the snapshot's step, in the order in which they died."""
        key = (snapshot.experiment, snapshot.step, self.version)
        if key != self._deaths_key:
            self._deaths_key, self._deaths = key, {}
        if (contestant, place) not in self._deaths:
            dead = np.flatnonzero(self.now(snapshot, contestant)[place].dead)
            self._deaths[contestant, place] = self._bracketed(
                contestant, place, dead, snapshot.contestants[contestant].step)
        return self._deaths[contestant, place]

    def _bracketed(self, contestant: int, place: int, units: NDArray[np.intp], now: int
                   ) -> tuple[Death, ...]:
        """When those units died that are dead `now`, as far as it is known."""
        if not len(units):
            return ()
        steps, dead = self._stacked(contestant, place)
        count = int(np.searchsorted(steps, now))
        alive = ~dead[:count, units]
        ever = alive.any(0)
        # The last look at which each was alive; of those that never were, the one before the first.
        last = np.where(ever, count - 1 - alive[::-1].argmax(0) if count else 0, -1)
        bounds = np.append(steps[:count], now)
        after = np.where(ever, bounds[last], 0)
        found = [Death(*entry) for entry in zip(
            units.tolist(), after.tolist(), bounds[last + 1].tolist(), strict=True)]
        return tuple(sorted(found, key=lambda death: (death.by, death.after, death.unit)))

    def _stacked(self, contestant: int, place: int
                 ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """All that is known of a layer: steps (K,) in order, and who was dead at each (K, U)."""
        if self._stacks_key != self.version:
            self._stacks_key, self._stacks = self.version, {}
        if (contestant, place) not in self._stacks:
            looks = sorted((step for (step, index), look in self._known.items()
                            if index == contestant and look is not None))
            dead = [look[place] for step in looks
                    if (look := self._known[step, contestant]) is not None]
            units = len(dead[0]) if dead else 0
            self._stacks[contestant, place] = (np.array(looks, np.int64),
                                               np.array(dead, bool).reshape(-1, units))
        return self._stacks[contestant, place]

    def further(self, snapshot: Snapshot, contestants: Sequence[int]) -> int | None:
        for contestant in contestants:
            for death in self.deaths(snapshot, contestant, self._layers[contestant]):
                if not death.exact:
                    return (death.after + death.by) // 2
        return None

    def look(self, state: NetworkState) -> Dead | None:
        if state.diverged is not None:
            return None
        return {place: found.dead for place, found in activities(state).items()}
