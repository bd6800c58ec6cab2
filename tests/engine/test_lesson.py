"""Lessons: beats that add up, settings that stay in force, time that is exact, strict reading."""

import pickle
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Lesson, Run, surfaces
from engine.errors import ExperimentError
from engine.lesson import as_lesson
from engine.settings import settings as settings_of
from engine.settings import with_settings
from tests.engine.test_experiment import experiments

LESSON = r"""
format = 1
title = "Why momentum helps"
summary = "Oscillations cancel, progress adds up."
sources = ["Polyak 1964", "Goh 2017, distill.pub"]
layout = [["surface-path", "loss-curve"]]

[experiment]
seed = 7
steps = 300

[experiment.problem]
kind = "surface"
surface = "ravine"

[[experiment.contestants]]
name = "SGD"
optimizer = { name = "sgd", lr = 0.03 }

[[experiment.contestants]]
name = "Heavy ball 1.0"
optimizer = { name = "momentum", lr = 0.03 }
schedule = { name = "cosine", horizon = 300 }

[[beats]]
seconds = 6
steps_per_second = 30
caption = "Plain gradient descent bounces between the walls."
formula = "w_{t+1} = w_t - \\eta \\nabla L(w_t)"

[[beats]]
seconds = 2.5
steps_per_second = 10
highlight = "SGD"

[[beats]]
seconds = 4
set = { "SGD.lr" = 0.01, "problem.noise" = 0.1, steps = 100 }

[[beats]]
seconds = 1
set = { "Heavy ball 1.0.schedule.horizon" = 50, seed = 8 }
restart = false
"""


def lesson(*beats, **changes):
    """LESSON with other beats."""
    whole = Lesson.from_toml(LESSON)
    return whole.replaced(**({"beats": beats} if beats else {}), **changes)


def mistakes(*beats):
    with pytest.raises(ExperimentError) as refused:
        lesson(*beats)
    return {mistake.place: mistake.sentence for mistake in refused.value.mistakes}


# --- what is in force ----------------------------------------------------------------------------


def test_a_lesson_is_what_its_file_says():
    found = Lesson.from_toml(LESSON)
    assert found.sources == ("Polyak 1964", "Goh 2017, distill.pub")
    assert found.layout == (("surface-path", "loss-curve"),)
    assert found.beats[0].formula == r"w_{t+1} = w_t - \eta \nabla L(w_t)"
    assert found.experiment == found.experiment_at(0)


def test_settings_stay_in_force():
    found = lesson()
    first, second, third, fourth = (found.experiment_at(beat) for beat in range(4))
    assert second is first
    assert [c.optimizer.lr for c in third.contestants] == [0.01, 0.03]
    assert (third.problem.noise, third.steps, third.seed) == (0.1, 100, 7)
    assert fourth.contestants[0].optimizer.lr == 0.01
    assert fourth.contestants[1].schedule.horizon == 50
    assert (fourth.problem.noise, fourth.seed) == (0.1, 8)


def test_an_optimizer_is_chosen_before_its_hyperparameters_are_set():
    changed = with_settings(lesson().experiment, {
        "SGD.beta2": 0.9, "SGD.optimizer": "adam", "SGD.clip": {"by": "norm", "limit": 1},
        "SGD.clip.limit": 2})
    contestant = changed.contestants[0]
    assert (contestant.name, contestant.optimizer.name) == ("SGD", "adam")
    assert contestant.optimizer.beta2 == 0.9
    assert contestant.clip.limit == 2


def test_another_surface_brings_its_own_start():
    changed = with_settings(lesson().experiment, {"problem.surface": "beale"})
    assert changed.problem.start == surfaces["beale"].start


@settings(deadline=None)
@given(experiments)
def test_every_setting_can_be_set_to_what_it_is(experiment):
    table = experiment.plain()
    for key, place in settings_of(experiment).items():
        value = table
        for part in place:
            value = value.get(part) if isinstance(value, dict) else value[part]
        if value is not None and key not in ("problem.surface", "problem.formula"):
            assert with_settings(experiment, {key: value}) == experiment


@settings(deadline=None, max_examples=30)
@given(experiments, st.lists(st.fixed_dictionaries(
    {"seconds": st.floats(0.01, 1000)},
    optional={"steps_per_second": st.floats(0, 1e6), "caption": st.text(max_size=9),
              "set": st.sampled_from([{}, {"seed": 3}, {"steps": 9, "problem.noise": 0.5}])},
), min_size=1, max_size=4))
def test_what_is_written_reads_back_to_the_same(experiment, beats):
    found = Lesson(title="A \\ lesson", experiment=experiment, beats=beats)
    assert Lesson.from_toml(found.to_toml()) == found
    assert found.first_steps[0] == 0
    # What has been worked out and kept changes neither equality nor pickling.
    assert pickle.loads(pickle.dumps(found)) == found


# --- time ----------------------------------------------------------------------------------------


def test_beats_follow_one_another():
    found = lesson()
    assert found.duration == Fraction(27, 2)
    assert [found.beat_at(t) for t in (0, 5.9, 6, 8.5, 12.5, 13.5, 99, -1)] == [
        (0, 0), (0, Fraction(59, 10)), (1, 0), (2, 0), (3, 0), (3, 1), (3, 1), (0, 0)]


def test_a_beat_goes_on_where_the_one_before_ended_unless_something_changed():
    found = lesson()
    assert [found.first_step(beat) for beat in range(4)] == [0, 180, 0, 100]
    assert [found.last_step(beat) for beat in range(4)] == [180, 205, 100, 100]
    again = lesson({"seconds": 1}, {"seconds": 1, "restart": True}, {"seconds": 1})
    assert again.first_steps == (0, 0, 30)


def test_a_moment_is_the_beat_its_step_and_its_experiment():
    found = lesson()
    moment = found.moment(8.5 + 2)
    assert (moment.beat, moment.seconds, moment.step) == (2, 2, 60)
    assert moment.experiment is found.experiment_at(2)
    assert found.moment(12).step == 100, "the race is over: it stands at its last step"
    with pytest.raises(FrozenInstanceError):
        moment.step = 3


def test_no_step_is_shown_longer_than_its_neighbours():
    found = lesson({"seconds": 4, "steps_per_second": 30})
    steps = [found.moment_of_frame(k, 60).step for k in range(240)]
    assert [steps.count(step) for step in range(1, 120)] == [2] * 119


@given(st.integers(0, 10**7), st.sampled_from([1, 20, 24, 25, 30, 50, 60, 120, 240]),
       st.floats(0, 10_000).map(lambda speed: round(speed, 3)))
def test_frames_do_not_drift(frame, fps, speed):
    """As counted in whole thousandths of a step, for hours of film."""
    found = lesson({"seconds": 36_000, "steps_per_second": speed}).replaced(
        experiment=lesson().experiment.replaced(steps=10**7))
    thousandths = round(speed * 1000) * min(frame, 36_000 * fps)
    expected = min((2 * thousandths + 1000 * fps) // (2000 * fps), 10**7)
    assert found.moment_of_frame(frame, fps).step == expected
    assert found.moment(frame / fps).step == expected


def test_a_decimal_speed_is_taken_as_it_is_written():
    found = lesson({"seconds": 100, "steps_per_second": 0.1}, {"seconds": 0.7})
    assert [found.moment(t).step for t in (4.99, 5, 14.99, 15)] == [0, 1, 1, 2]
    assert found.duration == Fraction(1007, 10)


@pytest.mark.parametrize(("steps", "seconds"), [(1, 10), (600, 7), (10_000_000, 0.3), (7, 3600)])
def test_an_experiment_as_a_lesson_spans_all_its_steps(steps, seconds):
    experiment = lesson().experiment.replaced(steps=steps, title="Race",
                                              picture={"layout": [["surface-path"]]})
    found = as_lesson(experiment, seconds)
    assert found.title == "Race" and found.layout == (("surface-path",),)
    assert found.duration == Fraction(str(seconds))
    assert found.moment(0).step == 0
    assert found.moment(found.duration).step == found.last_step(0) == steps
    assert as_lesson(lesson().experiment).duration == 10


def test_every_beats_experiment_runs():
    found = lesson()
    for beat in range(4):
        run = Run(found.experiment_at(beat)).finish()
        assert run.at(found.last_step(beat)).step == found.last_step(beat)


# --- strict reading ------------------------------------------------------------------------------


@pytest.mark.parametrize(("beat", "place", "words"), [
    ({}, "beats[0].seconds", "is missing"),
    ({"seconds": 0}, "beats[0].seconds", "not 0"),
    ({"seconds": 1, "steps_per_second": -1}, "beats[0].steps_per_second", "not -1"),
    ({"seconds": 1, "caption": 3}, "beats[0].caption", "must be text, not 3"),
    ({"seconds": 1, "captoin": ""}, "beats[0].captoin", "did you mean caption?"),
    ({"seconds": 1, "restart": 1}, "beats[0].restart", "true or false"),
    ({"seconds": 1, "highlight": "sgd"}, "beats[0].highlight", "SGD, Heavy ball 1.0"),
    ({"seconds": 1, "look": {"plane": "pca"}}, "beats[0].look.plane", "race is on a surface"),
    ({"seconds": 1, "set": 3}, "beats[0].set", "a table"),
    ({"seconds": 1, "set": {"SGD.lrr": 1}}, 'beats[0].set."SGD.lrr"', "did you mean 'SGD.lr'?"),
    ({"seconds": 1, "set": {"qqq": 1}}, "beats[0].set.qqq", "such as 'problem.surface'"),
    ({"seconds": 1, "set": {"SGD.lr": -1}}, 'beats[0].set."SGD.lr"', "from 0 to 1e+06, not -1"),
    ({"seconds": 1, "set": {"SGD.name": "x"}}, 'beats[0].set."SGD.name"', "is not a value"),
    ({"seconds": 1, "set": {"SGD.optimizer": {"name": "sgd", "mu": 1}}},
     'beats[0].set."SGD.optimizer".mu', "not a key"),
    ({"seconds": 1, "set": {"problem.start": [1, "a"]}}, 'beats[0].set."problem.start"[1]',
     "not 'a'"),
    ({"seconds": 1, "set": {"problem.surface": "beal"}}, 'beats[0].set."problem.surface"',
     "did you mean 'beale'?"),
    ({"seconds": 1, "set": {"steps": 0}}, "beats[0].set.steps", "not 0"),
    ({"seconds": 1, "set": {"problem.domain": [[0, 1], [0, 1]]}}, 'beats[0].set."problem.domain"',
     "belongs to a formula"),
    ({"seconds": 1, "set": {"problem.formula": "x*y"}}, "beats[0].set",
     "problem.domain: is missing"),
])
def test_each_mistake_has_its_place(beat, place, words):
    (where, sentence), = mistakes(beat).items()
    assert where == place
    assert words in sentence


def test_mistakes_of_all_beats_are_reported_at_once():
    assert list(mistakes(
        {"seconds": 1, "set": {"SGD.lr": -1, "steps": 0, "Eve.lr": 3}},
        {"seconds": 1, "highlight": "Eve"},
        {"seconds": 1, "set": {"problem.noise": True}},
    )) == ["beats[0].set.\"Eve.lr\"", "beats[0].set.steps", "beats[0].set.\"SGD.lr\"",
           "beats[1].highlight", "beats[2].set.\"problem.noise\""]


def test_mistakes_of_the_experiment_and_the_lesson_are_reported_at_once():
    text = LESSON.replace("seed = 7", "seed = -1").replace("seconds = 6", "seconds = -6")
    text = text.replace('"ravine"', '"ravin"').replace('title = "Why', 'titel = "Why')
    with pytest.raises(ExperimentError) as refused:
        Lesson.from_toml(text, "lesson.toml")
    assert {mistake.place for mistake in refused.value.mistakes} == {
        "title", "titel", "experiment.seed", "experiment.problem.surface", "beats[0].seconds"}


@pytest.mark.parametrize("beats", [[], [{"seconds": 1}] * 201, "none", {}])
def test_a_lesson_has_beats(beats):
    with pytest.raises(ExperimentError) as refused:
        lesson().replaced(beats=beats)
    assert [mistake.place for mistake in refused.value.mistakes] == ["beats"]


def test_a_lesson_of_a_newer_format_says_so():
    with pytest.raises(ExperimentError, match="format 2; this one reads 1"):
        Lesson.from_toml(LESSON.replace("format = 1", "format = 2"))


def test_the_experiment_may_be_given_as_it_is():
    experiment = Experiment(problem={"kind": "surface", "surface": "bowl"},
                            contestants=[{"optimizer": "sgd"}])
    found = Lesson(title="", experiment=experiment, beats=[{"seconds": 1}])
    assert found.experiment_at(0) is experiment
