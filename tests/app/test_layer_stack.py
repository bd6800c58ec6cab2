"""Layers as a regular stack and back, what they are called, and one change beside a contestant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.controls.layer_stack import (
    Stack,
    layers_of,
    nearest_stack,
    stack_of,
    summary,
)
from app.controls.one_change import compared, possible_changes
from engine.activations import activations
from engine.errors import ExperimentError, UnknownName
from engine.experiment import Experiment
from engine.network.choices import layer_choice
from engine.network.contestant import MOST_LAYERS
from engine.optimizers import optimizers

DENSE, TANH, NORM = {"kind": "dense", "width": 8}, {"kind": "tanh"}, {"kind": "batch-norm"}


def listed(*layers):
    return [layer_choice(layer) for layer in layers]


STACKS = st.builds(
    Stack, depth=st.integers(1, 12), width=st.integers(1, 1000),
    activation=st.sampled_from([None, *activations]), batch_norm=st.booleans(),
    layer_norm=st.booleans(), dropout=st.none() | st.floats(0, 0.95))


@given(STACKS)
def test_a_stack_comes_back_from_its_layers(stack):
    made = listed(*layers_of(stack))
    assert len(made) == stack.depth * len(stack.kinds)
    assert stack_of(made) == stack == nearest_stack(made)


def test_what_is_tuned_is_the_same_in_all_blocks_and_comes_back():
    stack = Stack(3, 4, "leaky-relu", batch_norm=True).with_hyper("batch-norm", "momentum", 0.5)
    stack = stack.with_hyper("leaky-relu", "negative_slope", 0.2)
    made = listed(*layers_of(stack))
    assert [layer.momentum for layer in made if layer.kind == "batch-norm"] == [0.5] * 3
    assert [layer.negative_slope for layer in made if layer.kind == "leaky-relu"] == [0.2] * 3
    assert stack_of(made) == stack


def test_no_layers_are_a_stack_of_no_depth():
    assert stack_of([]).depth == 0
    assert layers_of(Stack(depth=0)) == []


@pytest.mark.parametrize("layers", [
    [DENSE, TANH, {"kind": "dense", "width": 9}, TANH],
    [DENSE, TANH, DENSE],
    [DENSE, TANH, NORM],
    [DENSE, TANH, TANH],
    [NORM, DENSE, TANH],
    [TANH],
    [{"kind": "maxout"}],
    [{**DENSE, "init": "he-normal"}, TANH],
    [{**DENSE, "lr_factor": 0.0}, TANH],
    [DENSE, {"kind": "dropout", "rate": 0.1}, DENSE, {"kind": "dropout", "rate": 0.2}],
])
def test_what_a_stack_has_no_place_for_is_none(layers):
    assert stack_of(listed(*layers)) is None
    nearest = nearest_stack(listed(*layers))
    assert nearest.depth == sum(layer["kind"] in ("dense", "maxout") for layer in layers)
    assert nearest.activation == ("tanh" if TANH in layers else None)


def test_the_deepest_stack_is_one_that_a_network_takes():
    full = Stack(50, 4, "relu", True, True, 0.5)
    assert full.deepest == MOST_LAYERS // 5 and Stack().deepest == 50


@pytest.mark.parametrize("layers, text", [
    ([], "no hidden layer"),
    ([DENSE, NORM, TANH] * 6, "8 · batch norm · tanh × 6"),
    ([DENSE, {"kind": "relu"}, {"kind": "dropout", "rate": 0.25}], "8 · ReLU · dropout 0.25"),
    ([DENSE, TANH, DENSE, TANH, {"kind": "maxout", "width": 3}], "8 · tanh × 2, maxout 3"),
    ([NORM, DENSE, TANH], "batch norm, 8 · tanh"),
])
def test_layers_on_a_line(layers, text):
    assert summary(listed(*layers)) == text


def race(name="Plain", **changes):
    fields = {"name": name, "optimizer": {"name": "sgd", "lr": 0.1},
              "layers": [DENSE, TANH, DENSE, TANH], "l2": 0.01, "color": 3}
    return Experiment(problem={"kind": "network", "dataset": "moons"},
                      contestants=[fields | changes, {**fields, "name": "Other"}])


def kinds(contestant):
    return [layer.kind for layer in contestant.layers]


@pytest.mark.parametrize("key, name, kind_list", [
    ("batch-norm", "Plain, batch norm", ["dense", "batch-norm", "tanh"] * 2),
    ("dropout", "Plain, dropout 0.5", ["dense", "tanh", "dropout"] * 2),
    ("depth", "Plain, twice as deep", ["dense", "tanh"] * 4),
    ("activation", "Plain, ReLU", ["dense", "relu"] * 2),
])
def test_a_change_of_layers_is_the_only_one(key, name, kind_list):
    experiment = race()
    after = compared(experiment, 0, key)
    assert [c.name for c in after.contestants] == ["Plain", name, "Other"]
    copy = after.contestants[1]
    assert kinds(copy) == kind_list
    assert after.contestants[0] == experiment.contestants[0]
    same = {"layers", "name", "color"}
    assert ({k: v for k, v in copy.fields().items() if k not in same}
            == {k: v for k, v in experiment.contestants[0].fields().items() if k not in same})
    assert copy.color is None


def test_what_is_there_is_taken_out_again():
    with_both = [DENSE, NORM, {"kind": "relu"}, {"kind": "dropout"}]
    experiment = race(layers=with_both)
    labels = [change.label for change in possible_changes(experiment.contestants[0])]
    assert "Without batch norm" in labels and "Without dropout" in labels
    assert "Tanh instead of ReLU" in labels
    assert kinds(compared(experiment, 0, "batch-norm").contestants[1]) == [
        "dense", "relu", "dropout"]
    assert kinds(compared(experiment, 0, "dropout").contestants[1]) == [
        "dense", "batch-norm", "relu"]


def test_rate_init_and_optimizer():
    experiment = race()
    faster = compared(experiment, 0, "lr-up").contestants[1]
    assert faster.name == "Plain, lr × 10" and faster.optimizer.lr == 1.0
    assert compared(experiment, 0, "lr-down").contestants[1].optimizer.lr == 0.01
    he = compared(experiment, 0, "init:he-normal").contestants[1]
    assert he.name == "Plain, He normal init" and he.init.name == "he-normal"
    adam = compared(experiment, 0, "optimizer:adam").contestants[1]
    assert adam.name == "Plain, Adam"
    assert adam.optimizer.hypers() == optimizers["adam"].defaults()
    # Called by its method, it is called by the other one's.
    assert compared(race("SGD"), 0, "optimizer:adam").contestants[1].name == "Adam"
    assert compared(race("SGD"), 0, "optimizer:lion").contestants[1].name == "Lion"


@pytest.mark.parametrize("layers", [
    [], [DENSE, TANH] * 100, [{"kind": "maxout"}], [NORM, DENSE], [TANH],
    [DENSE, {"kind": "relu"}, {**DENSE, "init": "he-normal"}, {"kind": "gelu"}],
])
def test_every_change_that_is_offered_can_be_made_and_changes_something(layers):
    experiment = race(layers=layers)
    first = experiment.contestants[0]
    offered = possible_changes(first)
    assert len({change.key for change in offered}) == len(offered) >= 5
    for change in offered:
        copy = compared(experiment, 0, change.key).contestants[1]
        assert copy.replaced(name=first.name, color=first.color) != first, change.key


def test_a_layer_keeps_its_own_init_where_others_are_put_in():
    experiment = race(layers=[{**DENSE, "init": "he-normal"}, TANH])
    copy = compared(experiment, 0, "batch-norm").contestants[1]
    assert copy.layers[0].own_init.name == "he-normal"


def test_names_stay_unique_and_short_enough():
    experiment = race("N" * 80)
    for _ in range(3):
        experiment = compared(experiment, 0, "batch-norm")
    names = [contestant.name for contestant in experiment.contestants]
    assert len(set(names)) == 5 and max(map(len, names)) == 80
    assert all(", batch norm" in name or ", batch no" in name for name in names[1:4])


def test_no_room_and_no_such_change_are_told():
    experiment = race()
    with pytest.raises(UnknownName, match="batch-norm"):
        compared(experiment, 0, "batch-nrom")
    for _ in range(10):
        experiment = experiment.duplicated(0)
    with pytest.raises(ExperimentError, match="12"):
        compared(experiment, 0, "dropout")
