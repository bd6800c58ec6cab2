"""What a picture of settings is asked for, and the map that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QRectF

from engine.at_once import cores
from engine.experiment import Experiment
from engine.hyper import Hyper
from engine.maps import Settings, settings
from engine.maps.alone import nameless
from engine.maps.network_settings import seconds_of
from engine.maps.settings import usual_axes

from .basin_question import FINELY, ROUGHLY, stepped
from .view import Look, Zoom

Axes = tuple[Hyper, Hyper]

# What a map may take: steps on a surface, seconds of training by a rough count, and trainings.
MOST_RUNS, MOST_STEPS, FEWEST_RUNS = 60_000, 20_000_000, 2_000
MOST_SECONDS, MOST_TRAININGS, FEWEST_TRAININGS = 40.0, 1_600, 64


@dataclass(frozen=True)
class Question:
    """What a map shows: of which contestant alone, over which part of which two hyperparameters."""

    experiment: Experiment
    axes: tuple[str, str]
    box: Zoom
    size: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Map:
    """A map and what it answers."""

    question: Question
    picture: Settings


def axes_of(experiment: Experiment, index: int, look: Look) -> Axes:
    """The two hyperparameters that are wanted of a contestant, each as far as its slider goes.

    Where it does not have them, the usual ones take their places.
    """
    optimizer = experiment.contestants[index].optimizer.definition
    known = {hyper.name: hyper for hyper in optimizer.hypers}
    x, y = usual_axes(optimizer)
    if look.settings_x in known:
        x = look.settings_x
    if look.settings_y in known:
        y = look.settings_y
    if x == y:
        # The one that was not asked for gives way.
        others = [name for name in (*usual_axes(optimizer), *known) if name != x]
        x, y = (x, others[0]) if look.settings_x == x else (others[0], y)
    return known[x], known[y]


def zoomed(axes: Axes, zoom: Zoom | None) -> Zoom:
    """The ends of the axes, or those of a zoom that these hyperparameters can have."""
    fits = zoom is not None and all(
        axis.low <= low < high <= axis.high for axis, (low, high) in zip(axes, zoom, strict=True))
    return zoom if fits and zoom is not None else (axes[0].span, axes[1].span)


def of_the_map(experiment: Experiment, index: int, axes: Axes) -> Experiment | None:
    """What a map hangs on: one contestant, whatever its own values on the axes are.

    None for one that does not have them.
    """
    own = nameless(experiment, index)
    one = own.contestants[0]
    if not {axis.name for axis in axes} <= set(one.optimizer.hyper_names):
        return None
    optimizer = one.optimizer.replaced(**{
        axis.name: int(axis.default) if axis.whole else axis.default for axis in axes})
    return own.replaced(contestants=[one.replaced(optimizer=optimizer)])


def affordable(experiment: Experiment) -> int:
    """How many pixels a map may have, or 0 where not even the fewest trainings can be waited for.
    """
    if experiment.problem.kind == "surface":
        return min(MOST_RUNS, max(MOST_STEPS // experiment.steps, FEWEST_RUNS))
    most = int(MOST_SECONDS / seconds_of(experiment, 0))
    return min(most, MOST_TRAININGS) if most >= FEWEST_TRAININGS else 0


def question_of(experiment: Experiment, axes: Axes, body: QRectF, ratio: float,
                most: int) -> Question:
    """What a map of at most `most` pixels in so large a body shows of two axes."""
    count = min(most, stepped(body.width() * body.height() * ratio**2, ROUGHLY))
    shape = stepped(body.width() / body.height(), FINELY)
    columns = max(2, int(np.sqrt(count * shape)))
    size = columns, max(2, int(columns / shape))
    return Question(experiment, (axes[0].name, axes[1].name), (axes[0].span, axes[1].span), size)


def answers(question: Question, stop: Callable[[], bool], *, alone: bool) -> Iterator[Map]:
    """The map, level by level; `alone` on all cores, and else with one left for the window."""
    threads = None if alone else max(1, cores() - 1)
    for picture in settings(question.experiment, axes=question.axes, size=question.size,
                            box=question.box, stop=stop, threads=threads):
        yield Map(question, picture)
