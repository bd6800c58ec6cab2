"""What every loss owes: its formula, its gradient, PyTorch's numbers, and finite extremes."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RunError
from engine.losses import losses
from tests.naive_losses import FOR_CLASSES, LOSSES, mean_loss

NAMES = {"mse", "huber", "logistic", "cross-entropy", "hinge"}

every = pytest.mark.parametrize("name", sorted(NAMES))
precisions = pytest.mark.parametrize("precision", ["float32", "float64"])
sizes = pytest.mark.parametrize("rows", [1, 2, 17, 64, 101])

with np.load(Path(__file__).parents[1] / "oracle" / "functions.npz") as golden:
    GOLDEN = dict(golden)
CASES = {
    i: case for i, case in enumerate(json.loads(GOLDEN["cases"].item())["cases"]) if "loss" in case
}


def evaluated(name, out, target, precision="float64", **hypers):
    """The loss and its gradient (K, n)."""
    definition = losses[name]
    assert hypers.keys() <= definition.defaults().keys()
    out, target = (np.array(array, precision, ndmin=2, order="C") for array in (out, target))
    before = out.copy(), target.copy()
    dout = np.full_like(out, 7)
    hyper = np.array(list((definition.defaults() | hypers).values()), float)
    loss = definition.kernel.compiled(precision)(out, target, dout, hyper)
    np.testing.assert_array_equal(out, before[0])
    np.testing.assert_array_equal(target, before[1])
    return loss, dout


def batch(name, rows, count=3, spread=1.5, seed=1):
    """Outputs and targets of a made-up batch; `count` classes or target columns."""
    rng = np.random.default_rng(seed)
    if name == "logistic":
        count = 2
    out = rng.normal(0, spread, (losses[name].outputs(count), rows))
    if name in FOR_CLASSES:
        return out, rng.integers(0, count, (1, rows)).astype(float)
    return out, rng.normal(0, 1, (count, rows))


# --- the contract -----------------------------------------------------------------------------


def test_exactly_the_promised_names_are_registered():
    assert set(losses) == NAMES == set(LOSSES)


@every
def test_a_definition_says_what_it_is_and_accepts_its_own_hyperparameters(name):
    definition = losses[name]
    assert definition.title and definition.tex and definition.doc.endswith(".")
    assert any(part.strip(",;").isdigit() for part in definition.source.split()), "a year"
    assert definition.task == ("classes" if name in FOR_CLASSES else "regression")
    assert (definition.predict is not None) == (name in FOR_CLASSES)
    assert definition.outputs(2) == (1 if name == "logistic" else 2)
    for hyper in definition.hypers:
        assert all(hyper.refusal(value) is None for value in (hyper.default, *hyper.span))
        assert hyper.doc and hyper.symbol


def test_defaults_are_pytorchs():
    assert losses["huber"].defaults() == {"delta": 1.0}
    assert losses["hinge"].defaults() == {"margin": 1.0}
    # A delta of 0 would be a loss that is 0 everywhere.
    assert losses["huber"].hypers[0].refusal(0.0) is not None


@every
@precisions
@sizes
def test_kernel_agrees_with_its_slow_twin(name, precision, rows):
    out, target = (array.astype(precision) for array in batch(name, rows))
    loss, _ = evaluated(name, out, target, precision)
    expected = mean_loss(name, out.astype(float), target.astype(float), **losses[name].defaults())
    assert loss == pytest.approx(expected, rel={"float32": 1e-6, "float64": 1e-13}[precision])


@pytest.mark.parametrize(("name", "changes"), [
    ("huber", {"delta": 0.1}), ("huber", {"delta": 30.0}), ("hinge", {"margin": 0.0}),
    ("hinge", {"margin": 3.0}),
])
def test_hyperparameters_mean_what_the_twin_says(name, changes):
    out, target = batch(name, 40)
    loss, _ = evaluated(name, out, target, **changes)
    assert loss == pytest.approx(mean_loss(name, out, target, **changes), rel=1e-13)
    assert loss != pytest.approx(evaluated(name, out, target)[0], rel=1e-3)


@every
@sizes
def test_gradient_is_the_difference_of_the_loss(name, rows):
    out, target = batch(name, rows)
    _, gradient = evaluated(name, out, target)
    h = 3e-5
    for place in np.ndindex(*out.shape):
        high, low = out.copy(), out.copy()
        high[place] += h
        low[place] -= h
        rise = evaluated(name, high, target)[0] - evaluated(name, low, target)[0]
        assert gradient[place] == pytest.approx(rise / (2 * h), rel=1e-7, abs=1e-10)


@every
@sizes
def test_single_precision_follows_double_precision(name, rows):
    out, target = (array.astype("float32") for array in batch(name, rows, count=10, spread=4.0))
    single, single_gradient = evaluated(name, out, target, "float32")
    double, gradient = evaluated(name, out, target)
    assert single == pytest.approx(double, rel=1e-6)
    np.testing.assert_allclose(single_gradient, gradient, rtol=2e-6, atol=1e-12)


@pytest.mark.parametrize("i", CASES, ids=lambda i: "-".join(map(str, CASES[i].values())))
def test_values_and_gradients_are_pytorchs(i):
    case = CASES[i]
    out, target, loss, dout = (GOLDEN[f"{i}/{key}"] for key in ("out", "target", "loss", "dout"))
    ours, gradient = evaluated(case["loss"], out, target, **case["hypers"])
    assert ours == pytest.approx(loss.item(), rel=1e-13)
    np.testing.assert_allclose(gradient, dout, rtol=1e-13, atol=1e-17)


def test_golden_cases_cover_every_loss():
    assert {case["loss"] for case in CASES.values()} == NAMES


# --- textbook facts ---------------------------------------------------------------------------


@precisions
@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_equal_logits_cost_the_logarithm_of_the_number_of_classes(classes, precision):
    target = np.arange(12.0)[None] % classes
    for level in (0.0, 5.0, -300.0):
        out = np.full((classes, 12), level)
        loss, gradient = evaluated("cross-entropy", out, target, precision)
        assert loss == pytest.approx(math.log(classes), rel=3e-7)
        assert gradient[0, 1] == pytest.approx(1 / classes / 12, rel=1e-6)


@precisions
def test_a_logit_of_zero_costs_log_two(precision):
    loss, gradient = evaluated("logistic", [[0.0, 0.0]], [[0.0, 1.0]], precision)
    assert loss == pytest.approx(math.log(2), rel=3e-7)
    np.testing.assert_allclose(gradient, [[0.25, -0.25]], rtol=1e-6)


@precisions
def test_cross_entropy_sees_differences_of_logits_only(precision):
    out, target = batch("cross-entropy", 30)
    loss, gradient = evaluated("cross-entropy", out, target, precision)
    moved, moved_gradient = evaluated("cross-entropy", out + 8, target, precision)
    assert moved == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(moved_gradient, gradient, rtol=1e-5)
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-8)


def test_logistic_is_cross_entropy_with_one_logit_held_at_zero():
    out, target = batch("logistic", 50)
    both = np.concatenate([np.zeros_like(out), out])
    loss, gradient = evaluated("logistic", out, target)
    other, other_gradient = evaluated("cross-entropy", both, target)
    assert loss == pytest.approx(other, rel=1e-13)
    np.testing.assert_allclose(gradient[0], other_gradient[1], rtol=1e-12)


def test_huber_is_half_of_mse_near_and_straight_far_out():
    target = np.zeros((1, 5))
    near = np.linspace(-0.9, 0.9, 5)[None]
    half = evaluated("mse", near, target)[0] / 2
    assert evaluated("huber", near, target)[0] == pytest.approx(half)
    far = np.array([[-50.0, -4.0, 4.0, 50.0, 1e6]])
    np.testing.assert_allclose(evaluated("huber", far, target)[1], np.sign(far) / 5)


@precisions
def test_a_lead_by_the_margin_costs_nothing_and_leaves_the_scores_alone(precision):
    out = np.array([[3.0, 0.0], [2.0, 0.5], [-9.0, 1.5]])
    loss, gradient = evaluated("hinge", out, [[0.0, 2.0]], precision)
    assert loss == 0
    assert not gradient.any()


# --- extremes ---------------------------------------------------------------------------------


@precisions
@pytest.mark.parametrize(("name", "out", "label", "loss", "gradient"), [
    ("logistic", [1000.0], 1, 0.0, [0.0]),
    ("logistic", [-1000.0], 0, 0.0, [0.0]),
    ("logistic", [1000.0], 0, 1000.0, [1.0]),
    ("logistic", [-1000.0], 1, 1000.0, [-1.0]),
    ("cross-entropy", [1000.0, -1000.0], 0, 0.0, [0.0, 0.0]),
    ("cross-entropy", [1000.0, -1000.0], 1, 2000.0, [1.0, -1.0]),
    ("cross-entropy", [1000.0, 1000.0], 1, math.log(2), [0.5, -0.5]),
    ("cross-entropy", [-1000.0, -1000.0, 0.0], 2, 0.0, [0.0, 0.0, 0.0]),
    ("hinge", [1000.0, -1000.0], 0, 0.0, [0.0, 0.0]),
    ("hinge", [1000.0, -1000.0], 1, 1000.5, [0.5, -0.5]),
])
@pytest.mark.parametrize("rows", [1, 40])
def test_logits_of_a_thousand_give_the_right_finite_values(
    name, out, label, loss, gradient, rows, precision
):
    out = np.tile(np.array(out)[:, None], rows)
    value, dout = evaluated(name, out, np.full((1, rows), label), precision)
    assert value == pytest.approx(loss, rel=1e-6, abs=1e-30)
    np.testing.assert_allclose(dout[:, 0] * rows, gradient, rtol=1e-6, atol=1e-30)


@precisions
def test_the_loss_of_a_confident_net_keeps_its_digits(precision):
    # 1 - p would be 0 here, and the loss with it.
    loss, gradient = evaluated("cross-entropy", [[40.0], [0.0]], [[0.0]], precision)
    assert loss == pytest.approx(math.exp(-40), rel=2e-6)
    np.testing.assert_allclose(gradient[:, 0], [-math.exp(-40), math.exp(-40)], rtol=2e-6)
    loss, gradient = evaluated("logistic", [[40.0]], [[1.0]], precision)
    assert loss == pytest.approx(math.exp(-40), rel=2e-6)
    assert gradient[0, 0] == pytest.approx(-math.exp(-40), rel=2e-6)


@every
@precisions
@pytest.mark.parametrize("rows", [1, 33])
def test_nan_in_any_output_makes_the_loss_nan(name, precision, rows):
    out, target = batch(name, rows)
    for place in np.ndindex(out.shape[0], min(rows, 3)):
        broken = out.copy()
        broken[place] = np.nan
        assert math.isnan(evaluated(name, broken, target, precision)[0]), place
    out[:] = np.nan
    assert math.isnan(evaluated(name, out, target, precision)[0])


@every
@precisions
def test_an_infinite_output_never_gives_a_finite_loss_where_it_is_wrong(name, precision):
    out, target = batch(name, 5)
    target[0, 0] = 0
    out[-1, 0] = np.inf
    assert not math.isfinite(evaluated(name, out, target, precision)[0])


def test_sums_are_taken_in_double_precision():
    # 2^24 + 1001 is odd: no float32 is that number, whatever the order of the sum.
    out = np.array([[4096.0] + [1.0] * 1001], "float32")
    loss, _ = evaluated("mse", out, np.zeros_like(out), "float32")
    assert loss * out.size == pytest.approx(2**24 + 1001, rel=1e-12)


# --- what views ask ---------------------------------------------------------------------------


def test_predictions_are_the_largest_output_or_the_side_of_zero():
    out = np.array([[0.1, 2.0, -3.0], [0.3, 1.0, -2.0], [0.2, 0.0, -1.0]])
    for name in ("cross-entropy", "hinge"):
        assert losses[name].predict(out).tolist() == [1, 0, 2]
    assert losses["logistic"].predict(np.array([[-2.0, 0.5, 3.0]])).tolist() == [0, 1, 1]


@precisions
def test_probabilities_are_each_classs_share(precision):
    out = np.array([[0.0, 1000.0], [math.log(3), -1000.0]], precision)
    shares = losses["cross-entropy"].probabilities(out)
    np.testing.assert_allclose(shares, [[0.25, 1], [0.75, 0]], rtol=1e-6)
    odds = np.array([[math.log(3), -1000.0, 1000.0]], precision)
    np.testing.assert_allclose(
        losses["logistic"].probabilities(odds), [[0.25, 1, 0], [0.75, 0, 1]], rtol=1e-6)
    assert shares.dtype == np.dtype(precision)


@pytest.mark.parametrize("name", ["logistic", "cross-entropy"])
def test_gradient_and_probabilities_tell_the_same_story(name):
    out, target = batch(name, 30)
    _, gradient = evaluated(name, out, target)
    shares = losses[name].probabilities(out)
    right = np.arange(len(shares))[:, None] == target
    np.testing.assert_allclose(((shares - right) / 30)[-len(out) :], gradient, atol=1e-15)


@pytest.mark.parametrize("name", ["logistic", "cross-entropy"])
def test_a_diverged_network_has_probabilities_of_nan_without_a_warning(name):
    out = np.full((losses[name].outputs(2), 3), np.nan)
    out[:, 1] = np.inf
    assert np.isnan(losses[name].probabilities(out)).all()


@pytest.mark.parametrize("name", ["mse", "huber", "hinge"])
def test_a_loss_without_a_probabilistic_reading_offers_none(name):
    assert losses[name].probabilities is None


def test_accuracy_counts_right_rows_and_never_those_with_nan():
    out = np.array([[3.0, 0.0, 5.0, np.nan], [1.0, 2.0, 4.0, 0.0]])
    target = np.array([[0.0, 1.0, 1.0, 0.0]])
    for name in ("cross-entropy", "hinge"):
        assert losses[name].accuracy(out, target) == 0.5
    assert losses["logistic"].accuracy(np.array([[2.0, -1.0, 0.3]]), target[:, :3]) == 1 / 3
    assert losses["logistic"].accuracy(np.array([[np.nan]]), np.zeros((1, 1))) == 0
    assert math.isnan(losses["hinge"].accuracy(np.empty((2, 0)), np.empty((1, 0))))


def test_accuracy_of_a_regression_is_refused_in_words():
    with pytest.raises(RunError, match="mse predicts no classes"):
        losses["mse"].accuracy(np.zeros((1, 2)), np.zeros((1, 2)))


def test_a_loss_says_which_data_it_is_not_for():
    assert losses["logistic"].refusal("classes", 2) is None
    assert losses["cross-entropy"].refusal("classes", 7) is None
    assert losses["mse"].refusal("regression", 3) is None
    assert "for 2 classes, but the data have 3" in losses["logistic"].refusal("classes", 3)
    assert "for regression, but the data are" in losses["mse"].refusal("classes", 2)
    assert "for classes" in losses["hinge"].refusal("regression", 1)
