"""BLAS held to one thread: small products are slower on several, and their sums come out different.

Measured on two cores, a step of a 2-256-256-1 network took seven times as long on two threads. The
engine's own parallelism is contestants and runs on threads of their own.
"""

from __future__ import annotations

from functools import cache


@cache
def hold_blas_to_one_thread() -> None:
    """Once in a process, and for good: every BLAS that is loaded by then uses one thread."""
    # SciPy's BLAS is the one that kernels call; it must be loaded to be told.
    import scipy.linalg.cython_blas  # noqa: F401
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")
