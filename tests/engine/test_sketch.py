"""Points while they are drawn: what a brush adds, takes and paints, and the dataset they become."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.data.choice import dataset_choice
from engine.data.points import MOST_POINTS
from engine.data.sketch import Sketch, Spray, decimals, near, sketch_of

DENSE = {"kind": "dense", "width": 4}


def points_of(sketch):
    return [tuple(point) for point in sketch.table().points]


def naive_distance(point, start, end):
    """The distance from a point to a stretch, by trying very many places on it."""
    places = np.linspace(start, end, 20_001)
    return np.hypot(*(places - point).T).min()


def test_what_is_near_a_stroke_is_what_lies_within_its_radius():
    rng = np.random.default_rng(1)
    points = rng.uniform(-10, 10, (200, 2))
    start, end = (-4.0, 1.0), (5.0, 3.0)
    for a, b in ((start, end), (start, start)):
        expected = [naive_distance(point, a, b) <= 2.5 for point in points]
        assert near(points, a, b, 2.5).tolist() == expected
        assert 5 < sum(expected) < 150


def test_points_are_added_erased_and_painted():
    sketch = Sketch.empty().added([[0.0, 0.0], [1.0, 0.0]], 1).added([[2.0, 2.0]], 2)
    assert points_of(sketch) == [(0.0, 0.0, 1), (1.0, 0.0, 1), (2.0, 2.0, 2)]
    assert sketch.kinds.tolist() == [0, 0, 1]
    first = np.array([True, False, False])
    assert points_of(sketch.painted(first, 2)) == [(0.0, 0.0, 2), (1.0, 0.0, 1), (2.0, 2.0, 2)]
    assert points_of(sketch.erased(first)) == [(1.0, 0.0, 1), (2.0, 2.0, 2)]
    # Nothing was changed in place.
    assert len(sketch) == 3


def test_rows_say_which_point_of_the_dataset_each_was():
    sketch = Sketch.empty().added([[0, 0], [1, 0], [2, 0]], 1).begun()
    changed = sketch.erased(np.array([False, True, False])).added([[3, 0]], 2)
    assert changed.rows.tolist() == [0, 2, -1]
    assert changed.begun().rows.tolist() == [0, 1, 2]


def test_a_class_without_points_stays_a_class():
    sketch = Sketch.empty().with_class().added([[0, 0], [1, 1]], 1).added([[2, 2]], 3)
    table = sketch.table()
    assert table.classes == (1, 2, 3)
    assert table.raw().classes == ("1", "2", "3")
    # With a point of each there is nothing to be said.
    assert sketch.added([[3, 3]], 2).table().classes is None
    assert sketch_of(table, 0).labels == (1, 2, 3)
    assert points_of(sketch.without_class()) == [(0.0, 0.0, 1), (1.0, 1.0, 1)]
    assert sketch.without_class().labels == (1, 2)


@pytest.mark.parametrize(("sketch", "lacking"), [
    (Sketch.empty(), (2, 2)),
    (Sketch.empty().added([[0, 0]], 1), (1, 1)),
    (Sketch.empty().added([[0, 0], [1, 1]], 1), (0, 1)),
    (Sketch.empty().added([[0, 0]], 1).added([[1, 1]], 2), (0, 0)),
    (Sketch.empty(()), (2, 0)),
    (Sketch.empty(()).added([[0, 5]]), (1, 0)),
    (Sketch.empty(()).added([[0, 5], [1, 4]]), (0, 0)),
])
def test_what_is_lacking_is_what_the_dataset_is_refused_for(sketch, lacking):
    assert sketch.lacking == lacking
    assert (sketch.table().refusal is None) == (lacking == (0, 0))


def test_more_points_than_a_file_takes_are_not_added():
    sketch = Sketch.empty().added(np.zeros((MOST_POINTS - 1, 2)), 1).added(np.ones((5, 2)), 2)
    assert len(sketch) == MOST_POINTS
    assert sketch.table().refusal is None


@pytest.mark.parametrize("name", ["moons", "gaussians", "sine"])
def test_a_dataset_becomes_points_and_is_learnt_from_as_such(name):
    dataset = dataset_choice({"name": name, "samples": 60})
    raw, sketch = dataset.raw(5), sketch_of(dataset, 5)
    table = sketch.table()
    drawn = table.raw()
    for before, after in ((raw.x, drawn.x), (raw.y, drawn.y)):
        np.testing.assert_allclose(after, before, rtol=0, atol=1e-5 * np.ptp(before))
    assert (drawn.task, drawn.classes) == (raw.task, raw.classes)
    made = Experiment(steps=5, problem={"kind": "network", "dataset": table}, contestants=[
        {"layers": [DENSE], "optimizer": "sgd"}])
    assert Experiment.from_toml(made.to_toml()) == made
    assert np.isfinite(Run(made).finish().summary()[0]["loss"])
    again = sketch_of(table, 0)
    assert points_of(again) == points_of(sketch)
    assert again.labels == sketch.labels


@pytest.mark.parametrize("dataset", ["digits", "plane", "bumps"])
def test_data_of_other_inputs_are_no_points_of_a_plane(dataset):
    assert sketch_of(dataset_choice(dataset), 0) is None


def test_a_spray_is_the_same_in_however_many_pieces_the_way_comes():
    def sprayed(ends):
        spray = Spray((0.0, 0.0), 3, 5.0, 4.0, seed=2, stroke=9)
        return np.concatenate([spray.to(end) for end in ends])

    whole = sprayed([(30.0, 40.0)])
    assert len(whole) == 3 * (50 // 4)
    pieces = sprayed([(30.0 * share, 40.0 * share) for share in (0.01, 0.3, 0.31, 0.8, 1.0)])
    np.testing.assert_allclose(pieces, whole, atol=1e-9)
    # Puffs lie around every fourth unit of the way.
    middles = np.repeat(np.arange(1, 13) * 4, 3)[:, None] * np.array([0.6, 0.8])
    off = np.hypot(*(whole - middles).T)
    assert off.max() <= 5
    assert off.max() > 3


def test_a_spray_fills_its_disc_evenly_and_strokes_differ():
    spray = Spray((0.0, 0.0), 4000, 10.0, 1.0, seed=1, stroke=1)
    points = spray.to((1.0, 0.0)) - (1.0, 0.0)
    radius = np.hypot(*points.T)
    # Of a disc's area a quarter lies within half of its radius.
    assert abs(np.mean(radius <= 5) - 0.25) < 0.03
    assert np.abs(points.mean(0)).max() < 0.4
    other = Spray((0.0, 0.0), 4000, 10.0, 1.0, seed=1, stroke=2).to((1.0, 0.0))
    assert not np.allclose(points, other - (1.0, 0.0))


@pytest.mark.parametrize(("unit", "digits"), [(0.01, 3), (0.004, 4), (1.0, 1), (250.0, -1)])
def test_decimals_tell_tenths_of_a_unit_apart(unit, digits):
    assert decimals(unit) == digits
    values = np.linspace(0, 20 * unit, 500)
    assert np.abs(np.round(values, digits) - values).max() <= 0.5 * unit / 1.0
