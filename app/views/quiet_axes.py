"""Numbers along two sides of a picture, without lines or marks."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from ..numbers import number
from ..theme import Style
from .faces import face
from .plot import tick_spacing

Extent = tuple[float, float, float, float]
LEFT, BOTTOM = 44.0, 22.0
SIZE = 12.0


def ticks(low: float, high: float, length: float, room: float) -> list[float]:
    """Round values from low to high, `room` or more of `length` pixels apart."""
    spacing = tick_spacing(low, high, length, room)
    return [place * spacing for place in range(ceil(low / spacing), floor(high / spacing) + 1)]


def to_pixels(points: NDArray[np.float64], extent: Extent, rect: QRectF) -> NDArray[np.float64]:
    """Points (n, 2) of the plane as pixels (n, 2) of the rectangle that shows `extent`."""
    left, right, bottom, top = extent
    scale = np.array([rect.width() / (right - left), -rect.height() / (top - bottom)])
    return (points - np.array([left, top])) * scale + np.array([rect.left(), rect.top()])


def to_pixel(point: tuple[float, float], extent: Extent, rect: QRectF) -> tuple[float, float]:
    """The same of one point, in a tenth of the time that an array of one takes."""
    left, right, bottom, top = extent
    return ((point[0] - left) * (rect.width() / (right - left)) + rect.left(),
            (point[1] - top) * (-rect.height() / (top - bottom)) + rect.top())


def to_point(pixel: QPointF, extent: Extent, rect: QRectF) -> tuple[float, float]:
    """The point of the plane at a pixel."""
    left, right, bottom, top = extent
    return (left + (pixel.x() - rect.left()) / rect.width() * (right - left),
            top - (pixel.y() - rect.top()) / rect.height() * (top - bottom))


def paint_bottom(painter: QPainter, rect: QRectF, extent: Extent, style: Style, name: str = ""
                 ) -> None:
    """Numbers below the rectangle, and the axis's name at the right end."""
    painter.setFont(face(style, SIZE, tabular=True)[0])
    painter.setPen(QColor(style.theme.quiet))
    for x, text in _below(rect.width(), extent[0], extent[1], style, name):
        painter.drawText(QPointF(rect.left() + x, rect.bottom() + _drop(style)), text)


def paint_left(painter: QPainter, rect: QRectF, extent: Extent, style: Style, name: str = ""
               ) -> None:
    """Numbers left of the rectangle, and the axis's name at the upper end, if it is short."""
    painter.setFont(face(style, SIZE, tabular=True)[0])
    painter.setPen(QColor(style.theme.quiet))
    for x, y, text in _beside(rect.height(), extent[2], extent[3], style, name):
        painter.drawText(QPointF(rect.left() - x, rect.top() + y), text)


# Texts are measured once and not at every frame.
@lru_cache(maxsize=64)
def _below(width: float, low: float, high: float, style: Style, name: str
           ) -> tuple[tuple[float, str], ...]:
    """The left end of each text, from the rectangle's."""
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    end, found = width, []
    wide = metrics.horizontalAdvance(name)
    if name and wide < 0.5 * width:
        found.append((width - wide, name))
        end -= wide + style.px(10)
    room = 5.5 * metrics.averageCharWidth() + style.px(14)
    for value in ticks(low, high, width, room):
        text = number(value, 4)
        half = metrics.horizontalAdvance(text) / 2
        x = (value - low) / (high - low) * width
        if x - half >= 0 and x + half <= end:
            found.append((x - half, text))
    return tuple(found)


@lru_cache(maxsize=64)
def _beside(height: float, low: float, high: float, style: Style, name: str
            ) -> tuple[tuple[float, float, str], ...]:
    """How far left of the rectangle each text begins, and its baseline below the top."""
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    room, top, gap = style.px(LEFT) - style.px(7), 0.0, style.px(7)
    found = []
    if name and metrics.horizontalAdvance(name) <= room:
        found.append((gap + metrics.horizontalAdvance(name), metrics.ascent(), name))
        top = 1.3 * metrics.height()
    half = metrics.ascent() / 2
    for value in ticks(low, high, height, 2.6 * metrics.height()):
        text = number(value, 3)
        wide = metrics.horizontalAdvance(text)
        y = height - (value - low) / (high - low) * height
        if top <= y - half and y + half <= height and wide <= room:
            found.append((gap + wide, y + (metrics.ascent() - metrics.descent()) / 2, text))
    return tuple(found)


@lru_cache(maxsize=8)
def _drop(style: Style) -> float:
    return style.px(5) + QFontMetricsF(style.font(SIZE, tabular=True)).ascent()
