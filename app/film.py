"""The frame of any moment: the stage, painted offscreen; and stills of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from engine.errors import FileError, RunError
from engine.experiment import Experiment
from engine.files import reason
from engine.lesson import Lesson, as_lesson
from engine.run import Run

from . import typefaces
from .arrangement import Arrangement, Rows, usual
from .layouts import film_arrangement
from .looks import look_at, look_at_moment
from .picture_file import Size, is_vector, save_picture
from .reel import exact
from .stage import Stage, Words
from .theme import THEMES, in_plain_letters, without_ground
from .upright import is_upright, stacked
from .views import Look, views

__all__ = ["Projector", "Screen", "render_beats", "render_still", "save_picture"]

SECONDS = 10.0
"""How long the film of an experiment without a script lasts."""
MOMENT = Fraction(1, 1_000_000)
# A film goes through its beats in order, so the run of the one before is hardly ever needed again,
# and a run of a million steps may have a hundred megabytes.
KEPT_RUNS = 2


class Screen:
    """A stage of a fixed size that is painted, never shown."""

    def __init__(self, rows: Rows | Arrangement, size: Size, theme: str, *, captioned: bool,
                 transparent: bool = False, plain: bool = False) -> None:
        typefaces.install()
        self.size = size
        # A stage needs a view to live in.
        self._view = pg.GraphicsView()
        self._view.resize(*size)
        self.stage = Stage(rows, captioned=captioned)
        self._view.setCentralItem(self.stage)
        self.stage.setGeometry(QRectF(0, 0, *size))
        chosen = without_ground(THEMES[theme]) if transparent else THEMES[theme]
        self.stage.restyle(in_plain_letters(chosen) if plain else chosen)

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

    def __init__(self, lesson: Lesson, size: Size, theme: str, look: Look | None = None, *,
                 transparent: bool = False, plain: bool = False) -> None:
        self.lesson = lesson
        self.size = size
        self._format = image_format(transparent)
        self._look = look or Look()
        self._runs: list[Run] = []
        self._shown: object = None
        captioned = any(beat.caption or beat.formula for beat in lesson.beats)
        self._screen = Screen(self._arranged(lesson.layout), size, theme, captioned=captioned,
                              transparent=transparent, plain=plain)
        self.stage = self._screen.stage
        self.paint = self._screen.paint
        self.close = self._screen.close

    def run_of(self, beat: int) -> Run:
        """The finished run of one beat; beats that change nothing share theirs."""
        experiment = self.lesson.experiment_at(beat)
        run = next((run for run in self._runs if run.experiment is experiment), None)
        if run is None:
            run = self.finished(experiment, next(iter(self._runs), None))
            self._runs = [run, *self._runs][:KEPT_RUNS]
        return run

    def finished(self, experiment: Experiment, before: Run | None) -> Run:
        """A run that has come to its end, and is measured if a view shows that.

        What it has in common with the run `before` is not computed again: most beats do no more
        than to let others be seen.
        """
        run = Run(experiment, instead_of=before).finish()
        if self._measured(experiment):
            run.measure()
        return run

    def _measured(self, experiment: Experiment) -> bool:
        """Whether a view that shows a run's measurements is on in a beat of this experiment."""
        lesson = self.lesson
        # A beat's cards come out of those of the beat before.
        layouts = [rows for place in range(len(lesson.beats))
                   if lesson.experiment_at(place) is experiment
                   for rows in lesson.layouts[place : place + 2]]
        return any(views[name].measured for rows in layouts for name in self._arranged(rows).views)

    def compose(self, seconds: float | Fraction) -> object:
        """Put the moment `seconds` into the lesson on stage.

        What is returned is all that the picture follows from: if it equals that of the moment
        composed before, the picture is the same.
        """
        moment = self.lesson.moment(seconds)
        beat = self.lesson.beats[moment.beat]
        run = self.run_of(moment.beat)
        start, end = (self._arranged(rows) for rows in moment.layouts)
        look = look_at_moment(moment, beat, self._look)
        if look.chosen is None and "step-anatomy" in end.views:
            look = replace(look, chosen=0)
        words = Words(self.lesson.title or run.experiment.problem.title,
                      f"step {moment.step:,}", beat.caption, beat.formula, beat.term,
                      beat.your_turn)
        shown = moment.beat, moment.step, look, words, start, end, moment.share
        if shown != self._shown:
            self.stage.board.slide(start, end, moment.share)
            self.stage.say(words)
            self.stage.draw(run.at(moment.step, look.chosen), look)
            self._shown = shown
        return shown

    def _arranged(self, rows: Rows) -> Arrangement:
        """The views of a moment; in a column, where the frame is higher than wide."""
        found = film_arrangement(self.lesson, rows)
        return usual(stacked(found.names)) if is_upright(*self.size) else found

    def image(self, seconds: float | Fraction, image: QImage | None = None) -> QImage:
        """The frame at `seconds`, in `image` or in a new one."""
        if image is None:
            image = QImage(*self.size, self._format)
        self.compose(seconds)
        self.paint_on(image)
        return image

    def paint_on(self, image: QImage) -> None:
        """Paint what is composed, in place of what was in `image`."""
        if image.hasAlphaChannel():
            image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            self.paint(painter)


def image_format(transparent: bool) -> QImage.Format:
    """What frames are painted in: without opacity it is a little faster."""
    kind = QImage.Format
    return kind.Format_ARGB32_Premultiplied if transparent else kind.Format_RGB32


def render_still(
    source: Lesson | Experiment,
    out: str | Path,
    *,
    at: float = 0.0,
    size: Size = (1920, 1080),
    theme: str = "light",
    transparent: bool = False,
    seconds: float | None = None,
) -> Path:
    """The frame at `at` seconds as .png, .svg or .pdf; raises TrainscopeError."""
    lesson = script_of(source, seconds)
    if not 0 <= exact(at) <= lesson.duration:
        raise RunError(f"--at must be from 0 to {float(lesson.duration):g} seconds, not {at:g}")
    projector = Projector(lesson, size, theme, look_of(source), transparent=transparent,
                          plain=is_vector(out))
    try:
        projector.compose(at)
        save_picture(projector.paint, out, size, lesson.title, transparent=transparent)
    finally:
        projector.close()
    return Path(out)


def render_beats(
    source: Lesson | Experiment,
    out: str | Path,
    *,
    size: Size = (1920, 1080),
    theme: str = "light",
    transparent: bool = False,
) -> Iterator[Path]:
    """A still of every beat as it ends: `name.svg` becomes name-1.svg and so on, one at a time.

    The folder is made, if there is none. Raises TrainscopeError.
    """
    lesson, out = script_of(source), Path(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{out.parent}: cannot be made: {reason(error)}") from error
    projector = Projector(lesson, size, theme, look_of(source), transparent=transparent,
                          plain=is_vector(out))
    digits = len(f"{len(lesson.beats)}")
    try:
        for number, end in enumerate(lesson.starts[1:], start=1):
            # A beat's last moment: its end is the next one's.
            projector.compose(end - MOMENT)
            path = out.with_name(f"{out.stem}-{number:0{digits}d}{out.suffix}")
            save_picture(projector.paint, path, size, lesson.title, transparent=transparent)
            yield path
    finally:
        projector.close()


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
