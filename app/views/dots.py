"""Many dots at once: the rows of a dataset, in the colours of their classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from .trails import device_ratio, is_raster

Array = NDArray[np.float64]


class Dots:
    """Paints dots from pictures of one dot: copying one takes a microsecond, a path five."""

    def __init__(self) -> None:
        self._key: object = None
        self._pictures: list[QImage] = []

    def paint(self, painter: QPainter, points: Array, numbers: NDArray[np.int64],
              colors: Sequence[QColor], radius: float, ring: QColor) -> None:
        """Dots at `points` (n, 2), each in the colour of its number, on a thin ring."""
        if not is_raster(painter):
            painter.setPen(Qt.PenStyle.NoPen)
            for (x, y), number in zip(points.tolist(), numbers.tolist(), strict=True):
                for size, color in ((1.3 * radius, ring), (radius, colors[number])):
                    painter.setBrush(color)
                    painter.drawEllipse(QPointF(x, y), size, size)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            return
        ratio = device_ratio(painter)
        key = (tuple(color.rgba() for color in colors), radius, ring.rgba(), ratio)
        if key != self._key:
            self._key = key
            self._pictures = [_picture(color, radius, ring, ratio) for color in colors]
        half = self._pictures[0].deviceIndependentSize().width() / 2
        # Whole device pixels, so that every dot looks the same.
        corners = np.round((points - half) * ratio) / ratio
        for (x, y), number in zip(corners.tolist(), numbers.tolist(), strict=True):
            painter.drawImage(QPointF(x, y), self._pictures[number])


def _picture(color: QColor, radius: float, ring: QColor, ratio: float) -> QImage:
    side = 2 * int(np.ceil(1.3 * radius * ratio + 0.5))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    middle = QPointF(side / 2 / ratio, side / 2 / ratio)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for size, fill in ((1.3 * radius, ring), (radius, color)):
            painter.setBrush(fill)
            painter.drawEllipse(QRectF(middle.x() - size, middle.y() - size, 2 * size, 2 * size))
    return image
