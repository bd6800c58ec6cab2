"""A minute of training live; `python -m tests.benchmarks.endurance --minutes 60` is an hour."""

from __future__ import annotations

from collections.abc import Sequence

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span

SECONDS = 60.0


def measure() -> Sequence[Figure]:
    from ..endurance import STEPS_IN_BENCH, endure

    found = endure(SECONDS, STEPS_IN_BENCH)
    walls = sorted(gap for gap, _ in found.gaps)
    own = max(gap for _, gap in found.gaps)
    ninety_nine = walls[int(0.99 * len(walls))]
    peaks = ", ".join(f"{peak:,.0f}" for peak in found.peaks)
    return [
        Figure(Span(walls[-1], walls[len(walls) // 2], walls[-1]),
               note=f"{own:.1f} ms without queueing for a core; 99 % are below "
                    f"{ninety_nine:.1f} ms; {found.steps:,} steps"),
        Figure(Span(found.growth, found.growth, found.growth),
               note=f"of one run after another; most in each, in MB: {peaks}"),
    ]


lab_endurance = Benchmark("lab-endurance", (
    Quantity("Longest frame in a minute of live training", "ms", Goal(at_most=100)),
    Quantity("Memory of the last run by that of the second", "×", Goal(at_most=1.05)),
), measure)
