"""A race under way: every contestant of an experiment on one timeline that can be revisited.

`advance` computes, `at` looks: both may be called from different threads, since what has been
computed is only ever added to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .at_once import at_once, one_by_one
from .changes import changed, common_steps, turns
from .errors import RunError
from .experiment import Experiment
from .race import Lane
from .record import write_record
from .snapshot import Snapshot

CarryOut = Callable[[Sequence[Callable[[], None]]], object]

MEMORY = 300_000_000
# Between two calls of a progress function: steps at most, and about so many seconds. Thousands of
# steps are nothing on a surface, and minutes of a large network.
CHUNK, SECONDS = 8192, 0.1
# Threads start within 0.2 ms; most races on surfaces are over in a few.
WORTH_THREADS = 0.005


class Run:
    """An experiment being carried out.

    `memory` in bytes bounds what all contestants keep of their ways: of a longer run every second,
    fourth, … step is kept, and the steps between are computed again, bit for bit, when they are
    asked for.
    """

    def __init__(self, experiment: Experiment, memory: int = MEMORY, *,
                 instead_of: Run | None = None) -> None:
        """Raises ExperimentError where the data or a network's size make it impossible.

        A run `instead_of` another one takes over what that has computed, up to the step from which
        on their changes differ, if they differ in nothing else. Of contestants that are the same in
        both it takes over the start, and what has been found out about it.
        """
        self._experiment = experiment
        self._advancing = Lock()
        self._turn = 0
        self._lanes: Sequence[Lane]
        if instead_of is None or not self._branch(instead_of):
            before: Sequence[Lane] = instead_of._lanes if instead_of is not None else ()
            self._race = experiment.problem.race(experiment, memory, before)
            self._lanes = self._race.lanes
            self._computed = 0
        self._apply_from(self._computed + 1)

    def _branch(self, other: Run) -> bool:
        """Begin with what another run has computed, as far as that is the same; False if nothing.

        Its lanes are left as they are, since it may still be looked at.
        """
        # Where nothing is computed yet, there are only starts to be taken over, drawn or not.
        step = common_steps(self._experiment, other._experiment) if other._computed else 0
        if not step:
            return False
        with other._advancing:
            self._computed = min(step, other._computed)
            lanes = [lane.until(self._computed) for lane in other._lanes]
        kept = [lane for lane in lanes if lane is not None]
        self._race, self._lanes = replace(other._race, lanes=kept), kept
        return len(kept) == len(lanes)

    @property
    def experiment(self) -> Experiment:
        """What is carried out, with the changes made so far."""
        return self._experiment

    @property
    def computed(self) -> int:
        """The last step that every contestant has reached."""
        return self._computed

    @property
    def size(self) -> int:
        """How many numbers all contestants learn: what a step costs, and a look, goes with it."""
        return sum(lane.size for lane in self._lanes)

    @property
    def done(self) -> bool:
        """Whether all of the experiment's steps are computed."""
        return self._computed >= self._experiment.steps

    def advance(self, steps: int = 1) -> int:
        """Compute `steps` more steps of every contestant, at most to the experiment's end.

        Returns how many were left to do; raises RunError for a number below 0.
        """
        if not isinstance(steps, (int, np.integer)) or steps < 0:
            raise RunError(f"advance takes a whole number of steps from 0 up, not {steps!r}")
        return self._advance(int(steps), one_by_one)

    def _advance(self, steps: int, carry_out: CarryOut) -> int:
        with self._advancing:
            steps = min(steps, self._experiment.steps - self._computed)
            carry_out([partial(lane.advance, steps) for lane in self._lanes])
            self._computed += steps
            return self._experiment.steps - self._computed

    def finish(self, progress: Callable[[int, int], None] | None = None) -> Run:
        """Compute the rest on all cores, telling `progress(step, steps)` now and then."""
        steps, took = 1, 0.0
        while not self.done:
            began = perf_counter()
            self._advance(steps, at_once if took > WORTH_THREADS else one_by_one)
            took = perf_counter() - began
            steps = min(2 * steps, CHUNK) if took < SECONDS else max(steps // 2, 1)
            if progress is not None:
                progress(self._computed, self._experiment.steps)
        return self

    def measure(self, seconds: float | None = None) -> bool:
        """Measure networks at more of the steps computed so far; whether none of them is left.

        Fills `evaluations` of a network's `Curves`; on a surface there is nothing to measure. It
        ends after about `seconds`, and takes one measurement at least; without them it takes all
        cores, for as long as it must. Any thread may call it while another one advances.
        """
        if seconds is None:
            return all(at_once([partial(lane.measure, None) for lane in self._lanes]))
        deadline = perf_counter() + seconds
        lanes = list(self._lanes)
        while lanes:
            # By turns, so that all contestants' curves grow alike.
            self._turn = (self._turn + 1) % len(lanes)
            if lanes[self._turn].measure(0.0):
                del lanes[self._turn]
            elif perf_counter() >= deadline:
                return False
        return True

    def snapshots(self, every: int = 1) -> Iterator[Snapshot]:
        """Compute on to the end, handing out a snapshot now and after each `every` steps.

        The last step is always among them. Raises RunError for a number below 1.
        """
        if every < 1:
            raise RunError(f"every must be a number of steps from 1 up, not {every}")
        yield self.snapshot()
        while not self.done:
            self.advance(every)
            yield self.snapshot()

    def snapshot(self, anatomy_of: int | None = None) -> Snapshot:
        """The newest step."""
        return self.at(self._computed, anatomy_of)

    def at(self, step: int, anatomy_of: int | None = None) -> Snapshot:
        """Any step computed so far; `anatomy_of` names a contestant whose step is taken apart.

        Raises RunError for a step outside 0 to `computed`.
        """
        computed = self._computed
        if not 0 <= step <= computed:
            raise RunError(f"step must be from 0 to {computed:,} (computed so far), not {step:,}")
        trails = tuple(lane.trail() for lane in self._lanes)
        states = tuple(lane.state(index, step) for index, lane in enumerate(self._lanes))
        anatomy = None
        if anatomy_of is not None:
            anatomy = self._lanes[anatomy_of].anatomy(anatomy_of, step)
        return Snapshot(self._experiment, step, computed, states, trails, anatomy, self.at)

    def change(self, values: Mapping[str, Any]) -> Experiment:
        """Change values by key ("SGD.lr", "Plain.layers[2].rate") from the next step on.

        The change is written into the experiment, so that its record replays exactly; it is
        returned. Raises ExperimentError for what cannot be changed while a run goes on.
        """
        with self._advancing:
            step, before = self._computed + 1, self._experiment
            self._experiment = changed(before, step, values)
            # A lane may go by a change of this step or of a later one that is gone by now.
            self._apply_from(step, anew=any(change.step >= step for change in before.changes))
            return self._experiment

    def _apply_from(self, step: int, anew: bool = False) -> None:
        """Let contestants go on from `step` as changes say: those that they are about, or all."""
        for at, before, after in turns(self._experiment, step):
            for lane, old, new in zip(self._lanes, before, after, strict=True):
                if anew or new != old:
                    lane.change(at - 1, new)

    def summary(self) -> list[dict[str, Any]]:
        """One dictionary a contestant, for tables and programs: where it stands at the newest step.

        A diverged contestant's loss and point are those of its last finite step.
        """
        return [
            {
                "name": lane.name,
                "steps": min(self._computed, lane.reached),
                **lane.summary(),
                "diverged_at": lane.diverged.step if lane.diverged else -1,
                "explanation": str(lane.diverged) if lane.diverged else "",
            }
            for lane in self._lanes
        ]

    def arrays(self, check: Callable[[], None] = lambda: None
               ) -> Iterator[tuple[str, NDArray[Any]]]:
        """The record of the steps computed so far, one array at a time.

        The experiment's measures are worked out for it, which may take long: `check` is called
        meanwhile, from any thread, and may raise to cancel.
        """
        yield "experiment", np.array(self._experiment.to_toml())
        yield "names", np.array([lane.name for lane in self._lanes])
        yield from self._race.shared()
        for index, lane in enumerate(self._lanes):
            yield f"{index}/diverged_at", np.array(lane.diverged.step if lane.diverged else -1)
            for name, array in lane.arrays(self._computed):
                yield f"{index}/{name}", array
        for measure in self._experiment.measures:
            for name, array in measure.arrays(self, check):
                yield f"measures/{measure.name}/{name}", array

    def record(self) -> dict[str, NDArray[Any]]:
        """The record as a dictionary; see `save` for a file."""
        return dict(self.arrays())

    def save(self, path: str | Path, between: Callable[[], None] = lambda: None) -> None:
        """Write the record as `.npz`, whole or not at all; raises FileError.

        `between` is called after each array, and while measures are worked out from any thread,
        and may raise to cancel.
        """
        write_record(path, self.arrays(between), between)
