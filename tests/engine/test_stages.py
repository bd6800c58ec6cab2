"""Preprocessing step by step: what each step promises holds, against NumPy's own words for it."""

import numpy as np
import pytest

from engine.data import Raw, prepare
from engine.data.stages import principal, raw_offset, shown_columns, stages

ALL = ("center", "scale", "whiten")


def data_of(x, y=None, preprocess=ALL, test_fraction=0.3, names=None):
    """Rows of two classes, split and prepared."""
    x = np.asarray(x, float)
    y = np.arange(len(x)) % 2 if y is None else y
    columns = names or tuple(f"x{k + 1}" for k in range(x.shape[1]))
    return prepare(Raw(x, y, "classes", ("a", "b"), columns, ("class",)), test_fraction,
                   preprocess, 0)


def slanted(rows=200, inputs=2, seed=0):
    """A cloud off centre, wide in one direction."""
    random = np.random.default_rng(seed)
    turn = random.normal(size=(inputs, inputs)) * np.geomspace(4, 0.2, inputs)[:, None]
    return random.normal(size=(rows, inputs)) @ turn + random.normal(size=inputs) * 3


@pytest.mark.parametrize("preprocess", [
    (), ("center",), ("scale",), ("whiten",), ("center", "scale"), ("center", "whiten"), ALL])
@pytest.mark.parametrize("inputs", [1, 2])
def test_each_step_does_what_it_promises(preprocess, inputs):
    data = data_of(slanted(inputs=inputs), preprocess=preprocess)
    found = stages(data, preprocess)
    assert [stage.step for stage in found] == [None, *preprocess]
    np.testing.assert_array_equal(found[0].points, data.raw_train_x)
    np.testing.assert_array_equal(found[-1].points, data.train_x)
    for stage in found:
        np.testing.assert_allclose(stage.mean, stage.points.mean(0), atol=1e-12)
        np.testing.assert_allclose(
            stage.covariance, np.cov(stage.points.T, bias=True).reshape(inputs, inputs),
            atol=1e-12)
    for place, step in enumerate(preprocess, 1):
        stage = found[place]
        if step == "center":
            np.testing.assert_allclose(stage.mean, 0, atol=1e-12)
            np.testing.assert_allclose(stage.covariance, found[place - 1].covariance, atol=1e-12)
        elif step == "scale":
            np.testing.assert_allclose(np.diag(stage.covariance), 1, rtol=1e-12)
        else:
            np.testing.assert_allclose(stage.covariance, np.eye(inputs), atol=1e-12)


def test_of_many_inputs_the_two_that_vary_most_are_shown():
    x = slanted(inputs=5) * np.array([1, 30, 1, 20, 1])
    data = data_of(x, names=("a", "b", "c", "d", "e"))
    assert shown_columns(data) == [1, 3]
    raw, centred, scaled, white = stages(data, ALL)
    assert raw.names == centred.names == scaled.names == ("b", "d")
    np.testing.assert_array_equal(raw.points, data.raw_train_x[:, [1, 3]])
    assert white.names == ("whitened 1", "whitened 2")
    np.testing.assert_array_equal(white.points, data.train_x[:, :2])
    np.testing.assert_allclose(white.covariance, np.eye(2), atol=1e-9)


def test_principal_axes_are_eigenvectors_with_directions_of_their_own():
    for covariance in ([[3.0, 1.2], [1.2, 0.9]], [[0.9, -1.2], [-1.2, 3.0]], [[2.0]]):
        covariance = np.array(covariance)
        values, axes = principal(covariance)
        assert (np.diff(values) < 0).all()
        np.testing.assert_allclose(covariance @ axes.T, axes.T * values, atol=1e-12)
        assert (axes.max(1) >= -axes.min(1)).all()


def test_a_circle_has_the_axes_of_its_coordinates_whatever_rounding_says():
    _, axes = principal(np.array([[1.0, 3e-16], [3e-16, 1.0]]))
    assert axes.tolist() == [[1, 0], [0, 1]]


def test_the_offset_is_of_all_raw_inputs_together():
    data = data_of(slanted(inputs=4))
    mean, std = data.raw_train_x.mean(0), data.raw_train_x.std(0)
    assert raw_offset(data) == pytest.approx(np.sqrt((mean**2).sum() / (std**2).sum()))
    assert raw_offset(data_of(np.ones((6, 2)))) == np.inf
