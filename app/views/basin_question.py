"""Whose starts a picture of basins maps, what it is asked for, and the maps that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

from engine.at_once import cores
from engine.experiment import Experiment
from engine.maps import Basins, basins
from engine.maps.alone import nameless
from engine.maps.basins import with_one_list
from engine.maps.colouring import colouring

from ..theme import LIGHT
from .quiet_axes import Extent
from .view import Appearance, Zoom

# So many runs, and so many steps of them, are what all maps together may take; a pixel of a map is
# as many pixels of the screen wide as that comes to.
MOST_RUNS, MOST_STEPS, FEWEST_RUNS = 90_000, 30_000_000, 4_000
# Sizes and shapes are taken in such steps.
ROUGHLY, FINELY = 2.0, 1.25


HUES = len(LIGHT.classes)


@dataclass(frozen=True)
class Method:
    """Contestants who differ in nothing but where they start: one map is all of theirs.

    `race` has one of them alone, wherever it starts; `lead` stands for them.
    """

    race: Experiment
    members: tuple[Appearance, ...]
    lead: Appearance


def methods_of(races: Sequence[Experiment], shown: Sequence[Appearance], chosen: Appearance
               ) -> tuple[Method, ...]:
    """The methods of the contestants who are shown; `races` has each one's `of_the_map`."""
    found: list[tuple[Experiment, list[Appearance]]] = []
    for appearance in shown:
        race = races[appearance.index]
        members = next((members for other, members in found if other == race), None)
        if members is None:
            found.append((race, [appearance]))
        else:
            members.append(appearance)
    return tuple(Method(race, tuple(members), chosen if chosen in members else members[0])
                 for race, members in found)


@dataclass(frozen=True)
class Question:
    """What maps show: of which races, of which starts, and with how many pixels.

    Starts of the whole `box` are run, and those of the `part` that was asked for are counted: how
    much lies around it hangs on the card's shape.
    """

    races: tuple[Experiment, ...]
    part: Zoom
    box: Zoom
    size: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Maps:
    """The maps of a question, in its races' order, with one list of minima."""

    question: Question
    pictures: tuple[Basins, ...]

    @property
    def cells(self) -> Extent:
        """The part of the plane that they cover."""
        return (*self.question.box[0], *self.question.box[1])

    @cached_property
    def hues(self) -> NDArray[np.int64]:
        """Which of the HUES each minimum has, (M,): neighbours have others."""
        return colouring(self.pictures[0].minima, HUES)

    def of(self, race: Experiment) -> Basins | None:
        """The map of a race, if it has one here."""
        races = self.question.races
        return self.pictures[races.index(race)] if race in races else None


def with_same_minima(several: Sequence[Maps]) -> list[Maps]:
    """Maps of several parts of the plane with one list of minima, so that each has one hue."""
    lists = [maps.pictures[0].minima for maps in several]
    if all(np.array_equal(minima, lists[0]) for minima in lists):
        return list(several)
    pictures = iter(with_one_list([picture for maps in several for picture in maps.pictures]))
    return [Maps(maps.question, tuple(next(pictures) for _ in maps.pictures)) for maps in several]


def question_of(races: Sequence[Experiment], wanted: Extent, shown: Extent, body: QRectF,
                ratio: float) -> Question:
    """What maps of so large a body each show, with `ratio` pixels of the screen to a pixel.

    `wanted` is the part that is asked for and `shown` all that there is room for around it.
    """
    most = min(MOST_RUNS, max(MOST_STEPS // races[0].steps, FEWEST_RUNS)) // len(races)
    pixels = body.width() * body.height() * ratio**2
    count = min(most, stepped(pixels, ROUGHLY))
    across, up = (stepped((shown[k + 1] - shown[k]) / (wanted[k + 1] - wanted[k]), FINELY)
                  for k in (0, 2))
    box = wider(wanted[:2], across), wider(wanted[2:], up)
    shape = body.width() / body.height() * across / up / (
        (shown[1] - shown[0]) / (wanted[1] - wanted[0])) * (
        (shown[3] - shown[2]) / (wanted[3] - wanted[2]))
    columns = max(2, round(np.sqrt(count * shape)))
    return Question(tuple(races), (wanted[:2], wanted[2:]), box,
                    (columns, max(2, round(columns / shape))))


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
    maps = [basins(race, size=question.size, box=question.box, stop=stop, threads=threads)
            for race in question.races]
    for pictures in zip(*maps, strict=False):
        yield Maps(question, tuple(with_one_list(pictures)))


def of_the_map(experiment: Experiment, index: int) -> Experiment:
    """What a contestant's map of starts hangs on: everything but where it starts itself."""
    own = nameless(experiment, index)
    one = own.contestants[0].replaced(start=None)
    return own.replaced(contestants=[one], problem=own.problem.changed({"start": None}))
