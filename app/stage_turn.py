"""The viewer's turn on stage: whoever presents gets the control that the beat points at."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSizeF
from PyQt6.QtWidgets import QWidget

from engine.experiment import Experiment

from .controls.turn_control import TurnControl
from .stage import Stage, unit_of
from .theme import Style, Theme

UNIT = 1.7
"""How much larger than the window's the control is, on a frame of 1920×1080."""


class StageTurn(QObject):
    """Keeps a control beside the caption of a stage that a widget, `view`, shows."""

    def __init__(self, view: QWidget, stage: Stage) -> None:
        super().__init__()
        self._view, self._stage = view, stage
        self._theme: Theme | None = None
        self._key: str | None = None
        self.control = TurnControl(view)
        self.control.resized.connect(self._place)
        view.installEventFilter(self)

    def invite(self, key: str | None) -> None:
        """Take the key of the control that `show` shows; None: it is nobody's turn."""
        self._key = key

    def show(self, experiment: Experiment, theme: Theme) -> None:
        """Show the values in force, in a theme."""
        self._theme = theme
        self._restyle()
        self.control.show_key(experiment, self._key)

    def _restyle(self) -> None:
        if self._theme is not None:
            unit = UNIT * unit_of(self._view.width(), self._view.height())
            self.control.restyle(Style(self._theme, unit))

    def _place(self) -> None:
        """Lay the control where the stage leaves room for it."""
        room = self.control.room
        self._stage.set_aside(QSizeF(room))
        self.control.setVisible(not room.isEmpty())
        if not room.isEmpty():
            self.control.setGeometry(self._stage.aside.toRect())
            self.control.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the stage's size."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._restyle()
            self._place()
        return False
