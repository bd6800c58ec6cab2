"""One core for a whole process, whatever libraries it loads: else threads would be compared."""

from __future__ import annotations

import os

# XLA reads its flags once, when it is imported; an unknown one ends the process.
XLA_FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def keep_to_one_core() -> str:
    """Leave this process one core and XLA one thread, before either is used; a note about it."""
    os.environ["XLA_FLAGS"] = XLA_FLAGS
    os.environ["JAX_PLATFORMS"] = "cpu"
    if hasattr(os, "sched_setaffinity"):
        # The last one: interrupts and whatever else runs gather on the first.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        return "one core"
    return "one thread"
