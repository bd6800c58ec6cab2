"""From a place on the timeline of a long training to the finished picture of that step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..live import live

STEPS, PLACES, PASSES = 100_000, 60, 3


def measure() -> Sequence[Figure]:
    """The median and the worst of random places, in ms; their range over the passes."""
    from ..lab import open_lab, timed

    with open_lab(live(STEPS)) as lab:
        lab.finish()
        passes = []
        for turn in range(PASSES + 1):
            steps = np.random.default_rng(turn).integers(0, STEPS + 1, PLACES)
            passes.append([timed(lab.seek, int(step)) for step in steps])
    times = np.array(passes[1:])
    figures = []
    for share in (50, 100):
        wall, work = np.percentile(times, share, axis=(0, 1))
        of_passes = np.percentile(times[..., 0], share, axis=1)
        figures.append(Figure(
            Span(float(np.median(of_passes)), float(of_passes.min()), float(of_passes.max())),
            note=f"three networks of {STEPS:,} steps; {work:.1f} ms of processor time"))
    return figures


lab_scrub = Benchmark("lab-scrub", (
    Quantity("Scrub to any step of a training, median", "ms", Goal(at_most=50)),
    Quantity(f"Scrub to any step of a training, worst of {PLACES}", "ms", Goal(at_most=50)),
), measure)
