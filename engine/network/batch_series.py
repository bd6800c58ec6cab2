"""A batch norm's statistics over a run: those of each batch beside the running ones.

A run keeps few of its states and trains the others again when they are asked for. The steps looked
at are multiples of a power of two, as the kept ones are, and networks of whose states a run keeps
only a few are looked at that often only: no stretch between two looks is long.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..changes import common_steps
from ..run import MEMORY
from ..snapshot import Snapshot
from .batch_pass import batch_norms, normalised_batch
from .spacing import stride

if TYPE_CHECKING:
    from ..experiment import Experiment

Exact = NDArray[np.float64]

MOST = 60
# With fewer looks than these there is nothing like a curve.
FEWEST = 8
# States that a run of default memory keeps, as a share: losses take some, and half of the
# checkpoints go whenever it is full.
KEPT_SHARE = 0.35
# Parts of the way between two checkpoints that all contestants train again in one go: about 1 ms.
HOPS = 16


@dataclass(frozen=True, eq=False)
class BatchTable:
    """One batch norm over a run: row k is step `steps[k]`, column i unit i, all (K, U).

    `mean` and `var` are the next batch's, biased; `running_mean` and `running_var` what had been
    gathered before it. `gamma` and `beta` are as the step left them.
    """

    steps: NDArray[np.int64]
    mean: Exact
    var: Exact
    running_mean: Exact
    running_var: Exact
    gamma: Exact
    beta: Exact


class BatchSeries:
    """Looks into the batch norms of a run as time allows, at each step once.

    It remembers what it has seen of a run, and of another run as far as that is the same.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._experiment: Experiment | None = None
        self._known: dict[tuple[int, int], dict[int, Exact]] = {}
        """By contestant and step: a table's rows (6, U) of every batch norm, by place."""
        self._at = 0

    def follow(self, snapshot: Snapshot, seconds: float | None = None) -> bool:
        """Look at more of the steps up to a snapshot's; whether all of them have been looked at.

        It takes about `seconds`, and without them as long as it must.
        """
        self._begin(snapshot.experiment)
        missing = [step for step in self.steps(snapshot) if (step, 0) not in self._known]
        if snapshot.series is None:
            return True
        deadline = inf if seconds is None else perf_counter() + seconds
        while missing:
            here = self._next(missing[0], snapshot, seconds is None)
            reached, self._at = snapshot.series(here), here
            if here == missing[0]:
                self._look(reached)
                missing.pop(0)
            if perf_counter() >= deadline:
                break
        return not missing

    def table(self, snapshot: Snapshot, index: int, place: int) -> BatchTable | None:
        """What is known of a contestant's batch norm up to the snapshot's step; None if nothing."""
        last = snapshot.contestants[index].step
        found = [(step, self._known[step, index][place]) for step in self.steps(snapshot)
                 if step <= last and (step, index) in self._known]
        if not found:
            return None
        steps = np.array([step for step, _ in found])
        return BatchTable(steps, *np.stack([rows for _, rows in found], axis=1))

    def steps(self, snapshot: Snapshot) -> range:
        """The steps to be looked at up to a snapshot's; none where too few ever could be."""
        size = sum(state.state.nbytes for state in snapshot.contestants)
        most = min(self.most, int(KEPT_SHARE * MEMORY / max(size, 1)))
        if most < FEWEST:
            return range(0)
        distance = 1
        while snapshot.experiment.steps // distance + 1 > most:
            distance *= 2
        return range(0, snapshot.step + 1, distance)

    def _begin(self, experiment: Experiment) -> None:
        """Forget what is not of this run."""
        if self._experiment is experiment:
            return
        kept = common_steps(self._experiment, experiment) if self._experiment else 0
        # The statistics of the last step in common are those of the batch that follows it.
        self._known = {key: looks for key, looks in self._known.items() if key[0] < kept}
        self._experiment, self._at = experiment, 0

    def _next(self, step: int, snapshot: Snapshot, at_once: bool) -> int:
        """The step to ask for on the way to one: a run trains on from one asked for lately."""
        states = snapshot.contestants
        apart = min(stride(state.training, len(states)) for state in states)
        known = max(self._at if self._at <= step else 0, step - step % apart)
        hop = max(1, apart // (HOPS * len(snapshot.contestants)))
        return step if at_once else min(step, known + hop)

    def _look(self, snapshot: Snapshot) -> None:
        for index, state in enumerate(snapshot.contestants):
            places = batch_norms(state)
            found = normalised_batch(state, *places) if places else ()
            self._known[snapshot.step, index] = {
                place: np.array([entry.mean, entry.var, entry.running_mean, entry.running_var,
                                 entry.gamma, entry.beta], float)
                for place, entry in zip(places, found, strict=True)}
