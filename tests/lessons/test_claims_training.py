"""What the lessons on training claim, measured on the engine's numbers."""

from __future__ import annotations

import numpy as np
from shown import Shown


def test_batch_norm():
    first, _, scaled, running, end = (Shown("batch-norm", beat) for beat in range(5))
    # The units' means and spreads differ before, and are 0 and 1 behind the whitening.
    found = first.state("With batch norm").probe("batch").batch_norm(4)
    before = np.asarray(found.before, float)
    assert np.ptp(before.mean(1)) > 0.5 and np.ptp(before.std(1)) > 0.2
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
        assert shown.state("With batch norm").test.accuracy > 0.94
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
    restored = small.state("With batch norm", 0).probe("train", training=True)
    kept = [float(np.std(restored.activation(place))) for place in range(2, 18, 3)]
    assert min(kept) > 0.4 and small.state("Plain").test.accuracy == 0.5


def test_dropout():
    alone, half, _, _, end = (Shown("dropout", beat) for beat in range(5))
    plain = alone.state("Plain")
    assert plain.train.loss < 0.15
    tests = [alone.state("Plain", step).test.loss for step in (50, 500, 1000, 1500)]
    assert tests == sorted(tests) and tests[-1] > 3 * tests[0]
    weights = sum(array.size for name, array in plain.tensors.items() if name.endswith(".W"))
    assert round(weights, -3) == 17_000
    mask = half.state("With dropout").probe("batch").mask(2)
    assert 0.45 < mask.mean() < 0.55
    # Many masks' mean comes close to the scaled network.
    state = half.state("With dropout")
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
    simple, right, wild, _, smooth = (Shown("overfitting", beat) for beat in range(5))
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
    inside, _, outside, _ = (Shown("covariate-shift", beat) for beat in range(4))

    def moved(shown: Shown, who: str) -> float:
        """How far the mean input of the third layer's function has gone, in its first std."""
        place = 5 if who == "Plain" else 8
        first, last = (np.asarray(shown.state(who, step).probe("train", training=True)
                                  .pre_activation(place), float) for step in (0, shown.last))
        return float(np.abs(last.mean(1) - first.mean(1)).mean() / first.std(1).mean())

    assert moved(inside, "Plain") > 5
    assert moved(inside, "With batch norm") < 0.5
    drift = outside.experiment.problem.drift
    assert drift is not None and drift.per_1000_steps * outside.experiment.steps / 1000 > 1.5
    assert moved(outside, "With batch norm") < 0.5
    assert outside.state("With batch norm").test.accuracy > 0.9
