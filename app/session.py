"""What goes on behind the window: the document's run on the worker, the playhead, the snapshot.

The document says what is to be run, the worker runs it, the player says which step is shown; every
tick of the display timer draws the newest snapshot, if anything about it has changed.

A lesson's script says all of that itself, moment by moment, as long as it is followed (`lesson`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from time import perf_counter

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.run import Run
from engine.snapshot import Snapshot

from .document import Document
from .following import Following
from .looks import look_at
from .player import Player
from .preparing import Preparing
from .refiner import Refiner
from .views import Look
from .views.draft import Draft
from .views.view import Pointed, View
from .worker import Worker

FRAME_MS = 16
# While a run plays the numbers in the panels change in every so many frames: faster cannot be read.
TEXT_EVERY = 6
# How long an edit waits for its picture: nearly every race is finished by then, so a slider that
# is dragged shows whole trails and not their beginnings.
# No training is, so networks are shown as they begin.
PATIENCE_SECONDS = {"surface": 0.03, "network": 0.002}
# Networks that learn so many numbers in all are looked into on a thread of their own, and trained
# only once nothing has been edited for so long: their first step would take a picture's time.
LARGE = 500_000
REST_SECONDS = 0.3
# Steps a second at which a race of each kind is worth watching.
USUAL_SPEEDS = {"surface": 30.0, "network": 300.0}


@dataclass(frozen=True)
class Seen:
    """What the viewer sees: a look at a step, and the script's time, None where that is left."""

    look: Look
    step: int
    time: int | None


class Session(QObject):
    """One document being run, played and looked at."""

    drawn = pyqtSignal(object, object)
    """A snapshot and a look to draw."""
    written = pyqtSignal(object)
    """A snapshot whose numbers are to be written, slowly."""
    refused = pyqtSignal(str)
    """The experiment cannot be run; the sentence says why."""
    rate_counted = pyqtSignal(int)
    """Frames drawn within the last second."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.player = Player()
        self.look = Look(chosen=0)
        self.run: Run | None = None
        self.snapshot: Snapshot | None = None
        self.lesson = Following(document, self.player)
        self._worker = Worker()
        self.refiner = Refiner()
        self.preparing = Preparing()
        self._pointed_by: View | None = None
        self._told = self._training = True
        self._changed_at = 0.0
        self._computed = -1
        self._measured = 0
        self._dirty = False
        self._kind = "surface"
        self.patience: float | None = None
        """Seconds that an edit waits for its picture; None: as long as its kind usually does."""
        self._ticks = self._frames = 0
        self._written_at = -1
        self._counted_at = perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        document.opened.connect(self._opened)
        document.changed.connect(self._changed)
        document.restored.connect(self.restore)
        document.sighted.connect(lambda values: self.set_look(**values))
        self.player.moved.connect(lambda _: self.refresh())
        self.player.state_changed.connect(self.refresh)
        self.lesson.looked.connect(self._looked)

    def start(self) -> None:
        """Begin with what the document holds."""
        self._opened()
        self._changed(self.document.experiment)
        self._timer.start()

    def close(self) -> None:
        """Stop the timer and the worker, and wait for both."""
        self._timer.stop()
        self.lesson.close()
        self.player.pause()
        self.refiner.close()
        self.preparing.close()
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
        if measuring and self.run is not None and self._training:
            self._worker.compute(self.run)

    def set_look(self, **changes: object) -> None:
        """Look at the same numbers in another way."""
        self.lesson.chose(changes)
        self.look = self.lesson.look(replace(self.look, **changes))  # type: ignore[arg-type]
        self.refresh()
        self._ticks = 0

    def choose_look(self, text: str, **changes: object) -> None:
        """Look in another way that is an edit to be undone."""
        before = {key: getattr(self.look, key) for key in changes}
        self.document.look(text, before, changes)

    @property
    def seen(self) -> Seen:
        """What is seen, to come back to it."""
        following = self.lesson
        time = following.script.time if following.script is not None and following.on else None
        return Seen(self.look, self.player.step, time)

    def restore(self, seen: Seen) -> None:
        """See that again, now that the document is as it was then."""
        if seen.time is not None and self.lesson.on:
            self.player.scrub(seen.time)
        else:
            self.player.leave_script()
            self.player.step = min(seen.step, self.player.last)
        own = {field.name: getattr(seen.look, field.name) for field in fields(Look)
               if field.name != "point"
               and getattr(seen.look, field.name) != getattr(self.look, field.name)}
        self.set_look(**own)

    def show_draft(self, draft: Draft | None) -> None:
        """Look at points that are being drawn; whoever draws shows them at once on its view."""
        self.look = replace(self.look, draft=draft)

    def show_point(self, pointed: Pointed) -> None:
        """Look at the point that the mouse is on in one view, in every view that has a place for
        it; that is nothing to come back to."""
        if pointed.at is None and pointed.by is not self._pointed_by:
            # The mouse is on another view already, which has said so first.
            return
        self._pointed_by = pointed.by
        if pointed.at != self.look.point:
            self.look = replace(self.look, point=pointed.at)
            self.refresh()

    def wait(self, seconds: float = 10.0) -> None:
        """Wait until the race is computed, and draw it: for tests, stills and the clipboard.

        What takes longer is drawn as far as it has come.
        """
        deadline = perf_counter() + seconds
        self._worker.wait(seconds)
        self.tick()
        while self.large and perf_counter() < deadline and (
                self.preparing.busy or self._worker.busy or not self._training):
            # Without the rest that comes before.
            self._changed_at = 0.0
            self.preparing.wait(deadline - perf_counter())
            self._worker.wait(max(deadline - perf_counter(), 0.0))
            self.tick()
        while self.snapshot is None and self.preparing.busy:
            self.preparing.wait()
            self.tick()
        while self.refiner.busy and perf_counter() < deadline:
            self.refiner.wait(max(deadline - perf_counter(), 0.0))
            self.tick()

    def tick(self) -> None:
        """One frame: move the playhead and draw, if there is anything new."""
        run = self.run
        if run is None:
            return
        self._report_error()
        computed = run.computed
        grown = computed != self._computed
        # Before the playhead moves: one that keeps up with the run is to stand at its newest step,
        # whose state is there, and not at the one before, which would be trained again.
        self._computed = self.player.computed = computed
        self.player.tick()
        if self._worker.measured != self._measured:
            self._measured = self._worker.measured
            self._dirty = True
        if grown:
            self._dirty = True
            self.lesson.keep_up()
            self.player.state_changed.emit()
        if self._dirty:
            self._dirty = False
            if self.large:
                self._ask(run)
            else:
                self._draw(run)
                self._frames += 1
                self._told = True
        self._draw_prepared(run)
        # Trainings ask for the interpreter too often beside one that is watched.
        training = self._kind == "network" and (self.player.playing or self._worker.busy)
        if self.refiner.tick(working=not training):
            self.refresh()
        if perf_counter() - self._counted_at >= 1:
            self.rate_counted.emit(self._frames)
            self._frames, self._counted_at = 0, perf_counter()
        self._ticks += 1
        self._write()

    def _looked(self) -> None:
        self.look = self.lesson.look(self.look)
        self.refresh()

    # ---- frames

    def _write(self) -> None:
        """Have the numbers written now and then, and at once where the viewer has gone elsewhere.
        """
        if self.snapshot is None or not self._told:
            return
        elsewhere = not self.player.playing and self.snapshot.step != self._written_at
        if elsewhere or self._ticks % TEXT_EVERY == 1:
            self._written_at = self.snapshot.step
            self.written.emit(self.snapshot)

    def _draw(self, run: Run) -> None:
        step = min(self.player.step, run.computed)
        chosen = shown_contestant(run.experiment, self.look.chosen)
        if chosen != self.look.chosen:
            self.look = replace(self.look, chosen=chosen)
        self.snapshot = run.at(step, chosen)
        self.drawn.emit(self.snapshot, self.look)

    @property
    def large(self) -> bool:
        """Whether the networks are too large to be looked into between two frames."""
        return self.run is not None and self.run.size > LARGE

    def _ask(self, run: Run, thorough: bool = False) -> None:
        """Have a snapshot prepared, and drawn when it is."""
        chosen = shown_contestant(run.experiment, self.look.chosen)
        self.preparing.ask(run, min(self.player.step, run.computed),
                           replace(self.look, chosen=chosen, thorough=thorough),
                           playing=self.player.playing)

    def _draw_prepared(self, run: Run) -> None:
        """Draw what has been prepared; all rows are looked at once nothing changes any more."""
        found = self.preparing.take(run)
        if found is not None and (self.large or found.run is run):
            self.snapshot, self._told = found.snapshot, found.told
            if self.look.chosen != found.look.chosen and found.run is run:
                self.look = replace(self.look, chosen=found.look.chosen)
            self.drawn.emit(found.snapshot, found.look)
            self._frames += 1
        self._go_on(run)

    def _go_on(self, run: Run) -> None:
        """Look at all rows of large networks at rest, then train them; at once where they play."""
        last, playing = self.preparing.last, self.player.playing
        if last is None or not self.large:
            return
        rested = not (self._dirty or self.preparing.busy) and (
            perf_counter() - self._changed_at > REST_SECONDS)
        if rested and not playing and not last.look.thorough:
            self._ask(run, thorough=True)
        elif not self._training and (playing or rested):
            self._training = True
            self._worker.compute(run, first=1)

    def _opened(self) -> None:
        experiment = self.document.experiment
        picture = experiment.picture
        self.look = look_at(experiment, chosen=0)
        step = picture.step or 0 if picture is not None else 0
        self.player.pause()
        self.lesson.opened()
        kind = experiment.problem.kind
        if kind != self._kind:
            self._kind = kind
            self.player.set_speed(USUAL_SPEEDS[kind])
        self.player.step = step
        self.player.computed = 0

    def _changed(self, experiment: Experiment) -> None:
        try:
            run = Run(experiment, instead_of=self.run)
        except TrainscopeError as error:
            self.refused.emit(str(error))
            return
        self.run = run
        self._computed = -1
        self.preparing.last, self._changed_at = None, perf_counter()
        self._training = not self.large
        if self.large:
            self._worker.drop()
        else:
            self._worker.compute(run)
            kind = experiment.problem.kind
            self._worker.wait(
                PATIENCE_SECONDS[kind] if self.patience is None else self.patience)
        self.player.last = experiment.steps
        self.player.computed = run.computed
        self.player.step = min(self.player.step, experiment.steps)
        self._ticks = 0
        self.refresh()
        self.player.state_changed.emit()

    def _report_error(self) -> None:
        error = self._worker.error or self.preparing.take_error() or self.refiner.take_error()
        self._worker.error = None
        if error is not None:
            if not isinstance(error, TrainscopeError):
                raise error
            self.refused.emit(str(error))


def shown_contestant(experiment: Experiment, wanted: int | None) -> int | None:
    """The wanted contestant, or the first one that is shown where that is muted or gone."""
    contestants = experiment.contestants
    if wanted is not None and wanted < len(contestants) and not contestants[wanted].muted:
        return wanted
    return next((i for i, contestant in enumerate(contestants) if not contestant.muted), None)
