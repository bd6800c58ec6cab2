"""Axes for views of several small plots: where values lie in a rectangle, and a few quiet ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from ..theme import Style
from .faces import face

Array = NDArray[np.float64]
CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
TICK = 12


@dataclass(frozen=True)
class SmallAxes:
    """A rectangle of pixels that shows x from left to right and y from bottom to top."""

    rect: QRectF
    x: tuple[float, float]
    y: tuple[float, float]

    def pixels(self, x: NDArray[Any], y: NDArray[Any]) -> Array:
        """Where values (n,) lie, (n, 2)."""
        across = (np.asarray(x) - self.x[0]) / (self.x[1] - self.x[0])
        up = (np.asarray(y) - self.y[0]) / (self.y[1] - self.y[0])
        return np.stack([self.rect.left() + self.rect.width() * across,
                         self.rect.bottom() - self.rect.height() * up], axis=1)

    def pixel(self, x: float, y: float) -> QPointF:
        """Where one point lies."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return QPointF(self.rect.left() + self.rect.width() * across,
                       self.rect.bottom() - self.rect.height() * up)

    def x_of(self, left: float) -> float:
        """The value of x at a pixel."""
        share = (left - self.rect.left()) / self.rect.width()
        return self.x[0] + share * (self.x[1] - self.x[0])


def paint_left(painter: QPainter, style: Style, axes: SmallAxes, values: Sequence[float],
               texts: Sequence[str]) -> None:
    """Hairlines across at `values` of y, each with its text at the left of the rectangle.

    Texts that would touch the one before, counted from the first, are left out.
    """
    font, metrics = face(style, TICK, tabular=True)
    painter.setFont(font)
    hairline, quiet = QPen(QColor(style.theme.hairline), style.px(1)), QColor(style.theme.quiet)
    taken: list[float] = []
    for value, text in zip(values, texts, strict=True):
        at = axes.pixel(axes.x[0], value)
        painter.setPen(hairline)
        painter.drawLine(at, QPointF(axes.rect.right(), at.y()))
        if any(abs(at.y() - other) < metrics.height() for other in taken):
            continue
        taken.append(at.y())
        painter.setPen(quiet)
        baseline = at.y() + (metrics.ascent() - metrics.descent()) / 2
        left = at.x() - style.px(6) - metrics.horizontalAdvance(text)
        painter.drawText(QPointF(left, baseline), text)


def paint_bottom(painter: QPainter, style: Style, axes: SmallAxes, values: Sequence[float],
                 texts: Sequence[str], bounds: QRectF) -> None:
    """Texts under the rectangle at `values` of x; those that would touch the one before are not.

    None of them reaches out of `bounds`.
    """
    font, metrics = face(style, TICK, tabular=True)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    end = -np.inf
    baseline = axes.rect.bottom() + style.px(4) + metrics.ascent()
    for value, text in zip(values, texts, strict=True):
        width = metrics.horizontalAdvance(text)
        left = axes.pixel(value, axes.y[0]).x() - width / 2
        left = min(max(left, bounds.left()), bounds.right() - width)
        if left >= end:
            painter.drawText(QPointF(left, baseline), text)
            end = left + width + style.px(8)


def tick_height(style: Style) -> float:
    """How much room ticks take under a rectangle."""
    return style.px(4) + face(style, TICK, tabular=True)[1].height()


def paint_words(painter: QPainter, style: Style, rect: QRectF, text: str) -> None:
    """A quiet sentence in the middle of a rectangle: why there is nothing to see."""
    painter.setFont(style.font(14))
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(rect, CENTRED, text)
