"""What the lessons on training claim, measured on the engine's numbers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from shown import Shown, run_of

from engine.settings import with_settings


def test_batch_norm():
    first, scaled, running, end = (Shown("batch-norm", beat) for beat in range(4))
    # The units' means and spreads differ before, and are 0 and 1 behind.
    found = first.state("With batch norm").probe("batch").batch_norm(4)
    before = np.asarray(found.before, float)
    assert np.ptp(before.mean(1)) > 0.5 and before.std(1).max() > 5 * before.std(1).min()
    assert before.std() > 2.5 > 1.01 > np.asarray(found.normalised).std()
    normalised = (before - before.mean(1, keepdims=True)) / before.std(1, keepdims=True)
    np.testing.assert_allclose(found.normalised, normalised, atol=2e-3)
    # γ and β begin at 1 and 0 and move.
    assert (found.gamma == 1).all() and (found.beta == 0).all()
    later = scaled.state("With batch norm").probe("batch").batch_norm(4)
    assert np.abs(later.gamma - 1).max() > 0.05 and np.abs(later.beta).max() > 0.05
    # Running statistics come near the batches'.
    gathered = running.state("With batch norm").probe("batch").batch_norm(4)
    spread = np.sqrt(gathered.running_var)
    assert np.abs(gathered.mean - gathered.running_mean).max() < spread.max()
    assert np.corrcoef(gathered.mean, gathered.running_mean)[0, 1] > 0.9
    assert end.state("With batch norm").test.accuracy > 0.95


def test_batch_norm_or_not():
    both, ten, thirty, small = (Shown("batch-norm-or-not", beat) for beat in range(4))
    assert min(both.state(who).test.accuracy for who in both.names) > 0.94
    for shown in (ten, thirty, small):
        assert shown.state("Batch norm").test.accuracy > 0.94
    # Ten times the rate: all units of a layer are dead, and the output is one for all.
    plain = ten.state("Plain").probe("train")
    dead = [len(plain.dead_units(place)) for place in range(1, 12, 2)]
    assert max(dead) == 24 and ten.state("Plain").test.accuracy == 0.5
    assert ten.state("Plain", 60).test.accuracy == 0.5, "within a few steps"
    assert thirty.diverged("Plain") is not None
    # Std 0.05 over 24 inputs: each layer leaves about 0.05·√24/√2 of the signal.
    fading = small.state("Plain", 0).probe("train")
    stds = [float(np.std(fading.activation(place))) for place in range(1, 12, 2)]
    assert all(later < 0.35 * sooner for sooner, later in zip(stds, stds[1:], strict=False))
    restored = small.state("Batch norm", 0).probe("train", training=True)
    kept = [float(np.std(restored.activation(place))) for place in range(2, 18, 3)]
    assert min(kept) > 0.4 and small.state("Plain").test.accuracy == 0.5
    # Its price: what is said of a row in training hangs on the batch that the row is in.
    price, turn = Shown("batch-norm-or-not", 4), Shown("batch-norm-or-not", 5)
    assert price.experiment.problem.batch == 4
    state = price.state("Batch norm")
    x = np.asarray(state.training.material.train_x)
    one, other = (state.probe(x[rows], training=True).activation(18)[:, 0]
                  for rows in ([0, 1, 2, 3], [0, 4, 5, 6]))
    assert np.abs(one - other).max() > 0.1
    assert state.test.loss > 2 * price.state("Plain").test.loss
    assert state.test.loss > 2 * thirty.state("Batch norm").test.loss
    assert price.state("Plain").test.accuracy > 0.95
    # Your turn begins where both have learnt.
    assert min(turn.state(who).test.accuracy for who in turn.names) > 0.95


def test_dropout():
    alone, half, trained, masks, end = (Shown("dropout", beat) for beat in range(5))
    plain = alone.state("Plain")
    assert plain.train.loss < 0.15
    tests = [alone.state("Plain", step).test.loss for step in (50, 500, 1000, 1500)]
    assert tests == sorted(tests) and tests[-1] > 3 * tests[0]
    weights = sum(array.size for name, array in plain.tensors.items() if name.endswith(".W"))
    assert round(weights, -3) == 17_000
    found = [half.state("With dropout", step).probe("batch").mask(2)[:, 0] > 0
             for step in range(half.first, half.last + 1)]
    assert 0.4 < np.mean(found) < 0.6
    # From step to step another half: as many units change sides as stay. For each row another one.
    assert 0.4 < np.mean([one != other for one, other in pairwise(found)]) < 0.6
    rows = half.state("With dropout").probe("batch").mask(2) > 0
    assert 0.4 < np.mean(rows[:, :-1] != rows[:, 1:]) < 0.6
    fewer = {who: (trained.state(who, 50).test.loss, trained.state(who).test.loss,
                   trained.state(who).train.loss) for who in trained.names}
    assert fewer["With dropout"][1] - fewer["With dropout"][0] < 0.2 * (
        fewer["Plain"][1] - fewer["Plain"][0])
    assert fewer["With dropout"][2] > 2 * fewer["Plain"][2]
    # Many masks' mean comes close to the scaled network.
    state = masks.state("With dropout")
    x = state.training.material.test_x
    mean = np.mean([state.probe(x, training=True, step=step).activation(6)
                    for step in range(1, 401)], axis=0)
    used = state.outputs(x).T
    single = np.abs(state.probe(x, training=True).activation(6) - used).mean()
    assert np.abs(mean - used).mean() < 0.35 * single
    # Worse on the training rows, better on the test rows.
    dropped = end.state("With dropout")
    assert dropped.train.loss > 2 * end.state("Plain").train.loss
    assert dropped.test.loss < 0.4 * end.state("Plain").test.loss
    assert dropped.test.accuracy > end.state("Plain").test.accuracy


def test_overfitting():
    simple, right, wild, _, smooth, classes = (Shown("overfitting", beat) for beat in range(6))
    line = simple.state("Too simple")
    assert line.train.loss > 0.15 and line.test.loss > 0.15
    good = right.state("Just right")
    # What is left over is the noise, of variance 0.25² in units of the targets.
    assert 0.5 * 0.25**2 < good.test.loss < 2 * 0.25**2
    fitted = wild.state("Too complex")
    assert fitted.train.loss < 0.005 and fitted.test.loss > 2 * good.test.loss
    assert np.abs(fitted.train.outputs - fitted.training.material.train_y).max() < 0.2
    # The training loss falls, the test loss turns early.
    tests = [wild.state("Too complex", step).test.loss for step in range(0, 3800, 100)]
    assert np.argmin(tests) < 10 and tests[-1] > 1.5 * min(tests)
    damped = smooth.state("Too complex")
    assert damped.test.loss < 1.2 * good.test.loss and damped.train.loss > 0.01
    # Classes: the middle one is right most often where it counts, the large one by heart.
    tests = {who: classes.state(who).test for who in classes.names}
    assert tests["Just right"].accuracy > max(tests["Too simple"].accuracy,
                                              tests["Too complex"].accuracy)
    assert tests["Just right"].loss < min(tests["Too simple"].loss, tests["Too complex"].loss)
    assert classes.state("Too complex").train.accuracy == 1


def test_mini_batches():
    every, eight, one, same = (Shown("mini-batches", beat) for beat in range(4))
    state = every.state("One unit")
    rows = np.asarray(state.training.material.train_x, float)
    assert len(rows) == 280
    # With all rows it is plain gradient descent on the logistic loss.
    signs = np.where(np.asarray(state.training.material.train_y).ravel() > 0, 1.0, -1.0)
    start = every.state("One unit", 0).tensors
    w, b = start["0.W"][0].astype(float), float(start["0.b"][0])
    for _ in range(every.last):
        pull = -signs / (1 + np.exp(signs * (rows @ w + b))) / len(rows)
        w, b = w - 0.3 * rows.T @ pull, b - 0.3 * pull.sum()
    np.testing.assert_allclose(state.tensors["0.W"][0], w, rtol=1e-4)

    def detour(shown: Shown, last: int = 70) -> float:
        """How much longer the way of its two weights is than the straight line."""
        way = np.array([shown.state("One unit", step).tensors["0.W"][0].astype(float)
                        for step in range(last + 1)])
        return float(np.hypot(*np.diff(way, axis=0).T).sum() / np.hypot(*(way[-1] - way[0])))

    assert detour(every) < 1.02 < detour(eight) < detour(one)
    # 272 steps with one row are less work than one step with 280, and they lead as low.
    assert same.last < 280
    assert same.state("One unit").train.loss < 1.03 * every.state("One unit", 280).train.loss


def test_weight_norms():
    _, _, all_three, worth = (Shown("weight-norms", beat) for beat in range(4))

    def norm(who: str, step: int) -> float:
        tensors = all_three.state(who, step).tensors
        return float(np.sqrt(sum(np.square(array.astype(float)).sum()
                                 for name, array in tensors.items() if name.endswith(".W"))))

    steps = (0, 300, 600, 1000, 1400)
    norms = {who: [norm(who, step) for step in steps] for who in all_three.names}
    assert norms["Adam"] == sorted(norms["Adam"]) and norms["Adam"][-1] > 1.4 * norms["Adam"][0]
    assert norms["L2"] == sorted(norms["L2"], reverse=True)
    # L2 comes to rest; both that decay stay smaller than what does not.
    assert norms["L2"][-1] > 0.9 * norms["L2"][-2]
    assert norms["L2"][-1] < norms["AdamW"][-1] < norms["AdamW"][0] < norms["Adam"][-1]
    gaps = {who: worth.state(who).test.loss - worth.state(who).train.loss for who in worth.names}
    assert 0 < gaps["L2"] < gaps["AdamW"] < gaps["Adam"]
    assert worth.state("Adam").test.loss > 2 * all_three.state("Adam", 50).test.loss


def test_preprocessing():
    raw, centred, scaled, white, trained = (Shown("preprocessing", beat) for beat in range(5))
    kappas = []
    for shown in (raw, centred, scaled, white):
        x = np.asarray(shown.state("ReLU").training.material.train_x, float)
        curvatures = np.linalg.eigvalsh(x.T @ x / len(x))
        kappas.append(curvatures[1] / curvatures[0])
    assert kappas[0] > 5 * kappas[1] > 25 * kappas[2]
    assert kappas[3] < 1.0001
    x = np.asarray(white.state("ReLU").training.material.train_x, float)
    np.testing.assert_allclose(np.cov(x.T, bias=True), np.eye(2), atol=1e-4)
    # Centred at the inputs, and no longer behind a sigmoid or a ReLU.
    for who in trained.names:
        probe = trained.state(who).probe("train")
        values = np.asarray(probe.activation(1), float)
        assert abs(values.mean()) > 0.5 * values.std()
    assert np.abs(x.mean(0)).max() < 1e-5


def test_covariate_shift():
    alone, both, noon, following, held = (Shown("covariate-shift", beat) for beat in range(5))

    def moved(shown: Shown, who: str) -> float:
        """How far the mean input of the third layer's function has gone, in its first std."""
        place = 5 if who == "Plain" else 8
        first, last = (np.asarray(shown.state(who, step).probe("train", training=True)
                                  .pre_activation(place), float) for step in (0, shown.last))
        return float(np.abs(last.mean(1) - first.mean(1)).mean() / first.std(1).mean())

    def right(shown: Shown, who: str, step: int | None = None) -> float:
        return float(shown.state(who, step).test.accuracy)

    # Inside: it does learn, and the third layer's inputs move for it; with batch norm they stay.
    assert alone.names == ["Plain"] and right(alone, "Plain") > 0.95
    assert moved(alone, "Plain") > 5
    assert right(both, "Batch norm") > 0.95 and moved(both, "Batch norm") < 0.2
    # From outside: what is learnt by step 300 is worth nothing by the end, though it is unchanged.
    drift = noon.experiment.problem.drift
    assert drift is not None and drift.per_1000_steps * noon.last / 1000 > 1.4
    assert right(noon, "Plain", 300) > 0.87 and right(noon, "Plain") < 0.55
    for name, weights in noon.state("Plain").tensors.items():
        np.testing.assert_array_equal(weights, noon.state("Plain", 300).tensors[name])
    # Following: with learning it is as right at the end as it was before.
    assert right(following, "Plain") > 0.95 and right(following, "Plain", 300) > 0.87
    # Batch norm's weights stand still as well, and only its running statistics follow.
    assert right(held, "Plain") < 0.55 and right(held, "Batch norm") > 0.95
    before, after = (held.state("Batch norm", step).tensors for step in (300, held.last))
    still = {name for name in before if np.array_equal(before[name], after[name])}
    assert {name for name in before if name.split(".")[1] in ("W", "b", "gamma", "beta")} <= still
    assert any(np.abs(after[name] - before[name]).max() > 0.5 for name in before
               if name.endswith(".mean"))
    # Your turn: inputs that turn are out of reach of means.
    turned = with_settings(held.experiment, {"problem.drift": {"kind": "rotation",
                                                               "per_1000_steps": 0.5}})
    assert run_of(turned).at(704).contestants[1].test.accuracy < 0.8
