"""The worker: computes to the end, changes its mind at once, survives short and long runs."""

import time

import pytest

from app.worker import Worker
from engine import Experiment, Run


def race(steps, lr=0.01):
    return Run(Experiment(steps=steps, problem={"kind": "surface", "surface": "beale"},
                          contestants=[{"optimizer": {"name": "adam", "lr": lr}}]))


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def test_a_run_is_computed_to_its_end(worker):
    run = race(20_000)
    worker.compute(run)
    assert worker.wait()
    assert run.done and not worker.busy


def test_a_thousand_short_runs_in_a_row(worker):
    for k in range(1000):
        run = race(1 + k % 5)
        worker.compute(run)
        assert worker.wait(2)
        assert run.done


def test_another_run_takes_the_place_of_a_long_one_at_once(worker):
    long, short = race(10_000_000), race(100)
    worker.compute(long)
    time.sleep(0.05)
    began = time.perf_counter()
    worker.compute(short)
    assert worker.wait(2)
    assert short.done and not long.done
    assert time.perf_counter() - began < 1


def test_an_error_is_handed_over_and_the_worker_goes_on(worker):
    class Broken:
        def advance(self, steps):
            raise ZeroDivisionError("on purpose")

    worker.compute(Broken())
    assert worker.wait(2)
    assert isinstance(worker.error, ZeroDivisionError)
    run = race(50)
    worker.compute(run)
    assert worker.wait(2) and run.done
