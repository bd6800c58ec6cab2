"""Films and stills: the stage, painted at counted times, handed to an encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PyQt6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PyQt6.QtSvg import QSvgGenerator

from engine.errors import FileError, RunError
from engine.experiment import Experiment
from engine.files import write_whole
from engine.lesson import Lesson, as_lesson
from engine.run import Run

from . import typefaces
from .board import Rows
from .encoding import film_format, open_film
from .stage import Stage, Words
from .theme import THEMES
from .views import Look

FILM_ROWS: Rows = (("surface-path", "standings"),)
Size = tuple[int, int]
Progress = Callable[[int, int, float], None]


class Screen:
    """A stage of a fixed size that is painted, never shown."""

    def __init__(self, rows: Rows, size: Size, theme: str, *, captioned: bool) -> None:
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
        scene.render(painter, frame, frame)

    def close(self) -> None:
        """Give the scene back."""
        self._view.close()


class Projector:
    """Paints the frame of any moment of a lesson; what it paints depends on nothing else."""

    def __init__(self, lesson: Lesson, size: Size, theme: str, look: Look | None = None) -> None:
        self.lesson = lesson
        self.size = size
        self._look = look or Look()
        self._runs: dict[int, Run] = {}
        captioned = any(beat.caption or beat.formula for beat in lesson.beats)
        self._screen = Screen(lesson.layout or FILM_ROWS, size, theme, captioned=captioned)
        self._stage = self._screen.stage
        self.paint = self._screen.paint
        self.close = self._screen.close

    def run_of(self, beat: int) -> Run:
        """The finished run of one beat; beats that change nothing share theirs."""
        experiment = self.lesson.experiment_at(beat)
        for other, run in self._runs.items():
            if self.lesson.experiment_at(other) == experiment:
                return self._runs.setdefault(beat, run)
        return self._runs.setdefault(beat, Run(experiment).finish())

    def compose(self, seconds: float) -> None:
        """Put the moment `seconds` into the lesson on stage."""
        moment = self.lesson.moment(seconds)
        beat = self.lesson.beats[moment.beat]
        run = self.run_of(moment.beat)
        names = [contestant.name for contestant in run.experiment.contestants]
        chosen = self._look.chosen
        if chosen is None and self._stage.board.view("step-anatomy") is not None:
            chosen = names.index(beat.highlight) if beat.highlight in names else 0
        look = Look(chosen, beat.highlight or self._look.highlight, self._look.zoom,
                    self._look.loss_scale)
        snapshot = run.at(moment.step, chosen)
        self._stage.say(Words(self.lesson.title or run.surface.title,
                              f"{run.surface.title} · step {snapshot.step:,}",
                              beat.caption, beat.formula))
        self._stage.draw(snapshot, look)

    def image(self, seconds: float, image: QImage | None = None) -> QImage:
        """The frame at `seconds`, in `image` or in a new one."""
        if image is None:
            image = QImage(*self.size, QImage.Format.Format_RGB32)
        self.compose(seconds)
        with QPainter(image) as painter:
            self.paint(painter)
        return image


def _pixels(image: QImage) -> np.ndarray:
    """An image's own memory as (height, width, 4) bytes, blue first."""
    bits: Any = image.bits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)


def _palette(projector: Projector, out: str | Path, start: float, end: float) -> list[np.ndarray]:
    """Frames from which a GIF's 256 colours are chosen; other formats need none."""
    if film_format(out).name != "gif":
        return []
    times = [start + (end - start) * share for share in (0.0, 0.15, 0.4, 0.7, 1.0)]
    return [_pixels(projector.image(time)).copy() for time in times]


def script_of(source: Lesson | Experiment, seconds: float | None) -> Lesson:
    """A lesson as it is, an experiment as a lesson of one beat."""
    if isinstance(source, Lesson):
        return source
    return as_lesson(source, seconds or 10.0)


def look_of(source: Lesson | Experiment) -> Look:
    """What the file says about how it is to be seen."""
    experiment = source.experiment if isinstance(source, Lesson) else source
    picture = experiment.picture
    names = [contestant.name for contestant in experiment.contestants]
    chosen = names.index(picture.chosen) if picture and picture.chosen in names else None
    if picture is None:
        return Look()
    return Look(chosen, None, picture.zoom, picture.loss_scale or "log")


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
    """Film a lesson, or an experiment of `seconds`, or the part of it within `span` (seconds).

    Frame k shows the time k/fps. `progress(frame, frames, seconds_left)` may raise to cancel: no
    half file is left. Raises TrainscopeError.
    """
    lesson = script_of(source, seconds)
    start, end = span or (0.0, float(lesson.duration))
    frames = max(1, round((end - start) * fps))
    projector = Projector(lesson, size, theme, look_of(source))
    began = perf_counter()
    try:
        film = open_film(out, size, fps, title=lesson.title, palette_frames=_palette(
            projector, out, start, end))
        image = QImage(*size, QImage.Format.Format_RGB32)
        pixels = _pixels(image)
        with film:
            for k in range(frames):
                projector.image(start + k / fps, image)
                film.write(pixels)
                if progress is not None:
                    left = (perf_counter() - began) / (k + 1) * (frames - k - 1)
                    progress(k + 1, frames, left)
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
    """One frame as .png, .svg or .pdf; raises TrainscopeError."""
    lesson = script_of(source, seconds)
    if not 0 <= at <= lesson.duration:
        raise RunError(f"--at must be from 0 to {float(lesson.duration):g} seconds, not {at:g}")
    projector = Projector(lesson, size, theme, look_of(source))
    try:
        projector.compose(at)
        save_picture(projector.paint, out, size, lesson.title)
    finally:
        projector.close()
    return Path(out)


def save_picture(paint: Callable[[QPainter], None], out: str | Path, size: Size,
                 title: str = "") -> None:
    """Paint a picture of `size` pixels into a .png, .svg or .pdf file, whole or not at all."""
    from PyQt6.QtCore import QBuffer, QByteArray, QIODevice

    suffix = Path(out).suffix.lower()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if suffix == ".png":
        image = QImage(*size, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            paint(painter)
        image.save(buffer, "PNG")
    elif suffix == ".svg":
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(QSize(*size))
        generator.setViewBox(QRectF(0, 0, *size))
        generator.setTitle(title)
        with QPainter(generator) as painter:
            paint(painter)
    elif suffix == ".pdf":
        writer = QPdfWriter(buffer)
        writer.setTitle(title)
        writer.setResolution(96)
        writer.setPageSize(QPageSize(QSizeF(size[0] * 0.75, size[1] * 0.75),
                                     QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF())
        with QPainter(writer) as painter:
            paint(painter)
    else:
        raise FileError(f"{out}: a still is a .png, .svg or .pdf file, not {suffix or 'a folder'}")
    buffer.close()
    with write_whole(out) as file:
        file.write(data.data())
