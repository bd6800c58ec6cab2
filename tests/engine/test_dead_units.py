"""Dead units: who is one, since which step, and that nothing of a gradient reaches it."""

import itertools

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.network.death_series import Death, DeathSeries
from engine.network.resting import MOST_PRODUCTS, activities, resting_layers
from engine.network.unit_lines import half_planes, pre_activations, zero_segments

RELU, TANH, NORM = {"kind": "relu"}, {"kind": "tanh"}, {"kind": "batch-norm"}
AROUND = (-3.0, 3.0, -2.0, 2.5)


def dense(width):
    return {"kind": "dense", "width": width}


DEEP = [dense(12), RELU, dense(9), RELU]


def experiment(layers=DEEP, steps=60, lr=1.5, dataset="moons", contestants=None, **more):
    return Experiment(seed=5, steps=steps, problem={
        "kind": "network", "dataset": {"name": dataset, "samples": 120}, "batch": 16,
        "precision": "float64", **more}, contestants=contestants or [
            {"name": "A", "layers": layers, "init": "he-normal",
             "optimizer": {"name": "sgd", "lr": lr}}])


def dying(**more):
    """A learning rate at which units die on the way, and go on dying."""
    return Run(experiment(**more)).finish()


# --- who is dead


@pytest.mark.parametrize("step", [0, 7, 60])
def test_units_are_dead_where_a_pass_over_all_training_rows_finds_them_at_rest(step):
    state = dying().at(step).contestants[0]
    found = activities(state)
    assert tuple(found) == resting_layers(state) == (1, 3)
    probe = state.probe("train")
    for place, activity in found.items():
        assert np.array_equal(activity.on, (probe.activation(place) > 0).sum(1))
        assert np.array_equal(np.flatnonzero(activity.dead), probe.dead_units(place))
        assert activity.rows == activity.of == probe.rows
        assert np.array_equal(activity.share, activity.on / probe.rows)


def test_a_dead_units_gradient_is_exactly_zero_on_all_data():
    state = dying().snapshot().contestants[0]
    for place, activity in activities(state).items():
        dead = np.flatnonzero(activity.dead)
        assert 0 < len(dead) < len(activity.on)
        whole = state.probe("train")
        gradients = dict(state.training.network.tensors(whole.parameter_gradient, np.zeros(0)))
        for name in (f"{place - 1}.W", f"{place - 1}.b"):
            assert (gradients[name][dead] == 0).all()
            assert (gradients[name][~activity.dead] != 0).any()
        # Row by row too, whatever cancels in the sum.
        assert (whole.gradient(place - 1)[dead] == 0).all()


def test_a_too_large_step_kills_and_a_bad_init_does():
    dead = [np.count_nonzero(activities(Run(experiment(lr=lr)).finish().snapshot()
                                        .contestants[0])[1].dead) for lr in (0.01, 1.5)]
    assert dead[0] == 0 < dead[1]
    # Positive inputs under negative weights.
    bad = [{**dense(12), "init": {"name": "constant", "value": -1.0}}, RELU]
    positive = [[1.0 + k, 2.0, k % 2] for k in range(6)]
    start = Run(Experiment(steps=5, problem={
        "kind": "network", "dataset": {"points": positive}, "test_fraction": 0.0, "batch": 0,
        "preprocess": []}, contestants=[{"layers": bad, "optimizer": "sgd"}])).snapshot()
    assert activities(start.contestants[0])[1].dead.all()


def test_a_network_without_such_a_layer_has_no_activities():
    state = Run(experiment([dense(4), TANH])).snapshot().contestants[0]
    assert resting_layers(state) == () and activities(state) == {}


def test_of_a_network_too_large_fewer_rows_are_looked_at(monkeypatch):
    state = dying().snapshot().contestants[0]
    monkeypatch.setattr("engine.network.resting.FEWEST_ROWS", 20)
    monkeypatch.setattr("engine.network.resting.MOST_PRODUCTS", 1)
    found = activities(state)[1]
    assert (found.rows, found.of) == (20, 84) and MOST_PRODUCTS > 1
    places = np.arange(20) * 84 // 20
    rows = state.training.material.train_x[places]
    assert np.array_equal(found.on, (state.activations(rows, 1) > 0).sum(0))


# --- since when


def dead_at_every_step(run, place):
    return np.array([activities(run.at(step).contestants[0])[place].dead
                     for step in range(run.computed + 1)])


@pytest.mark.parametrize("place", [1, 3])
@pytest.mark.parametrize("now", [0, 31, 200])
def test_each_death_is_found_to_the_step(place, now):
    run = dying(steps=200)
    series = DeathSeries()
    snapshot = run.at(now)
    assert series.trace(snapshot, {0: place})
    every = dead_at_every_step(run, place)[: now + 1]
    found = series.deaths(snapshot, 0, place)
    assert [death.unit for death in sorted(found, key=lambda death: death.unit)] == list(
        np.flatnonzero(every[now]))
    for death in found:
        assert death.exact
        assert every[death.by, death.unit]
        assert death.from_start or not every[death.by - 1, death.unit]
        # Nowhere later was it seen alive at a step looked at.
        looked = list(range(death.by, now + 1, 4))
        assert every[looked, death.unit].all()
    assert list(found) == sorted(found, key=lambda death: (death.by, death.unit))


def test_whichever_step_is_now_the_same_deaths_are_found():
    run, used = dying(steps=200), DeathSeries()
    for now in [*range(0, 200, 7), *range(199, 150, -3)]:
        fresh, snapshot = DeathSeries(), run.at(now)
        assert used.trace(snapshot, {0: 1}) and fresh.trace(snapshot, {0: 1})
        known = used.deaths(snapshot, 0, 1)
        assert {death.unit for death in known} == {d.unit for d in fresh.deaths(snapshot, 0, 1)}
        every = {death.unit: death for death in fresh.deaths(snapshot, 0, 1)}
        # Having seen more, it may know of a revival that the other one has not come upon.
        assert all(death.exact and death.by >= every[death.unit].by for death in known)


def test_units_really_die_on_the_way_there():
    run = dying(steps=200)
    every = dead_at_every_step(run, 1)
    assert not every[0].all() and every[0].sum() < every[-1].sum()
    series = DeathSeries()
    series.trace(run.snapshot(), {0: 1})
    assert any(0 < death.by < 200 for death in series.deaths(run.snapshot(), 0, 1))


def test_a_unit_dead_from_the_start_is_said_to_be():
    layers = [{**dense(3), "init": {"name": "constant", "value": -1.0}}, RELU]
    run = Run(Experiment(steps=40, problem={
        "kind": "network", "dataset": {"points": [[1.0, 1, 0], [2, 2, 1], [3, 1, 0]]},
        "test_fraction": 0.0, "batch": 0, "preprocess": []}, contestants=[
            {"layers": layers, "optimizer": "sgd"}])).finish()
    series = DeathSeries()
    series.trace(run.snapshot(), {0: 1})
    assert series.deaths(run.snapshot(), 0, 1) == (Death(0, 0, 0), Death(1, 0, 0), Death(2, 0, 0))
    assert all(death.from_start and death.exact for death in series.deaths(run.snapshot(), 0, 1))


def test_counts_over_time_are_those_of_each_step():
    run = dying(steps=200)
    series = DeathSeries()
    series.trace(run.snapshot(), {0: 3})
    every = dead_at_every_step(run, 3)
    table = series.table(0, 3)
    assert table.steps.tolist() == list(range(0, 201, 4)) and table.units == 9
    assert np.array_equal(table.dead, every[table.steps].sum(1))
    assert DeathSeries().table(0, 3) is None


def test_in_a_hurry_it_comes_to_the_same_in_the_end():
    run = dying(steps=700)
    patient, hurried = DeathSeries(), DeathSeries()
    snapshot = run.at(650)
    patient.trace(snapshot, {0: 1})
    calls = 1
    while not hurried.trace(snapshot, {0: 1}, 0.0):
        calls += 1
        assert calls < 5000
        for death in hurried.deaths(snapshot, 0, 1):
            assert 0 <= death.after <= death.by <= 650
    assert calls > 40
    assert hurried.deaths(snapshot, 0, 1) == patient.deaths(snapshot, 0, 1)
    assert np.array_equal(hurried.table(0, 1).dead, patient.table(0, 1).dead)


def test_a_table_ends_before_a_divergence():
    run = Run(Experiment(steps=60, seed=1, problem={
        "kind": "network", "dataset": "plane", "loss": "mse", "batch": 16}, contestants=[
            {"layers": [dense(4), RELU], "optimizer": {"name": "sgd", "lr": 40.0}}])).finish()
    (state,) = run.snapshot().contestants
    assert state.diverged is not None
    series = DeathSeries()
    series.trace(run.snapshot(), {0: 1})
    assert series.table(0, 1).steps[-1] < state.diverged.step
    assert all(death.by <= state.step for death in series.deaths(run.snapshot(), 0, 1))


# --- where units turn on


@pytest.mark.parametrize("layers, place", [
    ([dense(7), RELU], 1), ([dense(7), NORM, RELU], 2), ([NORM, dense(7), RELU], 2),
    ([dense(5), {"kind": "dropout", "rate": 0.3}, dense(7), RELU], 3)])
def test_lines_lie_where_the_pre_activation_is_zero(layers, place):
    state = dying(layers=layers).snapshot().contestants[0]
    planes = half_planes(state, place, AROUND)
    points = np.random.default_rng(0).uniform(-3, 3, (50, 2))
    z = state.activations(points, place - 1)
    assert np.allclose(planes.offset + points @ planes.slope.T, z, atol=1e-11)
    crossing = 0
    for unit in range(7):
        region, line = planes.region(unit, AROUND), planes.lines(AROUND)[unit]
        if np.isnan(line).any():
            assert len(region) in (0, 4) and np.isnan(line).all()
            continue
        crossing += 1
        assert np.allclose(state.activations(line, place - 1)[:, unit], 0, atol=1e-11)
        # On to the left of the line, which is the region's only side inside of the extent.
        along, middle = line[1] - line[0], line.mean(0)
        left = middle + 1e-3 * np.array([-along[1], along[0]])
        assert state.activations(left[None], place)[0, unit] > 0
        assert (state.activations(region, place - 1)[:, unit] > -1e-9).all()
    assert crossing > 2


def test_the_first_layers_lines_are_those_of_its_weights():
    state = dying().snapshot().contestants[0]
    planes = half_planes(state, 1, AROUND)
    assert np.allclose(planes.slope, state.tensors["0.W"], atol=1e-12)
    assert np.allclose(planes.offset, state.tensors["0.b"], atol=1e-12)


def test_behind_a_relu_lines_are_bent():
    state = dying().snapshot().contestants[0]
    assert half_planes(state, 3, AROUND) is None
    fields = pre_activations(state, 3, AROUND, 41)
    assert fields.shape == (9, 41, 41)
    points = state.plane(AROUND, 41)
    assert np.array_equal(fields.reshape(9, -1).T, state.activations(points, 2))
    pieces, owners = zero_segments(fields, AROUND)
    assert len(set(owners.tolist())) > 2
    # Linear between points of a grid: off by what a cell bends.
    values = state.activations(pieces.reshape(-1, 2), 2).reshape(len(pieces), 2, 9)
    off = np.abs(values[np.arange(len(pieces)), :, owners])
    scale = np.abs(np.diff(fields, axis=2)).max((1, 2))[owners]
    assert (off <= 0.3 * scale[:, None]).all() and np.median(off) < 0.02 * np.median(scale)
    some = pre_activations(state, 3, AROUND, 41, np.array([2, 5]))
    assert np.array_equal(some, fields[[2, 5]])


def test_pieces_of_all_sixteen_kinds_of_cells_part_what_is_over_from_what_is_under():
    random = np.random.default_rng(4)
    fields = random.standard_normal((3, 30, 30))
    fields[1, 10, 10] = np.nan
    pieces, owners = zero_segments(fields, (0.0, 29.0, 0.0, 29.0))
    ends = pieces.reshape(-1, 2)
    # Every end lies on a side of a cell, and each is shared by two pieces inside of the picture.
    on_side = np.isclose(ends, np.round(ends), atol=1e-9).any(1)
    assert on_side.all()
    for unit in (0, 2):
        mine = pieces[owners == unit].reshape(-1, 2)
        inner = mine[((mine > 1e-9) & (mine < 29 - 1e-9)).all(1)]
        _, counts = np.unique(np.round(inner, 9), axis=0, return_counts=True)
        assert (counts == 2).all()
        crossings = ((fields[unit, :, 1:] > 0) != (fields[unit, :, :-1] > 0)).sum() + (
            (fields[unit, 1:] > 0) != (fields[unit, :-1] > 0)).sum()
        assert len(np.unique(np.round(mine, 9), axis=0)) == crossings
        # Corners over 0 lie to the left of their cell's line, or of one of a saddle's two lines if
        # its middle is not over 0, and of both if it is.
        for row, column in itertools.product(range(29), repeat=2):
            here = (np.floor(pieces[owners == unit].mean(1)) == (column, row)).all(1)
            corners = fields[unit, row : row + 2, column : column + 2]
            assert here.sum() == {0: 0, 4: 0}.get((corners > 0).sum(), here.sum())
            if not here.any():
                continue
            left = np.all if corners.mean() > 0 else np.any
            for dy, dx in itertools.product((0, 1), repeat=2):
                start, end = pieces[owners == unit][here].transpose(1, 2, 0)
                along, away = end - start, np.array([[column + dx], [row + dy]]) - start
                turn = along[0] * away[1] - along[1] * away[0]
                assert left(turn > 0) == (corners[dy, dx] > 0)
    # None in the four cells around what is no number.
    mine = pieces[owners == 1].mean(1)
    assert not ((mine > 9) & (mine < 11)).all(1).any()


def test_a_circle_is_one_closed_line():
    x = np.linspace(-1, 1, 81)
    field = 0.5 - np.hypot(*np.meshgrid(x, x))[None]
    pieces, owners = zero_segments(field, (-1.0, 1.0, -1.0, 1.0))
    assert not owners.any()
    assert np.allclose(np.hypot(*pieces.reshape(-1, 2).T), 0.5, atol=1e-3)
    assert np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum() == pytest.approx(np.pi, rel=2e-3)
    assert [len(part) for part in zero_segments(np.ones((2, 5, 5)), AROUND)] == [0, 0]


def test_what_has_no_half_planes_is_refused():
    state = dying().snapshot().contestants[0]
    with pytest.raises(RunError, match="layer 2 is no activation"):
        half_planes(state, 2, AROUND)
    line = Run(Experiment(steps=1, problem={
        "kind": "network", "dataset": "sine", "loss": "mse", "batch": 16}, contestants=[
            {"layers": [dense(4), RELU], "optimizer": "sgd"}])).snapshot()
    with pytest.raises(RunError, match="those of 2 inputs, and this network has 1"):
        half_planes(line.contestants[0], 1, AROUND)
