"""A frame of the lab: seek, tick and paint, while seven trails of 5,000 steps grow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import NOISE, race

STEPS, FRAMES, PASSES = 5000, 600, 3


def measure(noise: float) -> Sequence[Figure]:
    """The median and the 99th percentile of all frames, in ms; their range over the passes."""
    from ..lab import open_lab, timed

    with open_lab(race(STEPS, noise)) as lab:
        steps = [STEPS * k // FRAMES for k in range(1, FRAMES + 1)]
        for step in steps[::6]:
            lab.seek(step)
        passes = []
        for _ in range(PASSES):
            lab.seek(0)
            passes.append([timed(lab.seek, step) for step in steps])
    times = np.array(passes)
    figures = []
    for share in (50, 99):
        wall, work = np.percentile(times, share, axis=(0, 1))
        of_passes = np.percentile(times[..., 0], share, axis=1)
        figures.append(Figure(
            Span(float(wall), float(of_passes.min()), float(of_passes.max())),
            note=f"1920×1080, 7 trails of 5,000 steps; {work:.1f} ms of processor time"))
    return figures


def _quantities(title: str) -> tuple[Quantity, ...]:
    return (Quantity(f"{title}, median", "ms", Goal(at_most=8)),
            Quantity(f"{title}, 99 %", "ms", Goal(at_most=16.7)))


lab_frame = Benchmark("lab-frame", _quantities("Frame of the lab"), partial(measure, 0.0))
lab_frame_noisy = Benchmark(
    "lab-frame-noisy", _quantities("Frame of a noisy lab"), partial(measure, NOISE))
