"""One unit of a batch norm over the run: what each batch had, and the running statistics."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.batch_histograms import rounded_up
from engine.network.batch_series import BatchTable

from ..numbers import number
from ..theme import Style
from .batch_norm_panels import HEAD, Array, Ink, Middle, paint_dots, paint_title, std_of, tick_room
from .dots import Dots
from .faces import face
from .small_axes import SmallAxes, paint_bottom, paint_left, tick_height
from .trails import draw_polyline

SIGN = 17.0
"""Room for a piece of line, or a dot, before its name."""


def paint_course(painter: QPainter, style: Style, rect: QRectF, table: BatchTable | None,
                 unit: int, now: int, last: int, ink: Ink, dots: Dots) -> None:
    """One unit's mean and std over the run: of each batch as dots, running as a line."""
    long = f"of unit {unit + 1} over time"
    paint_title(painter, style, rect, (f"Mean {long}", f"Mean of unit {unit + 1}", "Mean"))
    if table is None or len(table.steps) < 2:
        painter.setFont(face(style, 13)[0])
        painter.setPen(QColor(style.theme.quiet))
        text = "Only this step is known" if table is None else "Begins with the next steps"
        painter.drawText(rect, int(Middle) | int(Qt.TextFlag.TextWordWrap), text)
        return
    names, metrics = face(style, 12, 500)
    gutter = metrics.horizontalAdvance("running") + style.px(SIGN + 10)
    pairs = ((table.mean[:, unit], table.running_mean[:, unit]),
             (std_of(table.var[:, unit]), std_of(table.running_var[:, unit])))
    ranges = [_course_range(np.concatenate(pair)) for pair in pairs]
    left, top = rect.left() + tick_room(style, np.ravel(ranges), 38), rect.top() + style.px(HEAD)
    right = rect.right() - (gutter if rect.width() > style.px(170) else style.px(6))
    gap, foot = style.px(HEAD + 8), tick_height(style)
    height = max((rect.bottom() - top - foot - gap) / 2, 8.0)
    for row, ((batch, running), (low, high)) in enumerate(zip(pairs, ranges, strict=True)):
        axes = SmallAxes(QRectF(left, top + row * (height + gap), max(right - left, 8.0), height),
                         (0.0, float(max(last, 1))), (low, high))
        ticks = sorted({low, 0.0, high}, key=lambda value: (value != high, value != low))
        paint_left(painter, style, axes, ticks, [number(tick) for tick in ticks])
        seen = axes.pixels(table.steps, np.nan_to_num(batch))
        line = axes.pixels(table.steps, np.nan_to_num(running))
        paint_dots(painter, dots, seen, style.px(2.2), ink.pale, style.theme.card)
        draw_polyline(painter, line, ink.full, style.px(2))
        painter.setFont(names)
        at = axes.pixel(now, low).x()
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
        painter.drawLine(QPointF(at, axes.rect.top()), QPointF(at, axes.rect.bottom()))
        if right < rect.right() - style.px(20):
            _paint_names(painter, style, axes, ink)
        if row == 1:
            above = axes.rect.top() - style.px(HEAD)
            head = QRectF(rect.left(), above, rect.width(), style.px(HEAD))
            paint_title(painter, style, head, (f"Std {long}", f"Std of unit {unit + 1}", "Std"))
            paint_bottom(painter, style, axes, [0, last], ["step 0", f"{last:,}"], rect)


def _course_range(values: Array) -> tuple[float, float]:
    """From 0 to a round number, to one side or to both."""
    values = values[np.isfinite(values)]
    reach = rounded_up(float(np.abs(values).max(initial=0.0)))
    low = 0.0 if values.min(initial=0.0) >= 0 else -reach
    return low, 0.0 if low < 0 and values.max(initial=0.0) <= 0 else reach


def _paint_names(painter: QPainter, style: Style, axes: SmallAxes, ink: Ink) -> None:
    """What is what, right of the plot: always in one place, wherever both end at a step."""
    _, metrics = face(style, 12, 500)
    left, down = axes.rect.right() + style.px(8), (metrics.ascent() - metrics.descent()) / 2
    for text, place, color in (("running", -0.6, ink.full), ("batch", 0.6, ink.text)):
        y = axes.rect.center().y() + place * metrics.height()
        if text == "running":
            painter.setPen(QPen(ink.full, style.px(2)))
            painter.drawLine(QPointF(left, y), QPointF(left + style.px(SIGN - 5), y))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.pale)
            middle = QPointF(left + style.px((SIGN - 5) / 2), y)
            painter.drawEllipse(middle, style.px(2.6), style.px(2.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.ink(color))
        painter.drawText(QPointF(left + style.px(SIGN), y + down), text)
