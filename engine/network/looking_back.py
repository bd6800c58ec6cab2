"""Looks into a run's networks at many of its steps, as time allows and each step once.

A run keeps few of its states, and the others are trained again when they are asked for. So the
steps looked at are a grid of at most so many whole multiples of a power of two: while a run grows,
what has been looked at stays of use, and the steps are often ones that are kept anyway.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from ..changes import common_steps
from ..snapshot import Snapshot
from .spacing import stride

if TYPE_CHECKING:
    from ..experiment import Experiment
    from .state import NetworkState

T = TypeVar("T")

MOST = 60
# Steps that are trained again in one go while somebody waits, to begin with.
FIRST_HOP, LONGEST_HOP = 16, 8192
# Parts of the way between two kept states that are always trained in one go: about 0.5 ms.
HOPS = 32


def spacing(computed: int, most: int = MOST) -> int:
    """The distance of the grid's steps: the least power of two with at most `most` from step 0."""
    distance = 1
    while computed // distance + 1 > most:
        distance *= 2
    return distance


def grid(computed: int, last: int, most: int = MOST) -> list[int]:
    """The steps looked at of a run that is computed up to a step; its `last` step is among them."""
    steps = list(range(0, computed + 1, spacing(computed, most)))
    return [*steps, last] if computed == last != steps[-1] else steps


class LookingBack(ABC, Generic[T]):
    """What `look` finds in the contestants' networks over a run.

    It is told of snapshots by `follow`, and remembers what it has seen of a run, and of another run
    as far as that is the same.
    """

    sees_next_step: ClassVar[bool] = False
    """Whether a look at a step sees something of the step that follows, as its batch."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.version = 0
        """Another number whenever something more is known."""
        self._experiment: Experiment | None = None
        self._known: dict[tuple[int, int], T] = {}
        """By step and contestant."""
        self._wanted: list[int] = []
        self._at, self._hop = 0, FIRST_HOP

    @abstractmethod
    def look(self, state: NetworkState) -> T:
        """What there is to know of one state."""

    def further(self, snapshot: Snapshot, contestants: Sequence[int]) -> int | None:
        """One more step to look at when all of the grid is known; None where that is enough."""
        return None

    def follow(self, snapshot: Snapshot, seconds: float | None = None,
               contestants: Sequence[int] | None = None) -> bool:
        """Look at more of the run of a snapshot; whether all that is wanted has been looked at.

        It takes about `seconds`, a single look or a few steps of training at least; without them it
        takes as long as it must. `contestants` are the wanted ones, all without any. Raises
        RunError where a network is too large to be looked into.
        """
        self._begin(snapshot)
        wanted = range(len(snapshot.contestants)) if contestants is None else contestants
        steps = grid(snapshot.computed, snapshot.experiment.steps, self.most)
        if steps != self._wanted:
            gone = set(self._wanted).difference(steps)
            self._wanted = steps
            self._known = {key: look for key, look in self._known.items() if key[0] not in gone}
            self.version += 1
        deadline = inf if seconds is None else perf_counter() + seconds
        before = self.version
        if snapshot.step in set(steps):
            self._take(snapshot, wanted, deadline)
        missing = [step for step in steps if any((step, i) not in self._known for i in wanted)]
        missing.reverse()
        if snapshot.series is None:
            return True
        while True:
            step = missing[-1] if missing else self.further(snapshot, wanted)
            if step is None:
                return True
            if self.version != before and perf_counter() >= deadline:
                return False
            before = -1
            done = self._go_to(snapshot.series, step, seconds, snapshot, wanted, deadline)
            if done and missing:
                missing.pop()

    def seen(self, contestant: int) -> list[tuple[int, T]]:
        """What is known of a contestant at the grid's steps so far, in order."""
        return [(step, self._known[step, contestant]) for step in self._wanted
                if (step, contestant) in self._known]

    def _begin(self, snapshot: Snapshot) -> None:
        """Forget what is not of this run."""
        experiment = snapshot.experiment
        if self._experiment is not experiment:
            kept = common_steps(self._experiment, experiment) if self._experiment else 0
            # Without a step in common it is another race, whose networks may be others at step 0.
            last = kept - self.sees_next_step if kept else -1
            self._known = {key: look for key, look in self._known.items() if key[0] <= last}
            self._experiment, self._at = experiment, 0
            self.version += 1

    def _go_to(self, series: Callable[[int], Snapshot], step: int, seconds: float | None,
               snapshot: Snapshot, wanted: Sequence[int], deadline: float) -> bool:
        """Get nearer to a step, and look at it when it is reached; whether that is done."""
        here, trained = self._next(step, seconds, snapshot, wanted)
        began = perf_counter()
        reached = series(here)
        took, self._at = perf_counter() - began, here
        if seconds is not None and trained:
            # As many as take half of the time.
            steps = int(seconds / 2 * trained / max(took, 1e-9))
            self._hop = min(max(steps, 1), 4 * self._hop, LONGEST_HOP)
        return here == step and self._take(reached, wanted, deadline)

    def _next(self, step: int, seconds: float | None, snapshot: Snapshot, wanted: Sequence[int]
              ) -> tuple[int, int]:
        """The step to ask for on the way to one, and how many are trained again for that.

        A run trains on from a step asked for lately, or from one that it has kept.
        """
        if seconds is None:
            return step, 0
        known = self._at if self._at <= step else 0
        count = len(snapshot.contestants)
        apart = max((stride(snapshot.contestants[i].training, count) for i in wanted), default=1)
        kept = step - step % apart
        if kept > known:
            return kept, 0
        # Where a call costs more than the steps in it, fewer steps would not make it quicker.
        here = min(step, known + max(self._hop, apart // HOPS))
        return here, here - known

    def _take(self, snapshot: Snapshot, wanted: Sequence[int], deadline: float) -> bool:
        """Look into the networks of a snapshot, one at least; whether all have been looked into."""
        missing = [index for index in wanted if (snapshot.step, index) not in self._known]
        for done, index in enumerate(missing):
            if done and perf_counter() >= deadline:
                return False
            self._known[snapshot.step, index] = self.look(snapshot.contestants[index])
            self.version += 1
        return True
