"""Counting: the bins of np.histogram, moments that lose nothing, and what is not finite apart."""

import sys
from fractions import Fraction

import numpy as np
import pytest

from engine.errors import RunError
from engine.network.counting import counted, moments, resting_units, share_outside
from engine.network.histogram import FARTHEST, bounds, checked

precisions = pytest.mark.parametrize("precision", ["float32", "float64"])


def normals(precision, size=5000, seed=0):
    return np.random.default_rng(seed).standard_normal(size).astype(precision)


def histogram(values, bins, low, high):
    return counted(values, moments(values), bins, float(low), float(high))


def twin(values, bins, low, high):
    """np.histogram of the finite numbers in float64, and what is outside."""
    values = values[np.isfinite(values)].astype(float)
    counts, _ = np.histogram(values, bins, (float(low), float(high)))
    return counts, int((values < low).sum()), int((values > high).sum())


def assert_same(found, expected):
    np.testing.assert_array_equal(found[0], expected[0])
    assert found[1:] == expected[1:]
    assert found[0].dtype == np.int64


SHAPES = {
    "normal": lambda x: x,
    "rectified": lambda x: np.maximum(x, 0),
    "on edges": lambda x: np.round(x, 1),
    "far away": lambda x: x + x.dtype.type(1000),
    "tiny": lambda x: x * x.dtype.type(1e-25),
    "denormal": lambda x: x * x.dtype.type(1e-40),
    "huge": lambda x: x * x.dtype.type(1e37),
    "signs": lambda x: np.sign(x),
}


@precisions
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bins", [1, 7, 50, 64, 1000])
def test_counts_are_those_of_numpy(shape, bins, precision):
    values = SHAPES[shape](normals(precision))
    spread = float(np.abs(values).max())
    for low, high in ((values.min(), values.max()), (-spread, spread), (-spread / 3, spread / 7),
                      (-1.1, 1.1), (0, spread)):
        assert_same(histogram(values, bins, low, high), twin(values, bins, low, high))


@precisions
@pytest.mark.parametrize("size", [1, 2, 3, 1023, 1024, 1025, 4099])
def test_every_number_is_counted_whatever_their_number(size, precision):
    values = normals(precision, size)
    low, high = bounds(float(values.min()), float(values.max()))
    found = histogram(values, 10, low, high)
    assert found[0].sum() == size and found[1:] == (0, 0)
    assert_same(found, twin(values, 10, low, high))


@precisions
def test_a_bin_includes_its_lower_edge_and_the_last_one_both(precision):
    edges = np.array([0, 1, 2, 3, 4], precision)
    assert histogram(edges, 4, 0, 4)[0].tolist() == [1, 1, 1, 2]
    around = np.concatenate([np.nextafter(edges, edges.dtype.type(-9)),
                             np.nextafter(edges, edges.dtype.type(9))])
    counts, below, above = histogram(around, 4, 0, 4)
    assert (counts.tolist(), below, above) == ([2, 2, 2, 2], 1, 1)


@precisions
def test_moments_are_those_of_exact_arithmetic(precision):
    for shape in SHAPES:
        values = SHAPES[shape](normals(precision, 3000))
        exact = [Fraction(float(value)) for value in values]
        mean = sum(exact) / len(exact)
        variance = float(sum((value - mean) ** 2 for value in exact) / len(exact))
        found = moments(values)
        tiny = sys.float_info.min
        assert found.mean == pytest.approx(float(mean), rel=1e-12, abs=1e-14 * variance**0.5)
        assert found.std == pytest.approx(variance**0.5, rel=1e-11, abs=tiny**0.5)
        assert (found.minimum, found.maximum) == (values.min(), values.max())
        assert found.zeros == (values == 0).sum() and found.finite == 3000
        assert found.second_moment == pytest.approx(
            float(sum(v * v for v in exact) / len(exact)), rel=1e-11, abs=tiny)


@precisions
@pytest.mark.parametrize("places", [[0], [1023], [1024], [2999], list(range(0, 3000, 7))])
def test_numbers_that_are_not_finite_are_counted_apart_and_spoil_nothing(places, precision):
    values = normals(precision, 3000)
    rest = np.delete(values, places)
    for poison, kind in ((np.nan, "nan"), (np.inf, "up"), (-np.inf, "down")):
        values[places] = poison
        found = moments(values)
        count = len(places)
        assert (found.nans, found.infinite) == (
            count * (kind == "nan"), (count * (kind == "down"), count * (kind == "up")))
        assert found.finite == 3000 - count
        assert found.mean == pytest.approx(rest.mean(dtype=float), abs=1e-12)
        assert found.std == pytest.approx(rest.std(dtype=float), rel=1e-12)
        assert (found.minimum, found.maximum) == (rest.min(), rest.max())
        assert_same(histogram(values, 20, -1, 2), twin(values, 20, -1, 2))
        assert_same(histogram(values, 20, rest.min(), rest.max()),
                    twin(values, 20, rest.min(), rest.max()))


@precisions
def test_nothing_finite_at_all_has_no_moments_and_no_counts(precision):
    values = np.array([np.nan, np.inf, -np.inf, np.nan], precision)
    found = moments(values)
    assert found.finite == 0 and found.nans == 2 and found.infinite == (1, 1)
    assert np.isnan([found.mean, found.std, found.minimum, found.maximum]).all()
    assert bounds(found.minimum, found.maximum) == (0.0, 1.0)
    counts, below, above = histogram(values, 4, 0, 1)
    assert (counts.tolist(), below, above) == ([0, 0, 0, 0], 0, 0)


@precisions
def test_a_single_value_gets_a_range_around_it(precision):
    for value in (0.0, 3.5, -1e-30, 1e30):
        values = np.full(10, value, precision)
        low, high = bounds(float(values.min()), float(values.max()))
        assert low < float(values[0]) < high
        counts = histogram(values, 11, low, high)[0]
        assert counts.tolist() == [0] * 5 + [10] + [0] * 5
        assert moments(values).std == 0


def test_the_widest_numbers_can_still_be_counted():
    most = float(np.finfo(np.float64).max)
    low, high = bounds(-most, most)
    assert (low, high) == (-FARTHEST, FARTHEST)
    values = np.array([-most, -1.0, 1.0, most])
    counts, below, above = histogram(values, 2, low, high)
    assert (counts.tolist(), below, above) == ([1, 1], 1, 1)


@precisions
def test_shares_outside_include_the_bounds_and_nan_is_no_bound(precision):
    values = np.array([-3, -2, 0, 2, 3, np.nan], precision)
    assert share_outside(values, -2, 2) == 4 / 6
    assert share_outside(values, np.nan, 2) == 2 / 6
    assert share_outside(values, -2, np.nan) == 2 / 6


@precisions
def test_a_unit_rests_if_it_does_on_every_row(precision):
    units = np.zeros((4, 9), precision)
    units[1, 8], units[2] = 1e-30, np.nan
    assert resting_units(units, 0.0).tolist() == [True, False, False, True]


@pytest.mark.parametrize("bins, span, words", [
    (0, None, "bins must be a whole number from 1 to 10,000, not 0"),
    (10_001, None, "not 10001"),
    (2.5, None, "not 2.5"),
    (True, None, "not True"),
    (8, (1, 1), "the lower one first"),
    (8, (2, 1), "not \\(2, 1\\)"),
    (8, (0, np.inf), "two finite numbers"),
    (8, (np.nan, 1), "two finite numbers"),
    (8, (1e9, 1e9 + 1e-7), "room for bins"),
    (8, "own", "not 'own'"),
    (8, 3, "not 3"),
])
def test_refusals_are_sentences(bins, span, words):
    with pytest.raises(RunError, match=words):
        checked(bins, span)
