"""Trails as lines in pixels: what has left a surface for good covers nothing of it."""

import numpy as np
import pytest
from map_races import pits
from scenes import snapshot_of, solo

from app.views import Look
from app.views.trails import FAR, GONE, make_line


def line_of(points) -> np.ndarray:
    points = np.array(points, float)
    return make_line(None, points, np.arange(len(points)), 0.5).points


def test_a_trail_ends_where_it_leaves_for_good_on_the_way_that_it_takes():
    jumps = [(40.0 + k, 200 - 100 * (-7.0) ** k) for k in range(40)]
    found = line_of(jumps)
    # To and fro by seven times as far: three of them begin within what may be seen.
    assert len(found) == 4
    np.testing.assert_array_equal(found[:3], jumps[:3])
    way, own = found[-1] - found[-2], np.subtract(jumps[3], jumps[2])
    assert way[0] * own[1] == pytest.approx(way[1] * own[0])
    # One that is far away and comes back is there to its end.
    back = [(0.0, 0.0), (0.0, 5 * GONE), (300.0, 200.0), (310.0, 240.0)]
    np.testing.assert_array_equal(line_of(back)[[0, -2, -1]], [back[0], *back[2:]])
    assert np.abs(line_of([(0, 0), (3 * FAR, FAR)])).max() == FAR
    assert len(line_of([(2 * GONE, 0), (3 * GONE, 0)])) == 1


@pytest.mark.usefixtures("qapp")
def test_what_is_to_come_of_a_divergent_contestant_does_not_cover_the_surface():
    tame = {"optimizer": {"name": "sgd", "lr": 0.003}}
    wild = {"name": "wild", "optimizer": {"name": "sgd", "lr": 1.83}}
    with solo("surface-path", "light", (420, 320)) as shown:
        alone = shown.draw(snapshot_of(pits(100, "ravine", [tame]), 0), Look())
    with solo("surface-path", "light", (420, 320)) as shown:
        both = shown.draw(snapshot_of(pits(100, "ravine", [tame, wild]), 0), Look())
    # Around the minimum, where it jumps to and fro from beyond the one edge to beyond the other.
    middle = np.s_[40:280, 180:300]
    assert (np.abs(both - alone)[middle].max(axis=2) > 8).mean() < 0.002
