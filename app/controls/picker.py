"""Choosing a control by clicking it: which key of the experiment does it set?"""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from .pointer import Pointer, control_of


class Picker(QObject):
    """While it is on, a ring follows the mouse over the controls, and a click takes one."""

    picked = pyqtSignal(str)
    ended = pyqtSignal()
    """A control was taken, or Esc or a click elsewhere has ended it."""

    def __init__(self, panel: QWidget, pointer: Pointer) -> None:
        super().__init__(panel)
        self._panel, self._pointer = panel, pointer
        self._keys: dict[QWidget, str] = {}
        self.on = False

    def start(self, keys: Iterable[str]) -> None:
        """Offer the controls of these keys."""
        found = ((key, control_of(self._panel, key)) for key in keys)
        self._keys = {control: key for key, control in reversed([*found]) if control is not None}
        self.on = True
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        QApplication.setOverrideCursor(Qt.CursorShape.PointingHandCursor)

    def stop(self) -> None:
        """Offer nothing any more."""
        if not self.on:
            return
        self.on, self._keys = False, {}
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        QApplication.restoreOverrideCursor()
        self._pointer.point_at(None)
        self.ended.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep the mouse from the controls, and tell which one it takes."""
        if event is None or not isinstance(watched, QWidget):
            return False
        kind = event.type()
        # As an override, too: Esc is a key of the window's, which would never arrive here.
        pressed = kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if pressed and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.stop()
            event.accept()
            return True
        if kind not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Enter,
                        QEvent.Type.HoverMove):
            return False
        key = self._key_of(watched)
        if kind != QEvent.Type.MouseButtonPress:
            if key is not None:
                self._pointer.point_at(key)
            return False
        inside = self._panel is watched or self._panel.isAncestorOf(watched)
        self.stop()
        if key is not None:
            self.picked.emit(key)
        # A click elsewhere does there what it always does.
        return inside

    def _key_of(self, widget: QWidget | None) -> str | None:
        while widget is not None and widget not in self._keys:
            widget = widget.parentWidget()
        return self._keys[widget] if widget is not None else None
