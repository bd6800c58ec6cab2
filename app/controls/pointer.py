"""A ring around the control that a lesson's beat invites the viewer to use.

A control is found by the name that it has for those who cannot see it, which every control has; so
a new one can be pointed at without being told of here.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QScrollArea, QWidget

from ..theme import LIGHT, Style
from .slider import HyperRow

GAP, WIDTH, RADIUS = 5.0, 2.5, 9.0


class Pointer(QWidget):
    """Lies over a scroll area's contents, lets the mouse through, and follows what it rings."""

    def __init__(self, area: QScrollArea) -> None:
        inner = area.widget()
        assert inner is not None
        super().__init__(inner)
        self._area, self._inner = area, inner
        self._style = Style(LIGHT)
        self.target: QWidget | None = None
        self._key: str | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner.installEventFilter(self)
        self.hide()

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._style = style
        self.update()

    def point_at(self, key: str | None) -> None:
        """Ring the control of a setting's key, such as "SGD.lr", and bring it into sight; None: no
        control. Where there is no such control now, nothing is ringed."""
        self._key, self.target = key, None
        self._find()

    def _find(self) -> None:
        """Take the control that is there now; cards that are built anew have other ones."""
        before, self.target = self.target, control_of(self._inner, self._key) if self._key else None
        self.setVisible(self.target is not None)
        if self.target is not None and self.target is not before:
            self._area.ensureWidgetVisible(self.target, 0, round(self._style.px(60)))
            self._place()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Go where the control goes."""
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            if self._key is not None:
                self._find()
            self._place()
        return False

    def _place(self) -> None:
        self.setGeometry(self._inner.rect())
        self.raise_()
        self.update()

    def ring(self) -> QRectF:
        """Where the ring is, in the contents' pixels; nothing where there is none."""
        target = self.target
        if target is None or not target.isVisible():
            return QRectF()
        corner, gap = target.mapTo(self._inner, QPoint(0, 0)), self._style.px(GAP)
        return QRectF(corner.x(), corner.y(), target.width(), target.height()).adjusted(
            -gap, -gap, gap, gap)

    def paintEvent(self, event: Any) -> None:
        ring = self.ring()
        if ring.isEmpty():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            color = QColor(self._style.theme.accent)
            painter.setPen(QPen(color, self._style.px(WIDTH)))
            color.setAlphaF(0.10)
            painter.setBrush(color)
            radius = self._style.px(RADIUS)
            painter.drawRoundedRect(ring, radius, radius)


def control_of(panel: QWidget, key: str) -> QWidget | None:
    """The control that sets a key: "SGD.lr" is "SGD lr", and any owner will do for the problem's.

    Of a row with a slider the whole row; None where no such control is shown.
    """
    owner, _, name = key.rpartition(".")
    shared = owner.partition(".")[0] in ("", "problem")
    # "Plain.layers[2].rate" is set by what is called "Plain rate", or "Plain layers[2] rate".
    owner = owner.partition(".layers[")[0]
    for control in panel.findChildren(QWidget):
        called = control.accessibleName()
        found = called == f"{owner} {name}" or (
            shared and called.replace("-", " ").split(" ")[-1:] == [name])
        if found and control.isVisibleTo(panel):
            row = control.parentWidget()
            return row if isinstance(row, HyperRow) else control
    return None
