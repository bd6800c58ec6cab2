"""Backpropagation is the slope of the loss, for whatever is registered; and a mistake is found."""

import time

import numpy as np
import pytest

from engine import Experiment, gradient_check
from engine.errors import RunError
from engine.kernels import BACKWARD, Kernel
from engine.layers import layers
from engine.losses import losses

SMALL = {"width": 5, "pieces": 3, "rate": 0.3}
PENALTIES = {"none": {}, "l1": {"l1": 0.02}, "l2": {"l2": 0.3}, "both": {"l1": 0.02, "l2": 0.3}}


def layer(kind, **hypers):
    return {"kind": kind, **{key: SMALL[key] for key in layers[kind].defaults() if key in SMALL},
            **hypers}


def network(*kinds, loss="cross-entropy", batch=12, steps=50, contestant=None, **problem):
    """An experiment with one network of small layers, on data that its loss fits."""
    dataset = {"classes": "moons", "regression": "bumps"}[losses[loss].task]
    listed = [layer(kind) if isinstance(kind, str) else kind for kind in kinds]
    return Experiment(
        seed=3, steps=steps,
        problem={"kind": "network", "dataset": dataset, "loss": loss, "batch": batch, **problem},
        contestants=[{"name": "Net", "layers": listed, "optimizer": {"name": "sgd", "lr": 0.1},
                      **(contestant or {})}])


@pytest.mark.parametrize("learning", [True, False], ids=["training", "use"])
@pytest.mark.parametrize("loss", list(losses))
@pytest.mark.parametrize("kind", list(layers))
def test_every_layer_with_every_loss(kind, loss, learning):
    experiment = network("dense", kind, "dense", kind, loss=loss, contestant=PENALTIES["both"])
    check = gradient_check(experiment, learning=learning)
    assert check.passed, str(check)
    assert check.kinks <= 2


@pytest.mark.parametrize("penalty", list(PENALTIES))
@pytest.mark.parametrize("kind", list(layers))
def test_every_layer_with_every_penalty_after_some_training(kind, penalty):
    experiment = network("dense", kind, "dense", contestant=PENALTIES[penalty])
    check = gradient_check(experiment, step=20)
    assert check.passed, str(check)


@pytest.mark.parametrize("kinds", [
    ("dense", "batch-norm", "tanh", "dropout", "dense", "layer-norm", "prelu", "maxout"),
    ("dropout", "maxout", "batch-norm", "gelu", "dense", "dropout", "selu"),
    ("batch-norm", "dense", "relu", "dense", "relu", "dense", "relu", "dropout"),
    (),
], ids=lambda kinds: "-".join(kinds) or "linear")
@pytest.mark.parametrize("learning", [True, False], ids=["training", "use"])
def test_layers_on_top_of_each_other(kinds, learning):
    check = gradient_check(network(*kinds, preprocess=["center", "scale"]), step=5,
                           learning=learning)
    assert check.passed, str(check)
    assert set(check.tensors) >= {"inputs", f"{len(kinds)}.W", f"{len(kinds)}.b"}


def test_penalties_count_in_training_alone():
    plain, penalised = network("dense", "tanh"), network("dense", "tanh", contestant={"l2": 0.5})
    weights, biases = "0.W", "0.b"
    trained = gradient_check(plain).tensors, gradient_check(penalised).tensors
    used = (gradient_check(plain, learning=False).tensors,
            gradient_check(penalised, learning=False).tensors)
    assert not np.allclose(trained[0][weights].numeric, trained[1][weights].numeric)
    assert np.array_equal(trained[0][biases].numeric, trained[1][biases].numeric)
    assert np.array_equal(used[0][weights].numeric, used[1][weights].numeric)


def test_dropout_draws_the_mask_of_the_step():
    experiment = network("dense", "tanh", layer("dropout", rate=0.5))
    rows = np.arange(12)
    first, again, later = (gradient_check(experiment, step=step, rows=rows) for step in (0, 0, 1))
    used = gradient_check(experiment, rows=rows, learning=False)
    assert first.loss == again.loss and len({first.loss, later.loss, used.loss}) == 3


def test_it_is_in_float64_whatever_the_run_is_in():
    single = gradient_check(network("dense", "tanh"))
    assert single.tensors["0.W"].analytic.dtype == np.float64
    assert single.worst < 1e-8


def test_the_gradient_is_the_one_that_training_steps_by():
    from engine import Run

    experiment = network("dense", "tanh", contestant=PENALTIES["l2"])
    run = Run(experiment)
    run.advance(4)
    before, after = (run.at(step).contestants[0].tensors for step in (3, 4))
    check = gradient_check(experiment, step=3)
    for name in before:
        np.testing.assert_allclose(after[name] - before[name], -0.1 * check.tensors[name].analytic,
                                   rtol=1e-4, atol=1e-6)


def test_rows_are_training_rows_and_drift_moves_them():
    still = network("dense", "tanh")
    moving = network("dense", "tanh", drift={"kind": "shift", "per_1000_steps": 50.0})
    assert gradient_check(still, rows=[1, 2]).tensors["inputs"].analytic.shape == (2, 2)
    for experiment in (still, moving):
        assert gradient_check(experiment, step=9, rows=range(30)).passed
    assert (gradient_check(still, step=9, rows=[4]).loss
            != gradient_check(moving, step=9, rows=[4]).loss)


def test_many_numbers_are_sampled_and_the_rest_is_not_claimed():
    experiment = network(layer("dense", width=40), "tanh", layer("dense", width=40))
    check = gradient_check(experiment, sample=100)
    tensor = check.tensors["2.W"]
    assert check.passed and tensor.compared == 100
    assert np.count_nonzero(np.isnan(tensor.numeric)) == 1500
    assert np.array_equal(gradient_check(experiment, sample=100).tensors["2.W"].numeric,
                          tensor.numeric, equal_nan=True)
    assert "100 of 1,600" in str(check)
    assert gradient_check(experiment, sample=None).tensors["2.W"].compared == 1600


# --- kinks ------------------------------------------------------------------------------------


def test_a_weight_of_0_has_no_slope_under_l1_and_is_counted():
    check = gradient_check(network("dense", "tanh", contestant={"l1": 0.1, "init": "zeros"}))
    assert check.tensors["0.W"].kinks == 10 and check.tensors["0.W"].compared == 0
    assert not check.passed and "could be compared" in str(check)
    assert gradient_check(network("dense", "tanh", contestant={"init": "zeros"})).passed


def test_ties_of_maxout_are_kinks_and_the_rest_is_compared():
    tied = layer("maxout", init={"name": "constant", "value": 0.3})
    check = gradient_check(network(tied, "dense"))
    assert check.tensors["0.W"].kinks == check.tensors["0.W"].analytic.size
    assert check.tensors["1.W"].compared == 25 and check.worst <= 1e-7


def test_relu_at_0_is_a_kink():
    # Without weights every unit is at 0: its bias lifts it over the kink, and a weight does too.
    first = layer("dense", init="zeros")
    check = gradient_check(network(first, "relu"))
    assert check.tensors["0.b"].kinks == 5 and check.tensors["2.b"].kinks == 0


def test_wide_relu_networks_have_kinks_nearly_everywhere_and_pass():
    check = gradient_check(network(layer("dense", width=60), "relu", layer("dense", width=60),
                                   "leaky-relu", batch=64))
    assert check.passed, str(check)
    assert check.kinks <= 40


# --- mistakes ---------------------------------------------------------------------------------


def tanh_backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    for i in range(dx.shape[0]):
        for j in range(dx.shape[1]):
            dx[i, j] = 1.0001 * dy[i, j] * (1 - y[i, j] * y[i, j])


def dense_backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    fan_in, fan_out = x.shape[0], y.shape[0]
    dparams[: fan_out * fan_in] = (dy @ x.T).reshape(fan_out * fan_in)
    for i in range(fan_out):
        dparams[fan_out * fan_in + i] = 0.0
        for j in range(dy.shape[1] - 1):
            dparams[fan_out * fan_in + i] += dy[i, j]
    if dx.shape[0] > 0:
        dx[:, :] = params[: fan_out * fan_in].reshape((fan_out, fan_in)).T @ dy


def prelu_backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    dparams[0] = np.nan
    for i in range(dx.shape[0]):
        for j in range(dx.shape[1]):
            dx[i, j] = dy[i, j] * (1.0 if x[i, j] > 0 else params[0])


@pytest.mark.parametrize("kind, wrong, blamed, error", [
    # What lies in front of the wrong layer gets a wrong gradient, what lies behind does not.
    ("tanh", tanh_backward, {"inputs", "0.W", "0.b"}, pytest.approx(1e-4, rel=0.9)),
    ("dense", dense_backward, {"0.b", "2.b"}, pytest.approx(0.5, abs=0.5)),
    ("prelu", prelu_backward, {"1.a"}, np.inf),
])
def test_a_wrong_kernel_is_found_and_named(monkeypatch, kind, wrong, blamed, error):
    experiment = network("dense", "prelu" if kind == "prelu" else "tanh", contestant={"l2": 0.1})
    right = gradient_check(experiment)
    assert right.passed
    kernel = Kernel(wrong, BACKWARD).compiled("float64")
    monkeypatch.setitem(layers[kind].backward._compiled, "float64", kernel)
    check = gradient_check(experiment)
    assert not check.passed and check.worst == error
    assert {name for name, tensor in check.tensors.items() if tensor.worst > 1e-7} == blamed
    assert check.worst_tensor in blamed and f"failed: {check.worst_tensor}" in str(check)
    for name, tensor in check.tensors.items():
        np.testing.assert_allclose(tensor.numeric, right.tensors[name].numeric, rtol=0, atol=1e-8)


def test_a_wrong_penalty_is_found(monkeypatch):
    # l2 · W where the loss has l2/2 · ΣW²: halved, as if the other convention were meant.
    from engine.network.training import Training

    gradient = Training.gradient

    def halved(self, state, step, batch=None):
        loss, penalty, grads = gradient(self, state, step, batch)
        bare = grads.copy()
        for name, weights in self.network.tensors(self.split(state).params, np.empty(0)):
            if name == "0.W":
                bare[: weights.size] -= 0.25 * weights.reshape(-1)
        return loss, penalty, bare

    monkeypatch.setattr(Training, "gradient", halved)
    check = gradient_check(network("dense", "tanh", contestant={"l2": 0.5}))
    assert [name for name, tensor in check.tensors.items() if tensor.worst > 1e-7] == ["0.W"]


# --- what cannot be checked -------------------------------------------------------------------


@pytest.mark.parametrize("arguments, sentence", [
    ({"contestant": 1}, "contestant must be a place from 0 to 0, not 1"),
    ({"step": 51}, "step must be from 0 to 50, not 51"),
    ({"step": -1}, "step must be from 0 to 50, not -1"),
    ({"rows": []}, "rows must be numbers of training rows from 0 to 419"),
    ({"rows": [420]}, "at least one, not \\[420\\]"),
    ({"rows": [0.5]}, "rows must be numbers"),
    ({"h": 0.0}, "h must be a number from 1e-06 to 0.1, not 0"),
    ({"sample": 0}, "sample must be None or a whole number from 1 up, not 0"),
])
def test_bad_arguments_are_refused(arguments, sentence):
    with pytest.raises(RunError, match=sentence):
        gradient_check(network("dense"), **arguments)


def test_a_surface_has_no_layers():
    surface = Experiment(problem={"kind": "surface", "surface": "bowl"},
                         contestants=[{"optimizer": "sgd"}])
    with pytest.raises(RunError, match="trains networks, not one on a surface"):
        gradient_check(surface)


def test_a_small_network_is_checked_in_less_than_a_second():
    experiment = network(layer("dense", width=32), "tanh", layer("dense", width=32), "tanh",
                         batch=32)
    gradient_check(experiment)
    start = time.perf_counter()
    check = gradient_check(experiment)
    assert check.tensors["2.W"].compared == 1024
    assert time.perf_counter() - start < 1
