"""A linear unit's loss: the quadratic that it is, its ellipses, and descents as theory has them."""

import numpy as np
import pytest
from test_stages import ALL, data_of, slanted

from engine import Experiment, Run, optimizers
from engine.data.stages import stages
from engine.network.linear_unit import Quadratic, quadratic, unit_targets
from engine.network.unit_descent import KEPT, MOST_STEPS, way

PLAIN = {"layers": [], "name": "A"}


def losses(inputs=2, preprocess=ALL):
    """The data, their stages, and the unit's loss on each."""
    data = data_of(slanted(inputs=inputs), preprocess=preprocess)
    found = stages(data, preprocess)
    return data, found, [quadratic(stage, unit_targets(data)) for stage in found]


def race(*contestants, steps=200, **more):
    return Experiment(steps=steps, problem={"kind": "network", "dataset": "moons"},
                      contestants=[PLAIN | entry for entry in contestants], **more)


def sgd(lr, **more):
    return {"optimizer": {"name": "sgd", "lr": lr}, **more}


@pytest.mark.parametrize("inputs", [1, 2, 4])
def test_it_is_the_mean_squared_error_of_the_unit(inputs):
    data, found, units = losses(inputs)
    targets = unit_targets(data)
    assert targets.mean() == pytest.approx(0, abs=1e-12)
    for stage, unit in zip(found, units, strict=True):
        u = stage.points
        if inputs == 1:
            u = np.column_stack([u, np.ones(len(u))])
            assert unit.names == ("weight", "bias")
        for w in np.random.default_rng(1).normal(size=(5, 2)):
            assert unit.loss(w) == pytest.approx(np.mean((u @ w - targets) ** 2), rel=1e-10)
        np.testing.assert_allclose(unit.hessian, 2 * np.mean(
            [np.outer(row, row) for row in u], axis=0), rtol=1e-10, atol=1e-12)
        gradient = 2 * np.mean((u @ unit.minimum - targets)[:, None] * u, axis=0)
        np.testing.assert_allclose(gradient, 0, atol=1e-10 * unit.curvatures[0])
        assert unit.condition == pytest.approx(np.linalg.cond(unit.hessian))


def test_whitened_inputs_make_circles_and_each_step_helps():
    _, _, (raw, centred, _, white) = losses()
    assert white.condition == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(white.hessian, 2 * np.eye(2), atol=1e-9)
    assert raw.condition > centred.condition > white.condition


def test_axes_of_the_ellipses_are_principal_axes_of_centred_inputs():
    _, found, units = losses(preprocess=("center",))
    std, axes = found[1].axes
    np.testing.assert_allclose(np.abs(units[1].axes @ axes.T), np.eye(2), atol=1e-9)
    np.testing.assert_allclose(units[1].curvatures, 2 * std**2, rtol=1e-9)


def test_an_ellipse_has_its_level_all_around():
    _, _, (raw, *_) = losses()
    levels = raw.levels(2 * float(np.linalg.norm(raw.start - raw.minimum)))
    assert levels[2] == pytest.approx(raw.loss(raw.start) - raw.least)
    np.testing.assert_allclose(np.diff(np.sqrt(levels)), np.sqrt(levels[0]), rtol=1e-9)
    angle = np.linspace(0, 2 * np.pi, 40)
    for level in levels:
        short, long = raw.half_axes(level)
        assert short < long
        around = (raw.minimum + short * np.cos(angle)[:, None] * raw.axes[0]
                  + long * np.sin(angle)[:, None] * raw.axes[1])
        np.testing.assert_allclose(raw.loss(around) - raw.least, level, rtol=1e-9)


def test_the_start_is_as_far_as_0_and_equally_far_along_both_axes():
    for unit in losses()[2]:
        away = unit.start - unit.minimum
        along = np.abs(unit.axes @ away)
        assert np.linalg.norm(away) == pytest.approx(np.linalg.norm(unit.minimum))
        assert along[0] == pytest.approx(along[1])


def test_a_constant_input_has_a_flat_direction():
    x = np.column_stack([slanted(inputs=1)[:, 0], np.zeros(200)])
    data = data_of(x, preprocess=("center",))
    unit = quadratic(stages(data, ("center",))[1], unit_targets(data))
    assert unit.condition == np.inf
    assert unit.half_axes(1.0)[1] == np.inf
    assert np.isfinite(way(race(sgd(0.01)), 0, unit).points).all()


# ---- descents


@pytest.mark.parametrize("share", [0.1, 0.9, 1.5, 1.9])
def test_plain_descent_shrinks_each_axis_by_its_own_rate(share):
    _, _, (raw, *_) = losses()
    lr = share / raw.curvatures[0]
    found = way(race(sgd(lr), steps=60), 0, raw)
    along = (found.points - raw.minimum) @ raw.axes.T
    expected = along[0] * (1 - lr * raw.curvatures) ** np.arange(61)[:, None]
    np.testing.assert_allclose(along, expected, atol=1e-12 * np.abs(along[0]).max())


def test_it_diverges_exactly_above_two_over_the_largest_curvature():
    _, _, (raw, *_) = losses()
    edge = 2 / raw.curvatures[0]
    below, above = (way(race(sgd(edge * share), steps=20_000), 0, raw) for share in (0.999, 1.001))
    assert below.lost is None
    assert below.arrived is not None
    assert above.arrived is None
    # A thousandth beyond the edge grows by 1.002 a step, a millionfold from 0.7 of the distance.
    assert above.lost == pytest.approx(np.log(1e6 * np.sqrt(2)) / np.log(1.002), abs=2)


def test_whitening_makes_one_step_of_it():
    _, _, units = losses()
    assert way(race(sgd(0.5)), 0, units[-1]).arrived == 1
    centred = units[1]
    slow = way(race(sgd(1 / centred.curvatures[0]), steps=2000), 0, centred)
    rate = 1 - 1 / centred.condition
    # Half of the way along the slow axis is 1 / √2 of the distance.
    assert slow.arrived == int(np.ceil(np.log(0.01 * np.sqrt(2)) / np.log(rate)))


@pytest.mark.parametrize("name", list(optimizers))
def test_every_optimizer_goes_the_way_it_goes_on_a_surface(name):
    _, _, (raw, *_) = losses()
    (a, b), (_, c) = raw.hessian
    x, y = raw.minimum
    formula = (f"{a / 2!r}*(x - ({x!r}))**2 + {b!r}*(x - ({x!r}))*(y - ({y!r})) "
               f"+ {c / 2!r}*(y - ({y!r}))**2").replace("np.float64", "")
    contestant = {"name": "A", "optimizer": {"name": name, "lr": 0.02},
                  "schedule": {"name": "cosine", "horizon": 80},
                  "clip": {"by": "norm", "limit": 3.0}}
    surface = Experiment(steps=100, problem={
        "kind": "surface", "formula": formula, "domain": [[-50, 50], [-50, 50]],
        "start": raw.start.tolist()}, contestants=[contestant])
    path = Run(surface).finish().snapshot().trails[0].path
    found = way(race(contestant, steps=100), 0, raw)
    np.testing.assert_allclose(found.points, path, rtol=1e-9, atol=1e-12)


def test_what_is_changed_on_the_way_changes_the_way():
    _, _, (raw, *_) = losses()
    lr = 1 / raw.curvatures[0]
    changed = way(race(sgd(lr), steps=40, changes=[
        {"step": 11, "set": {"A.lr": lr / 10}}]), 0, raw)
    along = (changed.points - raw.minimum) @ raw.axes.T
    rates = np.where(np.arange(1, 41) < 11, lr, lr / 10)
    expected = along[0, 1] * np.cumprod(1 - rates * raw.curvatures[1])
    np.testing.assert_allclose(along[1:, 1], expected, rtol=1e-9)


@pytest.mark.parametrize("steps", [5, KEPT, 2 * KEPT + 1, 50_000, 10 * MOST_STEPS])
def test_a_long_way_is_thinned_and_its_first_steps_and_last_are_there(steps):
    unit = Quadratic(("a", "b"), np.diag([2.0, 1e-4]), np.ones(2), 0.0, np.array([2.0, 1e-4]),
                     np.eye(2))
    found = way(race(sgd(0.1), steps=steps), 0, unit)
    last = min(steps, MOST_STEPS)
    assert found.length == last
    assert found.steps[-1] == last
    first = min(last, KEPT - 1)
    np.testing.assert_array_equal(found.steps[: first + 1], np.arange(first + 1))
    assert len(found.steps) <= 2 * KEPT + 2
    slow = np.abs(found.points[:, 1] - 1) / abs(found.points[0, 1] - 1)
    np.testing.assert_allclose(slow, (1 - 1e-5) ** found.steps, rtol=1e-9)
    assert found.at(0) == 0
    assert found.at(10**9) == len(found.steps) - 1
