"""The dialog that films: which part, how large, in which format; then progress, time left."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.errors import TrainscopeError
from engine.experiment import Experiment
from engine.lesson import Lesson

from .encoding import film_formats
from .film import record_film
from .theme import THEMES, Theme

SIZES = {"1280 × 720": (1280, 720), "1920 × 1080": (1920, 1080), "2560 × 1440": (2560, 1440),
         "3840 × 2160 (4K)": (3840, 2160)}
RATES = (60, 50, 30, 25, 24)


class Cancelled(Exception):
    """The viewer pressed Cancel."""


class RecordDialog(QDialog):
    """Films a lesson or an experiment; `written` is the file, once there is one."""

    def __init__(self, source: Experiment | Lesson, theme: Theme, folder: Path,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Record a film")
        self.setMinimumWidth(520)
        self._source = source
        self.written: Path | None = None
        self._cancelled = Event()
        self._running = False
        self._build(theme, folder)

    def _build(self, theme: Theme, folder: Path) -> None:
        scripted = isinstance(self._source, Lesson)
        length = float(self._source.duration) if isinstance(self._source, Lesson) else 10.0
        self.size_box, self.format_box, self.rate_box = QComboBox(), QComboBox(), QComboBox()
        self.theme_box = QComboBox()
        for name, size in SIZES.items():
            self.size_box.addItem(name, size)
        self.size_box.setCurrentIndex(1)
        for definition in film_formats.values():
            self.format_box.addItem(definition.title, definition)
            self.format_box.setItemData(self.format_box.count() - 1, definition.doc,
                                        Qt.ItemDataRole.ToolTipRole)
        self.format_box.setCurrentIndex(self.format_box.findText(film_formats["mp4"].title))
        for name in THEMES:
            self.theme_box.addItem(name, name)
        self.theme_box.setCurrentText(theme.name)
        self.seconds = _seconds(length, 0.1, 3600)
        self.seconds.setEnabled(not scripted)
        self.start, self.end = _seconds(0, 0, 3600), _seconds(length, 0.05, 3600)
        title = self._source.title or "film"
        stem = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
        self.path = QLineEdit(str(folder / f"{stem}.mp4"))
        browse = QPushButton("Choose…")
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.addWidget(self.path, 1)
        where.addWidget(browse)
        span = QHBoxLayout()
        span.addWidget(self.start)
        span.addWidget(QLabel("to"))
        span.addWidget(self.end)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        for text, widget in (("Format", self.format_box), ("Size", self.size_box),
                             ("Frames a second", self.rate_box), ("Theme", self.theme_box),
                             ("Whole length", self.seconds), ("Film from", span), ("File", where)):
            form.addRow(text, widget)
            if isinstance(widget, QWidget):
                widget.setAccessibleName(text)
        self.start.setAccessibleName("film from")
        self.end.setAccessibleName("film to")
        self.path.setAccessibleName("file")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.status = QLabel(" ")
        self.status.setObjectName("small")
        self.status.setWordWrap(True)
        self.film = QPushButton("Film")
        self.film.setObjectName("strong")
        self.film.setDefault(True)
        self.cancel = QPushButton("Cancel")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.film)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(14)
        self._form = QWidget()
        self._form.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._form)
        layout.addWidget(self.progress)
        layout.addWidget(self.status)
        layout.addLayout(buttons)
        self.format_box.currentIndexChanged.connect(self._format_chosen)
        self.seconds.valueChanged.connect(self.end.setValue)
        self.film.clicked.connect(self._film)
        self.cancel.clicked.connect(self.reject)
        self._format_chosen()

    def _format_chosen(self) -> None:
        chosen = self.format_box.currentData()
        self.rate_box.clear()
        for rate in chosen.rates or RATES:
            self.rate_box.addItem(f"{rate}", rate)
        path = Path(self.path.text())
        self.path.setText(str(path.with_suffix(chosen.suffix)))

    def _browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Film to", self.path.text())
        if path:
            self.path.setText(path)

    def _film(self) -> None:
        self._running = True
        self._cancelled.clear()
        self._form.setEnabled(False)
        self.film.setEnabled(False)
        try:
            self.written = record_film(
                self._source, self.path.text(), size=self.size_box.currentData(),
                fps=self.rate_box.currentData(), theme=self.theme_box.currentData(),
                seconds=self.seconds.value(), span=(self.start.value(), self.end.value()),
                progress=self._show_progress)
        except Cancelled:
            self.status.setText("Cancelled; no file was left.")
        except TrainscopeError as error:
            self.status.setText(str(error))
        finally:
            self._running = False
            self._form.setEnabled(True)
            self.film.setEnabled(True)
        if self.written is not None:
            self.accept()

    def _show_progress(self, frame: int, frames: int, seconds_left: float) -> None:
        self.progress.setRange(0, frames)
        self.progress.setValue(frame)
        if frame % 5 == 0 or frame == frames:
            left = f"{int(seconds_left // 60)}:{int(seconds_left % 60):02d}"
            self.status.setText(f"Frame {frame:,} of {frames:,} · {left} left")
        QCoreApplication.processEvents()
        if self._cancelled.is_set():
            raise Cancelled

    def reject(self) -> None:
        """Cancel the film under way, or close the dialog."""
        if self._running:
            self._cancelled.set()
        else:
            super().reject()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)


def _seconds(value: float, low: float, high: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setRange(low, high)
    box.setSuffix(" s")
    box.setValue(value)
    return box
