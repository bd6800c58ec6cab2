"""Filming the lab's scene at 1080p60 in x264 on two cores, against matplotlib's writer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from engine.experiment import Picture

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import race
from ..timing import absent, peer, seconds

SIZE, FPS = (1920, 1080), 60
LAB = (("surface-path",), ("loss-curve", "step-anatomy"))
SECONDS, REPEATS = 5.0, 3
THEIR_FRAMES = 24


def keep_to_two_cores() -> str:
    """Leave this process two cores; the note that says how many it has."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
        return f"{len(os.sched_getaffinity(0))} cores"
    return f"{os.cpu_count()} cores"


def measure() -> Sequence[Figure]:
    from app.recording import record_film
    from app.window_start import make_application

    cores = keep_to_two_cores()
    application = make_application()
    experiment = race().replaced(picture=Picture(layout=LAB))
    with TemporaryDirectory() as folder:
        ours = Path(folder) / "ours.mp4"

        def film(length: float) -> None:
            record_film(experiment, ours, size=SIZE, fps=FPS, seconds=length)

        film(0.5)
        worked = process_time()
        rates = [SECONDS * FPS / seconds(lambda: film(SECONDS)) for _ in range(REPEATS)]
        work = 1e3 * (process_time() - worked) / (REPEATS * SECONDS * FPS)
        note = f"{cores}, {work:.1f} ms a frame on the processor, in all threads"
        theirs = None
        if peer("matplotlib"):
            from ..matplotlib_film import Scene, writer

            writes, how = writer(FPS)
            scene = Scene(experiment, SIZE)
            scene.film(Path(folder) / "warm.mp4", 3, writer(FPS)[0])
            took = seconds(lambda: scene.film(Path(folder) / "theirs.mp4", THEIR_FRAMES, writes))
            theirs = Span.of([THEIR_FRAMES / took])
            note += f"; theirs encodes with {how} and has no anatomy of the step to draw"
        else:
            note += f"; {absent('matplotlib')}"
    application.quit()
    return [Figure(Span.of(rates), theirs, note)]


film = Benchmark("film", (
    Quantity("Film at 1080p60, x264", "frames/s", Goal(at_least=60, times_theirs=10),
             "matplotlib"),
), measure)
