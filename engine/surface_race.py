"""A race on a surface: each contestant's rows, kept, thinned, and computed again when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .contestant import Contestant
from .descent import Descent
from .divergence import explain
from .race import Lane, Named, Phases, Race
from .snapshot import PointState, StepAnatomy, Trail
from .trace import Trace

if TYPE_CHECKING:
    from .experiment import Experiment
    from .surface_problem import SurfaceProblem

Array = NDArray[np.float64]

# Rows kept of a contestant: 2**17 of 13 numbers are 14 MB, so seven contestants take 95 MB.
KEPT_ROWS = 2**17
# One chunk of rows: large enough that the 60 µs of calling the loop vanish, small in memory.
CHUNK = 8192


def surface_race(experiment: Experiment, problem: SurfaceProblem, memory: int) -> Race:
    """Every contestant of an experiment on a surface, at its start."""
    surface = problem.resolve()
    share = memory // len(experiment.contestants)

    def descent(contestant: Contestant) -> Descent:
        return Descent(problem, surface, contestant, experiment.seed)

    lanes = [SurfaceLane(descent, contestant, share, experiment.steps)
             for contestant in experiment.contestants]
    return Race(lanes, lambda: iter(()))


class SurfaceLane(Lane):
    """One contestant's part of a run: its descents, its trace, and its divergence if any."""

    def __init__(self, descent: Callable[[Contestant], Descent], contestant: Contestant,
                 memory: int, steps: int) -> None:
        """`memory` in bytes bounds the rows that are kept of `steps` expected ones."""
        self.name = contestant.name
        self._descent = descent
        self._phases = Phases(descent(contestant))
        width = self._phases.last.width
        kept = min(KEPT_ROWS, max(memory // (8 * width), 2))
        self.trace = Trace(width, kept, steps + 1)
        self._last = self._phases.last.start()
        self.trace.extend(self._last[None])
        self._growth = (0, self._last)
        if not np.isfinite(self._last[[0, 1, -3]]).all():
            self._diverge(0, self._last)

    @property
    def reached(self) -> int:
        return self.trace.length - 1

    def advance(self, count: int) -> None:
        """Take `count` steps, or as many as stay finite."""
        while count > 0 and self.diverged is None:
            step = self.trace.length - 1
            descent, most = self._phases.after(step)
            rows, diverged = descent.segment(self._last, step, min(count, CHUNK, most))
            self._watch_growth(rows[:-1] if diverged else rows, step)
            if diverged:
                self._diverge(step + len(rows), rows[-1])
                rows = rows[:-1]
            if len(rows):
                self.trace.extend(rows)
                self._last = rows[-1].copy()
            count -= len(rows)

    def change(self, step: int, contestant: Contestant) -> None:
        self._phases.change(step, self._descent(contestant))

    def row(self, step: int) -> Array:
        """The row of any step computed so far, (width,); NaN from the divergence on."""
        if step >= self.trace.length:
            return np.full(self._phases.last.width, np.nan)
        kept = self.trace.kept
        row, behind = kept.rows[step // kept.stride], step % kept.stride
        return self._computed(row, step - behind, behind)[-1] if behind else row

    def _computed(self, row: Array, step: int, count: int) -> Array:
        """The rows of the `count` steps after `step`, whose row is `row`; all are finite."""
        parts = []
        while count:
            descent, most = self._phases.after(step)
            rows, _ = descent.segment(row, step, min(count, most))
            parts.append(rows)
            row, step, count = rows[-1], step + len(rows), count - len(rows)
        return np.concatenate(parts)

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
            rows = self._computed(row, first - 1, min(CHUNK, known - first))
            filled[first : first + len(rows)] = rows[:, columns]
            row = rows[-1]
        return filled

    def trail(self) -> Trail:
        """All that is known of this contestant's way."""
        kept = self.trace.kept
        rows = kept.rows
        return Trail(kept.steps, rows[:, :2], rows[:, -3], rows[:, -2:], self.diverged)

    def state(self, index: int, step: int) -> PointState:
        descent, _ = self._phases.after(step)
        point, slots, loss, gradient = descent.split(self.row(step))
        diverged = self.diverged if self.diverged and self.diverged.step <= step else None
        rate = float(descent.rates(np.array([step + 1]))[0])
        return PointState(index, self.name, rate, diverged, point, loss, gradient, slots)

    def anatomy(self, index: int, step: int) -> StepAnatomy | None:
        if self.diverged and self.diverged.step <= step:
            return None
        return self._phases.after(step)[0].anatomy(index, self.row(step), step)

    def summary(self) -> dict[str, Any]:
        """A diverged contestant's loss and point are those of its last finite step."""
        descent = self._phases.last
        point, _, loss, _ = descent.split(self.row(self.reached))
        return {"optimizer": descent.definition.name, "loss": loss, "point": point.tolist()}

    def arrays(self, steps: int) -> Iterator[Named]:
        rows = self.rows(steps)
        yield "path", np.ascontiguousarray(rows[:, :2])
        yield "loss", np.ascontiguousarray(rows[:, 2])
        yield "gradient", np.ascontiguousarray(rows[:, 3:])

    def _watch_growth(self, rows: Array, step: int) -> None:
        """Remember the last step from which the loss has only grown."""
        loss = np.concatenate([[self._last[-3]], rows[:, -3]])
        falls = np.flatnonzero(loss[1:] <= loss[:-1])
        if len(falls):
            place = int(falls[-1])
            self._growth = (step + 1 + place, rows[place].copy())

    def _diverge(self, step: int, row: Array) -> None:
        descent, _ = self._phases.after(max(step - 1, 0))
        start, (from_step, grown) = self.trace.kept.rows[0], self._growth
        self.diverged = explain(
            descent.contestant.name, descent.definition, descent.contestant.optimizer.hypers(),
            descent.surface, float(descent.rates(np.arange(1, max(step, 1) + 1)).max()), step, row,
            ((0, start[:2]), (from_step, grown[:2])),
        )
