"""The arrows of a step in numbers: for each its stroke, its name and its two coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.snapshot import StepAnatomy

from ..numbers import number
from ..theme import Style
from .arrows import DASHES, arrows_of

NAMES = {"gradient": "−η · gradient", "direction": "−η · direction", "carried": "carried over",
         "decay": "decay", "step": "step"}
LINE, STROKE = 24.0, 20.0
# Pixels and weight of the numbers.
FIGURES = (13.5, 500)


@dataclass(frozen=True)
class Entry:
    """One line of the table; `kind` is that of its arrow, or "scale"."""

    kind: str
    name: str
    ink: QColor
    values: NDArray[np.float64]


def entries_of(taken: StepAnatomy, style: Style, color: QColor) -> list[Entry]:
    """The arrows at the ball in their order, and the scale before the step that it makes."""
    entries = [Entry(arrow.kind, NAMES[arrow.kind], arrow.color, arrow.change)
               for arrow in arrows_of(taken, style.theme, color)]
    scale = np.broadcast_to(taken.anatomy.scale, 2)
    if np.any(scale != 1):
        entries.insert(2, Entry("scale", "divided by", QColor(style.theme.quiet), scale))
    return entries


def height(entries: Sequence[Entry], style: Style, *, tall: bool) -> float:
    """What the table needs."""
    return style.px(LINE * (len(entries) + 1 if tall else 3))


def paint(painter: QPainter, entries: Sequence[Entry], style: Style, rect: QRectF, *, tall: bool
          ) -> None:
    """Paint the table: entries as lines if `tall`, and as columns otherwise."""
    painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
    painter.drawLine(rect.topLeft(), rect.topRight())
    (_paint_lines if tall else _paint_columns)(painter, entries, style, rect)


def _paint_columns(painter: QPainter, entries: Sequence[Entry], style: Style, rect: QRectF) -> None:
    label, line = style.px(20), rect.height() / 3
    width = (rect.width() - label) / len(entries)
    for row, axis in enumerate("xy", start=1):
        write(painter, style, axis, rect.left(), rect.top() + (row + 0.5) * line, quiet=True)
    for place, entry in enumerate(entries):
        left = rect.left() + label + place * width
        middle = rect.top() + line / 2
        draw_sign(painter, style, entry, QPointF(left, middle))
        write(painter, style, entry.name, left + style.px(STROKE + 6), middle, quiet=True,
               room=width - style.px(STROKE + 10))
        for row, value in enumerate(entry.values, start=1):
            write(painter, style, number(float(value)), left, rect.top() + (row + 0.5) * line)


def _paint_lines(painter: QPainter, entries: Sequence[Entry], style: Style, rect: QRectF) -> None:
    line = rect.height() / (len(entries) + 1)
    column = column_width(style, rect, [number(float(value)) for entry in entries
                                        for value in entry.values])
    for place, axis in enumerate("xy"):
        right = rect.right() - (1 - place) * column
        write(painter, style, axis, right, rect.top() + line / 2, quiet=True, flush_right=True)
    for row, entry in enumerate(entries, start=1):
        middle = rect.top() + (row + 0.5) * line
        draw_sign(painter, style, entry, QPointF(rect.left(), middle))
        write(painter, style, entry.name, rect.left() + style.px(STROKE + 8), middle, quiet=True,
               room=rect.width() - 2 * column - style.px(STROKE + 8))
        for place, value in enumerate(entry.values):
            write(painter, style, number(float(value)), rect.right() - (1 - place) * column,
                   middle, flush_right=True)


def column_width(style: Style, rect: QRectF, texts: Sequence[str]) -> float:
    """How wide a column of numbers is that holds these."""
    figures = QFontMetricsF(style.font(*FIGURES, tabular=True))
    widest = max(map(figures.horizontalAdvance, texts), default=0.0)
    return max(0.27 * rect.width(), widest + style.px(8))


def write(painter: QPainter, style: Style, text: str, x: float, middle: float, *,
          quiet: bool = False, flush_right: bool = False, room: float | None = None) -> None:
    """Write a word or a number at a height; words are cut where they have no more `room`."""
    font = style.font(12.5) if quiet else style.font(*FIGURES, tabular=True)
    metrics = QFontMetricsF(font)
    if room is not None:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    if flush_right:
        x -= metrics.horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet if quiet else style.theme.text))
    painter.drawText(QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2), text)


def draw_sign(painter: QPainter, style: Style, entry: Entry, at: QPointF) -> None:
    """The stroke by which an arrow is found again on the surface."""
    u = style.unit
    if entry.kind == "scale":
        painter.setPen(QPen(entry.ink, 1.6 * u))
        painter.drawLine(QLineF(at.x(), at.y(), at.x() + STROKE * u, at.y()))
        middle = at.x() + STROKE * u / 2
        painter.drawLine(QLineF(middle, at.y() - 5 * u, middle, at.y() + 5 * u))
        return
    pen = QPen(entry.ink, (3 if entry.kind in ("step", "decay") else 2) * u)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[entry.kind]:
        pen.setDashPattern(DASHES[entry.kind])
    painter.setPen(pen)
    painter.drawLine(QLineF(at.x(), at.y(), at.x() + STROKE * u, at.y()))
