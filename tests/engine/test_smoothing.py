"""Curves as they are drawn: smoothed, cut into dashes; and the learning rates of an experiment."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Run
from engine.dashes import dashes
from engine.rates import planned_rates
from engine.smoothing import smoothed

numbers = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(values=numbers, gaps=st.lists(st.integers(1, 9), min_size=30, max_size=30),
       span=st.floats(0.5, 50))
def test_each_number_is_the_weighted_mean_of_those_up_to_it(values, gaps, span):
    steps = np.cumsum(gaps[: len(values)])
    found = smoothed(steps, np.array(values), span)
    for k in range(len(values)):
        weights = [exp((steps[j] - steps[k]) / span) for j in range(k + 1)]
        assert found[k] == pytest.approx(np.average(values[: k + 1], weights=weights), abs=1e-9)
    # More of a curve changes nothing of what was there.
    assert np.array_equal(smoothed(steps[:-1], np.array(values[:-1]), span), found[:-1])


def test_what_is_not_finite_has_no_weight():
    found = smoothed(np.arange(5), np.array([1.0, np.nan, np.inf, 1.0, 1.0]), 3.0)
    assert found.tolist()[0] == found.tolist()[3] == found.tolist()[4] == 1.0
    assert np.isnan(found[1:3]).all()


@settings(max_examples=60, deadline=None)
@given(corners=st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=2, max_size=12),
       on=st.floats(1, 20), off=st.floats(1, 20))
def test_dashes_lie_on_the_line_and_have_their_lengths(corners, on, off):
    points = np.array(corners)
    length = np.hypot(*np.diff(points, axis=0).T).sum()
    pieces = dashes(points, on, off)
    lengths = [np.hypot(*np.diff(piece, axis=0).T).sum() for piece in pieces]
    assert all(found == pytest.approx(on, abs=1e-6) for found in lengths[:-1])
    assert not pieces or lengths[-1] <= on + 1e-6
    expected = sum(min(on, length - start) for start in np.arange(0, length, on + off))
    assert sum(lengths) == pytest.approx(expected, abs=1e-6)
    if pieces:
        assert pieces[0][0] == pytest.approx(points[0])


def test_a_straight_line_is_cut_where_it_should_be():
    pieces = dashes(np.array([[0.0, 5.0], [10.0, 5.0]]), 3.0, 2.0)
    assert [piece[:, 0].tolist() for piece in pieces] == [[0.0, 3.0], [5.0, 8.0]]
    assert dashes(np.array([[1.0, 2.0]]), 3.0, 2.0) == []


def test_planned_rates_are_those_that_the_run_takes():
    made = Experiment(
        steps=60, problem={"kind": "surface", "surface": "beale"},
        contestants=[{"name": "A", "optimizer": {"name": "sgd", "lr": 0.01}, "schedule": "cosine"},
                     {"name": "B", "optimizer": {"name": "adam", "lr": 0.1}}],
        changes=[{"step": 20, "set": {"B.lr": 0.2}}, {"step": 41, "set": {"A.lr": 0.02}}])
    rates = planned_rates(made, np.arange(1, 61))
    run = Run(made).finish()
    for step in range(60):
        found = [state.lr for state in run.at(step).contestants]
        assert rates[:, step].tolist() == found
    assert rates[1, [18, 19]].tolist() == [0.1, 0.2]
    some = np.array([3, 20, 21, 59])
    assert np.array_equal(planned_rates(made, some), rates[:, some - 1])


@pytest.mark.parametrize("seed", range(6))
def test_dashes_between_rows_are_those_of_the_whole_line_that_come_there(seed):
    rng = np.random.default_rng(seed)
    points = np.column_stack([np.linspace(0, 300, 40), rng.normal(50, 400, 40).round(-1)])
    # Level stretches, on the border and within.
    points[5:8, 1], points[20:23, 1] = 0.0, 60.0
    whole, part = dashes(points, 6.0, 4.0), dashes(points, 6.0, 4.0, (0.0, 100.0))
    there = [piece for piece in whole if piece[:, 1].min() <= 100 and piece[:, 1].max() >= 0]
    assert 10 < len(there) < 0.6 * len(whole)
    assert len(part) == len(there)
    for mine, its in zip(part, there, strict=True):
        assert np.allclose(mine, its, rtol=0, atol=1e-9)
    assert dashes(points, 6.0, 4.0, (5000.0, 5100.0)) == []
