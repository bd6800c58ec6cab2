"""Training at full speed while it is looked at: how smooth the picture is, what training loses.

The window shows three networks while its worker trains them as fast as it can. Frames come 60 times
a second, or one after another where they take longer. In turn with that the very same experiment is
trained with nobody looking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, sleep

import numpy as np

from engine.experiment import Experiment
from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..cores import cores
from ..lab import Lab, open_lab
from ..live import live

STEPS = 10_000_000
BOUTS, SECONDS, ALONE_SECONDS, WARM_FRAMES = 5, 4.0, 2.0, 60
FRAME = 1 / 60
CHUNK = 512


@dataclass(frozen=True)
class Bout:
    """Steps a second, by the clock and by the time that the worker had a core to itself.

    `frames` (n, 3) are ms on the clock, without queueing for a core, and on the processor.
    """

    rate: float
    undisturbed: float
    frames: np.ndarray


def watched(lab: Lab, made: Callable[[int, int], Experiment], seed: int,
            steps_per_second: float | None) -> Bout:
    """One stretch of training that is looked at, as fast as it goes or at a speed."""
    run = lab.take(made(STEPS, seed))
    player = lab.window.session.player
    player.set_speed(steps_per_second)
    player.play()
    for _ in range(WARM_FRAMES):
        _paced(lab)
    thread = lab.window.session._worker._thread.native_id
    began, steps, before = perf_counter(), run.computed, cores(thread)
    frames = []
    while perf_counter() - began < SECONDS:
        frames.append(_paced(lab))
    spent, steps = perf_counter() - began, run.computed - steps
    queued = cores(thread).since(before).queued
    lab.take(made(1, seed))
    lab.finish()
    return Bout(steps / spent, steps / (spent - queued), np.array(frames))


def _paced(lab: Lab) -> tuple[float, float, float]:
    """A frame, and then nothing until the next one is due; see `Bout.frames`."""
    began, before = perf_counter(), cores()
    lab._tick()
    spent, own = perf_counter() - began, cores().since(before)
    sleep(max(0.0, FRAME - spent))
    return 1e3 * spent, 1e3 * (spent - own.queued), 1e3 * own.worked


def alone(seed: int) -> tuple[float, float]:
    """Steps a second with nobody looking, by the clock and without queueing for a core."""
    run = Run(live(STEPS, seed))
    run.advance(WARM_FRAMES * CHUNK // 4)
    began, steps, before = perf_counter(), run.computed, cores()
    while perf_counter() - began < ALONE_SECONDS:
        run.advance(CHUNK)
    spent, steps = perf_counter() - began, run.computed - steps
    return steps / spent, steps / (spent - cores().since(before).queued)


def smoothness(bouts: Sequence[Bout], seen: str) -> Figure:
    """The 99th percentile of all frames and its range over the bouts."""
    frames = np.concatenate([bout.frames for bout in bouts])
    wall, own, work = np.percentile(frames, 99, axis=0)
    of_bouts = [float(np.percentile(bout.frames[:, 0], 99)) for bout in bouts]
    middle = np.median(frames, axis=0)
    return Figure(Span(float(wall), min(of_bouts), max(of_bouts)),
                  note=f"1920×1080, {seen}; {own:.1f} ms without queueing for a core, "
                       f"{work:.1f} ms of processor time; medians {middle[0]:.1f}, "
                       f"{middle[1]:.1f} and {middle[2]:.1f} ms")


def measure() -> Sequence[Figure]:
    """The 99th percentile of all frames and its range over the bouts; what training keeps."""
    with open_lab(live(1)) as lab:
        bouts, rates = [], []
        for seed in range(BOUTS):
            rates.append(alone(seed))
            bouts.append(watched(lab, live, seed, None))
    kept = [bout.rate / rate for bout, (rate, _) in zip(bouts, rates, strict=True)]
    undisturbed = median(bout.undisturbed / rate
                         for bout, (_, rate) in zip(bouts, rates, strict=True))
    return [
        smoothness(bouts, "maps, curves and histograms"),
        Figure(Span.of(kept),
               note=f"of {median(rate for rate, _ in rates):,.0f} steps/s with nobody looking; "
                    f"{undisturbed:.2f} without queueing for a core"),
    ]


lab_training = Benchmark("lab-training", (
    Quantity("Frame of live training, 99 %", "ms", Goal(at_most=16.7)),
    Quantity("Training speed kept while looked at", "× alone", Goal(at_least=0.8)),
), measure)
