"""Layers against slow twins, differences of them, PyTorch, and what their papers promise."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.kernels import FORWARD, Kernel
from engine.layers import Activation, layers
from tests import naive_layers
from tests.placed_layer import PRECISIONS, Placed, inputs, named

NAMES = {"dense", "maxout", "batch-norm", "layer-norm", "dropout"}

# Far from the defaults, so that every hyperparameter shows.
LIVELY = {"width": 4, "pieces": 3, "momentum": 0.3, "eps": 0.1, "rate": 0.3}

with np.load(Path(__file__).parents[1] / "oracle" / "layers.npz") as golden:
    GOLDEN = {key: golden[key] for key in golden.files}
CASES = json.loads(GOLDEN["cases"].item())["cases"]
BATCHES = json.loads(GOLDEN["cases"].item())["batches"]

every = pytest.mark.parametrize("name", sorted(NAMES))
modes = pytest.mark.parametrize("training", [True, False], ids=["training", "use"])
sizes = pytest.mark.parametrize("fan_in, rows", [(7, 9), (6, 2), (5, 1), (1, 4), (33, 17)])


def lively(name, fan_in, precision="float64", seed=0):
    hypers = {key: LIVELY[key] for key in layers[name].defaults()}
    return Placed(name, fan_in, precision, seed, **hypers)


def differences(function, at, step=1e-5):
    """The gradient of a function of an array, by central differences."""
    gradient = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        ends = []
        for side in (step, -step):
            moved = at.copy()
            moved[place] += side
            ends.append(function(moved))
        gradient[place] = (ends[0] - ends[1]) / (2 * step)
    return gradient


# --- the contract -----------------------------------------------------------------------------


def test_exactly_the_promised_names_are_registered():
    found = {name for name, layer in layers.items() if not isinstance(layer, Activation)}
    assert found == NAMES
    assert {name for name in NAMES if layers[name].training_differs} == {"batch-norm", "dropout"}


@every
def test_hyperparameters_accept_their_defaults_and_sliders(name):
    for hyper in layers[name].hypers:
        for value in (hyper.default, *hyper.span):
            assert hyper.refusal(value) is None, hyper.name
        assert hyper.refusal(hyper.high + 1) is not None
        assert hyper.doc


@every
@modes
@sizes
def test_forward_is_its_twin(name, training, fan_in, rows):
    placed, x = lively(name, fan_in), inputs(fan_in, rows)
    expected = naive_layers.LAYERS[name](
        x, placed.tensors(), placed.hypers, key=77, training=training)
    y = placed.forward(x, key=77, training=training)
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-13)


@every
@modes
@pytest.mark.parametrize("fan_in, rows", [(7, 9), (6, 2), (5, 1), (1, 4)])
def test_backward_is_the_slope_of_the_twin(name, training, fan_in, rows):
    placed, x = lively(name, fan_in), inputs(fan_in, rows)
    start = {key: value.copy() for key, value in placed.tensors().items()}
    placed.forward(x, key=77, training=training)
    dy = np.random.default_rng(2).normal(size=placed.y.shape)
    dx, dparams = placed.backward(dy, training)

    def loss(x, flat):
        tensors = start | named(placed.form.params, flat)
        y = naive_layers.LAYERS[name](x, tensors, placed.hypers, key=77, training=training)
        return (dy * y).sum()

    for ours, expected in (
        (dx, differences(lambda moved: loss(moved, placed.params), x)),
        (dparams, differences(lambda moved: loss(x, moved), placed.params)),
    ):
        size = np.abs(expected).max(initial=0.01)
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-7 * size)


@every
@modes
@pytest.mark.parametrize("precision", PRECISIONS)
def test_kernels_keep_to_what_is_theirs(name, training, precision):
    placed, x = lively(name, 6, precision), inputs(6, 5)
    params, state = placed.params.copy(), placed.state.copy()
    placed.forward(x, training=training)
    y, dy = placed.y.copy(), np.ones(placed.y.shape)
    dx, dparams = placed.backward(dy, training)
    assert np.isfinite(y).all() and np.isfinite(dx).all() and np.isfinite(dparams).all()
    assert np.array_equal(placed.params, params) and np.array_equal(placed.y, y)
    assert np.array_equal(placed.x, placed.array(x))
    assert np.array_equal(placed.state, state) == (name != "batch-norm" or not training)
    assert np.isnan(placed.memory[placed.used :]).all()
    # Going back a second time gives the same, also to a first layer that passes nothing on.
    assert np.array_equal(placed.backward(dy, training, first=True)[1], dparams)
    assert np.array_equal(placed.backward(dy, training)[0], dx)


@every
@modes
def test_float32_agrees_with_float64(name, training):
    x = inputs(33, 64).astype("float32")
    dy = np.random.default_rng(2).normal(size=(lively(name, 33).form.fan_out, 64))
    found = {}
    for precision in PRECISIONS:
        placed = lively(name, 33, precision)
        y = placed.forward(x, training=training)
        found[precision] = (y, *placed.backward(dy, training), placed.state)
    for single, double in zip(found["float32"], found["float64"], strict=True):
        np.testing.assert_allclose(single, double, rtol=0,
                                   atol=1e-5 * np.abs(double).max(initial=1))


@every
@modes
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_divergence_stays_visible(name, training, bad, precision):
    placed, x = lively(name, 6, precision), inputs(6, 8)
    x[2, 3] = bad
    if name in ("dense", "maxout"):
        # Of an infinite sum the other pieces may be the larger ones.
        placed.tensors()["W"][:] = 1
    for key in range(4):
        assert not np.isfinite(placed.forward(x, key, training)[:, 3]).all()


@every
@modes
@pytest.mark.parametrize("precision", PRECISIONS)
def test_kernels_allocate_nothing(name, training, precision):
    placed, x = lively(name, 6, precision), inputs(6, 5)
    assert allocations(lambda: placed.forward(x, training=training)) == 6
    assert allocations(lambda: placed.backward(np.ones(placed.y.shape), training)) == 8


def test_an_allocation_would_be_noticed():
    def forward(params, x, y, memory, state, hyper, key, training):
        y[0, 0] = np.zeros(x.shape[0]).sum()

    wasteful, array, none = Kernel(forward, FORWARD).compiled(), np.zeros((2, 2)), np.empty(0)
    assert allocations(
        lambda: wasteful(none, array, array, none, none, none, np.uint64(1), True)) == 7


def allocations(action):
    """How often Numba's runtime allocates; once for each array that comes from Python."""
    from numba.core.runtime import _nrt_python, rtsys

    _nrt_python.memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats().alloc
        action()
        return rtsys.get_allocation_stats().alloc - before
    finally:
        _nrt_python.memsys_disable_stats()


# --- PyTorch ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case["layer"] for case in CASES])
def test_pytorch_puts_out_and_hands_back_the_same(place):
    case = CASES[place]
    placed = Placed(case["layer"], case["fan_in"], **case["hypers"])
    for tensor in placed.form.state:
        placed.tensors()[tensor.name][:] = tensor.start
    for tensor in placed.form.params:
        placed.tensors()[tensor.name][:] = GOLDEN[f"{place}/param/{tensor.name}"]
    for k in range(BATCHES + 1):
        def theirs(key, k=k):
            return GOLDEN[f"{place}/{k}/{key}"]

        training = k < BATCHES
        y = placed.forward(theirs("x"), training=training)
        dx, dparams = placed.backward(theirs("dy"), training)
        ours = {"y": y, "dx": dx} | {
            f"d/{key}": value for key, value in named(placed.form.params, dparams).items()
        } | {f"state/{key}": value for key, value in named(placed.form.state, placed.state).items()}
        for key, value in ours.items():
            np.testing.assert_allclose(value, theirs(key), rtol=1e-12, atol=1e-13, err_msg=key)


def test_defaults_are_pytorchs():
    assert layers["batch-norm"].defaults() == {"momentum": 0.1, "eps": 1e-5}
    assert layers["layer-norm"].defaults() == {"eps": 1e-5}
    assert layers["dropout"].defaults() == {"rate": 0.5}
    starts = {
        name: {tensor.name: tensor.start for tensor in (*form.params, *form.state)}
        for name in NAMES for form in [layers[name].form(3, layers[name].defaults())]
    }
    assert starts == {
        "dense": {"W": None, "b": 0.0}, "maxout": {"W": None, "b": 0.0}, "dropout": {},
        "layer-norm": {"gamma": 1.0, "beta": 0.0},
        "batch-norm": {"gamma": 1.0, "beta": 0.0, "mean": 0.0, "var": 1.0},
    }


# --- maxout -----------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_first_of_equal_pieces_wins_and_learns_alone(precision):
    placed = Placed("maxout", 5, precision, width=3, pieces=4)
    for tensor in placed.tensors().values():
        tensor[:] = np.repeat(tensor[::4], 4, axis=0)
    x = inputs(5, 6)
    placed.forward(x)
    dparams = placed.backward(np.ones((3, 6)))[1]
    assert (placed.memory[: 3 * 6] == 0).all()
    biases = named(placed.form.params, dparams)["b"].reshape(3, 4)
    assert (biases == [6, 0, 0, 0]).all()


def test_maxout_remembers_which_piece_won():
    placed = Placed("maxout", 1, width=1, pieces=3)
    placed.tensors()["W"][:, 0] = [-1, 0, 1]
    placed.tensors()["b"][:] = [0, 0.5, 0]
    y = placed.forward(np.array([[-2.0, 0.0, 3.0]]))
    assert y.tolist() == [[2.0, 0.5, 3.0]]
    assert placed.memory[:3].tolist() == [0, 1, 2]


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("piece", [0, 1, 2])
def test_a_piece_that_is_no_number_wins(piece, precision):
    placed = Placed("maxout", 2, precision, width=1, pieces=3)
    placed.tensors()["b"][piece] = np.nan
    assert np.isnan(placed.forward(inputs(2, 5))).all()
    assert (placed.memory[:5] == piece).all()


# --- normalisation ----------------------------------------------------------------------------


def test_batch_norm_can_give_back_its_input():
    placed, x = Placed("batch-norm", 6), inputs(6, 40)
    placed.tensors()["gamma"][:] = np.sqrt(x.var(axis=1) + placed.hypers["eps"])
    placed.tensors()["beta"][:] = x.mean(axis=1)
    np.testing.assert_allclose(placed.forward(x), x, rtol=1e-13, atol=1e-13)


def test_running_statistics_follow_the_batches_and_rest_in_use():
    placed = lively("batch-norm", 5)
    for seed in range(6):
        x = inputs(5, 8, seed)
        mean, var = naive_layers.running_statistics(x, placed.tensors(), placed.hypers)
        placed.forward(x)
        np.testing.assert_allclose(placed.state, [*mean, *var], rtol=1e-13)
    before = placed.state.copy()
    placed.forward(inputs(5, 8, 9), training=False)
    assert np.array_equal(placed.state, before)


def test_batch_norm_remembers_the_statistics_that_it_used():
    placed, x = Placed("batch-norm", 4), inputs(4, 30)
    placed.forward(x)
    np.testing.assert_allclose(placed.memory[:4], x.mean(axis=1), rtol=1e-13)
    np.testing.assert_allclose(placed.memory[4:8], x.var(axis=1), rtol=1e-13)
    placed.forward(x, training=False)
    assert np.array_equal(placed.memory[:8], placed.state)


def test_a_single_row_moves_the_running_mean_but_no_variance():
    placed, x = Placed("batch-norm", 4, momentum=0.5), inputs(4, 1)
    mean, var = (placed.tensors()[name].copy() for name in ("mean", "var"))
    y = placed.forward(x)
    np.testing.assert_allclose(y[:, 0], placed.tensors()["beta"])
    np.testing.assert_allclose(placed.tensors()["mean"], (mean + x[:, 0]) / 2)
    assert np.array_equal(placed.tensors()["var"], var)
    assert (placed.backward(np.ones((4, 1)))[0] == 0).all()


@pytest.mark.parametrize("name", ["batch-norm", "layer-norm"])
def test_a_small_variance_survives_beside_a_large_mean_in_float32(name):
    # A mean of 10,000 at a spread of 1: float32 leaves it 4 of its 7 digits. Squares summed as
    # they are, 1e8 each, would leave it none.
    x = (1e4 + np.random.default_rng(3).normal(size=(40, 50))).astype("float32")
    single, double = (Placed(name, 40, precision).forward(x) for precision in PRECISIONS)
    np.testing.assert_allclose(single, double, atol=5e-3)


@pytest.mark.parametrize("name, axis", [("batch-norm", 1), ("layer-norm", 0)])
def test_normalised_means_mean_0_and_variance_1(name, axis):
    placed = Placed(name, 30, eps=1e-12)
    placed.tensors()["gamma"][:], placed.tensors()["beta"][:] = 1, 0
    y = placed.forward(inputs(30, 20))
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(axis=axis), 1, rtol=1e-10)
