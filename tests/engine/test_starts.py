"""Starts: drawn together, in threads or from what is kept, they are those drawn one by one."""

from threading import Thread

import numpy as np
import pytest

from engine import Experiment, Run
from engine.at_once import at_once
from engine.inits import inits, normals
from engine.network import starts as module
from engine.network.starts import StandardNumbers, starts
from engine.streams import generator

SCHEMES = {"Small": {"name": "normal", "std": 0.01}, "Xavier": "xavier-normal",
           "He": {"name": "he-uniform", "gain": 0.7}, "Rotated": "orthogonal"}


def race(width=20, depth=3, precision="float32", schemes=SCHEMES, seed=5, **more):
    layers = [{"kind": "dense", "width": width}, {"kind": "batch-norm"}, {"kind": "tanh"}] * depth
    return Experiment(seed=seed, steps=6, problem={
        "kind": "network", "dataset": {"name": "moons", "samples": 60}, "precision": precision,
        "batch": 8}, contestants=[
            {"name": name, "init": init, "layers": layers, "optimizer": "adam", **more}
            for name, init in schemes.items()])


def trainings(experiment):
    return [state.training for state in Run(experiment).snapshot().contestants]


def drawn_one_by_one(training):
    """The state of step 0 by the book: each tensor of each layer in order, each draw anew."""
    state, seen = np.zeros(training.width, training.precision), {}
    parts = training.split(state)
    for layer in training.network.layers:
        at = layer.params_at
        for tensor in layer.form.params:
            numbers = np.full(tensor.shape, tensor.start)
            if tensor.start is None:
                count = seen[tensor.shape] = seen.get(tensor.shape, -1) + 1
                stream = f"init/{tensor.shape[0]}x{tensor.shape[1]}/{count}"
                numbers = layer.init.weights(
                    generator(training.seed, stream), tensor.shape, layer.init_hypers)
            parts.params[at : at + tensor.size] = numbers.reshape(-1)
            at += tensor.size
        at = layer.state_at
        for tensor in layer.form.state:
            parts.memory[at : at + tensor.size] = tensor.start
            at += tensor.size
    return state


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("worth", [0, 10**9], ids=["threads", "one after another"])
def test_starts_are_those_drawn_one_by_one(precision, worth, monkeypatch):
    monkeypatch.setattr(module, "WORTH_THREADS", worth)
    given = trainings(race(precision=precision))
    for fresh in (True, False):
        if fresh:
            monkeypatch.setattr(module, "_standard_numbers", StandardNumbers(10**7))
        for training, state in zip(given, starts(given), strict=True):
            assert state.tobytes() == drawn_one_by_one(training).tobytes()


def test_a_scale_is_changed_without_drawing_anew(monkeypatch):
    drawn = []

    def counted(random, shape):
        drawn.append(shape)
        return normals(random, shape)

    kept = StandardNumbers(10**7)
    for _ in range(3):
        kept.of(1, "init/4x3/0", (4, 3), counted)
    kept.of(1, "init/4x3/1", (4, 3), counted)
    kept.of(2, "init/4x3/0", (4, 3), counted)
    assert len(drawn) == 3


def test_no_more_is_kept_than_there_is_room_for():
    kept = StandardNumbers(3 * 8 * 100)
    first = [kept.of(1, f"init/10x10/{k}", (10, 10), normals) for k in range(5)]
    assert kept.of(1, "init/10x10/4", (10, 10), normals) is first[4]
    again = kept.of(1, "init/10x10/0", (10, 10), normals)
    assert again is not first[0]
    np.testing.assert_array_equal(again, first[0])
    assert kept._bytes == 3 * 800
    with pytest.raises(ValueError, match="read-only"):
        again[0, 0] = 1


def test_weights_are_drawn_when_they_are_first_asked_for(monkeypatch):
    asked, size = [], trainings(race())[0].network.params_size
    monkeypatch.setattr(module, "starts", lambda given: asked.append(len(given)) or starts(given))
    run = Run(race())
    assert (run.computed, run.size) == (0, 4 * size)
    assert not asked
    run.snapshot()
    run.advance(2)
    # All contestants' at once.
    assert asked == [4]


def test_two_threads_may_ask_for_the_first_state_at_once():
    run, found = Run(race(width=300)), []
    threads = [Thread(target=lambda: found.append(run.at(0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place in range(4):
        assert len({id(snapshot.contestants[place].state) for snapshot in found}) == 1


def test_what_has_not_changed_is_taken_over_and_trains_on_as_ever():
    first = Run(race())
    before = first.snapshot().contestants
    before[1].look(30).make()
    first.finish()
    edited = race(schemes={**SCHEMES, "Small": {"name": "normal", "std": 0.2}})
    second = Run(edited, instead_of=first)
    after = second.snapshot().contestants
    assert after[0].training is not before[0].training
    for old, new in zip(before[1:], after[1:], strict=True):
        assert new.training is old.training
        assert new.state is old.state
    # A third one, of which only the second has been looked at: nothing is drawn, all is known.
    third = Run(edited.replaced(title="another"), instead_of=second)
    assert third.snapshot().contestants[1] is after[1]
    for run in (second, third):
        fresh = Run(edited).finish()
        record, expected = run.finish().record(), fresh.record()
        for name, array in expected.items():
            if name != "experiment":
                np.testing.assert_array_equal(record[name], array, name)


def test_other_data_another_seed_or_another_rate_begin_anew():
    first = Run(race())
    first.snapshot()
    for edited in (race(seed=6), race(l2=0.1), race().with_problem(batch=9),
                   race().with_problem(dataset={"name": "moons", "samples": 61})):
        states = Run(edited, instead_of=first).snapshot().contestants
        for old, new in zip(first.snapshot().contestants, states, strict=True):
            assert new.training is not old.training


def test_a_step_that_is_shown_again_is_the_same_object_until_something_changes():
    run = Run(race()).finish()
    assert run.at(3).contestants[0] is run.at(3).contestants[0]
    assert run.at(3).contestants[0] is not run.at(4).contestants[0]
    experiment = race().replaced(changes=[{"step": 3, "set": {"Small.lr": 0.5}}])
    changed = Run(experiment, instead_of=run)
    changed.finish()
    fresh = Run(experiment).finish()
    for step in (2, 3, 6):
        np.testing.assert_array_equal(
            changed.at(step).contestants[0].state, fresh.at(step).contestants[0].state)


def test_every_init_is_standard_numbers_times_a_scale():
    for name, init in inits.items():
        hypers = dict.fromkeys(init.defaults(), 0.3)
        weights = init.weights(np.random.default_rng(3), (7, 5), hypers)
        bare = init.standard(np.random.default_rng(3), (7, 5))
        np.testing.assert_array_equal(weights, bare * init.scale(5, 7, hypers), name)


def test_jobs_come_back_in_order_and_their_errors_are_raised():
    assert at_once([lambda k=k: k * k for k in range(20)]) == [k * k for k in range(20)]
    assert at_once([]) == []

    def broken():
        raise ZeroDivisionError("one of them")

    with pytest.raises(ZeroDivisionError, match="one of them"):
        at_once([lambda: 1, broken, lambda: 2])
