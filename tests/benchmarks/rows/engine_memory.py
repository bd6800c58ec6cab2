"""The memory of a long race: the largest that the whole process ever was."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import race

STEPS = 1_000_000


def peak_megabytes() -> float:
    """The most memory this process has ever held, in millions of bytes."""
    if sys.platform.startswith("linux"):
        # Not getrusage: a child inherits its parent's peak through it.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        (peak,) = (line for line in lines if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure() -> Sequence[Figure]:
    Run(race(steps=100)).finish()
    before = peak_megabytes()
    run = Run(race(STEPS)).finish()
    run.at(STEPS // 3)
    peak = peak_megabytes()
    return [Figure(Span(peak, peak, peak), note=f"{before:.0f} MB of it are Python, NumPy and "
                                                "Numba, before the race")]


engine_memory = Benchmark(
    "engine-memory", (Quantity("Memory of 7 × 10⁶ steps", "MB", Goal(at_most=300)),), measure)
