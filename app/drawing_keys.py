"""The keys of drawing: 1 to 9 take a class's brush, P paints, E erases, Esc leaves."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget

from .drawing import Drawing

PLACES = {Qt.Key(Qt.Key.Key_1 + place): place for place in range(9)}
TOOLS = {Qt.Key.Key_P: "paint", Qt.Key.Key_E: "erase"}
KEYS = (("A class's brush", "1 to 9"), ("Paint points", "P"), ("Erase points", "E"),
        ("Leave drawing", "Esc"))
NONE, KEYPAD = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class DrawingKeys(QObject):
    """An event filter for the application that takes these keys while one draws, and no others.

    A field that is typed into keeps them, and so does another window.
    """

    def __init__(self, drawing: Drawing, window: QWidget) -> None:
        super().__init__(window)
        self._drawing, self._window = drawing, window

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take a key before a shortcut or a control does."""
        if not self._drawing.active or event is None or event.type() not in (
                QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(watched, QWidget):
            # Qt shows every key to the window's own surface first.
            return False
        focus = QApplication.focusWidget()
        if QApplication.activeWindow() is not self._window or isinstance(
                focus, QLineEdit | QAbstractSpinBox | QComboBox):
            return False
        if event.modifiers() & ~KEYPAD != NONE:  # type: ignore[attr-defined]
            return False
        key = event.key()  # type: ignore[attr-defined]
        if key not in PLACES and key not in TOOLS and key != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._press(key)
        return True

    def _press(self, key: int) -> None:
        if key in PLACES:
            self._drawing.choose_class(PLACES[Qt.Key(key)])
        elif key in TOOLS:
            self._drawing.switch(TOOLS[Qt.Key(key)])
        else:
            self._drawing.set_active(False)
