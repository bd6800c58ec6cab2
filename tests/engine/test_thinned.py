"""What a picture of dropout shows: single masks, the mean prediction, the network in use."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.masks import drawn, over_masks, under_masks
from engine.network.thinned import (
    FEWEST_MASKS,
    MOST_MASKS,
    mask_count,
    plane_extent,
    thinned_curves,
    thinned_plane,
    thinned_rows,
)

NET = [{"kind": "dense", "width": 16}, {"kind": "relu"}, {"kind": "dropout", "rate": 0.5}]


def state_of(dataset="moons", loss="cross-entropy", layers=NET, steps=60, **more):
    problem = {"kind": "network", "dataset": dataset, "loss": loss, "batch": 16, **more}
    return Run(Experiment(steps=steps, seed=5, problem=problem, contestants=[
        {"name": "A", "layers": layers, "optimizer": "adam"}])).finish().snapshot().contestants[0]


def softmax(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def test_the_maps_are_the_engines_outputs():
    state = state_of()
    found = thinned_plane(state, 3, 16)
    x = state.plane(plane_extent(state), 16)
    assert found.extent == plane_extent(state)
    assert len(found.single) == 3 and found.masks == MOST_MASKS and found.margin is None
    for number, grid in enumerate(found.single, 1):
        out = under_masks(state, x, drawn(state, number))
        np.testing.assert_array_equal(grid, (out[:, 1] - out[:, 0]).reshape(1, 16, 16))
    out = state.outputs(x)
    np.testing.assert_array_equal(found.scaled, (out[:, 1] - out[:, 0]).reshape(1, 16, 16))


def test_what_is_averaged_are_shares_and_not_scores():
    state = state_of()
    found = thinned_plane(state, 2, 12)
    x = state.plane(found.extent, 12)
    mean = softmax(over_masks(state, x, found.masks).astype(float)).mean(0)
    share = 1 / (1 + np.exp(-found.mean.reshape(-1).astype(float)))
    np.testing.assert_allclose(share, mean[:, 1], atol=2e-6)
    agree = (mean[:, 1] > 0.5) == (np.diff(state.outputs(x))[:, 0] > 0)
    assert found.agreement == pytest.approx(agree.mean())


def test_the_square_holds_every_row():
    state = state_of("spirals")
    left, right, bottom, top = plane_extent(state)
    assert right - left == pytest.approx(top - bottom)
    for x in (state.training.material.data.train_x, state.training.material.data.test_x):
        assert (x > [left, bottom]).all() and (x < [right, top]).all()


def test_a_single_output_three_classes_and_scores_without_shares():
    one = thinned_plane(state_of(loss="logistic"), 2, 8)
    assert one.mean.shape == one.scaled.shape == one.single[0].shape == (1, 8, 8)
    three = state_of({"name": "spirals", "classes": 3})
    found = thinned_plane(three, 2, 8)
    assert found.mean.shape == (3, 8, 8)
    # The mean's scores are logarithms of shares.
    np.testing.assert_allclose(np.exp(found.mean.astype(float)).sum(0), 1, atol=1e-5)
    hinge = state_of(loss={"name": "hinge", "margin": 2.0})
    found = thinned_plane(hinge, 2, 8)
    assert found.margin == 2.0
    x = hinge.plane(found.extent, 8)
    mean = over_masks(hinge, x, found.masks).mean(0, dtype=float)
    np.testing.assert_allclose(found.mean.reshape(-1), mean[:, 1] - mean[:, 0], atol=1e-5)


def test_large_networks_are_averaged_over_fewer_masks():
    small, large = state_of(), state_of(layers=[{"kind": "dense", "width": 600}, *NET], steps=1)
    assert mask_count(small, 400) == MOST_MASKS
    assert FEWEST_MASKS <= mask_count(large, 4000) < MOST_MASKS
    # As many as are shown are always drawn.
    assert thinned_plane(large, 12).masks >= 12


def test_rows_of_classes_are_shares_of_the_right_class():
    state = state_of()
    found = thinned_rows(state, 5, 40)
    data = state.training.material.data
    assert found.part == "test" and found.single.shape == (40, 5)
    right = data.test_y[found.places]
    assert found.labels == tuple(data.classes[label] for label in right)
    x, five = data.test_x[found.places], np.arange(5)
    shares = softmax(over_masks(state, x, 40).astype(float))
    np.testing.assert_allclose(found.single, shares[:, five, right], atol=1e-6)
    np.testing.assert_allclose(found.mean, found.single.mean(0))
    np.testing.assert_allclose(found.scaled, softmax(state.outputs(x))[five, right], atol=1e-6)
    assert np.isnan(found.target).all() and found.axis == "share of the right class"


def test_rows_without_shares_are_leads_and_without_test_rows_from_the_training():
    state = state_of({"name": "spirals", "classes": 3}, loss="hinge", test_fraction=0.0)
    found = thinned_rows(state, 4, 10)
    assert found.part == "train" and found.axis == "lead of the right class"
    out = state.outputs(state.training.material.data.train_x[found.places])
    for k, (scores, label) in enumerate(zip(
            out, state.training.material.data.train_y[found.places], strict=True)):
        assert found.scaled[k] == pytest.approx(scores[label] - np.delete(scores, label).max())


def test_rows_and_curves_of_a_regression():
    state = state_of("plane", "mse")
    found = thinned_rows(state, 3, 20)
    data = state.training.material.data
    assert np.array_equal(found.target, state.training.material.test_y[found.places, 0])
    np.testing.assert_array_equal(found.scaled,
                                  state.outputs(data.test_x[found.places])[:, 0].astype(float))
    state = state_of("sine", "mse")
    curves = thinned_curves(state, 4, 33)
    assert curves.x.shape == (33,) and curves.single.shape == (MOST_MASKS, 33)
    np.testing.assert_allclose(
        curves.single[1], under_masks(state, curves.x[:, None], drawn(state, 2))[:, 0])
    np.testing.assert_allclose(curves.mean, curves.single.mean(0))
    data = state.training.material.data
    assert curves.x[0] < data.train_x.min() and data.train_x.max() < curves.x[-1]
