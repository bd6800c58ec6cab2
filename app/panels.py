"""The plain containers that the window is put together from."""

from __future__ import annotations

import pyqtgraph as pg
from PyQt6.QtCore import QPoint, Qt, QTimer
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

# What is brought into sight has as much around it.
EDGE = 18


def graphics(item: pg.GraphicsWidget) -> pg.GraphicsView:
    """A viewport that is filled by one item of a scene."""
    view = pg.GraphicsView()
    view.setCentralItem(item)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setFrameShape(view.Shape.NoFrame)
    return view


def panel(widget: QWidget, side: str) -> QWidget:
    """A panel at the `left` or `right` of the window."""
    panel = QWidget()
    panel.setObjectName("panel")
    panel.setProperty("side", side)
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    return panel


def scrolled(*widgets: QWidget) -> QScrollArea:
    """Widgets under each other, which scroll where they are higher than the window."""
    inner = QWidget()
    inner.setObjectName("inner")
    column = QVBoxLayout(inner)
    column.setContentsMargins(18, 18, 18, 18)
    column.setSpacing(22)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def bring_into_sight(area: QScrollArea, widget: QWidget) -> None:
    """Scroll to a widget once it has its place, its upper end first if it is higher than there is
    room for."""
    def bring() -> None:
        inner, bar = area.widget(), area.verticalScrollBar()
        port = area.viewport()
        if inner is None or bar is None or port is None or not inner.isAncestorOf(widget):
            return
        top = widget.mapTo(inner, QPoint(0, 0)).y()
        lowest = top + widget.height() + EDGE - port.height()
        if bar.value() < lowest:
            bar.setValue(lowest)
        if bar.value() > top - EDGE:
            bar.setValue(top - EDGE)

    # A new card is given its height, and the panel its own, in the turns before that.
    later = QTimer(widget)
    later.setSingleShot(True)
    later.timeout.connect(bring)
    later.timeout.connect(later.deleteLater)
    later.start(0)
