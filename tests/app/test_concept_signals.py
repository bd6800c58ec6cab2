"""Inits, symmetry and dead units as a lecturer shows them: set in the window, seen in its views.

Each number on the screen is compared with what the engine says of a run of its own.
"""

import numpy as np
import pytest
from lab_user import at_the_window
from PyQt6.QtWidgets import QComboBox

from app.numbers import number
from app.views.histogram_words import moments_text
from engine import Experiment, Run
from engine.network.layer_look import look_rows, looks
from engine.network.layer_spread import look_into

TANH, RELU = {"kind": "tanh"}, {"kind": "relu"}


@pytest.fixture
def user(qapp, tmp_path):
    with at_the_window(tmp_path, (1920, 1080)) as user:
        yield user


def lecture(folder, activation, init, units=500, depth=10):
    """Ten layers of 500 units on Gaussian rows, before any training."""
    file = folder / "gaussian.npz"
    np.savez(file, x=np.random.default_rng(5).standard_normal((400, units)),
             y=np.arange(400) % 2)
    dense = {"kind": "dense", "width": units}
    return Experiment(
        steps=1, seed=2,
        problem={"kind": "network", "dataset": {"file": str(file)}, "test_fraction": 0,
                 "loss": "cross-entropy"},
        contestants=[{"name": "Deep", "layers": [dense, {"kind": activation}] * depth,
                      "init": init, "optimizer": "sgd"}],
        picture={"layout": [["variance-by-depth"], ["layer-histograms"]]})


def columns(user, index=0):
    """The columns of a contestant's histograms, as they are drawn."""
    view = user.view("layer-histograms")
    assert not view._refusal
    return view._columns[index]


def spread(user, index=0):
    """The std of every column that is drawn."""
    return np.array([column.histogram.std for column in columns(user, index)])


# ---- inits


def check_depth(user, index=0):
    """Both views show the engine's numbers of the state that is shown; the forward ones."""
    state = Run(user.experiment).at(user.snapshot.step).contestants[index]
    (looked,) = looks([state], look_rows([state], user.view("layer-histograms").look.thorough))
    wanted = looked.signals()
    for side in user.view("variance-by-depth").sides():
        heights = side.curves[index].heights
        values = getattr(wanted, side.kind)
        assert np.allclose(10.0 ** heights, values, rtol=1e-12)
    probe = looked.probe
    for column in columns(user, index):
        assert column.histogram.std == probe.activation(column.place).std(dtype=float).round(
            15) or column.histogram.std == pytest.approx(
            probe.activation(column.place).std(dtype=float), rel=1e-9)
    return np.array(wanted.forward)


def test_too_small_weights_let_tanh_fade_by_the_same_factor_in_every_layer(user, tmp_path):
    user.take(lecture(tmp_path, "tanh", {"name": "normal", "std": 0.01}))
    forward = check_depth(user)[:10]
    assert np.allclose(forward[1:] / forward[:-1], 0.01 * np.sqrt(500), rtol=0.06)
    assert np.allclose(spread(user), forward, rtol=0.05)
    # Each step of the curve is as long as the one before, on its logarithmic axis.
    forward_side, backward_side = user.view("variance-by-depth").sides()
    assert np.ptp(np.diff(forward_side.curves[0].heights[:10])) < 0.06
    # Gradients fade towards the inputs.
    assert (np.diff(backward_side.curves[0].heights[:10]) > 0.5).all()
    text = number(float(forward[0]), 2)
    mean, std = moments_text(columns(user)[0].histogram.mean, columns(user)[0].histogram.std)
    assert std.startswith(text[:3]) and mean in ("0", "0.00", "0.0", "0.000")


def test_another_init_in_the_box_keeps_them_alive_at_once(user, tmp_path):
    user.take(lecture(tmp_path, "tanh", {"name": "normal", "std": 0.01}, units=100))
    user.choose(0)
    faded = check_depth(user)[9]
    user.pick(user.control(QComboBox, "Deep init"), "xavier-normal")
    user.window.session.wait()
    user.settle()
    alive = check_depth(user)[:10]
    assert faded < 1e-8 and (alive > 0.15).all()


def test_he_keeps_the_second_moment_of_relus(user, tmp_path):
    user.take(lecture(tmp_path, "relu", "he-normal"))
    check_depth(user)
    entries = [column.histogram for column in columns(user)]
    squares = np.array([entry.mean**2 + entry.std**2 for entry in entries])
    # Of Gaussian inputs with second moment 1: W·x has 2, and half of it is cut.
    assert np.allclose(squares, 1.0, atol=0.35)
    user.choose(0)
    user.pick(user.control(QComboBox, "Deep init"), "xavier-normal")
    user.window.session.wait()
    user.settle()
    entries = [column.histogram for column in columns(user)]
    halved = np.array([entry.mean**2 + entry.std**2 for entry in entries])
    assert np.allclose(halved[1:] / halved[:-1], 0.5, atol=0.1)


# ---- dead units


def relus(rate, seed, steps=100, **fields):
    dense = {"kind": "dense", "width": 32}
    return Experiment(
        steps=steps, seed=seed, problem={"kind": "network", "dataset": "moons", "batch": 32},
        contestants=[{"name": "Net", "layers": [dense, RELU] * 2, "init": "he-normal",
                      "optimizer": {"name": "sgd", "lr": rate}, **fields}],
        picture={"layout": [["layer-histograms"]]})


@pytest.mark.parametrize("seed", [1, 2, 3, 7])
def test_too_large_a_step_kills_units_and_they_stay_dead(user, seed):
    user.take(relus(0.05, seed))
    user.play_through()
    assert sum(column.histogram.dead for column in columns(user)) <= 5
    user.type_rate(0, 4.0)
    user.window.session.wait()
    user.settle()
    state = Run(user.experiment).finish().snapshot().contestants[0]
    probe = look_into(state, "activation")
    dead = {column.place: set(probe.dead_units(column.place)) for column in columns(user)}
    assert [column.histogram.dead for column in columns(user)] == list(map(len, dead.values()))
    assert max(map(len, dead.values())) >= 25
    # Of all training rows none reaches them, so their gradients are exactly 0.
    whole = state.probe("train")
    for place, units in dead.items():
        silent = sorted(units & set(whole.dead_units(place)))
        assert silent and (whole.weight_gradient(place - 1)[silent] == 0).all()
        assert (whole.gradient(place - 1)[silent] == 0).all()
    # The step is taken back to what was good, and yet they do not come to life again.
    user.type(user.window.network.steps.field, "100")
    silent = sorted(whole.dead_units(1))
    later = Run(user.experiment.replaced(steps=200)).finish()
    again = later.snapshot().contestants[0].probe("train")
    assert set(silent) <= set(again.dead_units(1))
    first, last = (later.at(step).contestants[0].tensors["0.W"] for step in (100, 200))
    assert np.array_equal(first[silent], last[silent])


# ---- symmetry


def constant(*more, steps=200):
    dense = {"kind": "dense", "width": 12}
    return Experiment(
        steps=steps, seed=3,
        problem={"kind": "network", "dataset": "moons", "batch": 0},
        contestants=[{"name": "Alike", "init": {"name": "constant", "value": 0.3},
                      "layers": [dense, TANH, *more, dense, TANH],
                      "optimizer": {"name": "sgd", "lr": 0.5}}],
        picture={"layout": [["layer-histograms"]]})


def rows_apart(user, name="0.W"):
    """How many different units the shown state has in a layer of weights."""
    return len(np.unique(user.snapshot.contestants[0].tensors[name], axis=0))


def test_equal_weights_stay_equal_to_the_last_bit_until_something_tells_them_apart(user):
    user.take(constant())
    assert rows_apart(user) == 1
    start = user.snapshot.contestants[0].tensors["0.W"].copy()
    user.play_through()
    assert rows_apart(user) == rows_apart(user, "2.W") == 1
    assert not np.allclose(user.snapshot.contestants[0].tensors["0.W"], start)
    # All units lie in one bin for every row: a layer of twelve is seen as a layer of one.
    probe = look_into(user.snapshot.contestants[0], "activation")
    for column in columns(user):
        one = probe.activation(column.place)[:1]
        counts, _ = np.histogram(one, len(column.histogram.counts),
                                 (column.histogram.low, column.histogram.high))
        assert np.array_equal(column.histogram.counts, 12 * counts)
    # Masks and drawn weights both break it.
    user.pick(user.control(QComboBox, "Alike init"), "xavier-normal")
    assert user.window.session.run.experiment is user.experiment
    user.window.session.wait()
    user.settle()
    assert rows_apart(user) == rows_apart(user, "2.W") == 12


def test_dropout_tells_equal_units_apart(user):
    user.take(constant({"kind": "dropout", "rate": 0.5}, steps=50))
    assert rows_apart(user) == 1
    user.play_through()
    assert rows_apart(user) == 12
