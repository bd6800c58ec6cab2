"""What a picture of basins is asked for, and the maps that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QRectF

from engine.at_once import cores
from engine.experiment import Experiment
from engine.maps import Basins, basins
from engine.maps.basins import with_one_list

from ..kinds import surface_of
from .quiet_axes import Extent
from .view import Zoom

# So many runs, and so many steps of them, are what all maps together may take; a pixel of a map is
# as many pixels of the screen wide as that comes to.
MOST_RUNS, MOST_STEPS, FEWEST_RUNS = 90_000, 30_000_000, 4_000


@dataclass(frozen=True)
class Question:
    """What maps show: whose, of which starts, and with how many pixels."""

    experiment: Experiment
    places: tuple[int, ...]
    box: Zoom
    size: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Maps:
    """The maps of a question, in its contestants' order, with one list of minima."""

    question: Question
    pictures: tuple[Basins, ...]

    @property
    def cells(self) -> Extent:
        """The part of the plane that they cover."""
        return (*self.question.box[0], *self.question.box[1])

    def of(self, index: int) -> Basins | None:
        """A contestant's map, if it has one here."""
        places = self.question.places
        return self.pictures[places.index(index)] if index in places else None


def question_of(experiment: Experiment, places: Sequence[int], shown: Extent, body: QRectF,
                ratio: float) -> Question:
    """What maps of so large a body each show, with `ratio` pixels of the screen to a pixel."""
    width, height = max(1, round(body.width() * ratio)), max(1, round(body.height() * ratio))
    most = min(MOST_RUNS, max(MOST_STEPS // experiment.steps, FEWEST_RUNS))
    cell = max(1, int(np.ceil(np.sqrt(width * height * len(places) / most))))
    columns, rows = -(-width // cell), -(-height // cell)
    left, right, bottom, top = shown
    # Whole pixels of the screen to one of the map: the last ones reach a little beyond.
    across, up = columns * cell / width, rows * cell / height
    box = ((left, left + across * (right - left)), (top - up * (top - bottom), top))
    return Question(experiment, tuple(places), box, (columns, rows))


def answers(question: Question, stop: Callable[[], bool], *, alone: bool) -> Iterator[Maps]:
    """The maps, level by level; `alone` on all cores, and else with one left for the window."""
    threads = None if alone else max(1, cores() - 1)
    maps = [basins(question.experiment, place, size=question.size, box=question.box, stop=stop,
                   threads=threads) for place in question.places]
    for pictures in zip(*maps, strict=False):
        yield Maps(question, tuple(with_one_list(pictures)))


def of_the_map(experiment: Experiment) -> Experiment:
    """What a map of starts hangs on: everything but where this race starts, and how it is shown."""
    problem = experiment.problem
    plain = [contestant.replaced(color=None, muted=False) for contestant in experiment.contestants]
    return experiment.replaced(
        title="", picture=None, measures=(), contestants=plain,
        seed=experiment.seed if surface_of(experiment).noise else 0,
        problem=problem.changed({"start": None}))
