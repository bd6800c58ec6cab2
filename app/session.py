"""What goes on behind the window: the document's run on the worker, the playhead, the snapshot.

The document says what is to be run, the worker runs it, the player says which step is shown; every
tick of the display timer draws the newest snapshot, if anything about it has changed.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.run import Run
from engine.snapshot import Snapshot

from .document import Document
from .looks import look_at
from .player import Player
from .views import Look
from .worker import Worker

FRAME_MS = 16
# Numbers in the panels change this many times a second: faster cannot be read.
TEXT_EVERY = 6
# How long an edit waits for its picture: nearly every race is finished by then, so a slider that
# is dragged shows whole trails and not their beginnings.
PATIENCE_SECONDS = 0.03
# Steps a second at which a race of each kind is worth watching.
USUAL_SPEEDS = {"surface": 30.0, "network": 300.0}


class Session(QObject):
    """One document being run, played and looked at."""

    drawn = pyqtSignal(object, object)
    """A snapshot and a look to draw."""
    written = pyqtSignal(object)
    """A snapshot whose numbers are to be written, slowly."""
    refused = pyqtSignal(str)
    """The experiment cannot be run; the sentence says why."""
    beat_changed = pyqtSignal(int)
    rate_counted = pyqtSignal(int)
    """Frames drawn within the last second."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.player = Player()
        self.look = Look(chosen=0)
        self.run: Run | None = None
        self.snapshot: Snapshot | None = None
        self.beat = 0
        self._worker = Worker()
        self._computed = -1
        self._measured = 0
        self._dirty = False
        self._kind = "surface"
        self._ticks = self._frames = 0
        self._counted_at = perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        document.opened.connect(self._opened)
        document.changed.connect(self._changed)
        self.player.moved.connect(lambda _: self.refresh())
        self.player.state_changed.connect(self.refresh)
        self.player.ended.connect(self._beat_ended)

    def start(self) -> None:
        """Begin with what the document holds."""
        self._opened()
        self._changed(self.document.experiment)
        self._timer.start()

    def close(self) -> None:
        """Stop the timer and the worker, and wait for both."""
        self._timer.stop()
        self.player.pause()
        self._worker.close()

    def refresh(self) -> None:
        """Draw at the next tick."""
        self._dirty = True

    def moment(self) -> int | None:
        """The step that is shown while the race plays."""
        return self.player.step if self.player.playing else None

    def set_measuring(self, measuring: bool) -> None:
        """Measure on the way from now on, or no longer; what has been computed is measured too."""
        if measuring == self._worker.measuring:
            return
        self._worker.measuring = measuring
        if measuring and self.run is not None:
            self._worker.compute(self.run)

    def set_look(self, **changes: object) -> None:
        """Look at the same numbers in another way."""
        self.look = replace(self.look, **changes)  # type: ignore[arg-type]
        self.refresh()
        self._ticks = 0

    def wait(self) -> None:
        """Wait until the race is computed, and draw it: for tests, stills and the clipboard."""
        self._worker.wait()
        self.tick()

    def tick(self) -> None:
        """One frame: move the playhead and draw, if there is anything new."""
        run = self.run
        if run is None:
            return
        self._report_error()
        self.player.tick()
        if self._worker.measured != self._measured:
            self._measured = self._worker.measured
            self._dirty = True
        if run.computed != self._computed:
            self._computed = self.player.computed = run.computed
            self._dirty = True
            self.player.state_changed.emit()
        if self._dirty:
            self._dirty = False
            self._draw(run)
            self._frames += 1
        if perf_counter() - self._counted_at >= 1:
            self.rate_counted.emit(self._frames)
            self._frames, self._counted_at = 0, perf_counter()
        self._ticks += 1
        if self.snapshot is not None and (self._ticks % TEXT_EVERY == 1):
            self.written.emit(self.snapshot)

    def go_to_beat(self, beat: int, *, play: bool = True) -> None:
        """Take a lesson's beat: its settings, its speed, its part of the timeline."""
        lesson = self.document.lesson
        if lesson is None or not 0 <= beat < len(lesson.beats):
            return
        self.beat = beat
        experiment = lesson.experiment_at(beat)
        self.player.pause()
        self.document.show(experiment)
        self.player.set_speed(float(lesson.beats[beat].steps_per_second))
        self.player.seek(lesson.first_step(beat))
        highlight = lesson.beats[beat].highlight
        names = [contestant.name for contestant in experiment.contestants]
        chosen = names.index(highlight) if highlight in names else self.look.chosen
        self.set_look(highlight=highlight, chosen=chosen)
        self.beat_changed.emit(beat)
        if play:
            self.player.play()

    def _draw(self, run: Run) -> None:
        step = min(self.player.step, run.computed)
        chosen = shown_contestant(run.experiment, self.look.chosen)
        if chosen != self.look.chosen:
            self.look = replace(self.look, chosen=chosen)
        self.snapshot = run.at(step, chosen)
        self.drawn.emit(self.snapshot, self.look)
        self._end_beat_in_time(step)

    def _opened(self) -> None:
        experiment = self.document.experiment
        picture = experiment.picture
        self.look = look_at(experiment, chosen=0)
        step = picture.step or 0 if picture is not None else 0
        self.player.pause()
        kind = experiment.problem.kind
        if kind != self._kind:
            self._kind = kind
            self.player.set_speed(USUAL_SPEEDS[kind])
        self.player.step = step
        self.player.computed = 0
        self.beat = 0

    def _changed(self, experiment: Experiment) -> None:
        try:
            run = Run(experiment, instead_of=self.run)
        except TrainscopeError as error:
            self.refused.emit(str(error))
            return
        self.run = run
        self._computed = -1
        self._worker.compute(run)
        self._worker.wait(PATIENCE_SECONDS)
        self.player.last = experiment.steps
        self.player.computed = run.computed
        self.player.step = min(self.player.step, experiment.steps)
        self._ticks = 0
        self.refresh()
        self.player.state_changed.emit()

    def _report_error(self) -> None:
        error, self._worker.error = self._worker.error, None
        if error is not None:
            if not isinstance(error, TrainscopeError):
                raise error
            self.refused.emit(str(error))

    def _end_beat_in_time(self, step: int) -> None:
        """A lesson that plays goes on to the next beat where the script says so."""
        lesson = self.document.lesson
        if lesson is None or not self.player.playing or self.document.unsaved:
            # What the viewer has changed is not taken away by the script going on.
            return
        if step >= lesson.last_step(self.beat) and self.beat + 1 < len(lesson.beats):
            self.go_to_beat(self.beat + 1)

    def _beat_ended(self) -> None:
        lesson = self.document.lesson
        edited = self.document.unsaved
        if lesson is not None and not edited and self.beat + 1 < len(lesson.beats):
            self.go_to_beat(self.beat + 1)


def shown_contestant(experiment: Experiment, wanted: int | None) -> int | None:
    """The wanted contestant, or the first one that is shown where that is muted or gone."""
    contestants = experiment.contestants
    if wanted is not None and wanted < len(contestants) and not contestants[wanted].muted:
        return wanted
    return next((i for i, contestant in enumerate(contestants) if not contestant.muted), None)
