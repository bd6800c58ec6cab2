"""Several jobs at once, on the cores that there are.

What computes here leaves the interpreter's lock (kernels, BLAS, NumPy's loops), so threads are
enough. The caller's thread takes its share and waits for no thread that has yet to start: where the
system gives a core to somebody else, the caller does all jobs itself. Results come in the order of
the jobs.

A thread that computes beside a window that paints has to `stand_back`: with as many threads at work
as there are cores, the system would else let every frame queue for one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from threading import get_native_id, local
from typing import TypeVar

T = TypeVar("T")

# Products in BLAS are bound by the memory beyond.
MOST_THREADS = 8
NAME = "trainscope-at-once"
"""What the names of the threads begin with. They rest between two calls, and go with the process.
"""
NICENESS = 10
"""Of threads that stand back, on the system's scale of 0 to 19: a tenth of the others' weight."""
# Callers on so many threads, some of whose jobs take long, find others for theirs.
MOST_CALLERS = 4


_thread = local()


def cores() -> int:
    """How many this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """What the jobs return; the first error among them is raised when all have ended."""
    threads = min(cores(), len(jobs), MOST_THREADS)
    if threads < 2:
        return one_by_one(jobs)
    results: dict[int, T] = {}
    errors: dict[int, BaseException] = {}
    waiting = iter(range(len(jobs)))
    ended: SimpleQueue[int] = SimpleQueue()

    def work() -> None:
        for place in waiting:
            try:
                results[place] = jobs[place]()
            except BaseException as error:
                errors[place] = error
            ended.put(place)

    pool = _pool(back=getattr(_thread, "back", False))
    for _ in range(threads - 1):
        pool.submit(work)
    work()
    for _ in jobs:
        ended.get()
    if errors:
        raise errors[min(errors)]
    return [results[place] for place in range(len(jobs))]


def one_by_one(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """The same on the caller's core alone, which leaves the others to somebody else."""
    return [job() for job in jobs]


def stand_back() -> None:
    """Let the thread that calls, and the threads that take its jobs, give way to all others.

    Only Linux has priorities of threads; elsewhere all stay as urgent as they are.
    """
    _thread.back = True
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


@cache
def _pool(*, back: bool) -> ThreadPoolExecutor:
    """Threads that rest between two calls; to start one takes as long as a small job."""
    return ThreadPoolExecutor((MOST_THREADS - 1) * MOST_CALLERS, NAME,
                              initializer=stand_back if back else None)
