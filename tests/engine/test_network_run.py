"""Networks in a race: fairness, time travel, changes on the way, and the record."""

import gc
import threading
from weakref import ref

import numpy as np
import pytest

from engine import Experiment, Run, at_once
from engine import run as run_module
from engine.errors import ExperimentError
from engine.network.order import Order
from engine.network.spacing import stride
from engine.network.training import Training
from engine.snapshot import Evaluations

DENSE = {"kind": "dense", "width": 16}
PLAIN = [DENSE, {"kind": "tanh"}, DENSE, {"kind": "tanh"}]
RICH = [
    {"kind": "dense", "width": 16}, {"kind": "batch-norm"}, {"kind": "relu"},
    {"kind": "dropout", "rate": 0.3}, {"kind": "maxout", "width": 6, "pieces": 3},
    {"kind": "layer-norm"}, {"kind": "prelu"},
]


def contestant(layers=PLAIN, name="A", optimizer="adam", **more):
    return {"name": name, "layers": layers, "optimizer": optimizer, **more}


def experiment(*contestants, steps=300, seed=3, **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16,
               **problem}
    return Experiment(
        steps=steps, seed=seed, problem=problem, contestants=contestants or [contestant()])


def same(a, b):
    return all(np.array_equal(a[key], b[key], equal_nan=a[key].dtype.kind == "f") for key in a)


# --- the record -------------------------------------------------------------------------------


def test_the_record_has_the_keys_and_shapes_that_were_promised():
    record = Run(experiment(contestant(RICH), contestant(name="B"))).finish().record()
    assert record["names"].tolist() == ["A", "B"]
    assert record["train/x"].shape == (140, 2) and record["test/x"].shape == (60, 2)
    assert record["train/y"].dtype.kind == "i" and set(record["train/y"]) == {0, 1}
    assert record["0/batches"].shape == (300, 16) and record["0/batches"].dtype.kind == "i"
    assert record["0/loss"].shape == record["0/penalty"].shape == (300,)
    assert record["0/diverged_at"] == -1
    shapes = {key.removeprefix("0/final/"): value.shape for key, value in record.items()
              if key.startswith("0/final/")}
    assert shapes == {
        "0.W": (16, 2), "0.b": (16,), "1.gamma": (16,), "1.beta": (16,), "1.mean": (16,),
        "1.var": (16,), "4.W": (18, 16), "4.b": (18,), "5.gamma": (6,), "5.beta": (6,),
        "6.a": (1,), "7.W": (2, 6), "7.b": (2,),
    }
    assert Experiment.from_toml(str(record["experiment"])).contestants[0].layers[4].pieces == 3


def test_an_epoch_shows_every_row_once_and_leaves_a_short_rest_out():
    batches = Run(experiment(batch=32, steps=8)).finish().record()["0/batches"]
    for epoch in (batches[:4], batches[4:]):
        assert len(np.unique(epoch)) == 4 * 32
    assert not np.array_equal(batches[:4], batches[4:])


def test_every_order_of_rows_is_about_as_likely():
    # Three rows in six orders, 6,000 epochs: 1,000 each, with a deviation of 29.
    order = Order(3, 1, seed=0)
    epochs = order.batches(1, 18_000).reshape(6000, 3)
    _, counts = np.unique(epochs @ [9, 3, 1], return_counts=True)
    assert len(counts) == 6 and counts.min() > 870 and counts.max() < 1130


def test_a_batch_of_0_is_the_whole_training_set():
    record = Run(experiment(batch=0, steps=3)).finish().record()
    assert np.array_equal(record["0/batches"], np.tile(np.arange(140), (3, 1)))


def test_the_recorded_loss_is_that_of_a_plain_forward_pass():
    run = Run(experiment(precision="float64", steps=40)).finish()
    record = run.record()
    tensors = run.at(25).contestants[0].tensors
    rows = record["0/batches"][25]
    h = record["train/x"][rows]
    for layer in (0, 2):
        h = np.tanh(h @ tensors[f"{layer}.W"].T + tensors[f"{layer}.b"])
    logits = h @ tensors["4.W"].T + tensors["4.b"]
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = -np.log(shares[np.arange(16), record["train/y"][rows]]).mean()
    assert record["0/loss"][25] == pytest.approx(expected, rel=1e-12)


def test_the_first_loss_of_small_weights_is_the_logarithm_of_the_number_of_classes():
    small = {"name": "normal", "std": 1e-3}
    for classes in (2, 5):
        run = Run(experiment(contestant(init=small), steps=1,
                             dataset={"name": "gaussians", "samples": 200, "classes": classes}))
        assert run.finish().record()["0/loss"][0] == pytest.approx(np.log(classes), abs=1e-3)


# --- fairness ---------------------------------------------------------------------------------


def test_contestants_see_the_same_data_and_start_at_the_same_weights_where_shapes_agree():
    normed = [DENSE, {"kind": "batch-norm"}, {"kind": "relu"}, DENSE, {"kind": "relu"}]
    deeper = [DENSE, {"kind": "tanh"}, DENSE, {"kind": "tanh"}, {"kind": "dense", "width": 7}]
    record = Run(experiment(
        contestant(), contestant(normed, "B"), contestant(deeper, "C"), steps=5)).finish().record()
    assert np.array_equal(record["0/batches"], record["1/batches"])
    assert np.array_equal(record["0/initial/0.W"], record["1/initial/0.W"])
    assert np.array_equal(record["0/initial/2.W"], record["1/initial/3.W"])
    assert np.array_equal(record["0/initial/4.W"], record["1/initial/5.W"])
    assert np.array_equal(record["0/initial/2.W"], record["2/initial/2.W"])
    # Two matrices of one shape in one network are not the same numbers.
    twice = Run(experiment(contestant([DENSE, DENSE, DENSE]))).record()
    assert not np.array_equal(twice["0/initial/1.W"], twice["0/initial/2.W"])


def test_equal_contestants_train_to_equal_bits_with_dropout_too():
    record = Run(experiment(contestant(RICH), contestant(RICH, "B"))).finish().record()
    assert np.array_equal(record["0/loss"], record["1/loss"])
    assert np.array_equal(record["0/final/4.W"], record["1/final/4.W"])


def test_another_seed_is_another_race():
    a, b = (Run(experiment(seed=seed)).finish().record() for seed in (3, 4))
    for key in ("train/x", "0/batches", "0/initial/0.W", "0/loss"):
        assert not np.array_equal(a[key], b[key])


# --- time travel ------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("layers", [PLAIN, RICH], ids=["plain", "rich"])
def test_any_step_comes_back_bit_for_bit(layers, precision):
    made = experiment(contestant(layers, l2=1e-3), steps=3000, precision=precision)
    whole = Run(made).finish()
    # Too little memory for more than a few checkpoints and a part of the losses.
    thinned = Run(made, memory=30_000).finish()
    for step in (0, 1, 777, 1024, 2047, 2999, 3000):
        single = Run(made)
        single.advance(step)
        states = [run.at(step).contestants[0] for run in (whole, thinned, single)]
        assert all(np.array_equal(states[0].state, other.state) for other in states[1:])
        assert states[0].test.loss == states[1].test.loss
    assert same(whole.record(), thinned.record())


def test_how_a_run_is_cut_into_pieces_does_not_matter():
    whole, pieces = Run(experiment(contestant(RICH))).finish(), Run(experiment(contestant(RICH)))
    for steps in (1, 0, 13, 130, 1000):
        pieces.advance(steps)
    assert same(whole.record(), pieces.record())


@pytest.mark.parametrize("cores", [1, 2, 8])
def test_contestants_that_train_and_are_measured_at_once_are_as_one_after_another(
    monkeypatch, cores
):
    monkeypatch.setattr(at_once, "cores", lambda: cores)
    monkeypatch.setattr(run_module, "WORTH_THREADS", 0.0)
    wild = contestant([DENSE, {"kind": "relu"}] * 3, "C", {"name": "sgd", "lr": 1e6})
    raced = experiment(contestant(), contestant(RICH, "B"), wild, contestant(RICH, "D", "sgd"),
                       loss="cross-entropy")
    together, alone = Run(raced).finish(), Run(raced)
    while alone.advance(7):
        pass
    assert together.measure()
    while not alone.measure(0.0):
        pass
    assert same(together.record(), alone.record())
    assert together.record()["2/diverged_at"] > 1
    for one, other in zip(together.snapshot().trails, alone.snapshot().trails, strict=True):
        assert np.array_equal(one.evaluations.steps, other.evaluations.steps)
        for column in Evaluations.COLUMNS:
            assert np.array_equal(getattr(one.evaluations, column),
                                  getattr(other.evaluations, column), equal_nan=True)


def test_looking_from_another_thread_while_it_trains_finds_the_same_states():
    made = experiment(contestant(RICH), steps=20_000)
    expected = Run(made)
    expected.advance(500)
    expected = expected.snapshot().contestants[0].state
    run, found = Run(made), []

    def look():
        while not run.done:
            if run.computed >= 500:
                found.append(np.array_equal(run.at(500).contestants[0].state, expected))

    watcher = threading.Thread(target=look)
    watcher.start()
    while not run.done:
        run.advance(500)
    watcher.join()
    assert found and all(found)


def test_memory_is_bounded_however_long_the_run():
    run = Run(experiment(steps=60_000), memory=400_000)
    run.finish()
    (lane,) = run._lanes
    kept = sum(lane.checkpoints.before(step)[1].nbytes for step in lane.checkpoints.steps)
    assert kept + lane._curves.kept.rows.nbytes <= 400_000
    assert len(lane.checkpoints.steps) > 3


def test_states_cannot_be_written_to():
    state = Run(experiment(steps=20)).finish().at(10).contestants[0]
    for array in (state.state, state.tensors["0.W"], state.test.outputs):
        with pytest.raises(ValueError):
            array[...] = 0


# --- changes on the way -----------------------------------------------------------------------


def test_a_change_takes_effect_at_the_next_step_and_replays_from_the_record():
    run = Run(experiment(contestant(RICH, optimizer="sgd"), steps=200))
    run.advance(80)
    run.change({"A.lr": 0.5, "A.layers[3].rate": 0.0, "A.l2": 0.01})
    run.advance(40)
    run.change({"A.lr": 0.05})
    record = run.finish().record()
    assert record["0/penalty"][79] == 0 and record["0/penalty"][80] > 0
    again = Experiment.from_toml(str(record["experiment"]))
    assert [change.step for change in again.changes] == [81, 121]
    assert same(record, Run(again).finish().record())
    untouched = Run(experiment(contestant(RICH, optimizer="sgd"), steps=200)).finish().record()
    assert np.array_equal(untouched["0/loss"][:80], record["0/loss"][:80])
    # Step 81 already goes without dropout.
    assert untouched["0/loss"][80] != record["0/loss"][80]
    for step in (79, 80, 81, 120, 150):
        assert np.array_equal(run.at(step).contestants[0].state,
                              Run(again).finish().at(step).contestants[0].state)


def test_a_changed_rate_is_the_one_that_the_step_is_taken_with():
    run = Run(experiment(contestant(optimizer={"name": "sgd", "lr": 0.1}), batch=0, steps=4,
                         precision="float64"))
    run.advance(2)
    run.change({"A.lr": 0.0})
    run.finish()
    states = [run.at(step).contestants[0].state for step in range(5)]
    assert not np.array_equal(states[1], states[2])
    assert np.array_equal(states[2], states[3]) and np.array_equal(states[3], states[4])


def test_a_surface_race_takes_changes_too():
    made = Experiment(steps=50, problem={"kind": "surface", "surface": "bowl"},
                      contestants=[{"name": "SGD", "optimizer": {"name": "sgd", "lr": 0.1}}])
    run = Run(made)
    run.advance(20)
    run.change({"SGD.lr": 0.0})
    record = run.finish().record()
    assert np.array_equal(record["0/path"][20], record["0/path"][50])
    assert not np.array_equal(record["0/path"][19], record["0/path"][20])
    again = Run(Experiment.from_toml(str(record["experiment"]))).finish()
    assert same(record, again.record())
    assert run.at(19).contestants[0].lr == 0.1 and run.at(20).contestants[0].lr == 0.0


@pytest.mark.parametrize(("values", "words"), [
    ({"A.layers[0].width": 8}, "cannot change while a run goes on"),
    ({"A.optimizer": "sgd"}, "cannot change while a run goes on"),
    ({"A.init": "zeros"}, "cannot change while a run goes on"),
    ({"problem.batch": 8}, "cannot change while a run goes on"),
    ({"seed": 8}, "cannot change while a run goes on"),
    ({"A.lrr": 8}, "did you mean 'A.lr'?"),
    ({"A.lr": -1}, "must be from 0"),
    ({"A.layers[3].rate": 2}, "must be from 0"),
])
def test_what_cannot_change_is_refused_and_nothing_happens(values, words):
    run = Run(experiment(contestant(RICH), steps=20))
    run.advance(10)
    with pytest.raises(ExperimentError) as caught:
        run.change(values)
    assert words in str(caught.value) and list(values)[0] in str(caught.value)
    assert run.experiment.changes == ()
    untouched = Run(experiment(contestant(RICH), steps=20)).finish().record()
    assert same(run.finish().record(), untouched)


def test_nothing_can_be_changed_after_the_end():
    run = Run(experiment(steps=5)).finish()
    with pytest.raises(ExperimentError, match="from 1 to 5"):
        run.change({"A.lr": 0.1})


# --- settings of layers -----------------------------------------------------------------------


def test_a_layer_with_factor_0_is_frozen_to_the_bit_and_others_follow_their_own_rate():
    layers = [{**DENSE, "lr_factor": 0.0}, {"kind": "tanh"}, {**DENSE, "lr_factor": 0.5}]
    for optimizer in ("adamw", "rprop", "lion"):
        record = Run(experiment(contestant(layers, optimizer=optimizer), steps=30)
                     ).finish().record()
        assert np.array_equal(record["0/initial/0.W"], record["0/final/0.W"])
        assert np.array_equal(record["0/initial/0.b"], record["0/final/0.b"])
        assert not np.array_equal(record["0/initial/2.W"], record["0/final/2.W"])
    one = {"kind": "dense", "width": 16, "lr_factor": 1.0}
    sgd = {"name": "sgd", "lr": 0.1}
    moved = []
    for factor in (1.0, 0.5):
        record = Run(experiment(
            contestant([{**one, "lr_factor": factor}, {"kind": "tanh"}], optimizer=sgd),
            steps=1, precision="float64")).finish().record()
        moved.append([record[f"0/final/{name}"] - record[f"0/initial/{name}"]
                      for name in ("0.W", "2.W")])
    np.testing.assert_allclose(moved[1][0], moved[0][0] / 2, rtol=1e-9)
    np.testing.assert_array_equal(moved[1][1], moved[0][1])


def test_penalties_count_weight_matrices_only():
    record = Run(experiment(contestant(RICH, l1=0.01, l2=0.1), steps=1, precision="float64")
                 ).finish().record()
    weights = [record[f"0/initial/{name}"] for name in ("0.W", "4.W", "7.W")]
    expected = sum(0.01 * np.abs(w).sum() + 0.05 * (w**2).sum() for w in weights)
    assert record["0/penalty"][0] == pytest.approx(expected, rel=1e-12)


def test_constant_weights_keep_all_units_of_a_layer_the_same_to_the_last_bit():
    made = experiment(contestant(init={"name": "constant", "value": 0.5}, optimizer="sgd"))
    tensors = Run(made).finish().snapshot().contestants[0].tensors
    assert len(np.unique(tensors["0.W"], axis=0)) == 1
    assert len(np.unique(tensors["2.W"], axis=0)) == 1
    broken = Run(experiment()).finish().snapshot().contestants[0].tensors
    assert len(np.unique(broken["0.W"], axis=0)) == 16


def test_float32_follows_float64_closely_at_first():
    a, b = (Run(experiment(precision=precision)).finish().record()
            for precision in ("float32", "float64"))
    assert np.abs(a["0/loss"] - b["0/loss"])[:50].max() < 1e-4
    assert a["0/final/0.W"].dtype == np.float32 and b["0/final/0.W"].dtype == np.float64


def test_a_drifting_dataset_is_learnt_and_tested_as_it_lies_at_each_step():
    shift = {"kind": "shift", "per_1000_steps": 100.0}
    still = Run(experiment(steps=60, precision="float64")).finish()
    moving = Run(experiment(steps=60, precision="float64", drift=shift)).finish()
    first = moving.record()["0/loss"][0]
    assert first != still.record()["0/loss"][0]
    # The test rows at step 10 lie one unit further along the first input.
    state = moving.at(10).contestants[0]
    x = moving.record()["test/x"] + [1.0, 0.0]
    np.testing.assert_allclose(state.test.outputs, state.outputs(x), rtol=1e-12)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(("problem", "who", "place", "words"), [
    ({"dataset": "mons"}, {}, "problem.dataset", "did you mean 'moons'?"),
    ({"dataset": {"name": "moons", "samples": 1}}, {}, "problem.dataset.samples", "from 2 to"),
    ({"loss": "mse"}, {}, "problem.loss", "mse is for regression"),
    ({"loss": "logistic", "dataset": {"name": "gaussians", "classes": 3}}, {}, "problem.loss",
     "for 2 classes, but the data have 3"),
    ({"batch": -1}, {}, "problem.batch", "whole number from 0"),
    ({"precision": "float16"}, {}, "problem.precision", '"float32" or "float64"'),
    ({"preprocess": ["whiten", "center"]}, {}, "problem.preprocess", "in that order"),
    ({"surface": "beale"}, {}, "problem.surface", "is not a key"),
    ({}, {"layers": [{"kind": "dence"}]}, "contestants[0].layers[0].kind", "'dense'"),
    ({}, {"layers": [{"kind": "dense", "width": 0}]}, "contestants[0].layers[0].width", "from 1"),
    ({}, {"layers": [{"kind": "dense", "widht": 3}]}, "contestants[0].layers[0].widht", "width"),
    ({}, {"layers": [{"kind": "tanh", "lr_factor": 3}]}, "contestants[0].layers[0].lr_factor",
     "is not a key"),
    ({}, {"layers": [{"kind": "dropout", "rate": 1.5}]}, "contestants[0].layers[0].rate", "from 0"),
    ({}, {"layers": "dense"}, "contestants[0].layers", "a list of layers"),
    ({}, {"init": "xavier"}, "contestants[0].init", "did you mean"),
    ({}, {"l2": -1}, "contestants[0].l2", "from 0"),
])
def test_mistakes_have_their_place(problem, who, place, words):
    with pytest.raises(ExperimentError) as caught:
        experiment({**contestant(), **who}, **problem)
    assert [mistake.place for mistake in caught.value.mistakes] == [place]
    assert words in str(caught.value)


def test_layers_are_missed_in_a_network_and_refused_on_a_surface():
    with pytest.raises(ExperimentError, match=r"contestants\[0\].layers: is missing"):
        experiment({"name": "A", "optimizer": "sgd"})
    with pytest.raises(ExperimentError, match=r"contestants\[0\].layers: is not a key"):
        Experiment(problem={"kind": "surface", "surface": "bowl"}, contestants=[contestant()])


def test_a_network_of_a_thousand_million_parameters_is_refused_before_anything_is_allocated():
    wide = [{"kind": "dense", "width": 40_000}, {"kind": "tanh"},
            {"kind": "dense", "width": 25_000}]
    with pytest.raises(ExperimentError) as caught:
        Run(experiment(contestant(wide)))
    text = str(caught.value)
    assert "contestants[0].layers" in text and "1,000,195,002 parameters" in text
    assert "1,000,025,000 of them in layer 2" in text and "at most 51,000,000" in text


def test_batches_that_are_too_large_or_too_small_are_refused():
    with pytest.raises(ExperimentError, match="problem.batch: must be at most 140"):
        Run(experiment(batch=141))
    with pytest.raises(ExperimentError, match="batch-norm needs batches of at least 2 rows"):
        Run(experiment(contestant(RICH), batch=1))
    with pytest.raises(ExperimentError, match=r"contestants\[0\].layers: a pass of .* GB"):
        Run(experiment(contestant([{"kind": "dense", "width": 20_000}]), batch=0,
                       dataset={"name": "moons", "samples": 100_000}))


# --- what if ----------------------------------------------------------------------------------


def test_a_run_instead_of_another_takes_over_what_they_have_in_common():
    made = experiment(contestant(RICH), contestant(name="B"), steps=400)
    first = Run(made)
    first.advance(250)
    before = first.at(200)
    other = made.replaced(changes=[{"step": 201, "set": {"A.lr": 0.1}}])
    run = Run(other, instead_of=first)
    assert run.computed == 200
    assert same(run.finish().record(), Run(other).finish().record())
    # The first one goes on as if nothing had been.
    assert same(first.finish().record(), Run(made).finish().record())
    assert np.array_equal(before.contestants[0].state, first.at(200).contestants[0].state)


def test_a_run_of_anything_else_begins_anew():
    first = Run(experiment(steps=100)).finish()
    for other in (experiment(steps=101), experiment(steps=100, seed=4),
                  experiment(contestant(l2=0.1), steps=100)):
        assert Run(other, instead_of=first).computed == 0
    assert Run(experiment(steps=100), instead_of=first).computed == 100


def test_a_run_goes_on_whoever_is_muted_and_however_it_is_called():
    usual = experiment(contestant(), contestant(name="B"), steps=60)
    first = Run(usual)
    first.advance(40)
    other = usual.with_contestant(1, muted=True, color=4).replaced(title="Another one")
    run = Run(other, instead_of=first)
    assert run.computed == 40 and run.experiment == other
    run.finish()
    for own, state in zip(Run(other).finish().snapshot().contestants, run.snapshot().contestants,
                          strict=True):
        assert np.array_equal(own.state, state.state)


def test_a_divergence_can_be_turned_away():
    wild = experiment(contestant(optimizer={"name": "sgd", "lr": 0.1}), steps=200,
                      dataset="plane", loss="mse")
    run = Run(wild.replaced(changes=[{"step": 50, "set": {"A.lr": 1e4}}])).finish()
    assert run.summary()[0]["diverged_at"] > 50
    tamed = Run(wild.replaced(changes=[{"step": 50, "set": {"A.lr": 0.01}}]), instead_of=run)
    assert tamed.computed == 49
    assert tamed.finish().summary()[0]["diverged_at"] == -1


# --- looking while it goes on -----------------------------------------------------------------


def test_a_step_at_which_advancing_paused_lately_is_not_trained_again(monkeypatch):
    run = Run(experiment(contestant(RICH), contestant(name="B")))
    for _ in range(3):
        run.advance(7)
    trained = []
    segment = Training.segment
    monkeypatch.setattr(Training, "segment", lambda *a, **k: trained.append(a) or segment(*a, **k))
    shown = [run.at(step) for step in (21, 14, 7)]
    assert not trained
    apart = run.at(13).contestants[0].state
    assert trained and not np.array_equal(apart, shown[1].contestants[0].state)
    monkeypatch.undo()
    again = Run(experiment(contestant(RICH), contestant(name="B")))
    again.advance(30)
    for snapshot in shown:
        for one, other in zip(snapshot.contestants, again.at(snapshot.step).contestants,
                              strict=True):
            assert np.array_equal(one.state, other.state)


def test_what_is_left_by_an_edit_of_the_changes_is_not_that_of_the_run_before():
    run = Run(experiment(steps=60))
    for _ in range(4):
        run.advance(10)
    later = run.change({"A.lr": 0.1})
    run.advance(10)
    other = Run(later.replaced(changes=[{"step": 21, "set": {"A.lr": 0.02}}]), instead_of=run)
    other.advance(30)
    alone = Run(other.experiment).finish()
    for step in (20, 30, 40, 50):
        assert np.array_equal(other.at(step).contestants[0].state,
                              alone.at(step).contestants[0].state)


def test_contestants_go_back_together_within_a_frame():
    one, three, twelve = (stride(training, count) for training in [
        Run(experiment()).at(0).contestants[0].training] for count in (1, 3, 12))
    assert three in (one // 2, one // 4) and twelve == one // 4


def test_steps_of_a_long_curve_are_counted_once(monkeypatch):
    monkeypatch.setattr("engine.network.lane.CURVES_SHARE", 64 * 16 / 300_000_000)
    run = Run(experiment(steps=300))
    for length in (5, 40, 70, 300):
        run.advance(length - run.computed)
        steps = run.snapshot().trails[0].steps
        kept = run._lanes[0]._curves.kept
        assert np.array_equal(steps, kept.steps + 1) and not steps.flags.writeable


def test_a_run_that_nobody_looks_at_any_more_gives_its_memory_back_at_once():
    run = Run(experiment(contestant(RICH), steps=40)).finish()
    run.measure()
    shown, lane = run.snapshot(), ref(run._lanes[0])
    gc.disable()
    try:
        del run
        assert lane() is not None and shown.series is not None
        assert shown.series(3).step == 3, "a snapshot keeps its run"
        del shown
        assert lane() is None
    finally:
        gc.enable()
