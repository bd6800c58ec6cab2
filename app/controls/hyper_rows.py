"""The rows of a definition's hyperparameters, whole numbers among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from engine.hyper import Hyper

from ..theme import Style
from .slider import RESOLUTION, HyperRow, exact


class WholeRow(HyperRow):
    """A row of whole numbers: all their digits, and a key goes on by one at least."""

    def set_value(self, value: float) -> None:
        super().set_value(value)
        if self.field.text() == exact(value):
            self.field.setText(f"{value:.0f}")

    def _slid(self, position: int) -> None:
        hyper, value = self.hyper, self._value
        here = round(hyper.position(value) * RESOLUTION)
        rounded_away = hyper.value(position / RESOLUTION) == value and position != here
        if rounded_away and not self.slider.isSliderDown():
            low, high = hyper.span
            value = min(max(value + (1 if position > here else -1), low), high)
            position = round(hyper.position(value) * RESOLUTION)
        super()._slid(position)


def row_of(hyper: Hyper, owner: str, style: Style) -> HyperRow:
    """The row of a hyperparameter."""
    row = (WholeRow if hyper.whole else HyperRow)(hyper, owner)
    row.restyle(style)
    return row


def as_kept(hyper: Hyper, value: float) -> float:
    """A row's value as tables take it: whole numbers as such."""
    return int(value) if hyper.whole else value


class HyperRows(QWidget):
    """Rows for whichever hyperparameters there are; built anew only when there are others."""

    changed = pyqtSignal(str, object)
    released = pyqtSignal()

    def __init__(self, owner: str) -> None:
        super().__init__()
        self._owner = owner
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(5)
        self.rows: dict[str, HyperRow] = {}

    def show_values(self, hypers: Sequence[Hyper], values: Mapping[str, float],
                    style: Style) -> None:
        """Show the hyperparameters with their values."""
        if [row.hyper for row in self.rows.values()] != list(hypers):
            self._rebuild(hypers, style)
        for name, row in self.rows.items():
            row.restyle(style)
            row.set_value(values[name])
        self.setVisible(bool(self.rows))

    def _rebuild(self, hypers: Sequence[Hyper], style: Style) -> None:
        for row in self.rows.values():
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for hyper in hypers:
            row = row_of(hyper, self._owner, style)
            row.changed.connect(
                lambda value, hyper=hyper: self.changed.emit(hyper.name, as_kept(hyper, value)))
            row.released.connect(self.released)
            self.rows[hyper.name] = row
            self._layout.addWidget(row)
