"""What the lessons on signals in depth claim, measured on the engine's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from shown import Shown, run_of

from engine.network.signals import signals
from engine.network.weight_path import WeightPath, WeightPaths
from engine.settings import with_settings


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
    # Training: one finds the ring, the other learns nothing, and its first layer hardly moves.
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
    family = Shown("activation-functions", 5)
    assert family.names == ["ELU", "SiLU", "Softplus"]
    learnt = Shown("activation-functions", 6)
    assert learnt.names == ["PReLU", "SELU", "Maxout"]
    # Leaky ReLU lets a tenth through on the left.
    leaky = next(entry for entry in later.experiment.contestants if entry.name == "Leaky ReLU")
    assert leaky.layers[1].fields()["negative_slope"] == 0.1
    # PReLU's slope on the left is learnt: it begins at 0.25 and moves.
    (name,) = (key for key in learnt.state("PReLU").tensors if key.startswith("1."))
    begins, ends = (learnt.state("PReLU", step).tensors[name] for step in (0, learnt.last))
    assert (begins == 0.25).all() and np.abs(ends - 0.25).max() > 0.05
    for shown in (bent, relu, later, family, learnt):
        assert all(shown.state(who).test.accuracy > 0.95 for who in shown.names)
    # ReLU's network is made of straight pieces: along a line its slope takes few values.
    line = np.linspace(-1.5, 1.5, 601)[:, None] * np.array([[0.6, 0.8]]) + [[0.1, -0.2]]
    for who, most in (("ReLU", 2 * 16), ("Tanh", 600)):
        out = relu.state(who).outputs(line)[:, 0].astype(float)
        bends = np.abs(np.diff(out, 2)) > 0.002 * np.abs(np.diff(out)).max()
        assert bends.sum() <= most and (who == "ReLU" or bends.sum() > 200)


def test_init_in_depth():
    small, large, xavier, relu, linear, trained = (Shown("init-in-depth", beat)
                                                   for beat in range(6))
    # Std 0.01 over 500 inputs: each of the ten layers leaves 0.01·√500 of what it gets, both ways.
    ratio = 0.01 * np.sqrt(500)
    found = signals(small.state("Std 0.01", 0))
    assert len(found.forward) == 11 and ratio == pytest.approx(0.22, abs=0.005)
    np.testing.assert_allclose(found.forward[1:10] / found.forward[:9], ratio, rtol=0.03)
    np.testing.assert_allclose(found.backward[:9] / found.backward[1:10], ratio, rtol=0.05)
    # Std 1: every unit near -1 or 1, gradients more than trebled from layer to layer.
    probe = large.state("Std 1", 0).probe("train")
    for layer in range(1, 20, 2):
        assert (np.abs(probe.activation(layer)) > 0.98).mean() > 0.8
    found = signals(large.state("Std 1", 0))
    assert (found.backward[:9] / found.backward[1:10] > 3).all()
    # Xavier: from layer to layer at most what tanh takes, and never a quarter of it.
    found = signals(xavier.state("Xavier", 0))
    for ratios in (found.forward[1:10] / found.forward[:9],
                   found.backward[:9] / found.backward[1:10]):
        assert ((ratios > 0.75) & (ratios < 1)).all()
    # He on ReLU keeps the second moment, Xavier loses half of it in every layer.
    for who, kept in (("He, ReLU", 1.0), ("Xavier, ReLU", 0.5)):
        probe = relu.state(who, 0).probe("train")
        moments = [float(np.mean(np.square(probe.activation(layer), dtype=np.float64)))
                   for layer in range(1, 20, 2)]
        assert (moments[9] / moments[0]) ** (1 / 9) == pytest.approx(kept, rel=0.06), who
    # Orthogonal matrices keep lengths through 20 layers; LeCun's only on the average.
    spreads = {}
    for who in linear.names:
        found = signals(linear.state(who, 0))
        spreads[who] = np.ptp(np.log(found.forward[:20])), np.ptp(np.log(found.backward[:20]))
    assert max(spreads["Orthogonal, linear"]) < 0.01 and min(spreads["LeCun, linear"]) > 0.3
    # Trained on ten digits, Xavier and He learn what holds for the test rows as well.
    for who in trained.names:
        learnt = trained.state(who).test
        assert (learnt.accuracy > 0.85) == (who in ("Xavier", "He, ReLU")), who
        assert (learnt.loss < 0.5) == (who in ("Xavier", "He, ReLU")), who
    # Too small: still the loss of a guess among ten. Too large: from five times that to about it.
    lost = trained.state("Std 0.01").test
    assert lost.loss == pytest.approx(np.log(10), abs=0.01) and lost.accuracy < 0.15
    starts, ends = (trained.state("Std 1", step).test for step in (0, trained.last))
    assert starts.loss > 4 * np.log(10) and ends.loss > 0.8 * np.log(10)
    # Your turn: before training, one net, and its gain is what the tenth layer hangs on.
    turn = Shown("init-in-depth", 6)
    assert turn.names == ["Xavier"] and turn.last == 0
    halved = run_of(with_settings(turn.experiment, {"Xavier.init.gain": 0.5, "steps": 1}))
    tenth = [float(signals(run.at(0).contestants[2]).forward[9]) for run in (turn.run, halved)]
    assert tenth[1] < 0.01 * tenth[0]


def test_equal_variance():
    equal, narrow, both, three, wide, trained = (Shown("equal-variance", beat)
                                                 for beat in range(6))

    def a_layer(shown: Shown, who: str) -> tuple[float, float]:
        """What the variance is multiplied by from layer to layer, forward and backward."""
        found = signals(shown.state(who, 0))
        count = len(found.forward) - 2
        return (float(found.forward[-2] / found.forward[0]) ** (2 / count),
                float(found.backward[0] / found.backward[-2]) ** (2 / count))

    # Equal widths: one variance grants both wishes.
    assert a_layer(equal, "Xavier") == pytest.approx((1, 1), abs=0.1)
    # Each layer half as wide: the other wish is missed by a factor of two a layer.
    assert a_layer(narrow, "1/fan-in") == pytest.approx((1, 1 / 2), rel=0.1)
    assert a_layer(both, "1/fan-out") == pytest.approx((2, 1), rel=0.1)
    # 2/(fan_in + fan_out) with fan_in = 2 fan_out gives 4/3 and 2/3.
    assert a_layer(three, "Xavier") == pytest.approx((4 / 3, 2 / 3), rel=0.1)
    for who in three.names:
        for place, (fan_in, fan_out) in enumerate(((512, 256), (256, 128), (128, 64))):
            weights = three.state(who, 0).tensors[f"{2 * place}.W"]
            wanted = {"1/fan-in": 1 / fan_in, "1/fan-out": 1 / fan_out,
                      "Xavier": 2 / (fan_in + fan_out)}[who]
            assert weights.shape == (fan_out, fan_in)
            assert float(weights.var()) == pytest.approx(wanted, rel=0.06)
    # Twice as wide instead: turned round.
    forward, backward = zip(*(a_layer(wide, who) for who in wide.names), strict=True)
    assert wide.names == ["1/fan-in", "1/fan-out", "Xavier"]
    assert forward[0] > 0.85 and backward[0] > 1.5
    assert forward[1] < 0.6 and backward[1] == pytest.approx(1, abs=0.2)
    assert forward[1] < forward[2] < forward[0] and backward[1] < backward[2] < backward[0]
    # Over six layers that is a factor of eight in the size, and all three learn.
    assert np.sqrt(2.0**6) == 8
    for who in trained.names:
        first, last = (trained.state(who, step).test for step in (0, trained.last))
        assert trained.state(who).train.accuracy > 0.97, who
        assert last.accuracy > 0.75 and last.loss < 0.65 * first.loss, who


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
    counts = [len(large.state("Large step", step).probe("train").dead_units(1))
              for step in (0, 20, large.last)]
    # Which unit dies last hangs on the last digits, and so on the processor.
    assert counts[0] == 4 and 9 <= counts[1] <= counts[2] < 16
    assert left.state("Large step").test.accuracy > 0.9
    for who in centred.names:
        for step in (0, centred.last):
            assert len(centred.state(who, step).probe("train").dead_units(1)) == 0
    # Your turn: the dead are there again, and with leaky ReLU units still answer to the points.
    turn = Shown("dead-relu", 5)
    assert len(turn.state("Large step").probe("train").dead_units(1)) >= 9
    layers = [{"kind": "dense", "width": 16}, {"kind": "leaky-relu"}]
    leaky = run_of(with_settings(turn.experiment, {"Large step.layers": layers}))
    probe = leaky.at(turn.last).contestants[1].probe("train")
    assert (np.abs(np.asarray(probe.activation(1))).max(1) > 0).all()
