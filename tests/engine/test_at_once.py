"""Several jobs at once: results in order, errors that are told, and nobody left waiting."""

import os
import sys
from functools import cache
from threading import Barrier, Thread, get_ident, get_native_id

import pytest

from engine import at_once as module
from engine.at_once import NICENESS, at_once, one_by_one, stand_back


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(module, "cores", lambda: 2)


def test_results_come_in_the_order_of_the_jobs():
    assert at_once([lambda k=k: k * k for k in range(50)]) == [k * k for k in range(50)]
    assert at_once([]) == []


def test_two_jobs_run_at_the_same_time_one_of_them_on_the_callers_thread():
    meeting = Barrier(2, timeout=10)

    def job():
        meeting.wait()
        return get_ident()

    threads = at_once([job, job])
    assert len(set(threads)) == 2 and get_ident() in threads


def test_the_first_error_is_raised_when_all_jobs_have_ended():
    ended = []

    def fails(text):
        raise ValueError(text)

    with pytest.raises(ValueError, match="first"):
        at_once([lambda: ended.append(0), lambda: fails("first"), lambda: ended.append(2),
                 lambda: fails("second"), lambda: ended.append(4)])
    assert sorted(ended) == [0, 2, 4]


def test_one_by_one_keeps_to_the_callers_thread():
    assert one_by_one([lambda k=k: (k, get_ident()) for k in range(3)]) == [
        (k, get_ident()) for k in range(3)]


def test_the_caller_waits_for_no_thread_that_has_yet_to_start(monkeypatch):
    class Elsewhere:
        """Threads that get no core."""

        def submit(self, work):
            later.append(work)

    later = []
    monkeypatch.setattr(module, "_pool", lambda *, back: Elsewhere())
    caller = get_ident()
    assert at_once([get_ident] * 5) == [caller] * 5
    # One that starts when all is done finds nothing to do.
    assert [work() for work in later] == [None]


def test_jobs_may_have_jobs_of_their_own():
    def job(k):
        return sum(at_once([lambda j=j: k * j for j in range(4)]))

    assert at_once([lambda k=k: job(k) for k in range(40)]) == [6 * k for k in range(40)]


def test_a_thread_is_used_again(monkeypatch):
    meeting = Barrier(2, timeout=10)

    def job():
        meeting.wait()
        return get_ident()

    monkeypatch.setattr(module, "_pool", cache(module._pool.__wrapped__))
    threads = {thread for _ in range(20) for thread in at_once([job, job])}
    module._pool(back=False).shutdown()
    # One that has not come to rest yet may be joined by another one.
    assert len(threads) <= 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_who_stands_back_does_so_with_the_threads_that_take_its_jobs_and_nobody_else():
    usual = os.getpriority(os.PRIO_PROCESS, get_native_id())
    found: dict[str, set[int]] = {}

    def of_both(name: str) -> None:
        both = Barrier(2)

        def job() -> int:
            both.wait(10)
            return os.getpriority(os.PRIO_PROCESS, get_native_id())

        found[name] = set(at_once([job, job]))

    def behind() -> None:
        stand_back()
        of_both("behind")

    thread = Thread(target=behind)
    thread.start()
    thread.join()
    of_both("before")
    assert found == {"behind": {max(usual, NICENESS)}, "before": {usual}}
