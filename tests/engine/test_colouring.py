"""Few colours for many points: neighbours never have the same, whatever the points."""

import numpy as np
import pytest

from engine.maps.colouring import colouring


def test_as_many_points_as_colours_have_one_each():
    points = np.random.default_rng(0).normal(size=(10, 2))
    np.testing.assert_array_equal(colouring(points, 10), np.arange(10))
    assert colouring(np.empty((0, 2)), 10).shape == (0,)


@pytest.mark.parametrize("sides", [(11, 11), (5, 40), (30, 30)])
def test_on_a_grid_those_beside_and_across_are_of_other_colours(sides):
    rows, columns = sides
    points = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2)
    colors = colouring(points.astype(float), 10).reshape(rows, columns)
    assert set(np.unique(colors)) == set(range(10))
    for one, other in ((colors[1:], colors[:-1]), (colors[:, 1:], colors[:, :-1]),
                       (colors[1:, 1:], colors[:-1, :-1]), (colors[1:, :-1], colors[:-1, 1:])):
        assert (one != other).all()


def test_points_anywhere_differ_from_the_nearest_ones():
    for seed in range(5):
        points = np.random.default_rng(seed).random((80, 2))
        colors = colouring(points, 10)
        away = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
        away[np.diag_indices(len(away))] = np.inf
        assert (colors[away.argmin(axis=1)] != colors).all()


def test_points_on_a_line_take_turns():
    line = np.stack([np.arange(15.0), np.zeros(15)], 1)
    np.testing.assert_array_equal(colouring(line, 10), [*range(10), 0, 1, 2, 3, 4])
