"""A switch with its name beside it: on or off, in one line of a panel."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy

from ..theme import LIGHT, Style
from .elided import LINE

TRACK = (30.0, 16.0)


class Toggle(QAbstractButton):
    """A line that is switched by a click anywhere on it, or by Space."""

    def __init__(self, text: str, owner: str, doc: str = "") -> None:
        super().__init__()
        self._look = Style(LIGHT)
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(f"{owner} {text}")
        self.setToolTip(doc)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def restyle(self, style: Style) -> None:
        """Take a theme and a scale."""
        self._look = style
        self.updateGeometry()
        self.update()

    def show_value(self, on: bool) -> None:
        """Show a value without announcing it."""
        blocked = self.blockSignals(True)
        self.setChecked(on)
        self.blockSignals(blocked)

    def sizeHint(self) -> QSize:
        return QSize(120, round(self._look.px(26)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._look.px(TRACK[0] + 20)), round(self._look.px(26)))

    def paintEvent(self, event: Any) -> None:
        style, theme = self._look, self._look.theme
        width, height = style.px(TRACK[0]), style.px(TRACK[1])
        # Room at the right for the ring of the focus.
        track = QRectF(self.width() - width - style.px(3), (self.height() - height) / 2,
                       width, height)
        radius = height / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            painter.setPen(Qt.PenStyle.NoPen)
            if self.hasFocus():
                ring = QColor(theme.accent)
                ring.setAlphaF(0.3)
                painter.setBrush(ring)
                edge = style.px(3)
                painter.drawRoundedRect(track.adjusted(-edge, -edge, edge, edge), radius + edge,
                                        radius + edge)
            off = QColor(theme.quiet)
            off.setAlphaF(0.45)
            painter.setBrush(QColor(theme.accent) if self.isChecked() else off)
            painter.drawRoundedRect(track, radius, radius)
            painter.setBrush(QColor(theme.card))
            gap = style.px(2)
            side = height - 2 * gap
            left = track.right() - gap - side if self.isChecked() else track.left() + gap
            painter.drawEllipse(QRectF(left, track.top() + gap, side, side))
            painter.setFont(style.font(13))
            painter.setPen(QColor(theme.quiet))
            room = QRectF(0, 0, track.left() - style.px(8), self.height())
            painter.drawText(room, LINE, painter.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideRight, round(room.width())))
