"""The plain containers that the window is put together from."""

from __future__ import annotations

import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


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
