"""From a slider's wish to the finished picture: the race run anew, every trail drawn whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import NOISE, race

STEPS, MOVES, PASSES = 5000, 30, 3


def measure(noise: float) -> Sequence[Figure]:
    """The median and the worst move, in ms: over all moves, with the range over the passes."""
    from ..lab import open_lab, timed

    with open_lab(race(STEPS, noise)) as lab:
        lab.seek(STEPS)
        passes = []
        for turn in range(PASSES + 1):
            # To and fro, and never to the same place: that would be no change.
            rates = np.geomspace(2e-4, 6e-4, MOVES)[:: 1 if turn % 2 else -1] * (1 + turn / 100)
            passes.append([timed(lab.slide, 0, float(rate)) for rate in rates])
    times = np.array(passes[1:])
    figures = []
    for share in (50, 100):
        wall, work = np.percentile(times, share, axis=(0, 1))
        of_passes = np.percentile(times[..., 0], share, axis=1)
        figures.append(Figure(
            Span(float(np.median(of_passes)), float(of_passes.min()), float(of_passes.max())),
            note=f"7 × 5,000 steps run anew; {work:.1f} ms of processor time in the "
                                      "window's thread"))
    return figures


def _quantities(title: str) -> tuple[Quantity, ...]:
    return (Quantity(f"{title}, median", "ms", Goal(at_most=50)),
            Quantity(f"{title}, worst of {MOVES}", "ms", Goal(at_most=50)))


lab_slider = Benchmark("lab-slider", _quantities("Slider to picture"), partial(measure, 0.0))
lab_slider_noisy = Benchmark(
    "lab-slider-noisy", _quantities("Slider to noisy picture"), partial(measure, NOISE))
