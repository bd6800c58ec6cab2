"""A box to choose one of several definitions, with its name beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)


class Described(Protocol):
    """What stands in a box: something registered."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def doc(self) -> str: ...


class ChoiceBox(QComboBox):
    """A box that wheels pass over, and that cuts its text with an ellipsis where it must."""

    def __init__(self, what: str, owner: str) -> None:
        super().__init__()
        self.setAccessibleName(f"{owner} {what}")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        # The height of a line, however long the longest entry is.
        return QSize(3 * self.sizeHint().height(), self.sizeHint().height())

    def add(self, definitions: Iterable[Described]) -> None:
        """Add an entry for each definition, told by its doc."""
        for definition in definitions:
            self.addItem(definition.title, definition.name)
            self.setItemData(self.count() - 1, definition.doc, Qt.ItemDataRole.ToolTipRole)

    def show_data(self, data: Any) -> None:
        """Show the entry of `data` without announcing it."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(self.findData(data))
        self.blockSignals(blocked)

    def wheelEvent(self, event: Any) -> None:
        # A panel that is scrolled must not change what the pointer happens to pass over.
        event.ignore()

    def paintEvent(self, event: Any) -> None:
        style, option = self.style(), QStyleOptionComboBox()
        assert style is not None
        self.initStyleOption(option)
        room: QRect = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option,
            QStyle.SubControl.SC_ComboBoxEditField, self)
        # By rounding, the room is up to a pixel less than what the longest entry asked for.
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def labelled(text: str, box: QComboBox) -> QHBoxLayout:
    """A line of a panel: the name at the left, the box at the right."""
    label = QLabel(text)
    label.setObjectName("small")
    label.setBuddy(box)
    row = QHBoxLayout()
    row.addWidget(label)
    row.addStretch()
    row.addWidget(box)
    return row
