"""The lab's page: where the window's parts stand while one explores, and how wide they are."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QSplitter, QVBoxLayout, QWidget


class LabPage(QWidget):
    """A bar above, three columns that the viewer widens, and the transport below.

    The outer columns keep their width and can be closed; the middle one takes what is left.
    """

    def __init__(self, top: QWidget, left: QWidget, middle: tuple[QWidget, ...], right: QWidget,
                 bottom: QWidget) -> None:
        super().__init__()
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setHandleWidth(1)
        for place, widget in enumerate((left, _column(*middle), right)):
            self.columns.addWidget(widget)
            self.columns.setStretchFactor(place, int(place == 1))
            self.columns.setCollapsible(place, place != 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.columns, 1)
        layout.addWidget(bottom)


def _column(first: QWidget, *others: QWidget) -> QWidget:
    """Widgets under each other on the ground; the first has all the room that is left."""
    ground = QWidget()
    ground.setObjectName("ground")
    ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(ground)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    column.addWidget(first, 1)
    for widget in others:
        column.addWidget(widget)
    return ground
