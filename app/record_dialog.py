"""The dialog that films: a form of what, then progress and time left, until there is a file."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson

from .film_form import FilmForm
from .recording import record_film
from .theme import Theme

# The status is rewritten this often, in frames: faster than it can be read costs time.
STATUS_EVERY = 5


class Cancelled(Exception):
    """The viewer pressed Cancel."""


class RecordDialog(QDialog):
    """Films a lesson or an experiment; `written` is the file, once there is one."""

    def __init__(self, source: Experiment | Lesson, theme: Theme, folder: Path,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Record a film")
        self.setMinimumWidth(560)
        self.written: Path | None = None
        self.told = ""
        """What was chosen to meet a size budget."""
        self._source = source
        self._cancelled = self._running = False
        self.form = FilmForm(source, theme, folder)
        self.status, self.refusal = _label("small"), _label("warning")
        self.progress = QProgressBar()
        self.film, self.cancel = QPushButton("Film"), QPushButton("Cancel")
        self._build()

    def _build(self) -> None:
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.progress.setAccessibleName("Progress")
        policy: QSizePolicy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        self.refusal.hide()
        self.film.setObjectName("strong")
        self.film.setDefault(True)
        self.film.clicked.connect(self._film)
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.status, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.film)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(14)
        layout.addWidget(self.form)
        layout.addWidget(self.refusal)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)

    def _film(self) -> None:
        self.form.settle_path()
        if not self.form.path.text():
            self._refuse("Give the name of a file.")
            return
        if not self._may_replace(self.form.path.text()):
            return
        self._show_running(True)
        try:
            self.written = self._record(self.form)
        except Cancelled:
            self.status.setText("Cancelled; no file was left.")
        except TrainscopeError as error:
            self._refuse(str(error))
        finally:
            self._show_running(False)
        if self.written is not None:
            self.accept()

    def _may_replace(self, path: str) -> bool:
        """Whether the file may be written: asks if there is one already."""
        target = Path(path)
        taken = target.is_file() or (target.is_dir() and any(target.iterdir()))
        if not taken or path == self.form.confirmed:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(self, "Replace the film?", f"{path} is there already. "
                                      "Replace it?", button.Yes | button.No, button.No)
        return answer == button.Yes

    def _record(self, form: FilmForm) -> Path:
        return record_film(
            self._source, form.out, progress=self._show_progress, say=self._said, **form.choices)

    def _show_running(self, running: bool) -> None:
        self._running, self._cancelled = running, False
        self.form.setEnabled(not running)
        self.film.setEnabled(not running)
        self.progress.setVisible(running)
        if running:
            self.progress.setRange(0, 0)
            self.refusal.hide()
            self.status.setText("Computing the race")
            QCoreApplication.processEvents()

    def _show_progress(self, frame: int, frames: int, seconds_left: float) -> None:
        self.progress.setRange(0, frames)
        self.progress.setValue(frame)
        if frame % STATUS_EVERY == 1 or frame == frames:
            self.status.setText(f"Frame {frame:,} of {frames:,} · {_clock(seconds_left)} left")
        QCoreApplication.processEvents()
        if self._cancelled:
            raise Cancelled

    def _said(self, sentence: str) -> None:
        self.told = sentence

    def _refuse(self, sentence: str) -> None:
        self.status.clear()
        self.refusal.setText(sentence)
        self.refusal.show()

    def reject(self) -> None:
        """Cancel the film under way, or close the dialog."""
        if self._running:
            self._cancelled = True
        else:
            super().reject()


def _clock(seconds: float) -> str:
    """1:05 or 1:00:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setObjectName(kind)
    label.setWordWrap(True)
    return label
