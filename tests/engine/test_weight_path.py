"""A unit with two inputs: where its gradient may point, and whether its way zig-zags."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.network.weight_path import (
    WeightPath,
    WeightPaths,
    cone,
    input_signs,
    two_input_layers,
    unit_step,
)

SIGMOID, TANH, RELU = {"kind": "sigmoid"}, {"kind": "tanh"}, {"kind": "relu"}


def dense(width):
    return {"kind": "dense", "width": width}


def clusters(seed=2):
    """Two overlapping clouds of all-positive points."""
    random = np.random.default_rng(seed)
    centres = np.array([[2.0, 1.2], [1.2, 2.2]])
    return [[*map(float, np.abs(centres[k % 2] + 0.4 * random.standard_normal(2))), k % 2]
            for k in range(60)]


def run_of(preprocess=(), batch=1, layers=(), steps=120, optimizer=None, **more):
    return Run(Experiment(seed=4, steps=steps, problem={
        "kind": "network", "dataset": {"points": clusters()}, "test_fraction": 0.0,
        "batch": batch, "preprocess": list(preprocess), "loss": "logistic",
        "precision": "float64"}, contestants=[
            {"name": "A", "layers": list(layers), "optimizer": optimizer or {
                "name": "sgd", "lr": 0.1}, **more}])).finish()


def path_of(run, place=0, unit=0):
    paths = WeightPaths()
    assert paths.follow(run.snapshot())
    return paths.path(0, place, unit)


# --- what CONCEPTS asks for: the signs of a neuron's weight gradients


def test_with_positive_inputs_and_one_row_a_step_both_components_agree_on_every_step():
    path = path_of(run_of())
    assert len(path.steps) == 121
    assert (np.sign(path.gradients[:, 0]) == np.sign(path.gradients[:, 1])).all()
    assert (path.gradients != 0).all() and path.agreeing == 1
    # Both signs occur: it goes to and fro.
    assert 10 < (path.gradients[:, 0] > 0).sum() < 111


def test_centred_they_do_not():
    path = path_of(run_of(["center"]))
    assert 0.2 < path.agreeing < 0.8


def test_the_way_of_positive_inputs_is_a_longer_detour():
    assert path_of(run_of()).detour > 1.3 * path_of(run_of(["center"])).detour > 1.3


@pytest.mark.parametrize("function, all_agree", [(SIGMOID, True), (TANH, False)])
def test_a_sigmoid_layer_makes_the_next_one_zig_zag_and_a_tanh_layer_does_not(function, all_agree):
    run = run_of(["center"], layers=[dense(2), function])
    path = path_of(run, 2)
    assert (path.agreeing == 1) is all_agree
    assert input_signs(run.at(50).contestants[0], 2) == ((1, 1) if all_agree else (0, 0))


def test_a_batch_may_leave_the_quadrants_that_each_of_its_rows_keeps_to():
    run = run_of(batch=4)
    paths = WeightPaths()
    paths.follow(run.snapshot())
    path = paths.path(0, 0, 0)
    assert 0.5 < path.agreeing < 1
    one_sided, inside = 0, 0
    for step in range(0, 120, 3):
        found = unit_step(run.at(step).contestants[0], 0, 0)
        assert found.signs == (1, 1) and found.quadrants == ((1, 1), (-1, -1))
        low, high = found.cone
        angle = np.arctan2(*(np.sign(found.upstream[0]) * found.gradient)[::-1])
        within = low - 1e-9 <= angle <= high + 1e-9
        if found.one_sided:
            one_sided += 1
            assert within and found.gradient.prod() > 0
        inside += within
    assert 0 < one_sided < 40 and inside >= one_sided


# --- one step


@pytest.mark.parametrize("layers, place", [((), 0), ((dense(3), TANH), 0),
                                           ((dense(2), SIGMOID, dense(4), RELU), 2)])
@pytest.mark.parametrize("optimizer", [{"name": "sgd", "lr": 0.1}, {"name": "adam", "lr": 0.02}])
def test_a_step_is_what_backpropagation_and_the_run_say(layers, place, optimizer):
    run = run_of(batch=5, layers=layers, optimizer=optimizer, l2=0.01)
    for unit in range(run.snapshot().contestants[0].training.network.layers[place].fan_out):
        for step in (0, 40):
            state, after = run.at(step).contestants[0], run.at(step + 1).contestants[0]
            found = unit_step(state, place, unit)
            assert np.array_equal(found.weights, state.tensors[f"{place}.W"][unit])
            assert np.allclose(found.step, after.tensors[f"{place}.W"][unit]
                               - state.tensors[f"{place}.W"][unit], atol=1e-15)
            probe = state.probe()
            assert np.allclose(found.gradient, probe.weight_gradient(place)[unit], atol=1e-15)
            assert np.allclose((found.inputs * found.upstream).mean(1), found.gradient, atol=1e-15)
            if optimizer["name"] == "sgd":
                decay = 0.01 * found.weights
                assert np.allclose(found.step, -0.1 * (found.gradient + decay), atol=1e-14)


def test_quadrants_follow_from_the_signs_of_the_inputs():
    state = run_of().snapshot().contestants[0]
    step = unit_step(state, 0, 0)
    expected = {(1, 1): {(1, 1), (-1, -1)}, (-1, -1): {(1, 1), (-1, -1)},
                (1, -1): {(1, -1), (-1, 1)}, (-1, 1): {(1, -1), (-1, 1)}}
    for signs, quadrants in expected.items():
        object.__setattr__(step, "signs", signs)
        assert set(step.quadrants) == quadrants
    for signs in ((0, 0), (0, 1), (-1, 0)):
        object.__setattr__(step, "signs", signs)
        assert len(step.quadrants) == 4


def test_a_zero_goes_with_either_sign():
    run = run_of(["center"], layers=[dense(2), RELU])
    assert input_signs(run.at(20).contestants[0], 2) == (1, 1)
    state = run.at(20).contestants[0]
    assert (state.activations(state.training.material.train_x, 1) == 0).any()


@pytest.mark.parametrize("degrees, expected", [
    ([10], (10, 10)), ([10, 80, 30], (10, 80)), ([170, -170], (170, 190)), ([-30, 40], (-30, 40)),
    ([0, 120, 240], None), ([0, 180], None), ([0, 179], (0, 179)), ([], None)])
def test_a_cone_is_what_the_inputs_span(degrees, expected):
    angles = np.radians(degrees)
    inputs = np.array([np.cos(angles), np.sin(angles)]) * np.arange(1, len(degrees) + 1)
    found = cone(inputs)
    if expected is None:
        assert found is None
    else:
        assert np.allclose(np.degrees(found), expected)
    # An input of 0 changes nothing.
    again = cone(np.concatenate([inputs, np.zeros((2, 1))], axis=1))
    assert again == found


def test_any_positive_weights_of_the_rows_stay_in_the_cone_and_others_may_not():
    random = np.random.default_rng(0)
    for _ in range(50):
        inputs = random.uniform(0.1, 2, (2, 5))
        low, high = cone(inputs)
        sums = inputs @ random.uniform(0, 1, (5, 20))
        angles = np.arctan2(sums[1], sums[0])
        assert ((angles >= low - 1e-12) & (angles <= high + 1e-12)).all()
        assert 0 < low <= high < np.pi / 2


def test_what_has_no_two_inputs_is_refused():
    state = run_of(layers=[dense(3), TANH], steps=1).snapshot().contestants[0]
    assert two_input_layers(state) == (0,)
    with pytest.raises(RunError, match="layer 2 is no dense layer of two inputs"):
        unit_step(state, 2, 0)
    with pytest.raises(RunError, match="layer 0 has units 0 to 2, not 3"):
        unit_step(state, 0, 3)


# --- over a run


def test_a_path_is_the_weights_at_every_step():
    run = run_of(batch=3, layers=[dense(3), TANH], steps=50)
    paths = WeightPaths()
    paths.follow(run.snapshot())
    for unit in range(3):
        path = paths.path(0, 0, unit)
        assert path.steps.tolist() == list(range(51))
        for step in (0, 17, 50):
            state = run.at(step).contestants[0]
            assert np.allclose(path.weights[step], state.tensors["0.W"][unit], rtol=1e-6)
            expected = state.probe().weight_gradient(0)[unit]
            assert np.allclose(path.gradients[step], expected, rtol=1e-5, atol=1e-9)
    assert paths.path(0, 2, 0) is None
    early = paths.path(0, 0, 1).until(20)
    assert early.steps[-1] == 20 and len(early.weights) == len(early.gradients) == 21


def test_a_long_run_is_looked_at_now_and_then(monkeypatch):
    run = run_of(steps=300)
    monkeypatch.setattr("engine.network.weight_path.MOST_KEPT", 100)
    paths = WeightPaths()
    paths.follow(run.snapshot())
    # The network is an output layer of one unit.
    assert paths.path(0, 0, 0).steps.tolist() == [*range(0, 300, 4), 300]


def test_in_a_hurry_it_comes_to_the_same_in_the_end():
    run, hurried = run_of(steps=90), WeightPaths()
    while not hurried.follow(run.snapshot(), 0.0):
        pass
    one, other = path_of(run), hurried.path(0, 0, 0)
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.gradients, other.gradients)


def test_a_change_takes_back_the_gradients_of_steps_from_there_on():
    run = Run(run_of(steps=80).experiment)
    run.advance(40)
    paths = WeightPaths()
    paths.follow(run.snapshot())
    run.change({"A.lr": 0.5})
    run.finish()
    paths.follow(run.snapshot())
    fresh = path_of(run)
    assert np.array_equal(paths.path(0, 0, 0).weights, fresh.weights)
    assert np.array_equal(paths.path(0, 0, 0).gradients, fresh.gradients)


def test_ways_are_measured_and_a_standing_one_is_none():
    square = WeightPath(np.arange(3), np.array([[0.0, 0], [3, 0], [3, 4]]),
                        np.array([[1.0, 1], [-2, -1], [1, -1]]))
    assert square.detour == pytest.approx(7 / 5) and square.agreeing == pytest.approx(2 / 3)
    still = WeightPath(np.arange(2), np.ones((2, 2)), np.array([[0.0, 1], [0, 0]]))
    assert np.isnan(still.detour) and np.isnan(still.agreeing)
    back = WeightPath(np.arange(3), np.array([[0.0, 0], [1, 0], [0, 0]]), np.zeros((3, 2)))
    assert back.detour == np.inf
