"""The memory of a long training: the largest that the whole process ever was."""

from __future__ import annotations

from collections.abc import Sequence

from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..networks import dense, training
from .engine_memory import peak_megabytes

STEPS = 1_000_000


def measure() -> Sequence[Figure]:
    experiment = training("bumps", dense((32, 32), "tanh"), 10)
    Run(experiment).finish()
    before = peak_megabytes()
    run = Run(experiment.replaced(steps=STEPS)).finish()
    run.at(STEPS // 3)
    peak = peak_megabytes()
    return [Figure(Span(peak, peak, peak), note=f"{before:.0f} MB of it are Python, NumPy and "
                                                "Numba, before the training")]


network_memory = Benchmark("network-memory", (
    Quantity("Memory of 10⁶ steps of net 2-32-32-1", "MB", Goal(at_most=300)),
), measure)
