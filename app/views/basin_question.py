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
# Sizes and shapes are taken in such steps.
ROUGHLY, FINELY = 2.0, 1.25


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


def question_of(experiment: Experiment, places: Sequence[int], wanted: Extent, shown: Extent,
                body: QRectF, ratio: float) -> Question:
    """What maps of so large a body each show, with `ratio` pixels of the screen to a pixel.

    `wanted` is the part that is asked for and `shown` all that there is room for around it.
    """
    most = min(MOST_RUNS, max(MOST_STEPS // experiment.steps, FEWEST_RUNS)) // len(places)
    pixels = body.width() * body.height() * ratio**2
    count = min(most, stepped(pixels, ROUGHLY))
    across, up = (stepped((shown[k + 1] - shown[k]) / (wanted[k + 1] - wanted[k]), FINELY)
                  for k in (0, 2))
    box = wider(wanted[:2], across), wider(wanted[2:], up)
    shape = body.width() / body.height() * across / up / (
        (shown[1] - shown[0]) / (wanted[1] - wanted[0])) * (
        (shown[3] - shown[2]) / (wanted[3] - wanted[2]))
    columns = max(2, round(np.sqrt(count * shape)))
    return Question(experiment, tuple(places), box, (columns, max(2, round(columns / shape))))


def stepped(value: float, factor: float) -> float:
    """The next power of `factor` from `value` on, so that little changes do not ask anew.

    While cards slide to another layout their sizes are others in every frame.
    """
    return float(factor ** np.ceil(np.log(value) / np.log(factor) - 1e-6))


def wider(ends: tuple[float, float], factor: float) -> tuple[float, float]:
    """A stretch that is so many times as long, around the same middle."""
    middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2 * factor
    return middle - half, middle + half


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
