"""A script that is edited: every beat goes on showing what it showed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Lesson
from engine.beat import Beat
from engine.errors import ExperimentError
from engine.retelling import (
    arranged,
    duplicated,
    exchanged,
    inserted,
    joined,
    paced,
    removed,
    retold,
    reworded,
    scenes,
    shifted,
)

LESSON = Lesson(
    title="T", layout=[["surface-path"]],
    experiment={"steps": 300, "problem": {"kind": "surface", "surface": "beale"}, "contestants": [
        {"name": "A", "optimizer": {"name": "sgd", "lr": 0.001}},
        {"name": "B", "optimizer": "adam", "muted": True}]},
    beats=[
        {"seconds": 4, "steps_per_second": 10, "caption": "a"},
        {"seconds": 2, "steps_per_second": 5, "caption": "b", "set": {"A.lr": 0.002},
         "look": {"zoom": [[0, 1], [0, 1]]}},
        {"seconds": 3, "steps_per_second": 10, "caption": "c", "set": {"B.muted": False},
         "restart": False, "layout": [["loss-curve"]]},
        {"seconds": 1, "steps_per_second": 0, "caption": "d", "highlight": "B",
         "look": {"zoom": "usual", "loss_scale": "linear"}},
    ])


def told(lesson: Lesson) -> dict[str, object]:
    """What each beat, by its caption, shows and whether it starts anew."""
    return {scene.beat.caption: (scene.experiment, scene.picture, scene.layout,
                                 scene.beat.restarts) for scene in scenes(lesson)}


def captions(lesson: Lesson) -> str:
    return "".join(beat.caption for beat in lesson.beats)


def test_what_is_not_edited_stays_as_it_was_written():
    assert retold(LESSON, scenes(LESSON)) == LESSON


@given(order=st.permutations(range(4)), least=st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_in_any_order_every_beat_shows_what_it_showed(order, least):
    parts = [scenes(LESSON)[place] for place in order[:least]]
    lesson = retold(LESSON, parts)
    assert captions(lesson) == "".join(part.beat.caption for part in parts)
    shown = told(LESSON)
    assert told(lesson) == {part.beat.caption: shown[part.beat.caption] for part in parts}
    assert Lesson.from_toml(lesson.to_toml()) == lesson


def test_each_edit_does_what_its_name_says():
    assert captions(shifted(LESSON, 0, 2)) == "bcad"
    assert captions(removed(LESSON, 1)) == "acd"
    assert captions(duplicated(LESSON, 1)) == "abbcd"
    assert captions(inserted(LESSON, 1, scenes(LESSON)[3])) == "adbcd"
    assert captions(exchanged(LESSON, 1, scenes(LESSON)[3])) == "adcd"
    assert captions(reworded(LESSON, 3, caption="D")) == "abcD"
    twice = duplicated(LESSON, 1)
    assert twice.beats[1] == twice.beats[2]
    assert twice.beats[3].set == LESSON.beats[2].set


def test_the_last_beat_cannot_be_taken_out():
    alone = retold(LESSON, scenes(LESSON)[:1])
    with pytest.raises(ExperimentError, match="1 to 200 beats"):
        removed(alone, 0)


def test_what_no_beat_can_lead_to_is_refused_at_its_place():
    told = scenes(LESSON)
    clipped = told[1].experiment.with_contestant(
        0, name="A", clip={"by": "norm", "limit": 1.0})
    with pytest.raises(ExperimentError, match=r'beats\[2\]."A.clip": cannot be') as error:
        exchanged(LESSON, 1, type(told[1])(
            told[1].beat, clipped, told[1].picture, told[1].layout))
    assert len(error.value.mistakes) == 1


def test_new_contestants_join_the_lesson_muted():
    wider = LESSON.experiment.added({"name": "C", "optimizer": "sgd"})
    lesson = joined(LESSON, wider)
    assert [c.name for c in lesson.experiment.contestants] == ["A", "B", "C"]
    assert [c.muted for c in lesson.experiment.contestants] == [False, True, True]
    assert lesson.beats == LESSON.beats and joined(LESSON, LESSON.experiment) == LESSON
    with pytest.raises(ExperimentError, match="not B, C"):
        joined(LESSON, wider.removed(0))


def test_views_are_arranged_where_they_are_said():
    picture = LESSON.pictures[0].replaced(layout=[["standings", "loss-curve"]], widths=[[1, 2]],
                                          heights=[1])
    first = arranged(LESSON, 1, picture)
    assert first.layout == picture.layout and first.experiment.picture.widths == ((1, 2),)
    assert first.layouts[3] == (("loss-curve",),)
    later = arranged(LESSON, 3, picture)
    assert later.layout == LESSON.layout and later.beats[2].layout == picture.layout


@given(steps=st.integers(0, 10**6), seconds=st.integers(1, 400).map(lambda tenth: tenth / 10))
def test_a_beat_is_paced_to_end_at_a_step(steps, seconds):
    beat = paced(Beat(seconds=seconds), 7, 7 + steps)
    assert beat.steps_after(beat.duration) == steps


def test_the_last_frame_of_a_film_is_there_already_unless_steps_are_faster_than_frames():
    beat = paced(Beat(seconds=8), 0, 150)
    assert beat.steps_after(beat.duration - 1 / 24) == 150
