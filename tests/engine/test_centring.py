"""Off centre by layer: preprocessing sees to the first layer's inputs, and to no others."""

from dataclasses import replace

import numpy as np
import pytest
from test_layer_shift import NORM, act, dense, run_of
from test_stages import slanted

from engine.network.centring import centring
from engine.network.even_rows import sampled_probe

POINTS = [[float(x), float(y), k % 2] for k, (x, y) in enumerate(slanted(rows=120))]


def state_of(layers, preprocess, **more):
    run = run_of(layers, dataset={"points": POINTS}, preprocess=preprocess, test_fraction=0, **more)
    return run.snapshot().contestants[0]


def test_it_is_of_what_goes_into_each_weight_layer():
    layers = [dense(6), act("relu"), NORM, dense(5), act("sigmoid")]
    state = state_of(layers, ["center"], precision="float64")
    probe, found = sampled_probe(state, "training"), centring(state)
    inputs = [probe.pre_activation(place) for place in (0, 3, 5)]
    for k, x in enumerate(inputs):
        mean, var = x.mean(1), x.var(1)
        assert found.mean[k] == pytest.approx(np.sqrt((mean**2).mean()), abs=1e-12)
        assert found.std[k] == pytest.approx(np.sqrt(var.mean()))
        assert found.offset[k] == pytest.approx(np.sqrt((mean**2).sum() / var.sum()), abs=1e-12)
    # Behind a batch norm they are centred, too.
    assert found.offset[1] < 1e-9


@pytest.mark.parametrize("function", ["sigmoid", "relu"])
def test_preprocessing_helps_the_first_layer_only(function):
    layers = [dense(12), act(function)] * 3
    raw, white = (centring(state_of(layers, steps, precision="float64"))
                  for steps in ([], ["center", "scale", "whiten"]))
    assert raw.offset[0] > 0.5
    assert white.offset[0] < 1e-9
    assert (white.offset[1:] > 0.5).all()
    assert (raw.offset[1:] > 0.5).all()


def test_what_does_not_vary_is_infinitely_far_off():
    state = state_of([dense(4), act("sigmoid")], ["center"])
    # Without weights every sigmoid says 1/2.
    found = centring(replace(state, state=np.zeros_like(state.state)))
    assert np.isfinite(found.offset[0])
    assert found.offset[1] == np.inf
