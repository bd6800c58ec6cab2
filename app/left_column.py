"""The column at the left: the list of what to open, or the script of the lesson being written."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from .controls.lesson_list import LessonList
from .controls.script_panel import WIDTH, ScriptPanel
from .theme import Style

NARROW = 1150
"""Where there is no room for three columns the list folds away, until it is asked for."""


class LeftColumn(QWidget):
    """One of the two, or nothing."""

    def __init__(self, lessons: LessonList, script: ScriptPanel) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setProperty("side", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lessons, self.script = lessons, script
        self._style: Style | None = None
        self._wanted = True
        self.writing = False
        script.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(lessons)
        layout.addWidget(script)

    def restyle(self, style: Style) -> None:
        """Take a scale."""
        self._style = style
        self._fit()

    def resized(self, before: int) -> None:
        """The window has another width than before."""
        if (before < NARROW) != self._narrow:
            self._fit()

    def toggle_list(self) -> None:
        """Show the list, or no longer; a script gives way to it."""
        self._wanted = self.writing or not self.isVisible()
        self.write(False)
        self.setVisible(self._wanted)

    def write(self, on: bool) -> None:
        """Show the script, or the list again."""
        self.writing = on
        self._lessons.setVisible(not on)
        self.script.setVisible(on)
        self._fit()

    @property
    def _narrow(self) -> bool:
        window = self.window()
        return window is not None and window.width() < NARROW

    def _fit(self) -> None:
        if self._style is not None:
            self.setMinimumWidth(round(self._style.px(WIDTH if self.writing else 200)))
        self.setVisible(self.writing or (self._wanted and not self._narrow))
