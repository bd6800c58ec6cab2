"""Where curves leave a plot at its top: a mark there, and how high they go above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.landscape.sections import Section

from ..numbers import number
from ..theme import Style
from .faces import face
from .markers import draw_marker
from .plot import Array
from .small_axes import SmallAxes
from .view import Appearance

RADIUS, SIZE, GAP = 4.0, 11, 3.0
STRIP = 16.0
"""The room that it takes above a plot, in design pixels."""


def paint_cuts(painter: QPainter, style: Style, axes: SmallAxes,
               curves: Sequence[tuple[Appearance, Section]]) -> None:
    """A triangle above wherever training rows' curves are cut off, with their height if it fits.
    """
    font, metrics = face(style, SIZE, tabular=True)
    painter.setFont(font)
    body, radius = axes.rect, style.px(RADIUS)
    marks: list[QRectF] = []
    texts: list[QRectF] = []
    told: list[tuple[QRectF, str, Appearance]] = []
    for appearance, section in curves:
        for place, height in _peaks(section.train.at, section.train.loss, axes.y[1]):
            left = min(max(axes.pixel(place, 0).x(), body.left() + radius), body.right() - radius)
            at = QPointF(left, body.top() - style.px(STRIP) / 2)
            mark = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
            if any(mark.intersects(other) for other in marks):
                continue
            marks.append(mark)
            painter.setOpacity(appearance.opacity)
            draw_marker(painter, "triangle", at.x(), at.y(), radius, appearance.color,
                        QColor(style.theme.card))
            told.append((mark, number(height, 2), appearance))
    for mark, text, appearance in told:
        wide = metrics.horizontalAdvance(text)
        for left in (mark.right() + style.px(GAP), mark.left() - style.px(GAP) - wide):
            rect = QRectF(left, mark.center().y() - metrics.height() / 2, wide, metrics.height())
            inside = body.left() <= rect.left() and rect.right() <= body.right()
            if inside and not any(rect.intersects(other) for other in [*marks, *texts]):
                texts.append(rect)
                painter.setOpacity(appearance.opacity)
                painter.setPen(style.ink(appearance.color))
                painter.drawText(QPointF(left, rect.top() + metrics.ascent()), text)
                break
    painter.setOpacity(1)


def _peaks(at: Array, loss: Array, top: float) -> Iterator[tuple[float, float]]:
    """Where each stretch of a curve above `top` is, and how high it gets.

    That is its peak, or, of one that does not come back, where it leaves.
    """
    heights = np.nan_to_num(loss, nan=np.inf)
    above = heights > top
    edges = np.flatnonzero(np.diff(np.concatenate(([False], above, [False]))))
    for first, end in edges.reshape(-1, 2):
        k = first + int(np.argmax(heights[first:end]))
        place = end - 1 if first == 0 else first if end == len(at) else k
        yield float(at[place]), float(loss[k])
