"""Measurements over a run: what they are, at which steps, and that only the run decides."""

from threading import Thread

import numpy as np
import pytest

from engine import Experiment, Run
from engine.network.measuring import MOST_ROWS, Sample
from engine.network.series import MOST_POINTS, spacing
from engine.snapshot import Evaluations

DENSE = {"kind": "dense", "width": 8}
PLAIN = [DENSE, {"kind": "tanh"}]
RICH = [DENSE, {"kind": "batch-norm"}, {"kind": "relu"}, {"kind": "dropout", "rate": 0.3}, DENSE]


def experiment(*contestants, steps=300, seed=3, **problem):
    problem = {"kind": "network", "dataset": {"name": "moons", "samples": 100}, "batch": 16,
               **problem}
    return Experiment(steps=steps, seed=seed, problem=problem,
                      contestants=contestants or [contestant()])


def contestant(layers=PLAIN, name="A", optimizer="adam", **more):
    return {"name": name, "layers": layers, "optimizer": optimizer, **more}


def series(run, index=0):
    return run.snapshot().trails[index].evaluations


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
               for name in ("steps", *Evaluations.COLUMNS))


# --- which steps ------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 199, 200, 201, 3000, 12_345, 10_000_000])
def test_the_grid_is_fine_enough_for_a_picture_and_never_long(steps):
    apart = [spacing(reached, steps) for reached in {0, 1, steps // 20, steps // 3, steps}]
    assert all(distance & (distance - 1) == 0 for distance in apart), "powers of two"
    assert steps // spacing(steps, steps) + 1 <= MOST_POINTS
    assert steps // spacing(steps, steps) + 1 > MOST_POINTS / 2 or spacing(steps, steps) == 1
    # What is measured early is of use later: at most two doublings are on the way.
    assert max(apart) / min(apart) <= 4


def test_a_finished_run_is_measured_all_over_and_at_its_end():
    run = Run(experiment(steps=1001)).finish()
    assert series(run) is None
    assert run.measure() is True
    assert series(run).steps.tolist() == [*range(0, 1001, 8), 1001]


def test_a_run_under_way_is_measured_as_far_as_it_has_come():
    run = Run(experiment(steps=1001))
    run.measure()
    assert series(run).steps.tolist() == [0]
    run.advance(100)
    assert len(series(run).steps) == 1
    run.measure()
    assert series(run).steps.tolist() == list(range(0, 101, 2))


# --- what is measured -------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("layers", [PLAIN, RICH], ids=["plain", "rich"])
def test_losses_and_accuracies_are_those_of_the_states(layers, precision):
    run = Run(experiment(contestant(layers, l2=0.01), precision=precision)).finish()
    run.measure()
    found, close = series(run), 1e-12 if precision == "float64" else 1e-5
    for place in (0, 17, -1):
        state = run.at(int(found.steps[place])).contestants[0]
        assert found.train_loss[place] == pytest.approx(state.train.loss, rel=close)
        assert found.test_loss[place] == pytest.approx(state.test.loss, rel=close)
        assert found.train_accuracy[place] == state.train.accuracy
        assert found.test_accuracy[place] == state.test.accuracy


def test_norms_and_the_update_ratio_are_those_of_the_step_that_follows():
    run = Run(experiment(contestant(l2=0.01, clip={"by": "norm", "limit": 0.01}, optimizer="sgd"),
                         precision="float64")).finish()
    run.measure()
    found = series(run)

    def weights(step):
        tensors = run.at(step).contestants[0].tensors
        return np.concatenate([tensors[name].ravel() for name in ("0.W", "2.W")])

    for place in (0, 40):
        step = int(found.steps[place])
        state = run.at(step).contestants[0]
        _, _, gradient = state.training.gradient(state.state, step)
        before, after = weights(step), weights(step + 1)
        size = np.linalg.norm(before)
        assert found.weight_norm[place] == pytest.approx(size, rel=1e-12)
        # Before clipping.
        assert found.gradient_norm[place] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
        assert found.gradient_norm[place] > 0.01
        assert found.update_ratio[place] == pytest.approx(
            np.linalg.norm(after - before) / size, rel=1e-9)


def test_where_the_data_drift_they_are_measured_as_they_are_at_the_step():
    run = Run(experiment(drift={"kind": "shift", "per_1000_steps": 5.0})).finish()
    run.measure()
    for place in (0, 80, -1):
        state = run.at(int(series(run).steps[place])).contestants[0]
        assert series(run).test_loss[place] == pytest.approx(state.test.loss, rel=1e-5)


def test_numbers_have_no_accuracy_and_a_missing_test_set_no_loss():
    run = Run(experiment(dataset={"name": "sine", "samples": 40}, test_fraction=0)).finish()
    run.measure()
    assert np.isfinite(series(run).train_loss).all()
    for name in ("train_accuracy", "test_accuracy", "test_loss"):
        assert np.isnan(getattr(series(run), name)).all()


def test_a_network_without_any_hidden_layer_is_measured():
    run = Run(experiment(contestant([]))).finish()
    run.measure()
    assert np.isfinite(series(run).update_ratio).all()


def test_a_large_data_set_is_measured_on_rows_drawn_by_the_seed():
    made = experiment(dataset={"name": "moons", "samples": 9000}, steps=3)
    material = made.problem.material(3)
    sample, other = Sample(material, 3), Sample(material, 4)
    for rows, count in ((sample.train, 6300), (sample.test, 2700)):
        assert len(np.unique(rows)) == len(rows) == MOST_ROWS
        assert rows.min() >= 0 and rows.max() < count
        # Without favour: the mean of 2,000 draws lies within four standard errors.
        assert abs(rows.mean() / count - 0.5) < 4 * np.sqrt(1 / 12 / MOST_ROWS)
    assert np.array_equal(sample.train, Sample(material, 3).train)
    assert not np.array_equal(sample.train, other.train)
    run = Run(made).finish()
    run.measure()
    state = run.at(0).contestants[0]
    correct = state.train.outputs[sample.train].argmax(1) == material.train_y[sample.train, 0]
    assert series(run).train_accuracy[0] == pytest.approx(correct.mean())


def test_a_diverged_contestant_is_measured_up_to_its_last_finite_step():
    run = Run(experiment(
        contestant([DENSE, {"kind": "relu"}], optimizer={"name": "sgd", "lr": 1000.0}),
        dataset={"name": "sine", "samples": 100})).finish()
    assert run.measure() is True
    lost = run.snapshot().trails[0].diverged
    assert lost is not None
    assert series(run).steps.tolist()[-1] == lost.step - 1
    assert np.isfinite(series(run).weight_norm).all()


# --- when it is asked for -----------------------------------------------------------------------


def test_when_and_how_often_it_is_asked_for_does_not_matter():
    made = experiment(contestant(RICH), contestant(name="B"), steps=1500)
    late = Run(made).finish()
    late.measure()
    tight = Run(made, memory=20_000).finish()
    tight.measure()
    along = Run(made)
    while not along.done:
        along.advance(37)
        along.measure(0.0)
    assert along.measure() is True
    for index in (0, 1):
        assert same(series(late, index), series(tight, index))
        assert same(series(late, index), series(along, index))
    assert np.array_equal(late.record()["0/loss"], along.record()["0/loss"])


def test_no_time_is_one_measurement_and_contestants_take_turns():
    run = Run(experiment(contestant(), contestant(name="B"), steps=3)).finish()
    taken = 0
    while not run.measure(0.0):
        taken += 1
        counts = [len(trail.evaluations.steps) if trail.evaluations else 0
                  for trail in run.snapshot().trails]
        assert sum(counts) == taken and max(counts) - min(counts) <= 1
    # The last of each contestant's four says that it is the last.
    assert taken == 6


def test_measuring_while_another_thread_advances_gives_the_same():
    made = experiment(steps=4000)
    whole, run = Run(made).finish(), Run(made)
    whole.measure()

    def advance():
        while not run.done:
            run.advance(64)

    thread = Thread(target=advance)
    thread.start()
    while thread.is_alive():
        run.measure(0.001)
        run.snapshot()
    thread.join()
    run.measure()
    assert same(series(whole), series(run))


def test_a_change_on_the_way_measures_the_step_that_it_is_about_anew():
    run = Run(experiment(steps=400))
    run.advance(100)
    run.measure()
    before = series(run)
    changed = run.change({"A.lr": 0.1})
    assert series(run).steps.max() == 99
    run.finish().measure()
    whole = Run(changed).finish()
    whole.measure()
    assert same(series(whole), series(run))
    place = int(np.searchsorted(series(run).steps, 100))
    assert series(run).update_ratio[place] > 5 * before.update_ratio[-1]
    # What was handed out stays as it was.
    assert before.steps.max() == 100


def test_a_run_instead_of_another_takes_over_what_was_measured():
    first = Run(experiment(steps=400)).finish()
    first.measure()
    changed = first.experiment.replaced(changes=[{"step": 201, "set": {"A.lr": 0.1}}])
    second = Run(changed, instead_of=first)
    assert series(second).steps.max() == 196
    second.finish().measure()
    whole = Run(changed).finish()
    whole.measure()
    assert same(series(whole), series(second))
    assert not same(series(first), series(second))


def test_what_is_handed_out_cannot_be_written_to():
    run = Run(experiment(steps=5)).finish()
    run.measure()
    for name in ("steps", *Evaluations.COLUMNS):
        with pytest.raises(ValueError, match="read-only"):
            getattr(series(run), name)[0] = 1


def test_on_a_surface_there_is_nothing_to_measure():
    run = Run(Experiment(steps=5, problem={"kind": "surface", "surface": "beale"},
                         contestants=[{"optimizer": "sgd"}])).finish()
    assert run.measure() is True
    assert run.measure(0.0) is True
