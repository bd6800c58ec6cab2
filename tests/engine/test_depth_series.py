"""Layers over a run: the right numbers at the right steps, within a budget, forgotten in time."""

import numpy as np
import pytest
from test_probe import TANH, dense, started

from engine import Experiment, Run
from engine.network.depth_series import DepthSeries
from engine.network.layer_spread import block_values, look_into, shown_blocks
from engine.network.looking_back import MOST, grid, spacing

LAYERS = [dense(8), TANH, dense(6), TANH]


@pytest.mark.parametrize("computed", [0, 1, 58, 59, 60, 61, 119, 120, 1000, 99_999, 10**6])
def test_the_grid_is_of_powers_of_two_and_never_too_fine(computed):
    distance = spacing(computed)
    assert distance & (distance - 1) == 0
    steps = grid(computed, computed)
    assert steps[0] == 0 and steps[-1] == computed
    assert len(steps) <= MOST + 1
    assert computed < MOST or len(steps) > MOST // 2
    assert all(step % distance == 0 for step in steps[:-1])


def test_a_grown_grid_reuses_what_was_looked_at():
    for computed in range(1, 700, 7):
        before, after = grid(computed, 10**6), grid(2 * computed, 10**6)
        assert len(set(after) & set(before)) >= len(before) // 2


@pytest.mark.parametrize("what", ["activation", "pre-activation", "gradient", "weight"])
def test_a_table_holds_what_a_look_at_each_step_finds(what):
    run = started(LAYERS, steps=100)
    series = DepthSeries(what)
    assert series.follow(run.snapshot())
    table = series.table(0)
    assert table.steps.tolist() == grid(100, 100)
    for row in (0, 3, len(table.steps) - 1):
        probe = look_into(run.at(int(table.steps[row])).contestants[0], what)
        blocks = shown_blocks(probe, what)
        assert table.names == tuple(block.name for block in blocks)
        values = [block_values(probe, block, what) for block in blocks]
        np.testing.assert_allclose(table.std[row], [part.std() for part in values], rtol=1e-9)
        np.testing.assert_allclose(table.mean[row], [part.mean() for part in values],
                                   rtol=1e-7, atol=1e-12)
        zeros = [(part == 0).mean() for part in values]
        np.testing.assert_allclose(table.sparse[row], zeros)
        if what == "activation":
            known = {entry.name: entry for entry in probe.histograms("activation")}
            found = [known[block.name] for block in blocks]
            rests = ["relu" in probe.layers[block.activation].definition.name for block in blocks]
            dead = [entry.dead / len(part) if rest else np.nan
                    for entry, part, rest in zip(found, values, rests, strict=True)]
            np.testing.assert_allclose(table.dead[row], dead)
    assert np.isnan(table.saturated).all() == (what in ("gradient", "weight"))
    assert what == "activation" or np.isnan(table.dead).all()


def test_a_little_at_a_time_comes_to_the_same():
    run = started(LAYERS, steps=400)
    slow, quick = DepthSeries("activation"), DepthSeries("activation")
    calls = 0
    while not slow.follow(run.snapshot(), 1e-9):
        calls += 1
        assert calls < 5000
    assert calls > 20
    assert quick.follow(run.snapshot())
    np.testing.assert_array_equal(slow.table(0).steps, quick.table(0).steps)
    np.testing.assert_array_equal(slow.table(0).std, quick.table(0).std)


def test_nothing_is_looked_at_twice():
    run = started(LAYERS, steps=200)
    asked = []
    series = DepthSeries("activation")

    def counting(step):
        asked.append(step)
        return run.at(step)

    def newest():
        snapshot = run.snapshot()
        object.__setattr__(snapshot, "series", counting)
        return snapshot

    series.follow(newest())
    version, count = series.version, len(asked)
    assert series.follow(newest())
    assert (series.version, len(asked)) == (version, count)
    assert len(set(asked)) == len(asked)


def experiment(changes=(), **contestant):
    return Experiment(steps=80, seed=5, problem={
        "kind": "network", "dataset": {"name": "moons", "samples": 120}, "batch": 16},
        changes=changes, contestants=[
            {"name": "A", "layers": LAYERS, "optimizer": {"name": "sgd", "lr": 0.1},
             **contestant}])


def test_another_run_is_looked_at_anew_from_where_it_differs():
    first = Run(experiment()).finish()
    second = Run(experiment([{"step": 41, "set": {"A.lr": 0.9}}])).finish()
    series = DepthSeries("activation")
    series.follow(first.snapshot())
    before = series.table(0)
    asked = []
    snapshot = second.snapshot()
    object.__setattr__(snapshot, "series", lambda step: asked.append(step) or second.at(step))
    series.follow(snapshot)
    after = series.table(0)
    assert min(asked) > 40
    same = after.steps <= 40
    np.testing.assert_array_equal(after.std[same], before.std[same])
    assert (after.std[~same] != before.std[~same]).all()


def test_of_another_race_nothing_is_kept_not_even_its_start():
    series = DepthSeries("activation")
    series.follow(Run(experiment()).finish().snapshot())
    wider = Run(experiment(layers=[dense(16), TANH])).finish()
    series.follow(wider.snapshot())
    table, fresh = series.table(0), DepthSeries("activation")
    fresh.follow(wider.snapshot())
    assert table.names == fresh.table(0).names == ("layer 1",)
    np.testing.assert_array_equal(table.std, fresh.table(0).std)


def test_a_diverged_network_has_no_numbers_from_there_on():
    leaky = {"kind": "leaky-relu"}
    run = started([dense(8), leaky, dense(8), leaky], optimizer={"name": "sgd", "lr": 1e6},
                  problem={"precision": "float32"})
    event = run.snapshot().contestants[0].diverged
    series = DepthSeries("activation")
    series.follow(run.snapshot())
    table = series.table(0)
    assert np.isnan(table.std[table.steps >= event.step]).all()
    assert np.isfinite(table.std[0]).all()


def test_without_a_way_back_the_step_itself_is_looked_at():
    snapshot = started(LAYERS, steps=10, done=0).snapshot()
    object.__setattr__(snapshot, "series", None)
    series = DepthSeries("weight")
    assert series.follow(snapshot)
    assert series.table(0).steps.tolist() == [0]
    assert series.table(1) is None
