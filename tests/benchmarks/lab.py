"""The window as it is measured: 1920×1080, offscreen, its timer stopped, one frame at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, thread_time

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication

from app.main_window import MainWindow
from app.preferences import Preferences
from app.recovery import Recovery
from app.window_start import make_application
from engine.experiment import Experiment
from engine.run import Run

SIZE = (1920, 1080)


class PaintCount(QObject):
    """Counts how often a widget is painted."""

    paints = 0

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Paint:
            self.paints += 1
        return False


class Lab:
    """A window showing an experiment, whose frames come when they are asked for."""

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        self.window = window
        self._application = application
        self._count = PaintCount()
        viewport = window.board_view.viewport()
        assert viewport is not None
        viewport.installEventFilter(self._count)
        # Only the frames that are measured may be drawn.
        window.session._timer.stop()

    def seek(self, step: int) -> None:
        """Show a step."""
        self.window.session.player.seek(step)
        self.frame()

    def frame(self) -> None:
        """What a tick of the display timer leads to, where there is something new to be drawn."""
        before = self._count.paints
        self._tick()
        self._check_painted(before)

    def take(self, experiment: Experiment) -> Run:
        """Open an experiment, as from a file; its run is under way then."""
        self.window.document.take(experiment)
        run = self.window.session.run
        assert run is not None
        return run

    def finish(self) -> None:
        """Wait until the run is computed and measured, however long that takes."""
        while not self.window.session._worker.wait(1.0):
            pass
        self._tick()

    def slide(self, index: int, lr: float) -> None:
        """What a slider asks for, until the whole race is on the picture."""
        before = self._count.paints
        self.window.editor.contestant(index, "hyper", ("lr", lr))
        while not self._finished():
            self._tick()
        self._check_painted(before)

    def edit(self, wish: Callable[[], object]) -> float:
        """An edit of a network, until it is on the picture; the longest frame on the way, in s."""
        before = self._count.paints
        worst = self._clocked(wish)
        while not self._shows_the_document():
            worst = max(worst, self._clocked(self._tick))
            # The thread that looks is not to wait for one that only asks.
            sleep(0.002)
        worst = max(worst, self._clocked(self._application.processEvents))
        self._check_painted(before)
        return worst

    def look_at_all_rows(self) -> None:
        """What happens at rest, without the rest before it."""
        session = self.window.session
        session._changed_at = 0.0
        while session._prepared is None or not session._prepared.look.thorough:
            self._tick()
            sleep(0.002)

    def _shows_the_document(self) -> bool:
        snapshot = self.window.session.snapshot
        return snapshot is not None and snapshot.experiment is self.window.document.experiment

    @staticmethod
    def _clocked(action: Callable[[], object]) -> float:
        began = perf_counter()
        action()
        return perf_counter() - began

    def _tick(self) -> None:
        """What the display timer does, and the painting that follows from it."""
        self.window.session.tick()
        self._application.processEvents()

    def _finished(self) -> bool:
        snapshot = self.window.session.snapshot
        experiment = self.window.document.experiment
        return (snapshot is not None and snapshot.experiment is experiment
                and snapshot.computed == experiment.steps)

    def _check_painted(self, before: int) -> None:
        if self._count.paints == before:
            raise RuntimeError("nothing was painted, so nothing was measured")


@contextmanager
def open_lab(experiment: Experiment, *, complete: bool = True) -> Iterator[Lab]:
    """A lab on a fresh profile, closed and forgotten afterwards; its race is `complete` first."""
    application = make_application()
    with TemporaryDirectory() as folder:
        preferences = Preferences(Path(folder) / "window.ini")
        preferences.theme = "light"
        window = MainWindow(preferences, Recovery(Path(folder) / "unsaved"))
        window.resize(*SIZE)
        window.show()
        window.document.take(experiment)
        if complete:
            window.session.wait()
        application.processEvents()
        try:
            yield Lab(application, window)
        finally:
            window.document.stack.setClean()
            window.close()


def timed(action: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """Milliseconds of one call, on the clock and on this thread's processor."""
    began, worked = perf_counter(), thread_time()
    action(*arguments)
    return 1e3 * (perf_counter() - began), 1e3 * (thread_time() - worked)
