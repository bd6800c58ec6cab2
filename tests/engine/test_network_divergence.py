"""Divergences of networks: the first lost step, layer and quantity, the cause, and its remedy."""

import re

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network import causes
from engine.network.curvature import largest_curvature
from engine.network.divergence import explain
from engine.network.training import Training
from engine.trace import Kept

NUMBER = r"(\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
PLANE = {"dataset": "plane", "loss": "mse"}
MOONS = {"dataset": "moons", "loss": "cross-entropy"}


def mlp(activation, depth=2, width=32):
    return [layer for _ in range(depth)
            for layer in ({"kind": "dense", "width": width}, {"kind": activation})]


def experiment(layers, optimizer, problem=PLANE, steps=400, **contestant):
    return Experiment(
        seed=1, steps=steps, problem={"kind": "network", "batch": 32, **problem},
        contestants=[{"name": "Plain", "layers": layers, "optimizer": optimizer, **contestant}])


def diverged(race):
    """The divergence of a race's only contestant, or None."""
    return Run(race).finish().snapshot().contestants[0].diverged


def stepped(race):
    """The first step whose loss or parameters are not finite, taking one step at a time."""
    training = Training(race.problem, race.problem.material(race.seed), race.contestants[0],
                        race.seed)
    state = training.start()
    for step in range(race.steps):
        state, rows, _ = training.segment(state, step, 1)
        if not (np.isfinite(rows[0, 0]) and np.isfinite(training.split(state).params).all()):
            return step + 1
    return None


def sgd(lr, **more):
    return {"name": "sgd", "lr": lr, **more}


TOO_FAST = experiment(mlp("relu"), sgd(5.0))
CASES = {
    "rate": (TOO_FAST, {"optimizer": sgd(0.3)}, "λmax"),
    "rate, tanh": (experiment(mlp("tanh"), sgd(5.0)), {"optimizer": sgd(0.2)}, "λmax"),
    "rate, linear": (experiment([], sgd(3.0)), {"optimizer": sgd(0.95)}, "λmax"),
    "rate, momentum": (
        experiment([], {"name": "momentum", "lr": 3.0}),
        {"optimizer": {"name": "momentum", "lr": 1.8}}, "Momentum is stable up to"),
    "rate, clip": (TOO_FAST, {"clip": {"by": "norm", "limit": 1.0}}, "λmax"),
    "rate, adam": (
        experiment(mlp("relu", 8), {"name": "adam", "lr": 1e4}),
        {"optimizer": {"name": "adam", "lr": 0.001}}, "Each step led to a larger one"),
    "warm-up": (
        experiment(mlp("relu"), sgd(2.0),
                   schedule={"name": "warmup-cosine", "warmup": 200, "horizon": 400}),
        {"optimizer": sgd(0.25)}, "the schedule had raised lr to"),
    "l2": (experiment(mlp("tanh"), sgd(1.0), MOONS, l2=3.0), {"l2": 1.9}, "lr·l2 = 3"),
    "weight decay": (
        experiment(mlp("tanh"), sgd(1.0, weight_decay=3.0), MOONS),
        {"optimizer": sgd(1.0, weight_decay=1.9)}, "lr·weight_decay = 3"),
    "l1": (experiment(mlp("relu", 3), sgd(0.1), l1=1e6), {"l1": 1e-3}, "l1 moves every weight"),
    "eps": (
        experiment(mlp("relu"), {"name": "adam", "lr": 0.01, "eps": 0.0}, MOONS),
        {"optimizer": {"name": "adam", "lr": 0.01, "eps": 1e-8}}, "divided 0 by 0"),
    "init": (
        experiment(mlp("relu", 10, 100), sgd(0.01), init={"name": "normal", "std": 1.0}),
        {"init": "he-normal"}, "The init is too large"),
    "init, at once": (
        experiment(mlp("relu", 10, 50), sgd(0.01), init={"name": "normal", "std": 1000.0}),
        {"init": "he-normal"}, "The init is too large"),
    "gradients": (
        experiment(mlp("tanh", 90, 100), sgd(0.01), MOONS, steps=20,
                   init={"name": "normal", "std": 3.0}),
        {"init": "xavier-normal"}, "Gradients explode on their way back"),
}

every = pytest.mark.parametrize("name", list(CASES))


@every
def test_step_and_cause(name):
    race, _, words = CASES[name]
    found = diverged(race)
    assert found.contestant == "Plain" and found.step == stepped(race)
    assert words in found.cause, str(found)
    assert str(found) == (f"Plain diverged at step {found.step}: {found.quantity}. {found.cause} "
                          f"{found.advice}")
    assert re.search(r"(overflowed|undefined)( \(.*\))?$", found.quantity)


@every
def test_the_advice_helps(name):
    race, remedy, _ = CASES[name]
    advice = diverged(race).advice
    (key, value), = remedy.items()
    if key == "optimizer":
        old = race.contestants[0].optimizer.plain()
        (changed,) = (hyper for hyper, number in value.items() if number != old.get(hyper))
        if "below" in advice:
            bound = float(re.search(rf"{changed} below {NUMBER}", advice)[1])
            assert 0.3 * bound < value[changed] < bound
        else:
            assert changed in advice and f"{value[changed]:g}" in advice
    elif isinstance(value, float):
        assert value < float(re.search(rf"{key} below {NUMBER}", advice)[1])
    else:
        assert (value if isinstance(value, str) else key) in advice
    assert diverged(race.with_contestant(0, **remedy)) is None


def first_lost(race, step):
    """What is lost first at a step of dense and relu layers, in NumPy's float32."""
    training = Training(race.problem, race.problem.material(race.seed), race.contestants[0],
                        race.seed)
    state = training.start()
    if step > 1:
        state, _, _ = training.segment(state, 0, step - 1)
    tensors = dict(training.network.tensors(training.split(state).params, np.empty(0)))
    inputs, targets, batches = training.material.batches(step, 1)
    x = inputs[batches[0]].T
    with np.errstate(all="ignore"):
        for layer in training.network.layers:
            if layer.definition.name == "dense":
                x = tensors[f"{layer.place}.W"] @ x + tensors[f"{layer.place}.b"][:, None]
            else:
                x = np.maximum(x, 0)
            if not np.isfinite(x).all():
                return layer.place
        # Losses are summed up in float64 and reach farther than what they are of.
        errors = np.float64(x.T) - targets[batches[0]]
        return "update" if np.isfinite(errors**2).all() else "loss"


@pytest.mark.parametrize("name", ["rate", "rate, linear", "init", "init, at once", "l1"])
def test_the_first_lost_layer_is_a_twins(name):
    race = CASES[name][0]
    found = diverged(race)
    lost = first_lost(race, found.step)
    if found.layer is None:
        assert lost == "loss" and found.quantity == "the loss overflowed"
    else:
        if lost == "update":
            assert found.quantity.startswith("the parameter ")
            return
        layer = race.contestants[0].layers
        units = layer[lost].width if lost < len(layer) else 1
        units = f"{units} units" if units > 1 else "1 unit"
        assert found.layer == lost
        assert found.quantity.startswith(f"the output of layer {lost} (dense, {units})")


def test_a_gradient_is_lost_on_the_way_back():
    found = diverged(CASES["gradients"][0])
    assert found.step == 1 and found.quantity.startswith("the gradient by ")
    # Of 90 dense layers the gradient is lost before it comes to the first ones, and is there first.
    assert 0 < found.layer < 60
    assert "float64 could have computed this step" in found.cause


def test_0_divided_by_0_is_undefined_and_not_overflowed():
    found = diverged(CASES["eps"][0])
    assert re.match(r"the parameter [Wb] of layer \d \(dense, 32 units\) is undefined",
                    found.quantity)
    assert found.advice == "Take eps above 0, such as 1e-08."


@pytest.mark.parametrize("size, precision, float64", [
    (1e36, "float32", "float64 could have computed this step"),
    (1e37, "float32", None), (1e10, "float32", None), (1e99, "float64", None),
])
def test_inputs_that_nobody_scaled(tmp_path, size, precision, float64):
    random = np.random.default_rng(0)
    x = random.normal(size=(80, 2)) + 1
    table = np.column_stack([x * size, x @ [0.3, 0.7]])
    path = tmp_path / "wild.csv"
    np.savetxt(path, table, delimiter=",", header="a,b,t", comments="")
    problem = {"dataset": {"file": str(path), "target": "t"}, "loss": "mse",
               "precision": precision}
    race = experiment(mlp("relu"), sgd(0.01), problem)
    found = diverged(race)
    assert found.step == stepped(race)
    assert found.cause.startswith("The inputs reach") and "preprocess" in found.advice
    if float64:
        assert float64 in found.cause
    if precision == "float64":
        assert "float32" not in found.cause
    scaled = race.with_problem(preprocess=["center", "scale"])
    assert diverged(scaled) is None


def test_growth_is_measured_from_where_it_began():
    losses = np.concatenate([np.linspace(2, 1, 50), 3.0 ** np.arange(1, 20)])
    curves = Kept(1, np.column_stack([losses, np.zeros_like(losses)]))
    since, factor = causes.growth(curves)
    assert since == 49 and factor == pytest.approx(3.0)
    assert causes.growth(Kept(4, curves.rows))[1] == pytest.approx(3 ** (1 / 4))
    assert causes.growth(Kept(1, np.empty((0, 2)))) == (0, 1.0)


def test_the_sentence_says_since_when_the_loss_grew():
    race = CASES["rate, linear"][0]
    found = diverged(race)
    losses = Run(race).finish().record()["0/loss"][: found.step - 1]
    low = int(np.argmin(losses))
    factor = (losses[-1] / losses[low]) ** (1 / (len(losses) - 1 - low))
    assert f"Since step {low + 1:,} the loss had grown by a factor of {factor:.2g} a step" in (
        found.cause)


# --- curvature --------------------------------------------------------------------------------


def test_on_a_linear_network_curvature_and_limit_are_the_hessians():
    race = experiment([], sgd(3.0), {**PLANE, "batch": 0})
    found = diverged(race)
    x = Run(race).record()["train/x"]
    extended = np.column_stack([x, np.ones(len(x))])
    exact = np.linalg.eigvalsh(2 * extended.T @ extended / len(x))[-1]
    assert found.curvature == pytest.approx(exact, rel=1e-3)
    assert found.limit == pytest.approx(2 / exact, rel=1e-3)
    assert diverged(race.with_hyper(0, "lr", 0.99 * found.limit)) is None
    assert diverged(race.with_hyper(0, "lr", 1.2 * found.limit).replaced(steps=2000)) is not None


@pytest.mark.parametrize("layers, problem", [
    (mlp("tanh", 1, 8), {**MOONS, "precision": "float64"}),
    (mlp("tanh", 1, 8), MOONS),
    # Here the loss curves down more than up.
    ([{"kind": "dense", "width": 6}, {"kind": "batch-norm"}, {"kind": "tanh"}],
     {**PLANE, "precision": "float64"}),
])
def test_power_iteration_finds_the_largest_eigenvalue(layers, problem):
    race = experiment(layers, sgd(0.1), problem, l2=0.1)
    training = Training(race.problem, race.problem.material(1), race.contestants[0], 1)
    exact = training.in_float64()
    state = exact.start()
    columns = []
    for place in range(exact.network.params_size):
        sides = []
        for side in (1e-5, -1e-5):
            moved = state.copy()
            moved[place] += side
            sides.append(exact.gradient(moved, 0)[2])
        columns.append((sides[0] - sides[1]) / 2e-5)
    hessian = np.array(columns)
    largest = np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1]
    found = largest_curvature(training, training.start(), 0)
    assert found == pytest.approx(largest, rel=0.03)


# --- it never raises --------------------------------------------------------------------------


def test_whatever_goes_wrong_there_is_an_answer(monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(causes, "retrace", broken)
    found = diverged(TOO_FAST)
    assert found.step == stepped(TOO_FAST) and found.quantity and found.advice


def test_a_step_that_is_finite_after_all_is_explained_too():
    race = experiment(mlp("tanh"), sgd(0.01))
    training = Training(race.problem, race.problem.material(1), race.contestants[0], 1)
    found = explain(training, training.start(), 0, Kept(1, np.empty((0, 2))))
    assert found.step == 1 and found.quantity == "the loss or a parameter is not finite"


def test_explaining_leaves_the_state_alone():
    training = Training(TOO_FAST.problem, TOO_FAST.problem.material(1), TOO_FAST.contestants[0], 1)
    state, rows, _ = training.segment(training.start(), 0, 3)
    kept = state.copy()
    explain(training, state, 3, Kept(1, rows))
    assert np.array_equal(state, kept)
