"""A view with axes: pyqtgraph keeps the range, the ticks and the mouse, we paint the data.

The data is painted by one item that lies over the plot's box and speaks pixels, so that long lines
can be kept in layers and a frame costs no more than what has changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem

from ..numbers import number
from ..theme import Style
from .view import View

Array = NDArray[np.float64]


class Canvas(pg.GraphicsObject):
    """The pixels inside a plot's axes, (0, 0) being the top left one; its view paints them."""

    def __init__(self, view: PlotView) -> None:
        super().__init__()
        self._view = view
        self._size = QRectF(0, 0, 1, 1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)
        self.setZValue(1)

    def resize(self, rect: QRectF) -> None:
        """Lie over `rect` of the parent."""
        self.prepareGeometryChange()
        self.setPos(rect.topLeft())
        self._size = QRectF(0, 0, rect.width(), rect.height())

    def boundingRect(self) -> QRectF:
        return self._size

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._view.style is not None and self._view.snapshot is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._view.paint_data(painter, self._size.width(), self._size.height())

    def mouseDragEvent(self, event: Any) -> None:
        self._view.dragged(event)

    def mouseClickEvent(self, event: Any) -> None:
        self._view.clicked(event)

    def hoverEvent(self, event: Any) -> None:
        self._view.hovered(event)


def tick_spacing(low: float, high: float, size: float, room: float) -> float:
    """A round distance (1, 2 or 5 times a power of ten) of at least `room` of `size` pixels."""
    least = (high - low) * room / max(size, 1.0)
    decade = 10.0 ** np.floor(np.log10(least))
    return float(next(n * decade for n in (1, 2, 5, 10) if n * decade >= least * 0.999))


class NumberAxis(pg.AxisItem):
    """An axis with few ticks, written like every other number in the window, without marks."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        metrics = QFontMetricsF(self.style["tickFont"])
        upright = self.orientation in ("left", "right")
        room = 3.2 * metrics.height() if upright else 5.5 * metrics.averageCharWidth() + 12
        spacing = tick_spacing(low, high, size, room)
        places = range(int(np.ceil(low / spacing)), int(np.floor(high / spacing)) + 1)
        return [(spacing, [place * spacing for place in places])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        # Rounding to the spacing: a tick at 1e-17 is a 0.
        return [number(round(value / spacing) * spacing, 4) for value in values]

    def drawPicture(self, painter: Any, axis: Any, ticks: Any, texts: Any) -> None:
        super().drawPicture(painter, axis, [], texts)


class PlotView(View):
    """A view whose picture lies between two axes."""

    left_axis_width = 46.0
    bottom_axis_height = 26.0

    def __init__(self) -> None:
        super().__init__()
        self.plot = pg.PlotItem(enableMenu=False, axisItems=self.make_axes())
        self.plot.setParentItem(self)
        self.plot.hideButtons()
        self.plot.layout.setContentsMargins(0, 0, 0, 0)
        self.box: pg.ViewBox = self.plot.getViewBox()
        self.box.setDefaultPadding(0)
        self.box.setBorder(None)
        self.canvas = Canvas(self)
        self.canvas.setParentItem(self)
        self.box.sigRangeChanged.connect(self._ranged)
        self.box.sigResized.connect(self._placed)

    def make_axes(self) -> dict[str, pg.AxisItem]:
        """The axes of the plot, by side."""
        return {"left": NumberAxis("left"), "bottom": NumberAxis("bottom")}

    def axis(self, side: str) -> pg.AxisItem:
        """The axis at `side`."""
        return self.plot.getAxis(side)

    def resizeEvent(self, event: Any) -> None:
        self.plot.setGeometry(self.rect())
        self.plot.layout.activate()
        self._placed()

    def restyled(self, style: Style) -> None:
        for side in ("left", "bottom"):
            axis = self.axis(side)
            axis.setStyle(tickFont=style.font(12, tabular=True), tickLength=0,
                          autoExpandTextSpace=False, tickTextOffset=round(style.px(6)),
                          hideOverlappingLabels=True)
            axis.setTextPen(QColor(style.theme.quiet))
            axis.setPen(QPen(Qt.PenStyle.NoPen))
        self.axis("left").setWidth(style.px(self.left_axis_width))
        self.axis("bottom").setHeight(style.px(self.bottom_axis_height))
        self.plot.layout.activate()
        self._placed()

    @property
    def canvas_size(self) -> tuple[float, float]:
        """Width and height of the data's pixels."""
        size = self.canvas.boundingRect()
        return size.width(), size.height()

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the axes show, ((x low, x high), (y low, y high))."""
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (x0, x1), (y0, y1)

    def to_pixels(self, points: Array) -> Array:
        """Data (n, 2) to pixels (n, 2) of the canvas."""
        (x0, x1), (y0, y1) = self.ranges()
        width, height = self.canvas_size
        scale = np.array([width / (x1 - x0), -height / (y1 - y0)])
        return (points - np.array([x0, y1])) * scale

    def to_data(self, pixel: QPointF) -> tuple[float, float]:
        """A pixel of the canvas to data."""
        (x0, x1), (y0, y1) = self.ranges()
        width, height = self.canvas_size
        return (x0 + pixel.x() / width * (x1 - x0), y1 - pixel.y() / height * (y1 - y0))

    def paint_data(self, painter: QPainter, width: float, height: float) -> None:
        """Paint the canvas; called for every frame."""

    def dragged(self, event: Any) -> None:
        """A drag over the canvas; whoever does not want it ignores it, and the plot pans."""
        event.ignore()

    def clicked(self, event: Any) -> None:
        """A click on the canvas."""
        event.ignore()

    def hovered(self, event: Any) -> None:
        """The mouse over the canvas, or leaving it."""

    def _ranged(self, *_: Any) -> None:
        self.canvas.update()

    def _placed(self, *_: Any) -> None:
        rect = self.mapRectFromItem(self.box, self.box.rect())
        if rect.width() > 1 and rect.height() > 1:
            self.canvas.resize(rect)
            self.canvas.update()


def round_corners(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    """Cover a picture's corners: cheaper than clipping everything that is painted on it."""
    for x, y, dx, dy in ((rect.left(), rect.top(), 1, 1), (rect.right(), rect.top(), -1, 1),
                         (rect.right(), rect.bottom(), -1, -1),
                         (rect.left(), rect.bottom(), 1, -1)):
        corner = QPainterPath(QPointF(x, y))
        corner.lineTo(x + dx * radius, y)
        corner.quadTo(x + dx * 0.12 * radius, y + dy * 0.12 * radius, x, y + dy * radius)
        corner.closeSubpath()
        painter.fillPath(corner, color)
