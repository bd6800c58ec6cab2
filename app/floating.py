"""A view in a window of its own, for a second screen: drawn from the same snapshots as the board.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from .board import Board
from .panels import graphics
from .theme import Style, Theme
from .views import views

SIZE = (960, 640)
MARGIN = 16
# A card of this size has the type of a window at 100 %; a larger one is read from further away.
DESIGN = (900.0, 560.0)
SMALLEST, LARGEST = 0.85, 3.0


class Floating(QWidget):
    """One card; closing the window puts the view back in its place."""

    closed = pyqtSignal(str)

    def __init__(self, name: str, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.name = name
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(f"{views[name].title} — Trainscope")
        self.board = Board(((name,),), live=True)
        self.view = graphics(self.board)
        self.view.setAccessibleName(views[name].title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addWidget(self.view)
        # The window's keys play and scrub from here too.
        self.addActions(window.actions())
        self._theme: Theme | None = None
        self._unit = 1.0
        self.resize(*SIZE)

    def restyle(self, theme: Theme) -> None:
        """Take a theme; the scale follows from the size."""
        self._theme = theme
        self._unit = self._fitting()
        self.view.setBackground(theme.ground)
        self.board.restyle(Style(theme, self._unit))

    def _fitting(self) -> float:
        unit = min(self.width() / DESIGN[0], self.height() / DESIGN[1])
        return float(min(max(round(20 * unit) / 20, SMALLEST), LARGEST))

    def put_away(self) -> None:
        """Close without a word: the view is gone from the board as well."""
        self.blockSignals(True)
        self.close()

    def resizeEvent(self, event: Any) -> None:
        if self._theme is not None and self._fitting() != self._unit:
            self.restyle(self._theme)

    def closeEvent(self, event: Any) -> None:
        self.view.close()
        self.closed.emit(self.name)
        event.accept()
        self.deleteLater()
