"""Films and stills: the stage, painted at counted times, handed to an encoder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import floor, isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from engine.errors import RunError, TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson, as_lesson
from engine.run import Run

from . import typefaces
from .arrangement import Arrangement, Rows
from .encoding import film_format, open_film
from .layouts import film_arrangement
from .looks import look_at, look_at_moment
from .picture_file import Size, save_picture
from .stage import Stage, Words
from .theme import THEMES
from .views import Look, views

__all__ = ["Projector", "Screen", "record_film", "render_still", "save_picture"]

SECONDS = 10.0
"""How long the film of an experiment without a script lasts."""
# A film goes through its beats in order, so the run of the one before is hardly ever needed again,
# and a run of a million steps may have a hundred megabytes.
KEPT_RUNS = 2
Progress = Callable[[int, int, float], None]


class Screen:
    """A stage of a fixed size that is painted, never shown."""

    def __init__(self, rows: Rows | Arrangement, size: Size, theme: str, *, captioned: bool
                 ) -> None:
        typefaces.install()
        self.size = size
        # A stage needs a view to live in.
        self._view = pg.GraphicsView()
        self._view.resize(*size)
        self.stage = Stage(rows, captioned=captioned)
        self._view.setCentralItem(self.stage)
        self.stage.setGeometry(QRectF(0, 0, *size))
        self.stage.restyle(THEMES[theme])

    def paint(self, painter: QPainter) -> None:
        """Paint what is on stage."""
        scene = self._view.scene()
        scene.prepareForPaint()
        frame = QRectF(0, 0, *self.size)
        failures: list[BaseException] = []
        # Qt cannot pass on an exception of a view's paint; it would be printed and forgotten.
        before, sys.excepthook = sys.excepthook, lambda kind, error, trace: failures.append(error)
        try:
            scene.render(painter, frame, frame)
        finally:
            sys.excepthook = before
        if failures:
            raise failures[0]

    def close(self) -> None:
        """Give the scene back."""
        self._view.close()


class Projector:
    """Paints the frame of any moment of a lesson; what it paints depends on nothing else."""

    def __init__(self, lesson: Lesson, size: Size, theme: str, look: Look | None = None) -> None:
        self.lesson = lesson
        self.size = size
        self._look = look or Look()
        self._runs: list[Run] = []
        captioned = any(beat.caption or beat.formula for beat in lesson.beats)
        self._screen = Screen(film_arrangement(lesson), size, theme, captioned=captioned)
        self._measured = any(views[name].measured for rows in lesson.layouts
                             for name in film_arrangement(lesson, rows).views)
        self.stage = self._screen.stage
        self.paint = self._screen.paint
        self.close = self._screen.close

    def run_of(self, beat: int) -> Run:
        """The finished run of one beat; beats that change nothing share theirs."""
        experiment = self.lesson.experiment_at(beat)
        for run in self._runs:
            if run.experiment is experiment:
                return run
        run = Run(experiment).finish()
        if self._measured:
            run.measure()
        self._runs = [run, *self._runs][:KEPT_RUNS]
        return run

    def compose(self, seconds: float | Fraction) -> None:
        """Put the moment `seconds` into the lesson on stage."""
        moment = self.lesson.moment(seconds)
        beat = self.lesson.beats[moment.beat]
        run = self.run_of(moment.beat)
        start, end = (film_arrangement(self.lesson, rows) for rows in moment.layouts)
        self.stage.board.slide(start, end, moment.share)
        look = look_at_moment(moment, beat, self._look)
        if look.chosen is None and self.stage.board.view("step-anatomy") is not None:
            look = replace(look, chosen=0)
        snapshot = run.at(moment.step, look.chosen)
        self.stage.say(Words(self.lesson.title or run.experiment.problem.title,
                             f"step {snapshot.step:,}",
                             beat.caption, beat.formula, beat.term,
                             beat.your_turn))
        self.stage.draw(snapshot, look)

    def image(self, seconds: float | Fraction, image: QImage | None = None) -> QImage:
        """The frame at `seconds`, in `image` or in a new one."""
        if image is None:
            image = QImage(*self.size, QImage.Format.Format_RGB32)
        self.compose(seconds)
        with QPainter(image) as painter:
            self.paint(painter)
        return image


def record_film(
    source: Lesson | Experiment,
    out: str | Path,
    *,
    size: Size = (1920, 1080),
    fps: int = 60,
    theme: str = "light",
    seconds: float | None = None,
    span: tuple[float, float] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Film a lesson, or an experiment in `seconds` (10), or the part of it within `span` (seconds).

    Frame k shows the time k/fps after the beginning of the span. `progress(frame, frames,
    seconds_left)` may raise to cancel: no half file is left. Raises TrainscopeError.
    """
    # Asked before anything is computed or drawn.
    refusal = film_format(out).refusal(size, fps)
    if refusal:
        raise TrainscopeError(f"{out}: {refusal}")
    lesson = script_of(source, seconds)
    times = frame_times(lesson, fps, span)
    projector = Projector(lesson, size, theme, look_of(source))
    began = perf_counter()
    try:
        film = open_film(out, size, fps, title=lesson.title,
                         palette_frames=_palette_frames(projector, out, times))
        image = QImage(*size, QImage.Format.Format_RGB32)
        pixels = _pixels(image)
        with film:
            for frame, time in enumerate(times, start=1):
                projector.image(time, image)
                film.write(pixels)
                if progress is not None:
                    left = (perf_counter() - began) / frame * (len(times) - frame)
                    progress(frame, len(times), left)
    finally:
        projector.close()
    return Path(out)


def render_still(
    source: Lesson | Experiment,
    out: str | Path,
    *,
    at: float = 0.0,
    size: Size = (1920, 1080),
    theme: str = "light",
    seconds: float | None = None,
) -> Path:
    """The frame at `at` seconds as .png, .svg or .pdf; raises TrainscopeError."""
    lesson = script_of(source, seconds)
    if not 0 <= _exact(at) <= lesson.duration:
        raise RunError(f"--at must be from 0 to {float(lesson.duration):g} seconds, not {at:g}")
    projector = Projector(lesson, size, theme, look_of(source))
    try:
        projector.compose(at)
        save_picture(projector.paint, out, size, lesson.title)
    finally:
        projector.close()
    return Path(out)


def script_of(source: Lesson | Experiment, seconds: float | None = None) -> Lesson:
    """A lesson as it is, an experiment as a lesson of one beat; raises TrainscopeError."""
    if isinstance(source, Lesson):
        return source
    seconds = SECONDS if seconds is None else seconds
    if not seconds > 0:
        raise RunError(f"a film must be longer than 0 seconds, not {seconds:g}")
    return as_lesson(source, seconds)


def look_of(source: Lesson | Experiment) -> Look:
    """What the file says about how it is to be seen."""
    return look_at(source.experiment if isinstance(source, Lesson) else source)


def frame_times(lesson: Lesson, fps: int, span: tuple[float, float] | None = None
                ) -> list[Fraction]:
    """The exact time of every frame of a span, at least one; raises RunError for a bad span."""
    start, end = map(_exact, span) if span is not None else (Fraction(0), lesson.duration)
    if not 0 <= start < end <= lesson.duration:
        raise RunError(f"a film must begin before it ends, between 0 and "
                       f"{float(lesson.duration):g} seconds, not at {float(start):g} and end at "
                       f"{float(end):g}")
    frames = max(1, floor((end - start) * fps + Fraction(1, 2)))
    return [start + Fraction(k, fps) for k in range(frames)]


def _exact(seconds: float) -> Fraction:
    """The decimal fraction that a user types: 1/10 for 0.1, which as a float lies above it."""
    if not isfinite(seconds):
        raise RunError(f"a time is a number of seconds, not {seconds}")
    return Fraction(repr(float(seconds)))


def _pixels(image: QImage) -> np.ndarray:
    """An image's own memory as (height, width, 4) bytes, blue first; the image must stay alive."""
    bits: Any = image.bits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)


def _palette_frames(projector: Projector, out: str | Path, times: list[Fraction]
                    ) -> list[np.ndarray]:
    """Frames from which a GIF's 256 colours are chosen; other formats need none."""
    if film_format(out).name != "gif":
        return []
    last = len(times) - 1
    images = [projector.image(times[round(last * share)]) for share in (0, 0.15, 0.4, 0.7, 1)]
    return [_pixels(image).copy() for image in images]
