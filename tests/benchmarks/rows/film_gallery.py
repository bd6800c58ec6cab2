"""Filming the lessons: a stretch from the middle of each, at 1080p60 and in 4K, on two cores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from engine.lesson import Lesson, open_file
from engine.listing import lesson_files

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..timing import seconds
from .film import keep_to_two_cores

STRETCH = 2.5
"""Seconds of each lesson; what a film costs once (its races, its first frame) weighs twenty times
more in them than in the whole."""
EVERY_IN_4K = 3


def measure() -> Sequence[Figure]:
    from app.window_start import make_application

    cores = keep_to_two_cores()
    application = make_application()
    lessons = [lesson for lesson in map(open_file, lesson_files().values())
               if isinstance(lesson, Lesson)]
    with TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        _film(lessons[0], film, (1920, 1080), 60)
        figures = [_measured(lessons, film, (1920, 1080), 60, cores),
                   _measured(lessons[::EVERY_IN_4K], film, (3840, 2160), 30, cores)]
    application.quit()
    return figures


def _measured(lessons: Sequence[Lesson], film: Path, size: tuple[int, int], fps: int, cores: str
              ) -> Figure:
    """The rate of all together, with the slowest and the fastest lesson's."""
    worked = process_time()
    times = [seconds(lambda lesson=lesson: _film(lesson, film, size, fps)) for lesson in lessons]
    frames = round(STRETCH * fps)
    work = 1e3 * (process_time() - worked) / (frames * len(lessons))
    rate = frames * len(lessons) / sum(times)
    span = Span(rate, frames / max(times), frames / min(times))
    return Figure(span, None, f"{len(lessons)} lessons, {STRETCH:g} s of each; {cores}, "
                              f"{work:.1f} ms a frame on the processor, in all threads")


def _film(lesson: Lesson, film: Path, size: tuple[int, int], fps: int) -> None:
    from app.recording import record_film

    middle = float(lesson.duration) / 2
    record_film(lesson, film, size=size, fps=fps,
                span=(middle - STRETCH / 2, middle + STRETCH / 2))


film_gallery = Benchmark("film-gallery", (
    Quantity("Films of the lessons, 1080p60", "frames/s", Goal(at_least=60)),
    Quantity("Films of the lessons, 4K30", "frames/s", Goal(at_least=15)),
), measure)
