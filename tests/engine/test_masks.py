"""Thinned networks: single masks are those of training, and their mean is what theory says."""

from itertools import product

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.network.batch_pass import mode_losses
from engine.network.masks import drawn, dropouts, over_masks, under_masks

# How far chance may go: 1 in 150,000 tests of fair masks would be beyond.
SIGMAS = 4.5
RELU, NORM = {"kind": "relu"}, {"kind": "batch-norm"}


def dense(width):
    return {"kind": "dense", "width": width}


def dropped(rate=0.5):
    return {"kind": "dropout", "rate": rate}


TWO = [dense(12), RELU, dropped(0.4), dense(9), RELU, dropped(0.2)]


def state_of(layers, steps=30, **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 120}, "batch": 16,
               "precision": "float64", **problem}
    run = Run(Experiment(steps=steps, seed=5, problem=problem, contestants=[
        {"name": "A", "layers": layers, "optimizer": "adam"}]))
    return run.finish().snapshot().contestants[0]


def rows(count, seed=0):
    return np.random.default_rng(seed).standard_normal((count, 2))


def test_a_mask_is_the_one_that_a_step_draws_for_a_single_row():
    state, x = state_of(TWO), rows(1)
    for number in (1, 2, 77):
        probe = state.probe(x, training=True, step=number)
        masks = drawn(state, number)
        assert tuple(masks) == dropouts(state.training.network) == (2, 5)
        for place, rate in ((2, 0.4), (5, 0.2)):
            assert np.array_equal(masks[place] != 0, probe.mask(place)[:, 0])
            assert set(np.unique(masks[place])) <= {0.0, 1 / (1 - rate)}
        out = probe.activation(len(probe.layers) - 1)
        np.testing.assert_allclose(under_masks(state, x, masks), out.T, rtol=1e-13)


@pytest.mark.parametrize("count", [1, 7, 130, 300])
def test_one_mask_holds_for_all_rows(count):
    state, x = state_of(TWO), rows(count)
    tensors, masks = state.tensors, drawn(state, 3)
    h = np.maximum(x @ tensors["0.W"].T + tensors["0.b"], 0) * masks[2]
    h = np.maximum(h @ tensors["3.W"].T + tensors["3.b"], 0) * masks[5]
    expected = h @ tensors["6.W"].T + tensors["6.b"]
    np.testing.assert_allclose(under_masks(state, x, masks), expected, rtol=1e-12, atol=1e-13)
    # Other masks are other networks.
    assert not np.allclose(under_masks(state, x, drawn(state, 4)), expected)


def test_several_masks_are_each_what_they_are_alone():
    state, x = state_of(TWO, precision="float32"), rows(40)
    together = over_masks(state, x, 5, first=2)
    assert together.shape == (5, 40, 2) and together.dtype == np.float32
    for k, alone in enumerate(together):
        assert np.array_equal(alone, under_masks(state, x, drawn(state, 2 + k)))


@pytest.mark.parametrize("layers", [TWO, [NORM, dropped(), dense(8), NORM, RELU, dropped(0.3)],
                                    [dropped(0.1)], [dense(5), RELU]])
def test_without_masks_it_is_the_network_in_use_and_nothing_changes(layers):
    state, x = state_of(layers), rows(50)
    before = state.state.copy()
    assert np.array_equal(under_masks(state, x, {}), state.outputs(x))
    over_masks(state, x, 3)
    assert np.array_equal(state.state, before)


def test_batch_norm_stays_on_its_running_statistics():
    state, x = state_of([dense(8), NORM, RELU, dropped(), dense(6), NORM, RELU]), rows(60)
    masks = drawn(state, 1)
    # Not the statistics of the rows asked about: each row's outputs hang on that row alone.
    np.testing.assert_allclose(under_masks(state, x, masks)[:9],
                               under_masks(state, x[:9], masks), rtol=1e-12)


def test_behind_dropout_a_linear_networks_mean_over_all_masks_is_the_scaled_output():
    """Every mask of 6 units, each as likely as the others: exactly the output in use."""
    state, x = state_of([dense(6), RELU, dropped(0.5)]), rows(20)
    every = [under_masks(state, x, {2: 2.0 * np.array(bits)})
             for bits in product((0.0, 1.0), repeat=6)]
    np.testing.assert_allclose(np.mean(every, axis=0), state.outputs(x), rtol=1e-12, atol=1e-13)


def test_behind_dropout_a_linear_networks_mean_over_drawn_masks_approaches_it():
    state, x = state_of([dense(20), RELU, dropped(0.4)]), rows(15)
    count = 4000
    mean = over_masks(state, x, count).mean(0)
    tensors = state.tensors
    h = np.maximum(x @ tensors["0.W"].T + tensors["0.b"], 0)
    variance = h**2 @ (tensors["3.W"].T ** 2) * 0.4 / 0.6
    assert (np.abs(mean - state.outputs(x)) < SIGMAS * np.sqrt(variance / count) + 1e-12).all()


def test_a_network_that_bends_behind_dropout_is_only_approximated():
    state, x = state_of([dropped(0.5), dense(16), RELU, dense(16), RELU], steps=200), rows(40)
    single = over_masks(state, x, 2000)
    away = np.abs(single.mean(0) - state.outputs(x))
    # Did the mean approach the output in use, not one of these 80 would be further off than that.
    assert (away > SIGMAS * single.std(0) / np.sqrt(2000)).any()


def test_what_cannot_be_masked_is_said():
    state = state_of(TWO)
    with pytest.raises(RunError, match=r"layer 1 is no dropout layer .* these are: 2, 5"):
        under_masks(state, rows(2), {1: np.ones(12)})
    with pytest.raises(RunError, match=r"the mask of layer 2 must have the shape \(12,\), not"):
        under_masks(state, rows(2), {2: np.ones(9)})
    with pytest.raises(RunError, match="numbered from 1 up, not 0"):
        drawn(state, 0)
    with pytest.raises(RunError, match="from 1 to 100,000 masks"):
        over_masks(state, rows(2), 0)
    with pytest.raises(RunError, match="numbers that are put out at once"):
        over_masks(state, rows(3000), 100_000)
    with pytest.raises(RunError, match=r"inputs must have the shape \(n, 2\)"):
        under_masks(state, np.ones((3, 5)), {})


# --- both modes' losses on one batch


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_loss_as_in_training_is_the_recorded_one_bit_for_bit(precision):
    layers = [dense(8), NORM, RELU, dropped(0.3)]
    run = Run(Experiment(steps=20, seed=2, problem={
        "kind": "network", "dataset": "moons", "batch": 16, "precision": precision},
        contestants=[{"name": "A", "layers": layers, "optimizer": "adam"}])).finish()
    record = run.record()
    for step in (0, 7, 19):
        state = run.at(step).contestants[0]
        training, in_use = mode_losses(state)
        assert training == record["0/loss"][step]
        picked = record["0/batches"][step]
        expected = state.probe(record["train/x"][picked], record["train/y"][picked]).loss
        assert in_use == expected
        assert training != in_use


def test_without_such_layers_both_modes_are_one():
    training, in_use = mode_losses(state_of([dense(8), RELU]))
    assert training == in_use
