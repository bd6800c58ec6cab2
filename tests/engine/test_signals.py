"""Signals by depth on few rows: what a probe finds, and what init theory says of them."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.even_rows import FEWEST_ROWS, MOST_ROWS, sampled_probe, spread_rows
from engine.network.signals import signals


def state_of(layers, init="he-normal", samples=400, **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": samples}, "batch": 16,
               **problem}
    run = Run(Experiment(steps=1, seed=7, problem=problem, contestants=[
        {"name": "A", "layers": layers, "init": init, "optimizer": "sgd"}]))
    return run.snapshot().contestants[0]


def deep(width, count, kind="tanh"):
    return [{"kind": "dense", "width": width}, {"kind": kind}] * count


def test_signals_are_those_of_the_probe_and_gradients_are_a_rows_own():
    state = state_of(deep(20, 3))
    found = signals(state)
    probe = sampled_probe(state, "training")
    assert found.names == ("layer 1", "layer 2", "layer 3", "output")
    assert found.places == (1, 3, 5, 6)
    assert found.rows == probe.rows == MOST_ROWS
    for place, forward, backward in zip(found.places, found.forward, found.backward, strict=True):
        assert forward == pytest.approx(probe.activation(place).std(), rel=1e-5)
        assert backward == pytest.approx(probe.rows * probe.gradient(place).std(), rel=1e-5)


def test_too_small_an_init_fades_by_the_factor_that_theory_gives():
    """Row 12: ten layers of 500 tanh units, std 0.01, shrink about 0.01·√500 each."""
    found = signals(state_of(deep(500, 10), {"name": "normal", "std": 0.01}))
    assert FEWEST_ROWS <= found.rows < 128
    ratios = found.forward[1:10] / found.forward[:9]
    np.testing.assert_allclose(ratios, 0.01 * np.sqrt(500), rtol=0.08)
    # On the way back every layer but the outputs' has as many inputs as outputs: the same factor.
    np.testing.assert_allclose(found.backward[:9] / found.backward[1:10], 0.01 * np.sqrt(500),
                               rtol=0.08)


def test_gradients_do_not_depend_on_how_many_rows_are_looked_at():
    few, many = (signals(state_of(deep(30, 2), samples=samples)) for samples in (130, 1200))
    assert few.rows < many.rows
    np.testing.assert_allclose(few.backward, many.backward, rtol=0.3)


def test_batch_norm_is_seen_as_in_training_before_the_first_step():
    norm = [{"kind": "dense", "width": 40}, {"kind": "batch-norm"}, {"kind": "tanh"}] * 4
    found = signals(state_of(norm, {"name": "normal", "std": 0.01}))
    assert (found.forward[:4] > 0.4).all()


def test_a_network_without_hidden_layers_has_one_block():
    found = signals(state_of([]))
    assert found.names == ("output",)
    assert found.forward.shape == (1,)


@pytest.mark.parametrize(("count", "most"), [(10, 3), (3, 10), (1, 1), (1000, 256)])
def test_rows_are_spread_evenly_and_never_twice(count, most):
    rows = spread_rows(count, most)
    assert len(rows) == min(count, most) == len(set(rows.tolist()))
    assert rows[0] == 0
    assert rows[-1] < count
    assert np.diff(rows).max(initial=0) - np.diff(rows).min(initial=count) <= 1
