"""Overfitting and what helps against it, as a lecturer shows it: dropout, L2, weight decay.

A large network on 60 noisy rows learns them by heart. What the window shows of that is compared
with a run of its own.
"""

import numpy as np
import pytest
from lab_user import at_the_window

from app.numbers import number
from engine import Experiment, Run
from engine.network.batch_pass import mode_losses
from engine.network.masks import drawn, dropouts, over_masks
from engine.network.thinned import mask_count, thinned_plane

DENSE, RELU = {"kind": "dense", "width": 64}, {"kind": "relu"}
SEEDS = (1, 2, 3, 7)


@pytest.fixture
def user(qapp, tmp_path):
    with at_the_window(tmp_path) as user:
        yield user


def few_rows(seed, steps=600, layers=(DENSE, RELU) * 2, **fields):
    """60 training rows of moons that overlap, as many for the test, all of them at each step."""
    return Experiment(
        seed=seed, steps=steps,
        problem={"kind": "network", "batch": 0, "test_fraction": 0.5,
                 "dataset": {"name": "moons", "samples": 120, "noise": 0.3}},
        contestants=[{"name": "Plain", "layers": list(layers), "init": "he-normal",
                      "optimizer": {"name": "adam", "lr": 0.003}, **fields}],
        picture={"layout": [["decision-map", "curves"]]})


def played(user):
    """What a run of its own comes to, when the window has shown the same to the end."""
    user.play_through()
    own = Run(user.experiment).finish()
    own.measure()
    states = own.snapshot().contestants
    for index, state in enumerate(states):
        assert np.array_equal(user.snapshot.contestants[index].state, state.state)
        assert user.tested(index) == f"test {100 * state.test.accuracy:.1f} %"
    return own, states


def gap(state):
    """How much worse it is on rows that it was not trained on."""
    return state.test.loss - state.train.loss


# ---- dropout


@pytest.mark.parametrize("seed", SEEDS)
def test_dropout_narrows_the_gap_between_training_and_test(user, seed):
    user.take(few_rows(seed))
    user.choose(0)
    user.compare("With dropout 0.5")
    own, (plain, thinned) = played(user)
    assert plain.train.accuracy == 1 and plain.train.loss < 0.05
    assert gap(thinned) < 0.5 * gap(plain)
    assert thinned.test.loss < plain.test.loss
    # The curves tell the same, and where each of them was best on the test.
    view = user.view("curves")
    for track in view._tracks:
        wanted = own.snapshot().trails[track.appearance.index].evaluations
        assert np.array_equal(track.raw, getattr(wanted, f"{track.part}_loss"))
    flagged = {flag.appearance.index: flag.step for flag in view._flags}
    for index, trail in enumerate(own.snapshot().trails):
        best = int(np.nanargmin(trail.evaluations.test_loss))
        assert flagged[index] == trail.evaluations.steps[best]
    # Early stopping: the plain one was best long before the end.
    assert flagged[0] < 0.5 * user.experiment.steps


def test_the_dropout_view_shows_the_masks_and_the_modes_of_the_engine(user):
    mask = {"kind": "dropout", "rate": 0.5}
    user.take(few_rows(1, 150, (DENSE, RELU, mask)).replaced(
        picture={"layout": [["dropout"]]}))
    _, (state,) = played(user)
    view = user.view("dropout")
    count = mask_count(state, 18 * 18)
    wanted = thinned_plane(state, len(view._maps.single))
    assert view._found.masks == wanted.masks >= min(count, 20)
    for mine, other in ((view._found.mean, wanted.mean), (view._found.scaled, wanted.scaled),
                        (view._found.single, wanted.single)):
        assert np.array_equal(mine, other)
    assert view._losses == mode_losses(state)
    assert f"{100 * wanted.agreement:.1f}".rstrip("0").rstrip(".") in view.note()


def test_the_mean_over_masks_comes_to_the_scaled_output_at_the_rate_of_chance():
    """Where nothing bends behind the mask; the error of n masks is that of a mean of n draws."""
    mask = {"kind": "dropout", "rate": 0.5}
    state = Run(few_rows(4, 100, (DENSE, RELU, mask)).replaced(
        problem={**few_rows(4).problem.fields(), "precision": "float64"})).finish(
        ).snapshot().contestants[0]
    x = state.training.material.data.train_x[:20]
    counts = np.array([100, 1000, 10_000])
    single = over_masks(state, x, int(counts[-1]))
    away = np.array([np.sqrt(np.mean((single[:n].mean(0) - state.outputs(x)) ** 2))
                     for n in counts])
    chance = np.sqrt(np.mean(single.var(0)) / counts)
    # All rows share a mask: about as sure as from two outputs, so a factor of 3 is 4 sigma.
    assert (away < 3 * chance).all() and (away > chance / 20).all()
    # What a mask blanks out hears nothing, what it lets pass is doubled.
    (place,) = dropouts(state.training.network)
    probe = state.probe("batch")
    passed, before = probe.mask(place), probe.pre_activation(place)
    assert np.array_equal(probe.activation(place), np.where(passed, 2 * before, 0))
    assert (probe.gradient(place - 1)[~passed] == 0).all()
    assert set(np.unique(drawn(state, 1)[place])) == {0.0, 2.0}


# ---- penalties


@pytest.mark.parametrize("seed", SEEDS)
def test_a_penalty_on_the_weights_narrows_it_too(user, seed):
    user.take(few_rows(seed, 800))
    user.choose(0)
    user.more(0, "Duplicate")
    user.choose(1)
    user.type(user.window.contestants.cards[1]._rows["l2"].field, "0.03")
    assert [c.l2 for c in user.experiment.contestants] == [0.0, 0.03]
    _, (plain, small) = played(user)
    assert gap(small) < 0.3 * gap(plain)
    sizes = [np.linalg.norm(state.tensors["2.W"]) for state in (plain, small)]
    assert sizes[1] < 0.7 * sizes[0]


def test_a_network_that_is_too_simple_has_no_gap_and_is_not_good(user):
    user.take(few_rows(1, layers=()))
    user.choose(0)
    _, (simple,) = played(user)
    assert abs(gap(simple)) < 0.15 and simple.train.accuracy < 0.95
    assert user.standing(0) == number(simple.loss)


@pytest.mark.parametrize("seed", SEEDS)
def test_decay_stands_apart_from_adams_step_and_keeps_weights_small(user, seed):
    """Loshchilov & Hutter (2019): a penalty in the gradient would be scaled as the gradient is."""
    decay, lr = 0.1, 0.01
    base = few_rows(seed, 400)
    contestants = [
        {**base.contestants[0].fields(), "name": name, "l2": l2, "optimizer": optimizer}
        for name, l2, optimizer in (
            ("Adam", 0.0, {"name": "adam", "lr": lr}),
            ("Adam and L2", 1e-4, {"name": "adam", "lr": lr}),
            ("AdamW", 0.0, {"name": "adamw", "lr": lr, "weight_decay": decay}))]
    user.take(base.replaced(contestants=contestants, picture={"layout": [["curves"]]}))
    user.window.session.set_look(curve="weights")
    own, _ = played(user)
    trails = own.snapshot().trails
    for track in user.view("curves")._tracks:
        wanted = trails[track.appearance.index].evaluations
        assert np.array_equal(track.raw, wanted.weight_norm)
    last = [trail.evaluations.weight_norm[-1] for trail in trails]
    assert last[1] < 0.95 * last[0] and last[2] < 0.95 * last[0]
    # Without a gradient, decay alone takes lr · decay of every weight away at each step.
    first, second = (own.at(step).contestants[2] for step in (0, 1))
    gradient = first.probe("batch").weight_gradient(0)
    weights, clear = first.tensors["0.W"], np.abs(gradient) > 1e-4
    rest = second.tensors["0.W"] - (1 - lr * decay) * weights
    # What else Adam's first step does has the size lr, whatever the gradient's size is.
    assert clear.sum() > 50
    assert np.allclose(rest[clear], -lr * np.sign(gradient[clear]), rtol=1e-3)


# ---- space that bends


def test_space_is_carried_through_layers_of_two_exactly(user):
    two = {"kind": "dense", "width": 2}
    user.take(few_rows(3, 300, (two, {"kind": "tanh"}) * 2).replaced(
        picture={"layout": [["space-warp"]]}))
    _, (state,) = played(user)
    view = user.view("space-warp")
    warp = view.warp()
    x = state.training.material.data.train_x
    for place, stage in zip((1, 3), warp.stages[1:], strict=False):
        assert stage.kept == 1.0
        carried = state.activations(x, place)
        # Two numbers are shown as they are, but for a turn or a mirror: distances stay.
        mine = stage.points - stage.points.mean(0)
        other = carried[: len(mine)] - carried[: len(mine)].mean(0)
        assert np.allclose(mine @ mine.T, other @ other.T, atol=1e-5)
