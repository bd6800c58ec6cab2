"""A race under way: every contestant of an experiment on one timeline that can be revisited.

`advance` computes, `at` looks: both may be called from different threads, since what has been
computed is only ever added to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descent import Descent
from .divergence import Divergence, explain
from .errors import RunError
from .experiment import Experiment
from .record import write_record
from .snapshot import ContestantState, Snapshot, Trail
from .trace import Trace

Array = NDArray[np.float64]

# Rows kept of a contestant: 2**17 of 13 numbers are 14 MB, so seven contestants take 95 MB.
KEPT_ROWS = 2**17
# One chunk of rows: large enough that the 60 µs of calling the loop vanish, small in memory.
CHUNK = 8192


class Lane:
    """One contestant's part of a run: its descent, its trace, and its divergence if any."""

    def __init__(self, descent: Descent, capacity: int, steps: int) -> None:
        self.descent = descent
        self.trace = Trace(descent.width, capacity, steps + 1)
        self.diverged: Divergence | None = None
        self._last = descent.start()
        self.trace.extend(self._last[None])
        self._growth = (0, self._last)
        if not np.isfinite(self._last[[0, 1, -3]]).all():
            self._diverge(0, self._last)

    def advance(self, count: int) -> None:
        """Take `count` steps, or as many as stay finite."""
        while count > 0 and self.diverged is None:
            step = self.trace.length - 1
            rows, diverged = self.descent.segment(self._last, step, min(count, CHUNK))
            self._watch_growth(rows[:-1] if diverged else rows, step)
            if diverged:
                self._diverge(step + len(rows), rows[-1])
                rows = rows[:-1]
            if len(rows):
                self.trace.extend(rows)
                self._last = rows[-1].copy()
            count -= len(rows)

    def row(self, step: int) -> Array:
        """The row of any step computed so far, (width,); NaN from the divergence on."""
        if step >= self.trace.length:
            return np.full(self.descent.width, np.nan)
        kept = self.trace.kept
        row, behind = kept.rows[step // kept.stride], step % kept.stride
        if behind:
            row = self.descent.segment(row, step - behind, behind)[0][-1]
        return row

    def rows(self, steps: int) -> Array:
        """Path, loss and gradient of the steps 0 to `steps`, (steps + 1, 5), NaN after the end.

        A run that keeps every step has them; another one goes through them once more.
        """
        filled = np.full((steps + 1, 5), np.nan)
        known = min(steps + 1, self.trace.length)
        if known == 0:
            return filled
        kept, columns = self.trace.kept, [0, 1, -3, -2, -1]
        if kept.stride == 1:
            filled[:known] = kept.rows[:known, columns]
            return filled
        row = kept.rows[0]
        filled[0] = row[columns]
        for first in range(1, known, CHUNK):
            rows, _ = self.descent.segment(row, first - 1, min(CHUNK, known - first))
            filled[first : first + len(rows)] = rows[:, columns]
            row = rows[-1]
        return filled

    def trail(self) -> Trail:
        """All that is known of this contestant's way."""
        kept = self.trace.kept
        rows = kept.rows
        return Trail(kept.steps, rows[:, :2], rows[:, -3], rows[:, -2:], self.diverged)

    def _watch_growth(self, rows: Array, step: int) -> None:
        """Remember the last step from which the loss has only grown."""
        loss = np.concatenate([[self._last[-3]], rows[:, -3]])
        falls = np.flatnonzero(loss[1:] <= loss[:-1])
        if len(falls):
            place = int(falls[-1])
            self._growth = (step + 1 + place, rows[place].copy())

    def _diverge(self, step: int, row: Array) -> None:
        descent = self.descent
        start, (from_step, grown) = self.trace.kept.rows[0], self._growth
        self.diverged = explain(
            descent.contestant.name, descent.definition, descent.contestant.optimizer.hypers(),
            descent.surface, float(descent.rates(np.arange(1, max(step, 1) + 1)).max()), step, row,
            ((0, start[:2]), (from_step, grown[:2])),
        )


class Run:
    """An experiment being carried out.

    `kept_rows` bounds the memory: a longer run keeps every second, fourth, … step and recomputes
    the steps between, bit for bit, when they are asked for.
    """

    def __init__(self, experiment: Experiment, kept_rows: int = KEPT_ROWS) -> None:
        self.experiment = experiment
        problem = experiment.problem
        surface = problem.resolve()
        self.surface = surface
        self._lanes = tuple(
            Lane(Descent(problem, surface, contestant, experiment.seed), kept_rows,
                 experiment.steps)
            for contestant in experiment.contestants
        )
        self._computed = 0
        self._advancing = Lock()

    @property
    def computed(self) -> int:
        """The last step that every contestant has reached."""
        return self._computed

    @property
    def done(self) -> bool:
        """Whether all of the experiment's steps are computed."""
        return self._computed >= self.experiment.steps

    def advance(self, steps: int = 1) -> int:
        """Compute `steps` more steps of every contestant, at most to the experiment's end.

        Returns how many were left to do; raises RunError for a number below 0.
        """
        if steps < 0:
            raise RunError(f"advance takes a number of steps from 0 up, not {steps}")
        with self._advancing:
            steps = min(steps, self.experiment.steps - self._computed)
            for lane in self._lanes:
                lane.advance(steps)
            self._computed += steps
            return self.experiment.steps - self._computed

    def finish(self, progress: Callable[[int, int], None] | None = None) -> Run:
        """Compute the rest, telling `progress(step, steps)` now and then."""
        while not self.done:
            self.advance(CHUNK)
            if progress is not None:
                progress(self._computed, self.experiment.steps)
        return self

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
        states = tuple(self._state(index, step) for index in range(len(self._lanes)))
        anatomy = None
        if anatomy_of is not None and states[anatomy_of].diverged is None:
            lane = self._lanes[anatomy_of]
            anatomy = lane.descent.anatomy(anatomy_of, lane.row(step), step)
        return Snapshot(self.experiment, step, computed, states, trails, anatomy)

    def _state(self, index: int, step: int) -> ContestantState:
        lane = self._lanes[index]
        point, slots, loss, gradient = lane.descent.split(lane.row(step))
        diverged = lane.diverged if lane.diverged and lane.diverged.step <= step else None
        rate = float(lane.descent.rates(np.array([step + 1]))[0])
        name = lane.descent.contestant.name
        return ContestantState(index, name, point, loss, gradient, slots, rate, diverged)

    def summary(self) -> list[dict[str, Any]]:
        """One dictionary a contestant, for tables and programs: where it stands at the newest step.

        A diverged contestant's loss and point are those of its last finite step.
        """
        rows = []
        for lane in self._lanes:
            step = min(self._computed, lane.trace.length - 1)
            point, _, loss, _ = lane.descent.split(lane.row(step))
            rows.append({
                "name": lane.descent.contestant.name,
                "optimizer": lane.descent.definition.name,
                "steps": step,
                "loss": loss,
                "point": point.tolist(),
                "diverged_at": lane.diverged.step if lane.diverged else -1,
                "explanation": str(lane.diverged) if lane.diverged else "",
            })
        return rows

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """The record of the steps computed so far, one array at a time."""
        yield "experiment", np.array(self.experiment.to_toml())
        yield "names", np.array([lane.descent.contestant.name for lane in self._lanes])
        for index, lane in enumerate(self._lanes):
            rows = lane.rows(self._computed)
            diverged_at = lane.diverged.step if lane.diverged else -1
            yield f"{index}/diverged_at", np.array(diverged_at)
            yield f"{index}/path", np.ascontiguousarray(rows[:, :2])
            yield f"{index}/loss", np.ascontiguousarray(rows[:, 2])
            yield f"{index}/gradient", np.ascontiguousarray(rows[:, 3:])

    def record(self) -> dict[str, NDArray[Any]]:
        """The record as a dictionary; see `save` for a file."""
        return dict(self.arrays())

    def save(self, path: str | Path, between: Callable[[], None] = lambda: None) -> None:
        """Write the record as `.npz`, whole or not at all; raises FileError.

        `between` is called after each array and may raise to cancel.
        """
        write_record(path, self.arrays(), between)
