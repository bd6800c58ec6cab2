"""Keys that a focused control uses itself are its own, and not the window's shortcuts."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QListWidget,
    QWidget,
)

from .views.view import View

MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
         Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class KeyRights(QObject):
    """An event filter for the application: sliders keep their arrows, buttons their Space, and a
    view with a camera its arrows."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Accept a key for the control that has the focus, before a shortcut takes it."""
        if event is None or event.type() != QEvent.Type.ShortcutOverride:
            return False
        focus = QApplication.focusWidget()
        key = event.key()  # type: ignore[attr-defined]
        moves = key in MOVES and isinstance(
            focus, QAbstractSlider | QAbstractSpinBox | QComboBox | QListWidget)
        moves = moves or key in MOVES and _moves_view(focus)
        presses = key == Qt.Key.Key_Space and isinstance(focus, QAbstractButton | QComboBox)
        if watched is focus and (moves or presses):
            event.accept()
            return True
        return False


def _moves_view(focus: QWidget | None) -> bool:
    """Whether the focus is on a view that arrows move."""
    scene = focus.scene() if isinstance(focus, QGraphicsView) else None
    item = scene.focusItem() if scene is not None else None
    return isinstance(item, View) and item.takes_moves
