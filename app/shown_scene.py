"""What the window shows, as a beat of a lesson: a scene that ends as the window stands now.

The beat ends at the step that is shown. It goes on from where the beat before ends if it can, and
begins at step 0 if a setting differs or the playhead was put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from engine.beat import Beat, exactly
from engine.camera import USUAL_CAMERA
from engine.experiment import Experiment, SurfaceProblem
from engine.lesson import Lesson
from engine.picture import Layout, Picture
from engine.retelling import Scene, at_pace_of, paced

from .arrangement import Arrangement
from .layouts import lab_arrangement
from .looks import KEPT, look_at, look_of, picture_of, said
from .views import Look

STILL_SECONDS = 6.0
"""How long a beat is in which no step is made."""
SECONDS = (4.0, 20.0)
"""The shortest and the longest beat that is made of steps at the window's speed."""
UNHURRIED_SECONDS = 10.0
"""A beat of steps that were played as fast as it goes."""


@dataclass(frozen=True)
class Shown:
    """All that a beat can tell of the window; `speed` is in steps a second, None unlimited."""

    experiment: Experiment
    look: Look
    arrangement: Arrangement
    step: int
    speed: float | None


def first_lesson(shown: Shown) -> Lesson:
    """A lesson of one beat, made of an experiment without one."""
    names = shown.arrangement.names
    picture = picture_of(shown.experiment, shown.look, shown.arrangement, shown.step).replaced(
        step=None)
    experiment = shown.experiment.replaced(picture=picture)
    scene = Scene(_new_beat(shown.step, shown.speed), experiment, picture, names)
    return Lesson(title=experiment.title or experiment.problem.title, layout=names,
                  experiment=experiment, beats=[at_pace_of(scene, 0, shown.step).beat])


def next_scene(lesson: Lesson, beat: int, shown: Shown) -> Scene:
    """The scene that follows a beat and ends as what is shown."""
    return _scene(lesson, beat, shown, None)


def same_scene(lesson: Lesson, beat: int, shown: Shown) -> Scene:
    """The scene of a beat with its own words and length, which ends as what is shown."""
    return _scene(lesson, beat - 1, shown, lesson.beats[beat])


def _scene(lesson: Lesson, before: int, shown: Shown, words: Beat | None) -> Scene:
    """The scene after the beat `before`, or the first one, where that is -1."""
    experiment = shown.experiment.seen_as(lesson.experiment.picture)
    shown = replace(shown, experiment=experiment)
    was = lesson.experiments[before] if before >= 0 else lesson.experiment
    reached = lesson.last_step(before) if before >= 0 else 0
    restarts = before >= 0 and (experiment != was or shown.step < reached)
    first = 0 if restarts else reached
    names = [contestant.name for contestant in experiment.contestants]
    highlight = shown.look.highlight if shown.look.highlight in names else None
    beat = (words or _new_beat(shown.step - first, shown.speed)).replaced(
        highlight=highlight, restart=restarts)
    picture = _picture(lesson, lesson.pictures[before + 1], highlight, shown)
    scene = Scene(beat, experiment, picture, _layout(lesson, before, shown))
    return at_pace_of(scene, first, shown.step)


def _new_beat(steps: int, speed: float | None) -> Beat:
    """A beat as long as so many steps take at the window's speed, in halves of a second."""
    low, high = SECONDS
    wanted = steps / speed if speed else UNHURRIED_SECONDS
    seconds = min(max(ceil(2 * wanted) / 2, low), high) if steps > 0 else STILL_SECONDS
    given: dict[str, Any] = {"seconds": seconds}
    return Beat(**given)


def _layout(lesson: Lesson, before: int, shown: Shown) -> Layout:
    """The views shown; the usual ones stay unsaid where the lesson says nothing."""
    said: Layout = lesson.layouts[before + 1]
    usual = lab_arrangement(shown.experiment.replaced(picture=None), None)
    names = shown.arrangement.names
    return said if names == (said or usual.names) else names


def _picture(lesson: Lesson, before: Picture, highlight: str | None, shown: Shown) -> Picture:
    """The picture before with what is seen otherwise now."""
    experiment, look, usual = shown.experiment, shown.look, lesson.pictures[0]
    was = look_of(experiment, before, highlight, Look(0))
    at_first = look_at(lesson.experiment, 0)
    changes: dict[str, Any] = {}
    for key in KEPT[experiment.problem.kind]:
        value = said(experiment, look, key)
        if value == getattr(was, key):
            continue
        # What the lesson began with is said as that, also where its file says nothing of it.
        changes[key] = getattr(usual, key) if value == getattr(at_first, key) else value
    if "zoom" in changes and changes["zoom"] is None and usual.zoom is not None and isinstance(
            experiment.problem, SurfaceProblem):
        changes["zoom"] = experiment.problem.resolve().domain
    if changes.get("camera", ()) is None and usual.camera is not None:
        changes["camera"] = USUAL_CAMERA
    if look.chosen is not None and look.chosen != was.chosen:
        changes["chosen"] = experiment.contestants[look.chosen].name
    return before.replaced(**changes) if changes else before


def with_time(lesson: Lesson, beat: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a beat's length or start, with the speed at which it ends where it did."""
    after = lesson.beats[beat].replaced(**changes)
    reached = lesson.last_step(beat - 1) if beat else 0
    first = 0 if after.restarts else min(reached, lesson.experiment_at(beat).steps)
    last = lesson.last_step(beat)
    if last < first or (last == first and exactly(after.steps_per_second) == 0):
        return dict(changes)
    return {**changes, "steps_per_second": paced(after, first, last).steps_per_second}
