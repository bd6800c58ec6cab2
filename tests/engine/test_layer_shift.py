"""Distributions over a run: quantiles, how far they have moved, batch norm's part in it, drift."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from engine import Experiment, Run
from engine.network.blocks import blocks
from engine.network.even_rows import sampled_probe
from engine.network.input_shift import input_shifts, input_values
from engine.network.layer_shift import (
    LEVELS,
    PARTS,
    ShiftSeries,
    distribution,
    distributions,
    layer_values,
    moved,
    seen_place,
    shares,
    unit_levels,
)
from engine.network.looking_back import grid

NORM = {"kind": "batch-norm"}


def dense(width):
    return {"kind": "dense", "width": width}


def act(name):
    return {"kind": name}


def hidden(*between, function="sigmoid", depth=3, width=32):
    return [dense(width), *between, act(function)] * depth


def run_of(*layers, steps=60, lr=0.1, dataset="spirals", **problem):
    """A race of SGD, one contestant a list of layers."""
    return Run(Experiment(
        steps=steps, seed=3, problem={"kind": "network", "dataset": dataset, **problem},
        contestants=[{"name": f"C{k}", "layers": entry, "init": "he-normal",
                      "optimizer": {"name": "sgd", "lr": lr}} for k, entry in enumerate(layers)]))


def test_quantiles_are_numpys():
    values = np.random.default_rng(0).normal(size=(7, 90))
    found = distribution(values)
    np.testing.assert_allclose(found.quantiles, np.quantile(values, LEVELS), rtol=1e-12)
    middles = (np.arange(PARTS) + 0.5) / PARTS
    np.testing.assert_allclose(found.units, np.quantile(values, middles, axis=1).T, rtol=1e-12)
    assert found.std == pytest.approx(np.sqrt(values.var(1).mean()))


def test_a_wide_layer_is_looked_at_in_an_even_share_of_its_units():
    values = np.arange(100.0)[:, None] + np.zeros((100, 8))
    assert unit_levels(values)[:, 0].tolist() == [k * 100 // 32 for k in range(32)]


def test_one_standard_deviation_counts_1_in_either_direction():
    values = np.random.default_rng(1).normal(2.0, 3.0, size=(6, 200))
    values /= np.sqrt(values.var(1).mean()) / 3.0
    before = distribution(values)
    assert moved(before.units, before) == 0
    signs = np.array([1, -1, 1, -1, 1, -1])[:, None]
    assert moved(unit_levels(values + 3.0 * signs), before) == pytest.approx(1.0)


def test_it_is_the_earth_movers_distance():
    random = np.random.default_rng(2)
    before, now = random.normal(size=(5, 256)), random.normal(0.4, 2.0, size=(5, 256))
    expected = np.mean([wasserstein_distance(a, b) for a, b in zip(before, now, strict=True)])
    found = moved(unit_levels(now), distribution(before)) * distribution(before).std
    # Sixteen quantiles leave out a part of the outermost numbers' way.
    assert 0.94 * expected < found <= expected


def test_what_did_not_vary_has_no_measure():
    still = distribution(np.zeros((2, 9)))
    assert moved(still.units, still) == 0
    assert moved(still.units + 1, still) == np.inf
    assert np.isnan(moved(np.zeros((3, PARTS)), still))


@pytest.mark.parametrize("layers, place", [
    ([dense(4), act("tanh")], 0),
    ([dense(4), NORM, act("tanh")], 1),
    ([dense(4), act("relu"), NORM], 2),
    ([dense(4), act("relu"), {"kind": "layer-norm"}, {"kind": "dropout", "rate": 0.5}], 2),
    ([dense(4), NORM], 1),
    ([dense(4)], 0),
])
def test_what_is_looked_at_is_what_the_function_or_the_next_layer_gets(layers, place):
    network = run_of(layers).snapshot().contestants[0].training.network
    first, output = blocks(network)
    assert seen_place(network, first) == place
    assert seen_place(network, output) == len(layers)


def test_values_are_those_of_the_probe():
    state = run_of(hidden(NORM)).finish().snapshot().contestants[0]
    probe = sampled_probe(state, "training")
    np.testing.assert_array_equal(layer_values(probe, 1), probe.activation(4))
    for found, block in zip(distributions(state), range(4), strict=True):
        expected = distribution(layer_values(probe, block))
        np.testing.assert_array_equal(found.quantiles, expected.quantiles)


def test_batch_norm_gives_every_unit_mean_0_and_std_1_at_the_start():
    state = run_of(hidden(NORM), precision="float64").snapshot().contestants[0]
    values = layer_values(sampled_probe(state, "training"), 2)
    np.testing.assert_allclose(values.mean(1), 0, atol=1e-9)
    # eps 1e-5 in the root takes a little off small variances.
    assert np.all((values.std(1) > 0.9) & (values.std(1) < 1))


@pytest.mark.parametrize("function, lr", [("sigmoid", 0.5), ("tanh", 1.0)])
def test_with_batch_norm_the_layers_inputs_stay_where_they_are(function, lr):
    """Row 17: the last hidden layer's inputs move several times as far without it."""
    run = run_of(hidden(function=function), hidden(NORM, function=function), steps=600, lr=lr,
                 dataset={"name": "spirals", "samples": 600}).finish()
    series = ShiftSeries()
    assert series.follow(run.snapshot())
    plain, normed = (series.table(k, 2).moved[-1] for k in (0, 1))
    assert plain > 4 * normed
    assert plain > 3


def test_a_table_holds_what_a_look_at_each_step_finds():
    run = run_of(hidden(depth=2), steps=100).finish()
    series = ShiftSeries()
    assert series.follow(run.snapshot())
    start = distributions(run.at(0).contestants[0])
    for block in range(3):
        table = series.table(0, block)
        assert table.steps.tolist() == grid(100, 100)
        for row in (0, 7, len(table.steps) - 1):
            found = distributions(run.at(int(table.steps[row])).contestants[0])[block]
            np.testing.assert_array_equal(table.quantiles[row], found.quantiles)
            np.testing.assert_array_equal(table.centres[row], found.units[:, 7:9].mean(1))
            assert table.moved[row] == moved(found.units, start[block])
    assert table.moved[0] == 0


def test_a_little_at_a_time_comes_to_the_same():
    run = run_of(hidden(depth=2), steps=300).finish()
    slow, quick = ShiftSeries(), ShiftSeries()
    calls = 0
    while not slow.follow(run.snapshot(), 1e-9):
        calls += 1
        assert calls < 5000
    assert calls > 20
    assert quick.follow(run.snapshot())
    np.testing.assert_array_equal(slow.table(0, 1).quantiles, quick.table(0, 1).quantiles)
    np.testing.assert_array_equal(slow.table(0, 1).moved, quick.table(0, 1).moved)


def test_nothing_is_said_from_a_divergence_on():
    run = run_of(hidden(function="leaky-relu"), lr=1e6).finish()
    event = run.snapshot().contestants[0].diverged
    series = ShiftSeries()
    assert series.follow(run.snapshot())
    for block in range(4):
        table = series.table(0, block)
        lost = table.steps >= event.step
        assert lost.any()
        assert np.isnan(table.quantiles[lost]).all()
        assert np.isnan(table.moved[lost]).all()
        assert np.isfinite(table.quantiles[0]).all()


def test_shares_are_of_all_finite_numbers():
    values = np.array([[0.0, 0.1, 0.9, 5.0, np.nan]])
    assert shares(values, 2, 0.0, 1.0).tolist() == [0.5, 0.25]
    assert shares(values[:, :0], 2, 0.0, 1.0).tolist() == [0.0, 0.0]


# ---- inputs


def material_of(**problem):
    run = run_of([dense(4), act("tanh")], **problem)
    return run.snapshot().contestants[0].training.material


def test_a_shift_moves_one_input_by_its_rate_and_no_other():
    material = material_of(drift={"kind": "shift", "per_1000_steps": 2.0}, preprocess=[])
    first, second = input_shifts(material, 500)
    assert (first.name, second.name) == ("x1", "x2")
    assert first.steps[0] == 0
    assert first.steps[-1] == 500
    std = input_values(material, 0, [0]).std()
    np.testing.assert_allclose(first.moved, 2.0 * first.steps / 1000 / std, atol=1e-5)
    np.testing.assert_array_equal(second.moved, 0)
    np.testing.assert_allclose(first.quantiles[-1] - first.quantiles[0], 1.0, atol=1e-5)


def test_less_light_narrows_everything():
    material = material_of(drift={"kind": "light", "per_1000_steps": -2.0}, preprocess=[])
    for entry in input_shifts(material, 1000):
        np.testing.assert_allclose(entry.quantiles[-1], entry.quantiles[0] / 4, rtol=1e-5)


def test_without_a_drift_two_looks_are_enough():
    entry, _ = input_shifts(material_of(), 100)
    assert entry.steps.tolist() == [0, 100]
    assert entry.moved.tolist() == [0, 0]


def test_of_many_inputs_it_is_the_one_that_moves_most():
    still = material_of(dataset="digits", preprocess=["center"])
    (entry,) = input_shifts(still, 100)
    values = input_values(still, 0, list(range(64))).astype(float)
    assert entry.column == int(values.var(1).argmax())
    direction = np.zeros(64)
    direction[10], direction[20] = 1, 3
    pushed = material_of(dataset="digits", preprocess=["center"], drift={
        "kind": "shift", "per_1000_steps": 1.0, "direction": direction.tolist()})
    (entry,) = input_shifts(pushed, 100)
    assert entry.column == 20
    assert entry.name == pushed.data.columns[20]


def test_whitened_inputs_have_numbers_for_names():
    first, second = input_shifts(material_of(preprocess=["center", "whiten"]), 10)
    assert (first.name, second.name) == ("whitened 1", "whitened 2")
