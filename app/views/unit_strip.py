"""On what share of the rows each unit is on, as bars; dead units as crosses on a pale ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.resting import Activity

from ..theme import Style, mixed
from .faces import face
from .line_batch import draw_lines

Array = NDArray[np.float64]

# A bar needs so much to have a gap beside it, and a dead unit to have a cross.
GAPPED, CROSSED = 4.0, 7.0
WIDEST = 26.0


def in_order(activity: Activity, by_share: bool) -> NDArray[np.int64]:
    """The units from left to right: as they are numbered, or the most active first."""
    if by_share:
        return np.argsort(-activity.on, kind="stable")
    return np.arange(len(activity.on))


def cell_width(rect: QRectF, units: int, style: Style) -> float:
    """How wide a unit's cell is."""
    return min(rect.width() / max(units, 1), style.px(WIDEST))


def unit_at(rect: QRectF, order: NDArray[np.int64], style: Style, at: QPointF) -> int | None:
    """The unit under a pixel of a strip."""
    if not rect.contains(at):
        return None
    place = int((at.x() - rect.left()) / cell_width(rect, len(order), style))
    return int(order[place]) if place < len(order) else None


def paint_strip(painter: QPainter, style: Style, rect: QRectF, activity: Activity,
                order: NDArray[np.int64], focus: int | None, color: QColor) -> None:
    """A bar a unit, as high as the share of rows on which it is on."""
    wide = cell_width(rect, len(order), style)
    gap = 1.0 if wide >= GAPPED else 0.0
    edges = np.round(rect.left() + np.arange(len(order) + 1) * wide)
    dead, share = activity.dead[order], activity.share[order]
    warning = QColor(style.theme.warning)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    whole = QRectF(edges[0], rect.top(), edges[-1] - edges[0], rect.height())
    painter.fillRect(whole, QColor(style.theme.raised))
    # What is on at all shows.
    tops = np.round(rect.bottom() - np.maximum(share * rect.height(), 1.0))
    painter.setBrush(color)
    _rects(painter, edges, tops, rect.bottom(), gap, ~dead)
    painter.setBrush(mixed(style.theme.card, warning.name(), 0.28))
    _rects(painter, edges, np.full(len(order), rect.top()), rect.bottom(), gap, dead)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if wide >= style.px(CROSSED) and dead.any():
        arm = min(style.px(3.2), 0.3 * wide)
        middles = np.stack([(edges[:-1] + edges[1:] - gap)[dead] / 2,
                            np.full(dead.sum(), rect.center().y())], axis=1)
        tips = np.array([[arm, arm], [arm, -arm]])
        ends = np.concatenate([np.stack([middles - tip, middles + tip], axis=1) for tip in tips])
        painter.setPen(QPen(warning, style.px(1.5)))
        draw_lines(painter, ends)
    if focus is not None:
        k = int(np.flatnonzero(order == focus)[0])
        painter.setPen(QPen(QColor(style.theme.text), style.px(1.5)))
        painter.drawRect(QRectF(edges[k], rect.top(), max(edges[k + 1] - gap - edges[k], 2.0),
                                rect.height()).adjusted(-1, -1, 1, 1))


def _rects(painter: QPainter, edges: Array, tops: Array, bottom: float, gap: float,
           wanted: NDArray[np.bool_]) -> None:
    painter.drawRects([  # type: ignore[call-overload]
        QRectF(left, top, max(right - gap - left, 0.6), bottom - top) for left, right, top in zip(
            edges[:-1][wanted].tolist(), edges[1:][wanted].tolist(), tops[wanted].tolist(),
            strict=True)])


def paint_scale(painter: QPainter, style: Style, rect: QRectF, words: str) -> None:
    """What the bars' heights are, left of them, and what they are, below."""
    font, metrics = face(style, 12, tabular=True)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for text, y in (("100 %", rect.top() + metrics.ascent()), ("0", rect.bottom())):
        painter.drawText(QPointF(rect.left() - style.px(6) - metrics.horizontalAdvance(text), y),
                         text)
    if words and metrics.horizontalAdvance(words) <= rect.width():
        painter.drawText(QPointF(rect.left(), rect.bottom() + style.px(4) + metrics.ascent()),
                         words)
