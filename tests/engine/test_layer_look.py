"""Looks into all layers at once: against NumPy and the probe, and what lectures say of inits."""

import numpy as np
import pytest
from test_probe import PLAIN, RICH, TANH, dense, state_of

from engine import Experiment, Run
from engine.network import layer_look as module
from engine.network.even_rows import spread_rows
from engine.network.layer_look import common_span, look_rows, looks
from engine.network.layer_spread import common_range
from engine.network.probe import Probe

QUANTITIES = ("activation", "pre-activation", "gradient", "weight")


def by_hand(state, rows):
    """The pass that a look makes."""
    material = state.training.material
    chosen = spread_rows(len(material.train_x), rows)
    return Probe(state, material.train_x[chosen], material.train_y[chosen], state.step + 1, True)


def values_of(probe, what, block):
    if what == "weight":
        return probe.weights(block.weights)
    if what == "gradient":
        # A row's own loss, and not its part of the mean.
        return probe.gradient(block.activation) * probe.rows
    return probe.activation(block.activation if what == "activation" else block.pre_activation)


@pytest.mark.parametrize("layers", [PLAIN, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("what", QUANTITIES)
def test_columns_and_moments_are_numpys(layers, what):
    state = state_of(layers)
    look, probe = state.look(40), by_hand(state, 40)
    blocks = probe.blocks[:-1] if "activation" in what else probe.blocks
    assert look.depth(what) == len(blocks)
    span = common_span([look], what)
    found = look.columns(what, 30, span)
    for column, known, block in zip(found, look.moments(what), blocks, strict=True):
        values = values_of(probe, what, block)
        counts = np.histogram(values, 30, span)[0]
        # A number at a bin's edge may fall to either side of it by the factor's last bit.
        assert np.abs(column.histogram.counts - counts).sum() <= 2
        assert column.histogram.counts.sum() + column.histogram.below + (
            column.histogram.above) == values.size
        for found_, expected in ((known.mean, values.mean()), (known.std, values.std()),
                                 (known.minimum, values.min()), (known.maximum, values.max()),
                                 (column.histogram.std, values.std())):
            assert found_ == pytest.approx(expected, rel=1e-9, abs=1e-14)
        assert (column.histogram.low, column.histogram.high) == pytest.approx(span, rel=1e-12)


@pytest.mark.parametrize("what", ["activation", "pre-activation", "weight"])
def test_the_range_is_that_of_the_probes(what):
    states = [state_of(PLAIN), state_of([dense(9), TANH])]
    found = [state.look(30) for state in states]
    assert common_span(found, what) == common_range([look.probe for look in found], what)


def test_outputs_and_what_explodes_do_not_widen_a_range_where_that_is_asked():
    init = {"name": "normal", "std": 4.0}
    wild, tame = (state_of([dense(30), {"kind": "relu"}] * 4, done=0, init=init)
                  for init in (init, "he-normal"))
    found = [wild.look(50), tame.look(50)]
    wide, narrow = (common_span(found, "activation", unusual)[1] for unusual in (20.0, 2.0))
    assert narrow < wide
    small = {"name": "normal", "std": 0.02}
    faint = [state_of([dense(30), TANH] * 4, done=0, init=small).look(50)]
    outputs = faint[0].moments("gradient")[-1].std
    hidden = max(entry.std for entry in faint[0].moments("gradient")[:-1])
    assert hidden < 0.2 * outputs
    assert common_span(faint, "gradient", 1e9)[1] >= outputs
    assert common_span(faint, "gradient", 1e9, hidden=True)[1] < 5 * hidden


def test_signals_are_the_same_numbers():
    look = state_of(RICH).look(60)
    signals = look.signals()
    assert signals.rows == 60
    np.testing.assert_allclose(signals.backward, [m.std for m in look.moments("gradient")])
    np.testing.assert_allclose(signals.forward[:-1], [m.std for m in look.moments("activation")])


def test_what_has_been_worked_out_is_kept():
    state = state_of(PLAIN)
    assert state.look(25) is state.look(25)
    assert state.look(10**9) is state.look(len(state.training.material.train_x))
    look = state.look(25)
    assert not look.ready
    look.make()
    assert look.ready
    assert look.columns("activation", 9, (-1.0, 1.0)) is look.columns("activation", 9, (-1.0, 1.0))


def test_passes_made_at_once_are_those_made_one_after_another(monkeypatch):
    monkeypatch.setattr(module, "WORTH_THREADS", 0)
    states = [state_of(RICH), state_of(PLAIN), state_of([dense(50), TANH])]
    for look in looks(states, 70):
        assert look.ready
        alone = by_hand(look.state, 70)
        for layer in alone.layers:
            np.testing.assert_array_equal(
                look.probe.gradient(layer.place), alone.gradient(layer.place))


def network(width, depth, samples=3000, inputs=None, **more):
    dataset = {"name": "moons", "samples": samples} if inputs is None else {
        "name": "normal-rows", "samples": samples, "inputs": inputs}
    layers = [{"kind": "dense", "width": width}, {"kind": more.pop("function", "tanh")}] * depth
    schemes = more.pop("schemes", {"A": "he-normal"})
    run = Run(Experiment(steps=1, seed=7, problem={
        "kind": "network", "dataset": dataset, "test_fraction": 0.0, **more}, contestants=[
            {"name": name, "layers": layers, "init": init, "optimizer": "sgd"}
            for name, init in schemes.items()]))
    return run.at(0).contestants


@pytest.mark.parametrize(("width", "depth", "quick", "thorough"), [
    (4, 1, 1024, 1024), (64, 2, 256, 1024), (500, 10, 255, 1024), (1000, 10, 65, 1024)])
def test_large_networks_are_looked_at_quickly_on_fewer_rows(width, depth, quick, thorough):
    states = network(width, depth)
    assert look_rows(states, False) == pytest.approx(quick, abs=25)
    assert look_rows(states, True) == thorough


def test_contestants_are_looked_at_on_the_same_rows_and_in_bounded_memory():
    small, large = network(4, 1)[0], network(1000, 40, samples=1500, inputs=10)[0]
    assert look_rows([small, large], False) == look_rows([large], False) == 64
    assert look_rows([large] * 12, True) < look_rows([large], True) < 1024
    assert look_rows([], True) == 1


# ---- what lectures say, on a thousand rows of 500 standard normal numbers

WIDE = {"width": 500, "depth": 10, "samples": 1000, "inputs": 500}


def test_too_small_an_init_shrinks_every_layer_by_its_std_times_the_root_of_the_width():
    """Row 12: ten layers of 500 tanh units, std 0.01, shrink by about 0.01·√500 each."""
    (state,) = network(**WIDE, schemes={"A": {"name": "normal", "std": 0.01}})
    signals = state.look(1000).signals()
    factor = 0.01 * np.sqrt(500)
    assert signals.rows == 1000
    assert signals.forward[0] == pytest.approx(factor, rel=0.05)
    np.testing.assert_allclose(signals.forward[1:10] / signals.forward[:9], factor, rtol=0.06)
    np.testing.assert_allclose(signals.backward[:9] / signals.backward[1:10], factor, rtol=0.06)
    assert signals.forward[9] == pytest.approx(factor**10, rel=0.3)


def test_he_on_relu_keeps_the_second_moment_and_xavier_halves_it():
    """Row 12: E[y²] of He's layers stays what it was; Xavier's variance is half of He's here."""
    he, xavier = network(**WIDE, function="relu", schemes={"He": "he-normal",
                                                           "Xavier": "xavier-normal"})
    squares = np.array([m.second_moment for m in he.look(1000).moments("activation")])
    # The inputs' second moment is 1. A weight matrix of 500 units keeps it to within √(5/500) of a
    # row's, whose scatter is shared by rows that have become alike: here are 3 and 3.5 of them.
    ratios = squares / np.concatenate([[1.0], squares[:-1]])
    np.testing.assert_allclose(ratios, 1.0, rtol=0.3)
    assert abs(np.log(ratios).mean()) < 3.5 * np.sqrt(5 / 500 / 10)
    less = np.array([m.second_moment for m in xavier.look(1000).moments("activation")])
    np.testing.assert_allclose(less / squares, 0.5 ** np.arange(1, 11), rtol=1e-4)


def test_xaviers_variance_is_the_compromise_of_both_directions():
    """Row 13: 2/(fan_in + fan_out) lies between what keeps signals and what keeps gradients."""
    widths = [100, 400] * 4
    layers = [entry for width in widths for entry in (dense(width), {"kind": "identity"})]
    run = Run(Experiment(steps=1, seed=7, problem={
        "kind": "network", "test_fraction": 0.0, "precision": "float64",
        "dataset": {"name": "normal-rows", "samples": 1000, "inputs": 400, "classes": 10},
    }, contestants=[
            {"layers": layers, "init": "xavier-normal", "optimizer": "sgd"}]))
    look = run.at(0).contestants[0].look(1000)
    forward = np.array([m.second_moment for m in look.moments("activation")])
    backward = np.array([m.second_moment for m in look.moments("gradient")])[:-1]
    before = np.concatenate([[1.0], forward[:-1]])
    fans = np.array([400, *widths[:-1]]), np.array(widths)
    variance = 2 / (fans[0] + fans[1])
    # Each way a layer multiplies by its variance times the units that are summed over.
    np.testing.assert_allclose(forward / before, variance * fans[0], rtol=0.1)
    # Ten classes are nine directions of gradients: 100 inputs scatter by √(2/100/9), 5 % each.
    np.testing.assert_allclose(backward[:-1] / backward[1:], (variance * fans[1])[1:], rtol=0.2)
    # To and fro together they cancel: 400 to 100 and back to 400 keep neither, nor lose either.
    both = (forward / before)[1:] * (backward[:-1] / backward[1:])
    np.testing.assert_allclose(both, 4 * fans[0][1:] * fans[1][1:] / (fans[0] + fans[1])[1:]**2,
                               rtol=0.2)


@pytest.mark.parametrize("std", [0.05, 0.3, 2.0])
def test_a_sigmoid_passes_less_than_a_quarter_of_the_gradient_times_the_weights_norm(std):
    """Row 8: the gradient of a layer is at most 0.25·‖W‖ times that of the layer behind it."""
    (state,) = network(width=60, depth=10, samples=500, inputs=30, function="sigmoid",
                       schemes={"A": {"name": "normal", "std": std}}, precision="float64")
    probe = state.look(500).probe
    places = [block.activation for block in probe.blocks]
    for block, here, behind in zip(probe.blocks[1:], places, places[1:], strict=False):
        norm = np.linalg.norm(probe.weights(block.weights), 2)
        slope = 0.25 if behind != places[-1] else 1.0
        small = np.linalg.norm(probe.gradient(here), axis=0)
        large = np.linalg.norm(probe.gradient(behind), axis=0)
        assert (small <= slope * norm * large * (1 + 1e-9)).all()
        assert small.max() > 0
    if std == 0.05:
        stds = state.look(500).signals().backward[:-1]
        # ‖W‖ of a 60×60 matrix is about 2·std·√60: at this std less than 0.2 of a gradient passes.
        assert (stds[:-1] / stds[1:] < 0.25 * 2.2 * std * np.sqrt(60)).all()
