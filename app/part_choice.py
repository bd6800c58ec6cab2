"""Which part of a film is wanted: the whole, one beat, or from one second to another."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from engine.lesson import Lesson

from .reel import chapter_title, shortened

WHOLE, SECONDS = "Whole", "From … to …"
BEAT_LETTERS = 48


class PartChoice(QWidget):
    """A box of parts, and two times that are shown for the part that is named by them."""

    chosen = pyqtSignal()

    def __init__(self, lesson: Lesson | None, length: float) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName("Part")
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(20)
        self.box.addItem(WHOLE, 0)
        for number, beat in enumerate(lesson.beats if lesson is not None else (), start=1):
            name = chapter_title(beat, number)
            text = name if name == f"Beat {number}" else f"Beat {number}: {name}"
            self.box.addItem(shortened(text, BEAT_LETTERS), number)
        self.box.addItem(SECONDS, -1)
        self.start, self.end = seconds_box("From", 0, length), seconds_box("To", length, length)
        self._times = QWidget()
        times = QHBoxLayout(self._times)
        times.setContentsMargins(0, 0, 0, 0)
        times.setSpacing(8)
        for widget in (self.start, QLabel("to"), self.end):
            times.addWidget(widget, int(isinstance(widget, QDoubleSpinBox)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.box)
        layout.addWidget(self._times)
        self._times.hide()
        self.box.currentIndexChanged.connect(self._part_chosen)
        self.start.valueChanged.connect(self._time_chosen)
        self.end.valueChanged.connect(self._time_chosen)

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.box.currentData() == 0 or (self.box.currentData() < 0 and self._all_seconds)

    @property
    def beats(self) -> tuple[int, int] | None:
        """The beat, as the first and the last of some."""
        number: int = self.box.currentData()
        return (number, number) if number > 0 else None

    @property
    def span(self) -> tuple[float, float] | None:
        """The part in seconds; None for the whole, which the boxes may have rounded."""
        if self.box.currentData() >= 0 or self._all_seconds:
            return None
        return self.start.value(), self.end.value()

    def set_length(self, length: float) -> None:
        """The film has another length; a whole one stays whole."""
        all_seconds = self._all_seconds
        self.start.setMaximum(length)
        self.end.setMaximum(length)
        if all_seconds:
            self.end.setValue(length)

    @property
    def _all_seconds(self) -> bool:
        return self.start.value() == 0 and self.end.value() == self.end.maximum()

    def _part_chosen(self) -> None:
        self._times.setVisible(self.box.currentData() < 0)
        self.chosen.emit()

    def _time_chosen(self) -> None:
        if not self._all_seconds:
            self.box.setCurrentIndex(self.box.findData(-1))
        self.chosen.emit()


def seconds_box(name: str, value: float, high: float) -> QDoubleSpinBox:
    """A field for a time in seconds."""
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    box.setDecimals(2)
    box.setRange(0, high)
    box.setSuffix(" s")
    box.setValue(value)
    return box
