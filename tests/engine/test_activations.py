"""What every activation owes: its formula, its slope, honest ends, and speed in float32."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from engine.activations import activations
from engine.layers import layers
from tests.naive_activations import ACTIVATIONS

NAMES = {
    "identity", "sigmoid", "tanh", "relu", "leaky-relu", "prelu", "elu", "selu", "gelu", "silu",
    "softplus",
}
KINKED = {"relu", "leaky-relu", "prelu", "elu", "selu"}
EXPONENTIAL = ["sigmoid", "tanh", "elu", "selu", "gelu", "silu", "softplus"]

every = pytest.mark.parametrize("name", sorted(NAMES))
exponential = pytest.mark.parametrize("name", EXPONENTIAL)
precisions = pytest.mark.parametrize("precision", ["float32", "float64"])

with np.load(Path(__file__).parents[1] / "oracle" / "functions.npz") as golden:
    GOLDEN = dict(golden)
CASES = {
    i: case for i, case in enumerate(json.loads(GOLDEN["cases"].item())["cases"])
    if "activation" in case
}


def passed(name, x, precision="float64", dy=None, params=None, dx_rows=None, **hypers):
    """Outputs, input gradients and parameter gradients of x (units, n), for dy or for ones."""
    definition = activations[name]
    assert hypers.keys() <= definition.defaults().keys()
    values = definition.defaults() | hypers
    x = np.array(x, precision, ndmin=2, order="C")
    units, rows = x.shape
    form = definition.form(units, values)
    assert form.fan_out == units
    if params is None:
        params = [tensor.start for tensor in form.params for _ in range(tensor.size)]
    params = np.array(params, precision)
    memory = np.full(form.memory + form.memory_per_row * rows, np.nan, precision)
    state, hyper = np.zeros(0, precision), np.array(list(values.values()), float)
    y, dparams = np.full_like(x, 7), np.full_like(params, 7)
    dy = np.ones_like(x) if dy is None else np.array(dy, precision, ndmin=2, order="C")
    dx = np.full((units if dx_rows is None else dx_rows, rows), 7, precision)
    before = [array.copy() for array in (params, x, dy)]
    definition.forward.compiled(precision)(
        params, x, y, memory, state, hyper, np.uint64(3), True)
    definition.backward.compiled(precision)(
        params, x, y, dy, dx, dparams, memory, hyper, True)
    for array, copy in zip((params, x, dy), before, strict=True):
        np.testing.assert_array_equal(array, copy)
    return y, dx, dparams


def outputs(name, x, precision="float64", **more):
    return passed(name, x, precision, **more)[0][0]


def slopes(name, x, precision="float64", **more):
    return passed(name, x, precision, **more)[1][0]


def twin(name, x, **hypers):
    """The twin's outputs, with the default of every hyperparameter that is not given."""
    values = activations[name].defaults() | ({"a": 0.25} if name == "prelu" else {}) | hypers
    return np.array([ACTIVATIONS[name](value, **values) for value in np.ravel(x).tolist()])


def spread(count=2001, scale=6.0, seed=1):
    return np.random.default_rng(seed).normal(0, scale, count)


# --- the contract -----------------------------------------------------------------------------


def test_exactly_the_promised_names_are_registered_and_are_layers_too():
    assert set(activations) == NAMES == set(ACTIVATIONS)
    assert all(layers[name] is activations[name] for name in NAMES)


@every
def test_a_definition_says_what_it_is_and_accepts_its_own_hyperparameters(name):
    definition = activations[name]
    assert definition.title and definition.tex and definition.doc.endswith(".")
    assert any(part.strip(",;").isdigit() for part in definition.source.split()), "a year"
    for hyper in definition.hypers:
        assert all(hyper.refusal(value) is None for value in (hyper.default, *hyper.span))
        assert hyper.doc and hyper.symbol


def test_defaults_are_pytorchs():
    defaults = {name: activations[name].defaults() for name in NAMES}
    assert defaults.pop("leaky-relu") == {"negative_slope": 0.01}
    assert defaults.pop("elu") == {"alpha": 1.0}
    assert not any(defaults.values())
    (slope,) = activations["prelu"].form(40, {}).params
    assert (slope.name, slope.shape, slope.start) == ("a", (1,), 0.25)


@every
@precisions
@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (1, 17), (3, 7), (4, 33), (16, 16)])
def test_kernel_agrees_with_its_slow_twin_at_every_size(name, precision, shape):
    x = spread(shape[0] * shape[1], 3.0).astype(precision).reshape(shape)
    y, _, _ = passed(name, x, precision)
    tolerance = {"float32": 3e-6, "float64": 1e-14}[precision]
    np.testing.assert_allclose(y.ravel(), twin(name, x), rtol=tolerance, atol=tolerance / 30)


@pytest.mark.parametrize(("name", "changes"), [
    ("leaky-relu", {"negative_slope": 0.3}), ("leaky-relu", {"negative_slope": 0.0}),
    ("elu", {"alpha": 2.5}), ("elu", {"alpha": 0.0}),
])
@precisions
def test_hyperparameters_mean_what_the_twin_says(name, changes, precision):
    x = spread(65).astype(precision)
    y = outputs(name, x, precision, **changes)
    np.testing.assert_allclose(y, twin(name, x, **changes), rtol=1e-6, atol=0)
    assert np.abs(y - outputs(name, x, precision)).max() > 0.005


@pytest.mark.parametrize("i", CASES, ids=lambda i: "-".join(map(str, CASES[i].values())))
def test_values_and_gradients_are_pytorchs(i):
    case = CASES[i]
    x, y, dy, dx = (GOLDEN[f"{i}/{key}"] for key in ("x", "y", "dy", "dx"))
    params = [case["a"]] if "a" in case else None
    ours = passed(case["activation"], x, dy=dy, params=params, **case.get("hypers", {}))
    # PyTorch's GELU and SELU lose digits in the tails: a few times 1e-16, absolutely.
    np.testing.assert_allclose(ours[0][0], y, rtol=1e-13, atol=2e-15)
    np.testing.assert_allclose(ours[1][0], dx, rtol=1e-13, atol=2e-15)
    if "a" in case:
        np.testing.assert_allclose(ours[2], GOLDEN[f"{i}/da"], rtol=1e-13)


def test_golden_cases_cover_every_activation():
    assert {case["activation"] for case in CASES.values()} == NAMES


# --- slopes -----------------------------------------------------------------------------------


@every
def test_slopes_are_the_differences_of_the_outputs(name):
    x, h = spread(400, 2.5), 1e-5
    x = x[np.abs(x) > 2 * h]
    differences = (outputs(name, x + h) - outputs(name, x - h)) / (2 * h)
    np.testing.assert_allclose(slopes(name, x), differences, rtol=1e-7, atol=1e-10)


@every
@precisions
def test_gradients_are_the_slopes_times_what_comes_from_above(name, precision):
    x, dy = spread(35, 2.0).reshape(5, 7), spread(35, 2.0, seed=2).reshape(5, 7)
    _, slope, _ = passed(name, x, precision)
    _, dx, _ = passed(name, x, precision, dy=dy)
    np.testing.assert_allclose(dx, slope * dy.astype(precision), rtol=1e-6)


def test_prelus_parameter_gets_the_sum_over_all_negative_inputs():
    x, dy, h = spread(60).reshape(4, 15), spread(60, seed=2).reshape(4, 15), 1e-6
    _, _, (da,) = passed("prelu", x, dy=dy)
    high, low = (passed("prelu", x, params=[0.25 + side])[0] for side in (h, -h))
    assert da == pytest.approx(np.sum(dy * (high - low)) / (2 * h), rel=1e-8)
    assert da == pytest.approx(np.sum((dy * x)[x < 0]), rel=1e-13)
    assert passed("prelu", np.abs(x), dy=dy)[2] == 0


@every
@precisions
def test_a_first_layer_has_no_input_gradient_and_learns_all_the_same(name, precision):
    x = spread(21).reshape(3, 7)
    y, dx, dparams = passed(name, x, precision, dx_rows=0)
    full_y, _, full_dparams = passed(name, x, precision)
    assert dx.shape == (0, 7)
    np.testing.assert_array_equal(y, full_y)
    np.testing.assert_array_equal(dparams, full_dparams)


@precisions
@pytest.mark.parametrize(("name", "slope"), [
    ("relu", 0.0), ("leaky-relu", 0.01), ("prelu", 0.25), ("elu", 1.0), ("identity", 1.0),
    ("selu", 1.0507009873554805 * 1.6732632423543772), ("gelu", 0.5), ("silu", 0.5),
    ("softplus", 0.5), ("sigmoid", 0.25), ("tanh", 1.0),
])
def test_at_zero_a_kink_has_the_slope_of_its_left_side(name, slope, precision):
    np.testing.assert_allclose(slopes(name, [0.0, -0.0], precision), slope, rtol=5e-7)


# --- ends -------------------------------------------------------------------------------------

# What each tends to, at minus and plus infinity.
LIMITS = {
    "identity": (-np.inf, np.inf), "sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, np.inf),
    "leaky-relu": (-np.inf, np.inf), "prelu": (-np.inf, np.inf), "elu": (-1, np.inf),
    "selu": (-1.7580993408473766, np.inf), "gelu": (0, np.inf), "silu": (0, np.inf),
    "softplus": (0, np.inf),
}
LIMIT_SLOPES = {
    "identity": (1, 1), "sigmoid": (0, 0), "tanh": (0, 0), "relu": (0, 1), "leaky-relu": (0.01, 1),
    "prelu": (0.25, 1), "elu": (0, 1), "selu": (0, 1.0507009873554805), "gelu": (0, 1),
    "silu": (0, 1), "softplus": (0, 1),
}


@every
@precisions
def test_infinity_gives_the_limit(name, precision):
    x = np.tile([-np.inf, np.inf], 50)
    np.testing.assert_allclose(outputs(name, x, precision), np.tile(LIMITS[name], 50), rtol=1e-7)
    np.testing.assert_allclose(
        slopes(name, x, precision), np.tile(LIMIT_SLOPES[name], 50), rtol=1e-7, atol=1e-7)


@every
@precisions
@pytest.mark.parametrize("scale", [1e2, 1e3, 1e30])
def test_huge_inputs_are_as_good_as_at_their_limits(name, precision, scale):
    x = scale * np.linspace(0.9, 1.1, 100)
    with np.errstate(over="raise"):
        np.testing.assert_allclose(slopes(name, x, precision), LIMIT_SLOPES[name][1], atol=1e-6)
        np.testing.assert_allclose(slopes(name, -x, precision), LIMIT_SLOPES[name][0], atol=1e-6)
    for side, limit in ((-1, LIMITS[name][0]), (1, LIMITS[name][1])):
        y = outputs(name, side * x, precision)
        assert np.isfinite(y).all()
        if np.isfinite(limit):
            np.testing.assert_allclose(y, limit, rtol=1e-6, atol=1e-30)


@every
@precisions
def test_nan_stays_nan_and_stays_where_it_is(name, precision):
    x = spread(101, 2.0)
    x[::3] = np.nan
    y = outputs(name, x, precision)
    np.testing.assert_array_equal(np.isnan(y), np.isnan(x))
    clean = np.flatnonzero(~np.isnan(x))
    np.testing.assert_allclose(y[clean], twin(name, x[clean]), rtol=3e-6, atol=1e-7)


@every
@precisions
def test_nan_from_above_reaches_the_gradient(name, precision):
    dy = np.full(40, np.nan)
    assert np.isnan(slopes(name, np.full(40, 0.5), precision, dy=dy)).all()


@precisions
def test_nan_among_the_inputs_reaches_prelus_parameter(precision):
    assert np.isnan(passed("prelu", [1.0, np.nan, -1.0], precision)[2]).all()


# --- saturation -------------------------------------------------------------------------------


@every
def test_beyond_its_flat_bounds_and_only_there_a_slope_is_under_a_twentieth(name):
    definition = activations[name]
    far = np.linspace(-40, 40, 400_001)
    far_slopes = np.abs(slopes(name, far))
    twentieth = far_slopes.max() / 20
    for bound, side in ((definition.flat_below, -1), (definition.flat_above, 1)):
        if bound is None:
            assert far_slopes[0 if side < 0 else -1] >= twentieth
            continue
        beyond = np.append(far[(far - bound) * side > 0], bound + side * 1e-5)
        assert len(beyond) > 1000
        assert np.abs(slopes(name, beyond)).max() < twentieth
        assert np.abs(slopes(name, [bound - side * 1e-5]))[0] > twentieth


def test_alpha_above_one_moves_elus_bound_no_farther_out():
    bound = activations["elu"].flat_below
    assert slopes("elu", [bound], alpha=5.0)[0] == pytest.approx(5 / 20)


def test_leaky_relu_is_flat_by_the_rule_at_its_default_slope_but_never_at_rest():
    assert slopes("leaky-relu", [-5.0])[0] < 1 / 20
    assert slopes("leaky-relu", [-5.0], negative_slope=0.05)[0] >= 1 / 20
    assert activations["leaky-relu"].at_rest is None


@every
@precisions
def test_only_relu_rests_at_one_value(name, precision):
    definition = activations[name]
    values = outputs(name, np.linspace(-30, -1e-3, 500), precision)
    if definition.at_rest is None:
        assert np.ptp(values) > 0
    else:
        assert (values == definition.at_rest).all()
        assert (slopes(name, np.linspace(-30, -1e-3, 500), precision) == 0).all()


# --- float32 ----------------------------------------------------------------------------------


def fine(low, high, count=300_001):
    """Random float32 numbers, and the same ones in float64."""
    x = np.random.default_rng(5).uniform(low, high, count).astype("float32")
    return x, x.astype("float64")


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
@pytest.mark.parametrize("width", [0.01, 1, 20, 90])
def test_single_precision_steps_are_right_to_two_ten_millionths(name, width):
    single, double = fine(-width, width)
    assert np.abs(outputs(name, single, "float32") - outputs(name, double)).max() < 2e-7
    assert np.abs(slopes(name, single, "float32") - slopes(name, double)).max() < 5e-7


# With fused multiplication 3e-7; a processor without it rounds the reduced argument once more.
# GELU's exponential takes x^2 / 2, whose rounding shows from 5 on.
@exponential
@pytest.mark.parametrize(("width", "tolerance"), [(1e-3, 1e-6), (4, 1e-6), (12, 5e-6), (86, 5e-6)])
def test_single_precision_keeps_its_digits_in_the_tails(name, width, tolerance):
    single, double = fine(-width, width)
    y, exact = outputs(name, single, "float32"), outputs(name, double)
    normal = np.abs(exact) > 1e-36
    assert normal.mean() > 0.5
    assert np.abs(y[normal] / exact[normal] - 1).max() < tolerance


@exponential
def test_single_precision_slopes_are_right_to_half_a_millionth(name):
    single, double = fine(-30, 30)
    assert np.abs(slopes(name, single, "float32") - slopes(name, double)).max() < 5e-7


@exponential
def test_single_precision_does_not_wait_for_library_calls(name):
    # Measured: 13 to 35 times as fast as float64, whose exponentials are calls.
    times = {}
    for precision in ("float32", "float64"):
        definition = activations[name]
        forward = definition.forward.compiled(precision)
        x = spread(40_000).astype(precision).reshape(200, 200)
        y, memory, none = np.empty_like(x), np.zeros(x.size, precision), np.zeros(0, precision)
        hyper = np.array(list(definition.defaults().values()), float)
        rounds = []
        for _ in range(20):
            start = time.perf_counter()
            forward(none, x, y, memory, none, hyper, np.uint64(0), True)
            rounds.append(time.perf_counter() - start)
        times[precision] = min(rounds)
    assert times["float32"] < times["float64"] / 3
