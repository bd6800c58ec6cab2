"""The keys that turn one experiment into another: set in it, they give exactly that one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment
from engine.beat import LOOKS, Beat, changed_look
from engine.changed_settings import changed_settings
from engine.changes import changed
from engine.errors import ExperimentError
from engine.experiment import Picture
from engine.settings import with_settings

OPTIMIZERS: list[Any] = [
    {"name": "sgd", "lr": 0.01}, {"name": "sgd", "lr": 0.5}, {"name": "adam"},
    {"name": "adam", "beta1": 0.5}, {"name": "momentum", "lr": 0.1, "momentum": 0.5}]
SCHEDULES: list[Any] = [{"name": "cosine", "horizon": 50}, {"name": "cosine", "horizon": 80},
                        {"name": "step"}]
CLIPS: list[Any] = [{"by": "norm", "limit": 1.0}, {"by": "value", "limit": 2.0}]
PROBLEMS: list[Any] = [
    {"surface": "beale"}, {"surface": "beale", "start": [0.5, 0.5], "noise": 0.25},
    {"surface": "ravine"}, {"surface": "ravine", "start": [1.0, 1.5]},
    {"formula": "x**2 + y**2", "domain": [[-1, 1], [-1, 1]]},
    {"formula": "x**4 + y**2", "domain": [[-2, 1], [-1, 3]], "start": [0.5, 0.25]}]
DATA: list[Any] = [
    {"dataset": "moons"}, {"dataset": {"name": "moons", "noise": 0.3}, "batch": 8},
    {"dataset": {"name": "spirals", "classes": 3}, "preprocess": ["center", "scale"]},
    {"dataset": "sine", "loss": {"name": "huber", "delta": 0.5}}, {"dataset": "plane"},
    {"dataset": "moons", "loss": "logistic", "test_fraction": 0.5}]
LAYERS: list[Any] = [
    [{"kind": "dense", "width": 4}, {"kind": "tanh"}],
    [{"kind": "dense", "width": 8, "init": "he-normal"}, {"kind": "tanh"}],
    [{"kind": "dense", "width": 8, "lr_factor": 0.5}, {"kind": "relu"}],
    [{"kind": "dense", "width": 4}, {"kind": "dropout", "rate": 0.25}],
    [{"kind": "dense", "width": 4}, {"kind": "batch-norm"}, {"kind": "relu"},
     {"kind": "dropout", "rate": 0.5}], []]
INITS: list[Any] = ["xavier-normal", "he-normal", {"name": "normal", "std": 0.5}]


def one_of(entries: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(entries)


# No schedule and clip before, or another one; both of them, where both experiments have one.
def contestants(more: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"optimizer": one_of(OPTIMIZERS), "schedule": one_of(SCHEDULES), "clip": one_of(CLIPS),
         "color": st.integers(1, 8), "muted": st.booleans(), **more})


@st.composite
def experiments(draw: st.DrawFn, kind: str) -> Experiment:
    more = {} if kind == "surface" else {
        "layers": one_of(LAYERS), "init": one_of(INITS), "l2": one_of([0.0, 0.001])}
    entries = [{"name": name, **draw(contestants(more))} for name in ("A", "B.1", "problem")]
    problem = {"kind": kind, **draw(one_of(PROBLEMS if kind == "surface" else DATA))}
    return Experiment(title=draw(one_of(["", "T"])), seed=draw(st.integers(0, 3)),
                      steps=draw(one_of([90, 100])), problem=problem, contestants=entries)


@given(before=experiments("surface"), after=experiments("surface"))
@settings(max_examples=120, deadline=None)
def test_set_in_the_one_they_give_the_other_on_surfaces(before, after):
    assert with_settings(before, changed_settings(before, after)) == after


@given(before=experiments("network"), after=experiments("network"))
@settings(max_examples=120, deadline=None)
def test_set_in_the_one_they_give_the_other_for_networks(before, after):
    assert with_settings(before, changed_settings(before, after)) == after


def race(**changes: Any) -> Experiment:
    return Experiment(**{
        "steps": 100, "problem": {"kind": "surface", "surface": "beale"},
        "contestants": [{"name": "A", "optimizer": {"name": "sgd", "lr": 0.01}},
                        {"name": "B", "optimizer": {"name": "adam"}}], **changes})


def test_no_more_is_set_than_differs():
    before = race()
    assert changed_settings(before, before) == {}
    assert changed_settings(before, before.with_hyper(0, "lr", 0.5)) == {"A.lr": 0.5}
    assert changed_settings(before, before.replaced(seed=4)) == {"seed": 4}
    assert changed_settings(before, before.with_contestant(1, muted=True)) == {"B.muted": True}
    moved = before.with_problem(start=[0.0, 0.5])
    assert changed_settings(before, moved) == {"problem.start": [0.0, 0.5]}
    other = before.with_problem(surface="ravine")
    assert changed_settings(before, other) == {"problem.surface": "ravine"}
    cosine = before.with_contestant(0, schedule="cosine", name="A")
    assert changed_settings(before, cosine) == {
        "A.schedule": cosine.contestants[0].schedule.plain()}
    adam = before.with_contestant(0, optimizer="adam", name="A")
    assert changed_settings(before, adam) == {
        "A.optimizer": adam.contestants[0].optimizer.plain()}


def test_what_is_inside_a_layer_is_set_by_itself():
    before = Experiment(problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "Net", "optimizer": "sgd", "layers": [
            {"kind": "dense", "width": 4}, {"kind": "dropout", "rate": 0.5}]}])
    layers = [layer.plain() for layer in before.contestants[0].layers]
    layers[1]["rate"] = 0.25
    assert changed_settings(before, before.with_contestant(0, layers=layers)) == {
        "Net.layers[1].rate": 0.25}
    # Another kind of layer is another list.
    layers[1] = {"kind": "relu"}
    assert list(changed_settings(before, before.with_contestant(0, layers=layers))) == [
        "Net.layers"]


def test_the_picture_is_no_setting():
    assert changed_settings(race(), race(picture={"zoom": [[0, 1], [0, 1]]})) == {}


@pytest.mark.parametrize(("after", "place", "sentence"), [
    (race().duplicated(0), "contestants", "put them into the lesson's experiment and mute them"),
    (race().removed(1), "contestants", r"throughout \(A, B\), not A;"),
    (race().with_contestant(0, name="C"), "contestants", "not C, B"),
    (race().moved(0, 1), "contestants", "not B, A"),
    (changed(race(), 20, {"A.lr": 0.5}), "changes", "not from step 20 on; pause before"),
    (Experiment(problem={"kind": "network", "dataset": "moons"}, contestants=[
        {"name": "A", "optimizer": "sgd", "layers": []}]), "problem.kind", "must stay 'surface'"),
])
def test_what_no_beat_can_change_is_refused_by_name(after, place, sentence):
    with pytest.raises(ExperimentError, match=sentence) as caught:
        changed_settings(race(), after)
    assert caught.value.mistakes[0].place == place


def test_what_is_left_out_afterwards_is_refused():
    before = race().with_contestant(0, clip={"by": "norm", "limit": 1.0}, name="A")
    with pytest.raises(ExperimentError, match="A.clip.*cannot be taken away"):
        changed_settings(before, race())


PICTURES = st.builds(
    lambda **given: Picture(**given), zoom=one_of([None, [[0, 1], [0, 1]], [[0, 2], [0, 1]]]),
    loss_scale=one_of([None, "log", "linear"]), layer=one_of([None, 0, 2]),
    warp=one_of([None, 0.5, 1.0]), chosen=one_of([None, "A", "B"]), curve=one_of([None, "loss"]))


@given(before=PICTURES, after=PICTURES, usual=PICTURES)
def test_a_look_turns_one_picture_into_the_other(before, after, usual):
    gone = [key for key in LOOKS if getattr(after, key) is None is not getattr(before, key)
            and getattr(usual, key) is not None]
    if gone:
        with pytest.raises(ExperimentError, match="must have a value"):
            changed_look(before, after, usual)
        return
    look = changed_look(before, after, usual)
    assert Beat(seconds=1, look=look).picture_after(before, usual) == after
    assert set(look) == {key for key in LOOKS if getattr(after, key) != getattr(before, key)}
