"""Activation functions as curves: their slopes, and where a network's inputs to them lie."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.activations import activations
from engine.network.activation_curves import curve, inputs_of, merged, sampled, unused, uses
from engine.network.even_rows import sampled_probe


def state_of(layers, steps=20, **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16,
               "precision": "float64"} | problem
    run = Run(Experiment(steps=steps, seed=2, problem=problem, contestants=[
        {"name": "A", "layers": layers, "optimizer": {"name": "adam", "lr": 0.02}}]))
    return run.finish().snapshot().contestants[0]


def dense(width):
    return {"kind": "dense", "width": width}


@pytest.mark.parametrize("name", list(activations))
def test_slopes_are_those_of_the_values(name):
    use = unused(activations[name])
    # No function bends at these points.
    x = np.linspace(-4.9, 4.9, 60) + 0.013
    _, slopes = curve(use, x)
    (up, _), (down, _) = curve(use, x + 1e-6), curve(use, x - 1e-6)
    np.testing.assert_allclose(slopes, (up - down) / 2e-6, atol=1e-7)


@pytest.mark.parametrize(("name", "value", "slope"), [
    ("sigmoid", 0.5, 0.25), ("tanh", 0.0, 1.0), ("relu", 0.0, 0.0), ("softplus", np.log(2), 0.5)])
def test_known_values_at_zero(name, value, slope):
    (found,), (steep,) = curve(unused(activations[name]), np.zeros(1))
    assert found == pytest.approx(value)
    assert steep == pytest.approx(slope)


@pytest.mark.parametrize("name", list(activations))
def test_flat_sides_are_where_the_slope_is_under_a_twentieth_of_the_steepest(name):
    use = unused(activations[name])
    x, _, slopes = sampled(use, -30.0, 30.0, 6001)
    steepest = np.abs(slopes).max()
    low, high = use.flat
    if low is not None:
        assert (np.abs(slopes[x < low - 1e-9]) <= steepest / 20 + 1e-12).all()
    if high is not None:
        assert (np.abs(slopes[x > high + 1e-9]) <= steepest / 20 + 1e-12).all()


def test_a_network_names_each_function_once_with_what_it_has_learnt():
    layers = [dense(6), {"kind": "tanh"}, dense(5), {"kind": "prelu"}, dense(4), {"kind": "tanh"}]
    state = state_of(layers)
    tanh, prelu = uses(state)
    assert tanh.places == (1, 5)
    assert prelu.places == (3,)
    assert prelu.params == (float(state.tensors["3.a"][0]),)
    assert prelu.params != (0.25,)
    values, slopes = curve(prelu, np.array([-2.0, 2.0]))
    assert values.tolist() == pytest.approx([-2 * prelu.params[0], 2.0])
    assert slopes.tolist() == pytest.approx([prelu.params[0], 1.0])


def test_functions_of_other_hyperparameters_are_others_and_their_flat_sides_unknown():
    steep = {"kind": "leaky-relu", "slope": 0.3}
    name = activations["leaky-relu"].hypers[0].name
    state = state_of([dense(3), {"kind": "leaky-relu"}, dense(3),
                      {"kind": "leaky-relu", name: steep["slope"]}])
    plain, other = uses(state)
    assert plain.shape != other.shape
    assert other.flat == (None, None)
    assert curve(other, np.array([-1.0]))[0].tolist() == pytest.approx([-0.3])
    assert merged([plain, other, plain]) == (plain, other)


def test_inputs_are_counted_over_all_layers_of_the_function():
    state = state_of([dense(6), {"kind": "tanh"}, dense(5), {"kind": "tanh"}])
    (use,) = uses(state)
    probe = sampled_probe(state, "use")
    found = inputs_of(probe, use, 20, -1.0, 1.0)
    values = np.concatenate([probe.pre_activation(1).ravel(), probe.pre_activation(3).ravel()])
    assert np.array_equal(found.counts, np.histogram(values, 20, (-1, 1))[0])
    assert found.below == (values < -1).sum()
    assert found.above == (values > 1).sum()
    assert found.beyond == pytest.approx((np.abs(values) > 1).mean())
    low, high = use.flat
    assert found.saturated_below == pytest.approx((values <= low).mean())
    assert found.saturated_above == pytest.approx((values >= high).mean())
    assert found.saturated == pytest.approx(found.saturated_below + found.saturated_above)


def test_few_training_rows_are_all_looked_at_as_probe_train_does():
    state = state_of([dense(6), {"kind": "relu"}])
    (use,) = uses(state)
    probe = sampled_probe(state, "use")
    assert probe.rows == len(state.training.material.train_x) < 256
    found = inputs_of(probe, use, 32, -2.0, 2.0)
    (expected, _) = state.probe("train").histograms("pre-activation", 32, (-2.0, 2.0))
    assert np.array_equal(found.counts, expected.counts)
    assert np.isnan(found.saturated_above)


def test_a_function_that_never_flattens_has_no_saturated_share():
    state = state_of([dense(3), {"kind": "prelu"}])
    (use,) = uses(state)
    assert np.isnan(inputs_of(sampled_probe(state, "use"), use, 8, -1.0, 1.0).saturated)
