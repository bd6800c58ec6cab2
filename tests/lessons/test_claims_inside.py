"""What the lessons on the inside of a network claim, measured on the engine's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from shown import Shown, lesson_of, run_of

from engine.settings import with_settings


def test_classifying_live():
    start, few, large, jumps = (Shown("classifying-live", beat) for beat in range(4))
    assert start.state("Small").test.accuracy < 0.65
    assert few.state("Small").test.accuracy < 0.75 < 0.9 < large.state("Large").test.accuracy
    # Same seed, same batches.
    batches = large.run.record()
    np.testing.assert_array_equal(batches["0/batches"], batches["1/batches"])
    # Four soft lines: each unit's answer is the same along one direction of the plane.
    state = few.state("Small")
    x = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    for unit, (across, up) in enumerate(state.tensors["0.W"]):
        along = np.array([[-up, across]], np.float32)
        np.testing.assert_allclose(state.activations(x, 1)[:, unit],
                                   state.activations(x + along, 1)[:, unit], atol=1e-4)
    accuracies = [jumps.state("Large", step).test.accuracy for step in range(0, 1200, 20)]
    losses = [jumps.state("Large", step).test.loss for step in range(0, 1200, 20)]
    assert max(np.diff(accuracies)) > 0.05 and np.polyfit(range(60), losses, 1)[0] < 0


def test_space_warp():
    start, trained = Shown("space-warp", 0), Shown("space-warp", 1)
    state = trained.state("Three wide")
    assert state.test.accuracy > 0.98
    data = state.training.material
    x, labels = data.test_x, np.asarray(data.data.test_y).ravel()
    # No line parts the rings in the plane; behind the second layer one does.
    assert _best_line(x, labels) < 0.75
    assert _best_line(state.activations(x, 3), labels) > 0.98
    assert state.activations(x, 1).shape[1] == 3 and state.activations(x, 3).shape[1] == 2
    assert start.state("Three wide").test.accuracy < 0.7
    # The dashed line among the logits, on which both are equal, parts the rings.
    line = Shown("space-warp", 4)
    logits = line.state("Three wide").outputs(x)
    assert logits.shape == (len(x), 2)
    assert ((logits[:, 1] > logits[:, 0]) == (labels > 0)).mean() > 0.98


def _best_line(points: np.ndarray, labels: np.ndarray) -> float:
    """The share of points that the best of many lines puts on the right side."""
    best = 0.0
    for angle in np.linspace(0, np.pi, 181):
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        for cut in np.quantile(along, np.linspace(0.02, 0.98, 97)):
            right = ((along > cut) == (labels > 0)).mean()
            best = max(best, right, 1 - right)
    return best


def test_backpropagation():
    forward, training = Shown("backpropagation", 1), Shown("backpropagation", 4)
    state = forward.state("2-4-3-1")
    x = np.asarray(state.training.material.train_x[3:4], float)
    hidden = np.tanh(state.tensors["0.W"] @ x.T + state.tensors["0.b"][:, None])
    probe = state.probe(x, state.training.material.train_y[3:4])
    np.testing.assert_allclose(probe.activation(1), hidden, atol=1e-6)
    # The gradient of a layer is made from the next one's: δ = tanh'(z) ⊙ Wᵀ δ.
    behind = np.asarray(probe.gradient(2), float)
    slope = 1 - np.asarray(probe.activation(1), float) ** 2
    np.testing.assert_allclose(probe.gradient(0), slope * (state.tensors["2.W"].T @ behind),
                               rtol=1e-4, atol=1e-7)
    assert training.state("2-4-3-1").test.accuracy > 0.9
    # L = log(1 + exp(-t o)) with t = -1 or 1.
    out = state.outputs(x)[0, 0]
    sign = 1 if np.asarray(state.training.material.train_y).ravel()[3] > 0 else -1
    assert float(probe.loss) == pytest.approx(np.log1p(np.exp(-sign * out)), rel=1e-5)
    # Your turn: at the start, the gradient passes two layers of weights on its way back.
    turn = Shown("backpropagation", 5)
    assert turn.first == turn.last == 0
    assert lesson_of("backpropagation").pictures[6].flow == 7
    halved = run_of(with_settings(turn.experiment, {"2-4-3-1.init.gain": 0.5})).at(0)
    arriving = [np.abs(np.asarray(each.probe(x, state.training.material.train_y[3:4])
                                  .gradient(0))).max()
                for each in (turn.state("2-4-3-1"), halved.contestants[0])]
    assert 0.2 < arriving[1] / arriving[0] < 0.5
