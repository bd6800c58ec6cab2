"""Work on a thread: who takes turns, and what is left undone about a run that has grown."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from app.errand import Errand, Turns
from app.views.landscape_question import Question

SECONDS = 10.0


def wait(done, seconds=SECONDS):
    ended = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if done():
            return
        ended.wait(0.01)
    raise AssertionError("it does not come to that")


def run_at(computed, steps=1000, step=None):
    """As much of a snapshot as a question looks at; the step shown is the newest by default."""
    return SimpleNamespace(computed=computed, step=computed if step is None else step,
                           experiment=SimpleNamespace(steps=steps))


def test_errands_take_turns_a_piece_each():
    turns, order, begun = Turns(), [], threading.Event()
    first, second = Errand(turns), Errand(turns)

    def job(name):
        def pieces(cancelled):
            begun.wait(SECONDS)
            for k in range(3):
                order.append((name, k))
                yield k
        return pieces

    first.do(job("a"))
    second.do(job("b"))
    begun.set()
    wait(lambda: not first.busy and not second.busy)
    assert order == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert (first.take(), second.take()) == (2, 2) and first.take() is None


def test_a_newer_job_takes_the_place_of_the_one_under_way():
    errand, begun, seen = Errand(Turns()), threading.Event(), []

    def endless(cancelled):
        while not cancelled():
            begun.set()
            yield "old"
        seen.append("ended")

    errand.do(endless)
    begun.wait(SECONDS)
    errand.do(lambda cancelled: iter(["new"]))
    wait(lambda: not errand.busy)
    assert errand.take() == "new"


def test_what_a_job_raises_is_raised_by_whoever_asks_once():
    errand = Errand(Turns())

    def wrong(cancelled):
        raise ValueError("no")
        yield

    errand.do(wrong)
    wait(lambda: not errand.busy)
    with pytest.raises(ValueError, match="no"):
        errand.take()
    assert errand.take() is None


def test_of_a_run_that_has_outgrown_a_question_only_the_first_answer_is_waited_for():
    question, begun, go_on = Question(Turns()), threading.Event(), threading.Event()

    def job(cancelled):
        assert not cancelled()
        begun.set()
        go_on.wait(SECONDS)
        yield "coarse"
        for _ in range(1000):
            if cancelled():
                return
            threading.Event().wait(0.01)
        yield "fine"

    assert question.due(run_at(100), "plane")
    question.ask(job)
    begun.wait(SECONDS)
    # Under way: nothing is asked, however the run grows.
    assert not question.due(run_at(105), "plane") and not question.stale
    assert not question.due(run_at(200), "plane") and question.stale
    go_on.set()
    wait(lambda: not question.busy)
    assert question.answer() == "coarse"
    assert question.due(run_at(200), "plane")
    # A run that has hardly grown is no other one, but for its end.
    assert not question.due(run_at(210), "plane")
    assert question.due(run_at(210, steps=210), "plane")


def test_while_the_playhead_stands_an_answer_gets_as_fine_as_it_comes_and_is_then_renewed():
    question, begun, go_on = Question(Turns()), threading.Event(), threading.Event()

    def job(cancelled):
        yield "coarse"
        begun.set()
        go_on.wait(SECONDS)
        yield "left undone" if cancelled() else "fine"

    assert question.due(run_at(100, step=50), "plane") and not question.rests
    question.ask(job)
    begun.wait(SECONDS)
    assert not question.due(run_at(900, step=50), "plane")
    go_on.set()
    wait(lambda: not question.busy)
    assert question.answer() == "fine"
    assert question.due(run_at(900, step=50), "plane") and question.rests
    # What comes anew at rest holds up nobody who goes on.
    begun.clear()
    go_on.clear()
    question.ask(job)
    begun.wait(SECONDS)
    assert not question.due(run_at(1000, step=60), "plane")
    go_on.set()
    wait(lambda: not question.busy)
    assert question.answer() == "left undone"
    assert question.due(run_at(1000, step=60), "plane") and not question.rests


def test_an_answer_about_a_run_half_as_long_is_outgrown_as_soon_as_another_one_is_on_its_way():
    question, go_on = Question(Turns()), threading.Event()

    def job(cancelled):
        go_on.wait(SECONDS)
        yield "two points span no plane"

    def ask(computed):
        assert question.due(run_at(computed), "plane")
        question.ask(job)

    ask(1)
    go_on.set()
    wait(lambda: not question.busy)
    assert question.answer() and not question.outgrown
    go_on.clear()
    ask(2)
    assert question.outgrown
    go_on.set()
    wait(lambda: not question.busy)
    assert question.answer() and not question.outgrown
    go_on.clear()
    ask(3)
    assert not question.outgrown
    go_on.set()


def test_another_steps_question_waits_for_an_answer_and_another_one_does_not():
    question, go_on = Question(Turns()), threading.Event()

    def job(cancelled):
        go_on.wait(SECONDS)
        yield "found"

    assert question.due(run_at(100), "batch", 3)
    question.ask(job)
    assert not question.due(run_at(100), "batch", 4)
    assert question.due(run_at(100), "another plane", 4)
    go_on.set()
    wait(lambda: not question.busy)
    assert question.due(run_at(100), "batch", 5) and not question.due(run_at(100), "batch", 5)


def test_what_was_found_and_not_taken_is_forgotten_with_its_job():
    errand = Errand(Turns())
    for forget in (errand.cancel, lambda: errand.do(lambda cancelled: iter(()))):
        errand.do(lambda cancelled: iter(["of another race"]))
        wait(lambda: not errand.busy)
        forget()
        wait(lambda: not errand.busy)
        assert errand.take() is None
