"""A network as a graph: its columns, what joins them, what its units answer, and its edges."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.edges import lay_edges
from engine.network.graph_columns import columns, described, strongest, weights_between
from engine.network.unit_responses import responses

TANH, RELU, NORM = {"kind": "tanh"}, {"kind": "relu"}, {"kind": "batch-norm"}
DROP = {"kind": "dropout", "rate": 0.4}


def dense(width, **more):
    return {"kind": "dense", "width": width, **more}


def state_of(layers, steps=20, lr=0.02, **more):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 80}, "batch": 8,
               "precision": "float64"}
    contestant = {"name": "A", "layers": layers, "optimizer": {"name": "adam", "lr": lr}}
    return Run(Experiment(steps=steps, seed=4, problem=problem | more,
                          contestants=[contestant])).finish().snapshot().contestants[0]


def test_columns_are_the_inputs_and_the_blocks():
    state = state_of([NORM, dense(5), NORM, RELU, DROP, dense(4), TANH])
    network = state.training.network
    found = columns(network)
    assert [column.name for column in found] == ["inputs", "layer 1", "layer 2", "output"]
    assert [column.width for column in found] == [2, 5, 4, 2]
    assert [column.place for column in found] == [None, 3, 6, 7]
    assert [column.behind for column in found] == [(0,), (4,), (), ()]
    assert [described(network, column) for column in found] == [
        ("batch norm",), ("batch norm", "ReLU", "dropout 0.4"), ("tanh",), ()]


@pytest.mark.parametrize("layers", [
    [dense(6), TANH, dense(5), TANH], [NORM, dense(6), NORM, TANH, DROP, dense(5), NORM, RELU],
    [dense(6), TANH, NORM, DROP, dense(5), RELU, NORM]])
def test_weights_say_how_pre_activations_grow_with_the_activations_before(layers):
    state = state_of(layers)
    chain = columns(state.training.network)
    probe = state.probe("train")
    for before, after in zip(chain, chain[1:], strict=False):
        sources, targets = np.arange(before.width), np.arange(after.width)
        weights = weights_between(state, before, after, sources, targets)
        values = (probe.pre_activation(0) if before.place is None
                  else probe.activation(before.place))
        grown = probe.activation(after.block.pre_activation) - weights @ values
        # What is left is the same for every row: a bias.
        assert np.ptp(grown, axis=1).max() < 1e-10
        some = weights_between(state, before, after, [1], targets[::-2])
        np.testing.assert_array_equal(some, weights[::-2, 1:2])


def test_a_maxout_edge_is_its_largest_piece():
    state = state_of([{"kind": "maxout", "width": 3, "pieces": 4}])
    chain = columns(state.training.network)
    weights = weights_between(state, chain[0], chain[1], [0, 1], [0, 1, 2])
    pieces = state.tensors["0.W"].reshape(3, 4, 2)
    for unit in range(3):
        for source in range(2):
            largest = max(pieces[unit, :, source], key=abs)
            assert weights[unit, source] == largest


def test_the_strongest_edges_of_each_unit_are_kept():
    weights = np.random.default_rng(0).standard_normal((10, 20))
    weights[3, 4], weights[2, 2], weights[0, 7] = 0, np.nan, np.inf
    assert strongest(weights, 1000).sum() == 197
    kept = strongest(weights, 50)
    assert (kept.sum(1) == 5).all()
    size = np.where(np.isfinite(weights), np.abs(weights), 0)
    for row, shown in zip(size, kept, strict=True):
        assert row[shown].min() > row[~shown].max()
    assert (strongest(weights, 3).sum(1) == 2).all()


# ---- what units answer


@pytest.mark.parametrize("problem", [
    {}, {"dataset": {"name": "sine", "samples": 60}, "loss": "mse"},
    {"drift": {"kind": "shift", "per_1000_steps": 20.0}}])
def test_maps_are_the_units_own_responses(problem):
    state = state_of([dense(6), NORM, TANH, DROP, dense(5), RELU], **problem)
    inputs = state.training.material.inputs
    found = responses(state, {0: range(inputs), 1: [4, 0], 2: [1, 2, 3], 3: [0]})
    assert found.over == ("line" if inputs == 1 else "plane")
    points = found.maps[0].reshape(inputs, -1).T
    left, right, bottom, top = found.extent
    assert (points[0] == np.float32([left, bottom][:inputs])).all()
    assert (points[-1] == np.float32([right, top][:inputs])).all()
    for number, place, units in ((1, 2, [4, 0]), (2, 5, [1, 2, 3]), (3, 6, [0])):
        for shown, unit in zip(found.maps[number], units, strict=True):
            np.testing.assert_allclose(shown.reshape(-1), state.response(place, unit, points),
                                       rtol=1e-4, atol=1e-5)
    material = state.training.material
    x = material.at(material.data.train_x, state.step)
    assert left < x[:, 0].min()
    assert right > x[:, 0].max()


def test_more_inputs_are_moved_along_their_principal_components(tmp_path):
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    table = rng.standard_normal((80, 4)) * [3, 2, 0.2, 0.1] @ turn
    np.savez(tmp_path / "four.npz", x=table, y=(table[:, 0] > 0).astype(int))
    state = state_of([dense(5), TANH], loss="cross-entropy",
                     dataset={"file": str(tmp_path / "four.npz")})
    found = responses(state, {0: range(4), 1: [2]})
    assert found.over == "components"
    points = found.maps[0].reshape(4, -1).T
    np.testing.assert_allclose(found.maps[1].reshape(-1), state.response(1, 2, points), atol=1e-5)
    x = state.training.material.train_x
    axes = np.linalg.svd(x - x.mean(0))[2]
    away = points - x.mean(0)
    # All of the grid lies in the plane of the two largest directions, through the mean.
    assert np.abs(away @ axes[2:].T).max() < 1e-4
    reach = np.abs((x - x.mean(0)) @ axes[:2].T).max(0)
    assert (np.abs(away @ axes[:2].T).max(0) > reach).all()


@pytest.mark.parametrize("layers", [[dense(30), RELU, dense(30), NORM, RELU], [dense(8), TANH]])
def test_dead_units_are_at_rest_on_all_training_rows(layers):
    state = state_of(layers, lr=1.0)
    found = responses(state, {1: [0]})
    probe = state.probe("train")
    chain = columns(state.training.network)
    resting = [c for c in chain[1:]
               if state.training.network.layers[c.place].definition.name == "relu"]
    assert set(found.dead) == {column.number for column in resting}
    for column in resting:
        assert list(np.flatnonzero(found.dead[column.number])) == list(
            probe.dead_units(column.place))
    if resting:
        assert found.dead[1].any()
        assert found.rows == found.of == len(state.training.material.train_x)


def test_where_no_map_is_wanted_and_no_unit_can_rest_nothing_is_asked():
    found = responses(state_of([dense(4), {"kind": "tanh"}]), {})
    assert (found.maps, found.dead, found.rows) == ({}, {}, 0) and found.of > 0


def test_a_large_network_is_asked_less():
    state = state_of([dense(400), RELU] * 4, dataset="digits", batch=32, steps=1,
                     precision="float32")
    found = responses(state, {})
    assert found.rows == 64
    assert found.of == len(state.training.material.train_x)
    assert set(found.dead) == {1, 2, 3, 4}
    assert not found.maps
    assert responses(state, {2: [0]}).maps[2].shape == (1, 8, 8)


# ---- edges as pixels


WHITE = 0xFFFFFFFF


def drawn(*edges, color=(0.0, 0.0, 0.0, 1.0), size=(60, 80)):
    """How dark each pixel is, from 0 to 1."""
    picture = np.full(size, WHITE, np.uint32)
    lay_edges(np.array(edges, float), np.array([color] * len(edges), float), picture)
    assert (picture >> 24 == 255).all()
    return 1 - (picture & 255) / 255.0


@pytest.mark.parametrize("width", [1.0, 2.0, 4.5])
def test_an_edge_covers_its_width_about_its_curve(width):
    dark = drawn((10.0, 15.3, 70.0, 42.8, width))
    assert not dark[:, :10].any()
    assert not dark[:, 70:].any()
    rows = np.arange(60) + 0.5
    for column in range(10, 70):
        s = (column + 0.5 - 10) / 60
        middle = 15.3 + 27.5 * (3 * s**2 - 2 * s**3)
        slope = 27.5 * 6 * s * (1 - s) / 60
        covered = dark[:, column].sum()
        # A column holds the line's width, stretched by its slope.
        assert covered == pytest.approx(width * np.hypot(1, slope), abs=0.12)
        assert (dark[:, column] * rows).sum() / covered == pytest.approx(middle, abs=0.12)


def test_a_thin_edge_is_fainter_and_a_later_one_lies_over_an_earlier_one():
    assert drawn((0.0, 20.5, 80.0, 20.5, 0.4)).max() == pytest.approx(0.4, abs=0.01)
    picture = np.full((40, 40), WHITE, np.uint32)
    ends = np.array([[0, 20, 40, 20, 6], [0, 20, 40, 20, 2]], float)
    lay_edges(ends, np.array([[255, 0, 0, 1], [0, 0, 255, 0.5]], float), picture)
    assert picture[17, 20] == 0xFFFF0000
    assert picture[19, 20] == 0xFF800080


def test_edges_that_reach_out_are_cut_and_wrong_ones_refused():
    dark = drawn((-20.0, -10.0, 120.0, 90.0, 3.0))
    assert dark.any()
    with pytest.raises(ValueError, match="right end"):
        drawn((50.0, 10.0, 20.0, 10.0, 1.0))
