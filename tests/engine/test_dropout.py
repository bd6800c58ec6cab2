"""Dropout's masks: the published generator, the right rate, and no two that know of each other."""

import numpy as np
import pytest

from engine.layers import layers
from tests import naive_layers
from tests.placed_layer import PRECISIONS, Placed, inputs

GOLDEN_RATIO = 0x9E3779B97F4A7C15
# How far chance may go: 1 in 150,000 tests of a fair mask would be beyond.
SIGMAS = 4.5


def mask(units, rows, rate, key, precision="float32"):
    """The mask that dropout draws, (units, rows)."""
    return Placed("dropout", units, precision, rate=rate).forward(np.ones((units, rows)), key)


def test_the_twins_generator_is_the_published_one():
    # The first numbers from the seed 1234567, as Vigna's splitmix64.c gives them.
    words = naive_layers.splitmix64(1234567)
    assert [next(words) for _ in range(5)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.95])
@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (8, 10), (33, 65)])
def test_masks_are_the_twins(shape, rate, precision):
    for key in (0, 1, 2**63, 2**64 - 1):
        expected = naive_layers.dropout_mask(shape, rate, key).astype(precision)
        assert np.array_equal(mask(*shape, rate, key, precision), expected)


def test_a_mask_is_the_same_wherever_its_arrays_lie():
    expected, buffer = mask(7, 9, 0.5, 3), np.ones(1000, "float32")
    forward, none = layers["dropout"].forward.compiled("float32"), np.empty(0, "float32")
    for offset in (0, 1, 2, 3, 5, 13):
        x, y = buffer[offset:][:63].reshape(7, 9), buffer[offset + 300 :][:63].reshape(7, 9)
        forward(none, x, y, buffer[2 * offset + 600 :], none, np.array([0.5]), np.uint64(3), True)
        assert np.array_equal(y, expected)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("key", [0, 12345, GOLDEN_RATIO])
def test_as_many_drop_as_the_rate_says(rate, key):
    size = 256 * 1000
    dropped = (mask(256, 1000, rate, key) == 0).sum()
    assert abs(dropped - rate * size) < SIGMAS * np.sqrt(size * rate * (1 - rate))


def correlation(one, other):
    return abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) * np.sqrt(one.size)


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_neighbours_drop_independently(rate):
    drawn = mask(256, 1000, rate, 7)
    flat = drawn.ravel()
    assert correlation(drawn[:, 1:], drawn[:, :-1]) < SIGMAS
    assert correlation(drawn[1:], drawn[:-1]) < SIGMAS
    # Two numbers that are decided by halves of the same word, and neighbours of those.
    for apart in (128_000, 128_001, 127_999, 2, 3):
        assert correlation(flat[apart:], flat[:-apart]) < SIGMAS
    pairs = 4 * (flat[::2] != 0) + 2 * (flat[1::2] != 0) + (np.roll(flat, 5)[::2] != 0)
    keep, n = 1 - rate, pairs.size
    for value in range(8):
        kept = value.bit_count()
        share = keep**kept * rate ** (3 - kept)
        assert abs((pairs == value).sum() - n * share) < SIGMAS * np.sqrt(n * share * (1 - share))


@pytest.mark.parametrize("distance", [1, 2, 2**32, 2**63, GOLDEN_RATIO, 2 * GOLDEN_RATIO])
def test_steps_and_layers_drop_independently(distance):
    first = mask(256, 1000, 0.5, 99)
    other = mask(256, 1000, 0.5, (99 + distance) % 2**64)
    assert correlation(first, other) < SIGMAS
    # Nor is one the other, moved along: keys a golden ratio apart share SplitMix64's counter.
    for moved in (1, -1, 2, -2):
        assert correlation(first, np.roll(other, moved)) < SIGMAS


def test_every_number_drops_as_often_as_the_rate_says_over_many_steps():
    rate, steps = 0.3, 4000
    placed = Placed("dropout", 8, "float32", rate=rate)
    ones, dropped = np.ones((8, 12)), np.zeros((8, 12))
    for step in range(steps):
        dropped += placed.forward(ones, (11 + step * GOLDEN_RATIO) % 2**64) == 0
    z = (dropped - steps * rate) / np.sqrt(steps * rate * (1 - rate))
    assert np.abs(z).max() < SIGMAS
    # Together they scatter as binomial counts do, neither more nor less.
    assert abs((z**2).mean() - 1) < SIGMAS * np.sqrt(2 / z.size)


def test_a_linear_layer_behind_dropout_is_right_on_the_average():
    rate, steps = 0.4, 4000
    dropped, after = Placed("dropout", 20, rate=rate), Placed("dense", 20, width=5)
    x = inputs(20, 3)
    plain = after.forward(x)
    mean = np.mean([after.forward(dropped.forward(x, key)) for key in range(steps)], axis=0)
    # Each input is multiplied by a number of mean 1 and variance rate / (1 - rate).
    variance = after.tensors()["W"] ** 2 @ x**2 * rate / (1 - rate)
    assert (np.abs(mean - plain) < SIGMAS * np.sqrt(variance / steps)).all()
    np.testing.assert_array_equal(dropped.forward(x, training=False), x)


def test_what_is_dropped_hears_nothing_and_the_rest_louder():
    placed, x = Placed("dropout", 6, rate=0.75), inputs(6, 10)
    y = placed.forward(x, key=4)
    assert set(np.unique(y / x)) == {0.0, 4.0}
    np.testing.assert_array_equal(placed.backward(np.ones((6, 10)))[0], y / x)
    assert np.array_equal(placed.forward(x, key=4), y)
    assert not np.array_equal(placed.forward(x, key=5), y)
