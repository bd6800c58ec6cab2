"""What a batch norm did: now, as a probe sees it, and over a run, as every step sees it."""

import numpy as np
import pytest

from engine import Experiment, Run
from engine.errors import RunError
from engine.network.batch_histograms import rounded_up, spreads
from engine.network.batch_pass import batch_norms, normalised_batch
from engine.network.batch_series import FEWEST, BatchSeries

NORM, TANH = {"kind": "batch-norm"}, {"kind": "tanh"}
FIELDS = ("mean", "var", "running_mean", "running_var", "gamma", "beta", "before", "normalised",
          "after")


def dense(width):
    return {"kind": "dense", "width": width}


TWO = [dense(10), NORM, TANH, {"kind": "dropout", "rate": 0.3}, dense(6), NORM, TANH]


def experiment(layers=TWO, steps=200, contestants=None, **more):
    return Experiment(steps=steps, seed=4, problem={
        "kind": "network", "dataset": "moons", "batch": 16}, contestants=contestants or [
            {"name": "A", "layers": layers, "optimizer": "adam"}], **more)


def plain_and_normed():
    return experiment(contestants=[
        {"name": "Plain", "layers": [dense(5), TANH], "optimizer": "adam"},
        {"name": "Normed", "layers": TWO, "optimizer": "adam"}])


# --- one step


@pytest.mark.parametrize("step", [0, 57, 200])
def test_a_batch_is_normalised_as_a_probe_sees_it(step):
    state = Run(experiment()).finish().at(step).contestants[0]
    assert batch_norms(state) == (1, 5)
    before, probe = state.state.copy(), state.probe()
    for place, found in zip((1, 5), normalised_batch(state, 1, 5), strict=True):
        expected = probe.batch_norm(place)
        for name in FIELDS:
            assert np.array_equal(getattr(found, name), getattr(expected, name)), name
        assert found.learning and not found.after.flags.writeable
    assert np.array_equal(state.state, before)


def test_what_is_no_batch_norm_is_said():
    state = Run(experiment()).snapshot().contestants[0]
    with pytest.raises(RunError, match="layer 2 is no batch norm .* these are: 1, 5"):
        normalised_batch(state, 2)
    plain = Run(plain_and_normed()).snapshot().contestants[0]
    with pytest.raises(RunError, match="these are: none"):
        normalised_batch(plain, 0)


# --- histograms


@pytest.mark.parametrize("unit", [None, 0, 9])
def test_histograms_count_what_is_there(unit):
    state = Run(experiment()).finish().snapshot().contestants[0]
    (found,) = normalised_batch(state, 1)
    arrays = [getattr(found, name) if unit is None else getattr(found, name)[unit]
              for name in ("before", "normalised", "after")]
    drawn = spreads(found, unit, 20, 40.0, 8.0)
    for array, spread in zip(arrays, drawn, strict=True):
        assert spread.counts.sum() == array.size
        expected, _ = np.histogram(array, np.linspace(-spread.reach, spread.reach, 21))
        assert np.array_equal(spread.counts, expected)
        assert spread.mean == pytest.approx(array.mean(), abs=1e-6)
        assert spread.std == pytest.approx(array.std(), rel=1e-5)
        assert np.abs(array).max() <= spread.reach
    assert [spread.reach for spread in drawn] == [40, 8, 8]
    tight = spreads(found, unit, 20, 0.5, 0.5)
    for array, spread in zip(arrays, tight, strict=True):
        assert spread.counts.sum() == array.size, "what is beyond is counted at the edges"
        assert spread.counts[0] == (array < -0.45).sum()
    # Whitened, but for the eps in the root.
    assert drawn[1].mean == pytest.approx(0, abs=1e-5)
    assert drawn[1].std == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("size, expected", [
    (0.0, 1), (np.inf, 1), (np.nan, 1), (1.0, 1), (1.01, 1.5), (7.2, 8), (9, 10), (0.0031, 0.004),
    (1e-12, 1e-12), (1e30, 1e30),
])
def test_axes_end_on_round_numbers(size, expected):
    assert rounded_up(size) == pytest.approx(expected)


# --- over a run


def expected_table(run, index, place, steps):
    found = [run.at(step).contestants[index].probe().batch_norm(place) for step in steps]
    return [np.array([getattr(entry, name) for entry in found])
            for name in ("mean", "var", "running_mean", "running_var")]


def assert_same(table, run, index, place):
    for name, values in zip(("mean", "var", "running_mean", "running_var"),
                            expected_table(run, index, place, table.steps.tolist()), strict=True):
        assert np.array_equal(getattr(table, name), values), name


def test_the_table_is_what_probes_find_at_every_step_of_it():
    run = Run(plain_and_normed()).finish()
    snapshot, series = run.snapshot(), BatchSeries()
    assert series.table(snapshot, 1, 1) is None
    assert series.follow(snapshot)
    for place in (1, 5):
        table = series.table(snapshot, 1, place)
        assert table.steps.tolist() == list(range(0, 201, 4))
        assert_same(table, run, 1, place)


def test_what_lies_ahead_of_a_snapshot_is_not_shown():
    run, series = Run(experiment()).finish(), BatchSeries()
    series.follow(run.snapshot())
    early = run.at(50)
    assert series.follow(early, 0.0)
    assert series.table(early, 0, 1).steps.tolist() == list(range(0, 51, 4))


def test_in_a_hurry_it_comes_to_the_same_in_the_end():
    run = Run(experiment(steps=3000)).finish()
    snapshot, patient, hurried = run.snapshot(), BatchSeries(), BatchSeries()
    patient.follow(snapshot)
    calls = 1
    while not hurried.follow(snapshot, 0.0):
        calls += 1
    assert calls >= len(hurried.steps(snapshot))
    one, other = (series.table(snapshot, 0, 5) for series in (patient, hurried))
    for name in ("steps", "mean", "var", "running_mean", "running_var"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_each_step_is_looked_at_once():
    run, series, asked = Run(experiment()).finish(), BatchSeries(), []
    snapshot = run.snapshot()

    def at(step):
        asked.append(step)
        return run.at(step)

    object.__setattr__(snapshot, "series", at)
    series.follow(snapshot)
    assert asked == sorted(set(asked)) == list(series.steps(snapshot))
    series.follow(snapshot)
    assert len(asked) == len(series.steps(snapshot))


def test_after_a_change_what_is_the_same_stays_and_the_rest_is_looked_at_anew():
    run, series = Run(experiment()), BatchSeries()
    run.advance(100)
    series.follow(run.snapshot())
    run.change({"A.lr": 0.2})
    run.finish()
    series.follow(run.snapshot())
    assert_same(series.table(run.snapshot(), 0, 1), run, 0, 1)
    # Another race altogether.
    other = Run(experiment(layers=[dense(3), NORM, TANH])).finish()
    series.follow(other.snapshot())
    table = series.table(other.snapshot(), 0, 1)
    assert table.mean.shape[1] == 3
    assert_same(table, other, 0, 1)


def test_a_diverged_contestants_table_ends_with_its_last_finite_step():
    run = Run(Experiment(steps=60, seed=1, problem={
        "kind": "network", "dataset": "plane", "loss": "mse", "batch": 16}, contestants=[
            {"name": "A", "layers": [NORM, dense(4)], "optimizer": {"name": "sgd", "lr": 40.0}}]))
    snapshot = run.finish().snapshot()
    (state,) = snapshot.contestants
    assert state.diverged is not None
    series = BatchSeries()
    series.follow(snapshot)
    table = series.table(snapshot, 0, 0)
    assert table.steps[-1] <= state.step < 60
    assert np.isfinite(table.running_mean).all()


def test_states_of_which_a_run_keeps_too_few_are_not_looked_back_at(monkeypatch):
    snapshot = Run(experiment(steps=50)).finish().snapshot()
    size = snapshot.contestants[0].state.nbytes
    series = BatchSeries()
    monkeypatch.setattr("engine.network.batch_series.MEMORY", int((FEWEST - 1) * size / 0.35))
    assert not series.steps(snapshot) and series.follow(snapshot)
    assert series.table(snapshot, 0, 1) is None
    monkeypatch.setattr("engine.network.batch_series.MEMORY", int((FEWEST + 1) * size / 0.35))
    assert FEWEST / 2 < len(series.steps(snapshot)) <= FEWEST + 1


def test_a_snapshot_without_a_series_shows_nothing_of_other_steps():
    snapshot = Run(experiment()).finish().snapshot()
    object.__setattr__(snapshot, "series", None)
    series = BatchSeries()
    assert series.follow(snapshot) and series.table(snapshot, 0, 1) is None
