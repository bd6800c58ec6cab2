"""Edits of a lesson's script in which every beat goes on showing what it showed.

A beat says what it changes of the beat before. Put another one in between, take one out or change
their order, and the beats behind would show something else. So an edit is made on `scenes`, each
a beat with all that is in force in it, and `retold` says anew what has to change from one to the
next; what is still true of a beat stays as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .beat import Beat, changed_look
from .changed_settings import changed_settings
from .errors import ExperimentError, Mistake
from .experiment import Experiment
from .lesson import Lesson
from .picture import Layout, Picture
from .settings import with_settings
from .table import moved, path

SLOWEST_FILM = 24
"""Frames a second of the slowest film: its last frame of a beat comes so much before the end."""


@dataclass(frozen=True)
class Scene:
    """A beat with what is in force in it."""

    beat: Beat
    experiment: Experiment
    picture: Picture
    layout: Layout


def scenes(lesson: Lesson) -> list[Scene]:
    """A lesson's beats, each with what is in force in it."""
    return [Scene(*parts) for parts in zip(
        lesson.beats, lesson.experiments, lesson.pictures[1:], lesson.layouts[1:], strict=True)]


def retold(lesson: Lesson, told: Sequence[Scene]) -> Lesson:
    """The lesson of these scenes; raises ExperimentError where no beat can lead to one of them."""
    usual = lesson.pictures[0]
    before = Scene(lesson.beats[0], lesson.experiment, usual, lesson.layout)
    beats: list[Beat] = []
    for index, scene in enumerate(told):
        try:
            beats.append(_leading(before, scene, usual))
        except ExperimentError as error:
            # Of the beats behind it nothing can be said before this one is right.
            raise ExperimentError(moved(error, path("beats", index))) from None
        before = scene
    return lesson.replaced(beats=beats)


def _leading(before: Scene, scene: Scene, usual: Picture) -> Beat:
    """The scene's beat as it leads there from the scene before."""
    beat, changes = scene.beat, dict[str, Any]()
    if not _is_set(before.experiment, beat, scene.experiment):
        changes["set"] = changed_settings(before.experiment, scene.experiment)
    # Where a beat begins does not hang on what the beat before happens to have set.
    usually = bool(changes.get("set", beat.set))
    changes["restart"] = None if beat.restarts == usually else beat.restarts
    if beat.picture_after(before.picture, usual) != scene.picture:
        changes["look"] = changed_look(before.picture, scene.picture, usual)
    if (beat.layout or before.layout) != scene.layout:
        if not scene.layout:
            raise ExperimentError([Mistake("layout", "must name views, since a beat before does")])
        changes["layout"] = scene.layout
    return beat.replaced(**changes)


def _is_set(before: Experiment, beat: Beat, after: Experiment) -> bool:
    try:
        return with_settings(before, beat.set) == after
    except ExperimentError:
        return False


def inserted(lesson: Lesson, at: int, scene: Scene) -> Lesson:
    """The lesson with another scene at a place, counted from 0."""
    told = scenes(lesson)
    return retold(lesson, [*told[:at], scene, *told[at:]])


def exchanged(lesson: Lesson, beat: int, scene: Scene) -> Lesson:
    """The lesson with another scene in the place of a beat."""
    told = scenes(lesson)
    return retold(lesson, [*told[:beat], scene, *told[beat + 1 :]])


def duplicated(lesson: Lesson, beat: int) -> Lesson:
    """The lesson with a beat twice, one behind the other."""
    return inserted(lesson, beat + 1, scenes(lesson)[beat])


def removed(lesson: Lesson, beat: int) -> Lesson:
    """The lesson without a beat; the last one cannot be taken out."""
    told = scenes(lesson)
    return retold(lesson, [*told[:beat], *told[beat + 1 :]])


def shifted(lesson: Lesson, beat: int, to: int) -> Lesson:
    """The lesson with a beat in another place."""
    told = scenes(lesson)
    told.insert(to, told.pop(beat))
    return retold(lesson, told)


def joined(lesson: Lesson, experiment: Experiment) -> Lesson:
    """The lesson with the contestants that an experiment has besides, muted in all its beats.

    They stand where they do in that experiment. Raises ExperimentError where one of the lesson's is
    missing in it or stands in another place.
    """
    own = {contestant.name: contestant for contestant in lesson.experiment.contestants}
    names = [contestant.name for contestant in experiment.contestants if contestant.name in own]
    if names != [*own] or len(names) == len(experiment.contestants):
        changed_settings(lesson.experiment, experiment)
        return lesson
    entries = [own.get(contestant.name, contestant.replaced(muted=True))
               for contestant in experiment.contestants]
    return lesson.replaced(experiment=lesson.experiment.replaced(contestants=entries))


def reworded(lesson: Lesson, beat: int, **changes: Any) -> Lesson:
    """The lesson with other words or times of one beat."""
    beats = list(lesson.beats)
    beats[beat] = beats[beat].replaced(**changes)
    return lesson.replaced(beats=beats)


def arranged(lesson: Lesson, beat: int, picture: Picture) -> Lesson:
    """The lesson with other views where those of a beat are said: in a beat up to it, or at first.

    `picture` has the layout and the sizes of its rows and columns, which only the first one has.
    """
    place = next((k for k in range(beat, -1, -1) if lesson.beats[k].layout), None)
    if place is not None:
        return reworded(lesson, place, layout=picture.layout)
    usual = lesson.pictures[0].replaced(
        layout=picture.layout, widths=picture.widths, heights=picture.heights)
    return lesson.replaced(layout=picture.layout,
                           experiment=lesson.experiment.replaced(picture=usual))


def paced(beat: Beat, first: int, last: int) -> Beat:
    """The beat at the speed by which it reaches the step `last` from `first` as it ends.

    It is there a little before its end, so that the last frame of a film shows it.
    """
    steps, seconds = last - first, beat.duration
    if steps <= 0:
        return beat.replaced(steps_per_second=0)
    frame = seconds - Fraction(1, SLOWEST_FILM)
    for wanted in ((seconds, frame), (seconds,)):
        for digits in range(3, 17):
            speed = float(f"{(steps + 0.4) / float(seconds):.{digits}g}")
            told = beat.replaced(steps_per_second=speed)
            if all(told.steps_after(time) == steps for time in wanted):
                return told
    return beat.replaced(steps_per_second=steps / float(seconds))


def at_pace_of(scene: Scene, first: int, last: int) -> Scene:
    """The scene at the speed by which its beat goes from one step to another."""
    return replace(scene, beat=paced(scene.beat, first, last))
