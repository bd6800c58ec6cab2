"""Several jobs at once, on the cores that there are.

What computes here leaves the interpreter's lock (kernels, BLAS, NumPy's loops), so threads are
enough. They live as long as the call, and results come in the order of the jobs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Products in BLAS are bound by the memory beyond.
MOST_THREADS = 8


def cores() -> int:
    """How many this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """What the jobs return; the first error among them is raised when all have ended."""
    threads = min(cores(), len(jobs), MOST_THREADS)
    if threads < 2:
        return [job() for job in jobs]
    with ThreadPoolExecutor(threads, "trainscope-at-once") as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]
