"""Filming the surface in three dimensions at 4K while the camera goes round it, on two cores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from engine.lesson import Lesson

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import race
from ..timing import seconds
from .film import keep_to_two_cores

SIZE, FPS = (3840, 2160), 30
SECONDS, REPEATS = 1.5, 3
STEPS = 5000


def measure() -> Sequence[Figure]:
    from app.recording import record_film
    from app.window_start import make_application

    cores = keep_to_two_cores()
    application = make_application()
    with TemporaryDirectory() as folder:
        out = Path(folder) / "round.mp4"

        def film(length: float) -> None:
            script = Lesson(title="Round Rosenbrock's valley", layout=[["surface-3d"]],
                            experiment=race(STEPS), beats=[
                {"seconds": length, "steps_per_second": STEPS / length, "orbit": 40.0}])
            record_film(script, out, size=SIZE, fps=FPS, cards=False)

        film(0.2)
        worked = process_time()
        rates = [SECONDS * FPS / seconds(lambda: film(SECONDS)) for _ in range(REPEATS)]
        work = 1e3 * (process_time() - worked) / (REPEATS * SECONDS * FPS)
    application.quit()
    return [Figure(Span.of(rates), note=f"{cores}, {work:.0f} ms a frame on the processor, in all "
                                        "threads; every frame has another camera")]


relief_film = Benchmark("relief-film", (
    Quantity("Film of the surface in 3-D at 4K, x264", "frames/s", Goal(at_least=8)),
), measure)
