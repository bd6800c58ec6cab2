"""Bundled lessons as tests look at them: what a beat shows, in the engine's numbers."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiment import Experiment
from engine.lesson import Lesson, open_file
from engine.listing import lesson_files
from engine.run import Run

Array = NDArray[np.float64]
LESSONS = tuple(lesson_files())


@cache
def lesson_of(name: str) -> Lesson:
    lesson = open_file(lesson_files()[name])
    assert isinstance(lesson, Lesson)
    return lesson


@cache
def run_of(experiment: Experiment) -> Run:
    return Run(experiment).finish()


def first(condition: NDArray[np.bool_]) -> float:
    """The first step at which `condition` holds, infinity for never."""
    return float(np.argmax(condition)) if condition.any() else np.inf


class Shown:
    """What one beat shows: its race, the steps that it plays, and how contestants fare in it."""

    def __init__(self, name: str, beat: int) -> None:
        lesson = lesson_of(name)
        self.experiment = lesson.experiment_at(beat)
        self.run = run_of(self.experiment)
        self.first, self.last = lesson.first_step(beat), lesson.last_step(beat)
        self.names = [entry.name for entry in self.experiment.contestants if not entry.muted]

    @cached_property
    def snapshot(self) -> Any:
        """The end of the race."""
        return self.run.snapshot()

    def state(self, contestant: str, step: int | None = None) -> Any:
        """A contestant at a step, at the beat's last one without any."""
        snapshot = self.run.at(self.last if step is None else step)
        return snapshot.contestants[self._place(contestant)]

    def loss(self, contestant: str) -> Array:
        """On a surface losses from step 0 on, (steps + 1,); of a network each step's, (steps,)."""
        return self._trail(contestant).loss

    def diverged(self, contestant: str) -> int | None:
        """The step of its divergence, if this beat gets to see it."""
        event = self._trail(contestant).diverged
        return event.step if event is not None and event.step <= self.last else None

    # ---- on a surface

    @cached_property
    def surface(self) -> Any:
        """The surface that is raced on."""
        return self.experiment.problem.resolve()

    def path(self, contestant: str) -> Array:
        """Positions from step 0 to the experiment's end, (steps + 1, 2)."""
        return self._trail(contestant).path

    def _place(self, contestant: str) -> int:
        return [entry.name for entry in self.experiment.contestants].index(contestant)

    def _trail(self, contestant: str) -> Any:
        return self.snapshot.trails[self._place(contestant)]
