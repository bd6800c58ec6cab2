"""Several jobs at once: results in order, errors that are told, and nobody left waiting."""

from threading import Barrier, get_ident

import pytest

from engine import at_once as module
from engine.at_once import at_once, one_by_one


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
