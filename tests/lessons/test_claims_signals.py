"""What the lessons on signals in depth claim, measured on the engine's numbers."""

from __future__ import annotations

import numpy as np
from shown import Shown

from engine.network.signals import signals
from engine.network.weight_path import WeightPath, WeightPaths


def test_vanishing_gradients():
    start, _, relu, trained, end = (Shown("vanishing-gradients", beat) for beat in range(5))
    # A millionth of the output's gradient is left at the first layer; a layer passes a quarter.
    before = signals(start.state("Sigmoid", 0)).backward
    assert 3e-7 < before[0] / before[-1] < 3e-6
    ratios = before[:-2] / before[1:-1]
    assert (ratios < 0.35).all() and (before[0] / before[9]) ** (1 / 9) < 0.28
    # ReLU keeps it within a factor of two from the last hidden layer to the first.
    kept = signals(relu.state("ReLU", 0)).backward
    assert 0.5 < kept[0] / kept[9] < 2
    # Training: one finds the ring, the other knows nothing, and its first layer hardly moves.
    assert trained.state("ReLU").test.accuracy > 0.98
    assert trained.state("Sigmoid").test.accuracy < 0.6
    moved = {who: np.linalg.norm(trained.state(who).tensors["0.W"] - trained.state(who, 0)
                                 .tensors["0.W"]) for who in trained.names}
    assert moved["Sigmoid"] < 1e-4 * moved["ReLU"]
    after = signals(end.state("Sigmoid")).backward
    assert 0.2 < (after[0] / after[9]) ** (1 / 9) < 0.3


def test_activation_functions():
    plain, bent, relu, later = (Shown("activation-functions", beat) for beat in range(4))
    # Without an activation function it is a linear map: the boundary is a line.
    state = plain.state("Identity")
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    middle, out = state.outputs((points[:25] + points[25:]) / 2), state.outputs(points)
    np.testing.assert_allclose(middle, (out[:25] + out[25:]) / 2, atol=1e-4)
    assert state.test.accuracy < 0.6
    for shown in (bent, relu, later):
        assert all(shown.state(who).test.accuracy > 0.95 for who in shown.names)
    # ReLU's network is made of straight pieces: along a line its slope takes few values.
    line = np.linspace(-1.5, 1.5, 601)[:, None] * np.array([[0.6, 0.8]]) + [[0.1, -0.2]]
    for who, most in (("ReLU", 2 * 16), ("Tanh", 600)):
        out = relu.state(who).outputs(line)[:, 0].astype(float)
        bends = np.abs(np.diff(out, 2)) > 0.002 * np.abs(np.diff(out)).max()
        assert bends.sum() <= most and (who == "ReLU" or bends.sum() > 200)


def test_symmetry():
    equal, trained, both, weights = (Shown("symmetry", beat) for beat in range(4))
    for shown, step in ((equal, 0), (trained, trained.last), (weights, weights.last)):
        state = shown.state("Equal", step)
        for name in ("0.W", "0.b"):
            rows = state.tensors[name]
            assert (rows == rows[0]).all(), (name, step)
        assert (state.tensors["2.W"].T[0] == state.tensors["2.W"].T).all()
        gradient = state.probe("batch").weight_gradient(0)
        assert (gradient == gradient[0]).all()
    # One unit's worth of a boundary against a closed ring.
    assert both.state("Equal").test.accuracy < 0.75 < 0.97 < both.state("Random").test.accuracy
    random = weights.state("Random").tensors["0.W"]
    assert len({tuple(row) for row in random.tolist()}) == 8 and random.std() > 0.5


def _way(shown: Shown, place: int, unit: int = 0) -> WeightPath:
    paths = WeightPaths()
    paths.follow(shown.snapshot)
    way = paths.path(0, place, unit)
    assert way is not None
    return way


def test_zero_centred():
    together, zigzag, centred, sigmoid = (Shown("zero-centred", beat) for beat in range(4))
    assert (together.state("One unit").training.material.train_x > 0).all()
    # Every step's two components agree, and the weights that are wanted differ in sign.
    way = _way(zigzag, 0)
    assert way.agreeing == 1 and way.detour > 4
    steps = np.diff(np.array([zigzag.state("One unit", step).tensors["0.W"][0]
                              for step in range(150)]), axis=0)
    assert (np.sign(steps[:, 0]) == np.sign(steps[:, 1])).all()
    end = zigzag.state("One unit", 150).tensors["0.W"][0] - zigzag.state("One unit", 0).tensors[
        "0.W"][0]
    assert end[0] * end[1] < 0
    # Centred, nearly straight; behind a sigmoid they agree again.
    way = _way(centred, 0)
    assert way.agreeing < 0.3 and way.detour < 1.5
    behind = sigmoid.state("One unit").probe("train")
    assert (np.asarray(behind.activation(1)) > 0).all()
    assert _way(sigmoid, 2).agreeing == 1


def test_dead_relu():
    start, trained, large, left, centred = (Shown("dead-relu", beat) for beat in range(5))
    for shown, step in ((start, 0), (trained, trained.last)):
        probe = shown.state("Fair step", step).probe("train")
        dead = probe.dead_units(1)
        assert len(dead) == 4
        assert (probe.weight_gradient(0)[dead] == 0).all()
        # Every point is on their off side.
        assert (np.asarray(probe.pre_activation(1))[dead] <= 0).all()
    before, after = (trained.state("Fair step", step).tensors["0.W"] for step in (0, 135))
    np.testing.assert_array_equal(before[dead], after[dead])
    counts = [len(large.state("Too large a step", step).probe("train").dead_units(1))
              for step in (0, 20, large.last)]
    assert counts == [4, 11, 11]
    assert left.state("Too large a step").test.accuracy > 0.9
    for who in centred.names:
        for step in (0, centred.last):
            assert len(centred.state(who, step).probe("train").dead_units(1)) == 0
