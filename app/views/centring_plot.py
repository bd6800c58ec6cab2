"""How far off centre every layer's inputs are, a curve a contestant: preprocessing sees to the
first of them only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log10

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.centring import Centring

from ..numbers import number
from ..theme import Style
from .faces import face, width_of
from .heads import short
from .labels import stack
from .markers import draw_marker
from .small_axes import Array, SmallAxes, paint_bottom, paint_left, tick_height
from .trails import draw_polyline
from .view import Appearance

HEAD = 22.0
TITLES = ("|Mean| / std, layer by layer", "|Mean| / std by layer", "|Mean| / std")
# What is less off centre lies on the bottom: a sample of centred rows is no nearer to 0 than this.
LEAST = 0.01


@dataclass(frozen=True, eq=False)
class OffsetCurve:
    """A contestant's offsets (B,): its inputs first, then what each hidden layer hands on."""

    appearance: Appearance
    found: Centring


def offset_axes(rect: QRectF, style: Style, curves: Sequence[OffsetCurve], raw: float
                ) -> SmallAxes:
    """The plot's rectangle in `rect`, x from the inputs (0) to the last hidden layer."""
    depth = max(len(curve.found.offset) for curve in curves)
    every = np.concatenate([curve.found.offset for curve in curves])
    every = np.append(every, raw)
    highest = float(every[np.isfinite(every)].max(initial=1.0))
    low, high = log10(LEAST), float(ceil(log10(1.05 * highest)))
    left = width_of(style, f"< {number(LEAST)}", 12, tabular=True) + style.px(8)
    names = max((width_of(style, short(curve.appearance.name), 13, 600) for curve in curves),
                default=0.0)
    right = min(names + style.px(14), 0.36 * rect.width())
    if rect.width() < style.px(170):
        right = style.px(8)
    body = QRectF(rect.left() + left, rect.top() + style.px(HEAD + 4),
                  max(rect.width() - left - right, 8.0),
                  max(rect.height() - style.px(HEAD + 4) - tick_height(style), 8.0))
    edge = 0.25 if depth > 1 else 0.5
    return SmallAxes(body, (-edge, depth - 1 + edge), (low, high))


def offset_points(axes: SmallAxes, curve: OffsetCurve) -> Array:
    """Pixels (B, 2); what is below the range lies on its bottom, NaN where nothing is known."""
    offsets = curve.found.offset
    with np.errstate(divide="ignore"):
        heights = np.clip(np.log10(np.maximum(offsets, LEAST)), *axes.y)
    return axes.pixels(np.arange(len(offsets)), heights)


def paint_offsets(painter: QPainter, style: Style, rect: QRectF, curves: Sequence[OffsetCurve],
                  raw: float, near: tuple[Appearance, int] | None) -> None:
    """The plot; `raw` is how far off the inputs were before preprocessing, as a ring."""
    font, metrics = face(style, 13, 600)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    for text in TITLES:
        if metrics.horizontalAdvance(text) <= rect.width():
            painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent()), text)
            break
    axes = offset_axes(rect, style, curves, raw)
    low, high = (round(end) for end in axes.y)
    decades = [low, high, *range(low + 1, high)]
    room = axes.rect.height() / (high - low) >= style.px(18)
    ticks = decades if room else decades[:2]
    paint_left(painter, style, axes, ticks, [
        f"{'< ' if tick == low else ''}{number(10.0**tick)}" for tick in ticks])
    _paint_layers(painter, style, axes, max(len(curve.found.offset) for curve in curves), rect)
    for curve in curves:
        _paint_curve(painter, style, axes, curve, near)
    first = curves[0].found.offset[0]
    if isfinite(raw) and not np.isclose(raw, first, rtol=0.05, atol=LEAST):
        _paint_raw(painter, style, axes, raw)
    _paint_names(painter, style, axes, curves, rect)


def _paint_layers(painter: QPainter, style: Style, axes: SmallAxes, depth: int, rect: QRectF
                  ) -> None:
    texts = ["inputs", *(str(k) for k in range(1, depth))]
    spacing = axes.rect.width() / (axes.x[1] - axes.x[0])
    if spacing < style.px(44):
        texts[0] = "in"
    elif depth > 1 and spacing > style.px(64):
        texts[1] = "layer 1"
    every = max(1, ceil(style.px(20) / spacing))
    places = [0, *range(1, depth, every)]
    paint_bottom(painter, style, axes, places, [texts[k] for k in places], rect)


def _paint_curve(painter: QPainter, style: Style, axes: SmallAxes, curve: OffsetCurve,
                 near: tuple[Appearance, int] | None) -> None:
    points = offset_points(axes, curve)
    there = points[np.isfinite(points[:, 1])]
    painter.setOpacity(curve.appearance.opacity)
    draw_polyline(painter, there, curve.appearance.color, style.px(2))
    every = max(1, ceil(len(there) * style.px(12) / max(axes.rect.width(), 1.0)))
    for place in {*range(0, len(points), every), len(points) - 1}:
        x, y = points[place].tolist()
        if isfinite(y):
            large = near == (curve.appearance, place)
            draw_marker(painter, curve.appearance.marker, x, y, style.px(6.5 if large else 4.5),
                        curve.appearance.color, QColor(style.theme.card))
    painter.setOpacity(1)


def _paint_raw(painter: QPainter, style: Style, axes: SmallAxes, raw: float) -> None:
    """A ring where the raw inputs were, and an arrow from there to where they are."""
    at = axes.pixel(0.0, float(np.clip(np.log10(max(raw, LEAST)), *axes.y)))
    foot = axes.pixel(0.0, axes.y[0])
    quiet, radius = QColor(style.theme.quiet), style.px(4)
    painter.setPen(QPen(quiet, style.px(1.4), Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(at.x(), at.y() + radius), QPointF(foot.x(), foot.y() - style.px(7)))
    painter.setPen(QPen(quiet, style.px(1.6)))
    painter.setBrush(QColor(style.theme.card))
    painter.drawEllipse(at, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    font, metrics = face(style, 12, tabular=True)
    text = f"raw {number(raw)}"
    wide = metrics.horizontalAdvance(text)
    if at.x() + style.px(9) + wide <= axes.rect.right():
        # Clear of the curves that rise beside it.
        plate = QRectF(at.x() + style.px(7), at.y() - metrics.height() / 2, wide + style.px(4),
                       metrics.height())
        ground = QColor(style.theme.card)
        ground.setAlphaF(0.85)
        painter.fillRect(plate, ground)
        painter.setFont(font)
        painter.drawText(QPointF(at.x() + style.px(9), at.y() + (
            metrics.ascent() - metrics.descent()) / 2), text)


def _paint_names(painter: QPainter, style: Style, axes: SmallAxes, curves: Sequence[OffsetCurve],
                 rect: QRectF) -> None:
    room = rect.right() - axes.rect.right() - style.px(8)
    if room < style.px(24):
        return
    font, metrics = face(style, 13, 600)
    line = 0.95 * metrics.height()
    fit = max(1, int(axes.rect.height() / line))
    named = curves[-fit:]
    ends = []
    for curve in named:
        heights = offset_points(axes, curve)[:, 1]
        known = heights[np.isfinite(heights)]
        ends.append(float(known[-1]) if len(known) else axes.rect.bottom())
    middles = stack(ends, line, axes.rect.top(), axes.rect.bottom() + line / 2)
    painter.setFont(font)
    for curve, middle in zip(named, middles, strict=True):
        painter.setOpacity(curve.appearance.opacity)
        painter.setPen(style.ink(curve.appearance.color))
        text = metrics.elidedText(short(curve.appearance.name), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(axes.rect.right() + style.px(8),
                                 middle + (metrics.ascent() - metrics.descent()) / 2), text)
    painter.setOpacity(1)
