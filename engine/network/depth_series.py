"""How every layer's numbers were spread over a run: mean, std and saturated share at many steps.

A run keeps few of its states, and the others are trained again when they are asked for. So the
steps looked at are a grid of at most `MOST` whole multiples of a power of two: while a run grows,
what has been looked at stays of use, and the steps are often ones that are kept anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..changes import common_steps
from ..snapshot import Snapshot
from .counting import moments
from .layer_histograms import saturation
from .layer_spread import Quantity, block_values, look_into, shown_blocks
from .probe import Probe
from .race import stride

if TYPE_CHECKING:
    from ..experiment import Experiment
    from .state import NetworkState

Exact = NDArray[np.float64]

MOST = 60
# Steps that are trained again in one go while somebody waits, to begin with.
FIRST_HOP, LONGEST_HOP = 16, 8192


@dataclass(frozen=True, eq=False)
class DepthTable:
    """One contestant over its run: row k is step `steps[k]`, column b block `names[b]`.

    `mean`, `std` and `saturated` are (K, B); `saturated` is NaN where nothing saturates, all of
    them are NaN from a divergence on.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    steps: NDArray[np.int64]
    mean: Exact
    std: Exact
    saturated: Exact


@dataclass(frozen=True, eq=False)
class _Look:
    """What one look into one network found, (3, B): mean, std, saturated share."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    values: Exact


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


class DepthSeries:
    """A quantity's spread by layer over a run, looked up as time allows.

    It is told of snapshots by `follow`, and remembers what it has seen of a run, and of another run
    as far as that is the same.
    """

    def __init__(self, what: Quantity, most: int = MOST) -> None:
        self.what = what
        self.most = most
        self.version = 0
        """Another number whenever a table has changed."""
        self._experiment: Experiment | None = None
        self._known: dict[tuple[int, int], _Look] = {}
        self._wanted: list[int] = []
        self._probe: Probe | None = None
        self._at, self._hop = 0, FIRST_HOP

    def follow(self, snapshot: Snapshot, seconds: float | None = None,
               contestants: Sequence[int] | None = None) -> bool:
        """Look at more of the run of a snapshot; whether all of the grid has been looked at.

        It takes about `seconds`, a single look or a few steps of training at least; without them it
        takes as long as it must. `contestants` are the wanted ones, all without any. Raises
        RunError where a network is too large to be looked into.
        """
        self._begin(snapshot)
        wanted = range(len(snapshot.contestants)) if contestants is None else contestants
        last = snapshot.experiment.steps
        steps = grid(snapshot.computed, last, self.most)
        if steps != self._wanted:
            self._wanted, keep = steps, set(steps)
            self._known = {key: look for key, look in self._known.items() if key[0] in keep}
            self.version += 1
        deadline = inf if seconds is None else perf_counter() + seconds
        before = self.version
        self._take(snapshot, wanted, deadline)
        missing = [step for step in steps if any((step, i) not in self._known for i in wanted)]
        if snapshot.series is None:
            return True
        while missing and (self.version == before or perf_counter() < deadline):
            before = -1
            if self._go_to(snapshot.series, missing[0], seconds, snapshot, wanted, deadline):
                missing.pop(0)
        return not missing

    def table(self, contestant: int) -> DepthTable | None:
        """What is known of a contestant so far; None if that is nothing."""
        looks = [(step, self._known[step, contestant]) for step in self._wanted
                 if (step, contestant) in self._known]
        if not looks:
            return None
        first = looks[0][1]
        mean, std, saturated = np.stack([look.values for _, look in looks], axis=1)
        return DepthTable(first.names, first.places, np.array([step for step, _ in looks]), mean,
                          std, saturated)

    def _begin(self, snapshot: Snapshot) -> None:
        """Forget what is not of this run."""
        experiment = snapshot.experiment
        if self._experiment is not experiment:
            kept = common_steps(self._experiment, experiment) if self._experiment else 0
            self._known = {key: look for key, look in self._known.items() if key[0] <= kept}
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
        apart = max((stride(snapshot.contestants[i].training) for i in wanted), default=1)
        kept = step - step % apart
        if kept > known:
            return kept, 0
        here = min(step, known + self._hop)
        return here, here - known

    def _take(self, snapshot: Snapshot, wanted: Sequence[int], deadline: float) -> bool:
        """Look into the networks of a snapshot, if its step is one of the grid, one at least;
        whether all have been looked into."""
        missing = [] if snapshot.step not in self._wanted else [
            index for index in wanted if (snapshot.step, index) not in self._known]
        for done, index in enumerate(missing):
            if done and perf_counter() >= deadline:
                return False
            self._known[snapshot.step, index] = self._looked(snapshot.contestants[index])
            self.version += 1
        return True

    def _looked(self, state: NetworkState) -> _Look:
        probe = self._probe = look_into(state, self.what, self._probe)
        blocks = shown_blocks(probe, self.what)
        values = np.full((3, len(blocks)), nan)
        forward = self.what in ("activation", "pre-activation")
        if state.diverged is None:
            for k, block in enumerate(blocks):
                known = moments(block_values(probe, block, self.what))
                values[:2, k] = known.mean, known.std
                if forward and isfinite(known.mean):
                    values[2, k] = saturation(probe.layers[block.activation],
                                              probe.pre_activation(block.activation))
        places = [b.weights if self.what == "weight" else
                  b.pre_activation if self.what == "pre-activation" else b.activation
                  for b in blocks]
        return _Look(tuple(block.name for block in blocks), tuple(places), values)
