"""A whole race as a slider asks for it: built from its experiment, and run to its end."""

from __future__ import annotations

from collections.abc import Sequence

from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import race
from ..timing import seconds

REPEATS = 60


def measure() -> Sequence[Figure]:
    experiment = race(steps=2000)
    Run(experiment).finish()
    times = [1e3 * seconds(lambda: Run(experiment).finish()) for _ in range(REPEATS)]
    return [Figure(Span.of(times))]


engine_race = Benchmark(
    "engine-race", (Quantity("Race of 7 × 2,000 steps", "ms", Goal(at_most=5)),), measure)
