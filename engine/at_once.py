"""Several jobs at once, on the cores that there are.

What computes here leaves the interpreter's lock (kernels, BLAS, NumPy's loops), so threads are
enough. The caller's thread takes its share and waits for no thread that has yet to start: where the
system gives a core to somebody else, the caller does all jobs itself. Results come in the order of
the jobs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")

# Products in BLAS are bound by the memory beyond.
MOST_THREADS = 8
NAME = "trainscope-at-once"
"""What the names of the threads begin with. They rest between two calls, and go with the process.
"""
# Callers on so many threads, some of whose jobs take long, find others for theirs.
MOST_CALLERS = 4


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

    for _ in range(threads - 1):
        _pool().submit(work)
    work()
    for _ in jobs:
        ended.get()
    if errors:
        raise errors[min(errors)]
    return [results[place] for place in range(len(jobs))]


def one_by_one(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """The same on the caller's core alone, which leaves the others to somebody else."""
    return [job() for job in jobs]


@cache
def _pool() -> ThreadPoolExecutor:
    """Threads that rest between two calls; to start one takes as long as a small job."""
    return ThreadPoolExecutor((MOST_THREADS - 1) * MOST_CALLERS, NAME)
