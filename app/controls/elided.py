"""Text that ends in an ellipsis where it does not fit: a label, and a name that can be edited."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import (
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
)

LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class ElidedLabel(QLabel):
    """A line of text that is as wide as there is room, told in full by its tooltip."""

    def __init__(self, text: str = "", name: str = "small") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def shown(self) -> str:
        """What is to be read at this width."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: Any) -> None:
        shown = self.shown()
        self.setToolTip(self.text() if shown != self.text() else "")
        with QPainter(self) as painter:
            painter.setPen(self.palette().windowText().color())
            painter.drawText(QRectF(self.contentsRect()), LINE, shown)


class NameField(QLineEdit):
    """A name that is edited in its place and, while nobody does, cut with an ellipsis."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setObjectName("name")
        self.setMinimumWidth(40)
        self.textChanged.connect(lambda _: self._tell())

    def shown(self) -> str:
        """What is to be read while nobody edits."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, round(self._room().width()))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: Any) -> None:
        if self.hasFocus() or self.shown() == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        with QPainter(self) as painter:
            self._style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter,
                                        self)
            painter.setPen(self.palette().text().color())
            painter.drawText(self._room(), LINE, self.shown())

    def _tell(self) -> None:
        self.setToolTip(self.text() if self.shown() != self.text() else "")

    def _room(self) -> QRectF:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        rect = self._style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        # Qt keeps two pixels clear at either side of the text of a line edit.
        return QRectF(rect).adjusted(2, 0, -2, 0)

    def _style(self) -> QStyle:
        style = self.style()
        assert style is not None
        return style
