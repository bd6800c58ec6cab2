"""What thinned networks say of a few rows: a dot a mask, their mean, and the scaled network."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from pyqtgraph.functions import arrayToQPolygonF

from engine.network.state import NetworkState
from engine.network.thinned import ThinnedCurves, ThinnedRows

from ..numbers import number
from ..theme import Style, mixed
from .dots import Dots
from .faces import face
from .labels import stack
from .markers import draw_marker
from .plot import tick_spacing
from .small_axes import SmallAxes, paint_bottom, paint_left, tick_height
from .trails import draw_polyline
from .view import Appearance

Array = NDArray[np.float64]
STRIP, HEAD = 44.0, 24.0
# Dots of a strip are spread by the golden ratio: evenly, and always alike.
GOLDEN = 0.6180339887498949


def strips(rect: QRectF, style: Style) -> int:
    """How many rows there is room for."""
    return int(min(max((rect.height() - style.px(HEAD) - tick_height(style)) // style.px(STRIP),
                       1), 8))


def paint_rows(painter: QPainter, style: Style, rect: QRectF, found: ThinnedRows,
               appearance: Appearance, colors: list[QColor], dots: Dots) -> None:
    """A strip for each row, under a line that says what is what."""
    _paint_key(painter, style, rect, appearance, found)
    font, metrics = face(style, 13)
    widest = max(metrics.horizontalAdvance(label) for label in found.labels)
    left = min(widest + style.px(12), 0.3 * rect.width())
    low, high = _range(found)
    body, inset = rect.adjusted(left, style.px(HEAD), 0, -tick_height(style)), style.px(10)
    height = body.height() / len(found.labels)
    for k, label in enumerate(found.labels):
        strip = QRectF(body.left(), body.top() + k * height, body.width(), height - style.px(5))
        axes = SmallAxes(strip.adjusted(inset, 0, -inset, 0), (low, high), (0.0, 1.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(strip, style.px(6), style.px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text))
        painter.drawText(
            QRectF(rect.left(), strip.top(), left - style.px(10), strip.height()),
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(label, Qt.TextElideMode.ElideRight, left - style.px(10)))
        _paint_strip(painter, style, axes, found, k, appearance, colors, dots)
    axes = SmallAxes(body.adjusted(inset, 0, -inset, 0), (low, high), (0.0, 1.0))
    room = 5.5 * face(style, 12)[1].averageCharWidth() + style.px(12)
    spacing = tick_spacing(low, high, body.width(), room)
    ticks = [place * spacing for place in range(ceil(low / spacing - 1e-9),
                                                floor(high / spacing + 1e-9) + 1)]
    paint_bottom(painter, style, axes, ticks, [number(tick, 4) for tick in ticks], rect)


def _paint_strip(painter: QPainter, style: Style, axes: SmallAxes, found: ThinnedRows, k: int,
                 appearance: Appearance, colors: list[QColor], dots: Dots) -> None:
    strip, values = axes.rect, np.clip(np.nan_to_num(found.single[:, k]), *axes.x)
    ranks = (np.arange(len(values)) * GOLDEN) % 1.0
    places = axes.pixels(values, 0.16 + 0.68 * ranks)
    pale = [mixed(style.theme.raised, color.name(), 0.7) for color in colors]
    dots.paint(painter, places, np.full(len(places), k), pale, style.px(2.2),
               QColor(style.theme.raised))
    if np.isfinite(found.target[k]):
        at = axes.pixel(float(np.clip(found.target[k], *axes.x)), 0.5)
        painter.setPen(QPen(QColor(style.theme.text), style.px(1.6)))
        painter.drawEllipse(at, style.px(6), style.px(6))
    mean = axes.pixel(float(np.clip(np.nan_to_num(found.mean[k]), *axes.x)), 0.0).x()
    painter.setPen(QPen(QColor(style.theme.text), style.px(2)))
    painter.drawLine(QPointF(mean, strip.top() + style.px(2)),
                     QPointF(mean, strip.bottom() - style.px(2)))
    scaled = axes.pixel(float(np.clip(np.nan_to_num(found.scaled[k]), *axes.x)), 0.5)
    draw_marker(painter, appearance.marker, scaled.x(), scaled.y(), style.px(5.5),
                appearance.color, QColor(style.theme.raised))


def _paint_key(painter: QPainter, style: Style, rect: QRectF, appearance: Appearance,
               found: ThinnedRows) -> None:
    """Dot: one of so many masks; line: their mean; marker: the scaled network; and the axis."""
    font, metrics = face(style, 13)
    painter.setFont(font)
    middle = rect.top() + metrics.height() / 2
    entries = [(f"one of {len(found.single)} masks", "one mask", "dot"),
               ("their mean", "mean", "line"), ("scaled network", "scaled", "marker")]
    if np.isfinite(found.target).any():
        entries.append(("target", "target", "ring"))
    sign, gap = style.px(16), style.px(16)
    for short in (0, 1):
        texts = [entry[short] for entry in entries]
        wide = sum(sign + metrics.horizontalAdvance(text) + gap for text in texts) - gap
        if wide <= rect.width():
            break
    left = rect.left()
    for text, (_, _, kind) in zip(texts, entries, strict=True):
        if left + sign + metrics.horizontalAdvance(text) > rect.right():
            return
        at = QPointF(left + style.px(6), middle)
        ink = QColor(style.theme.text)
        if kind == "dot":
            painter.setPen(QPen(QColor(style.theme.quiet), style.px(4.4), Qt.PenStyle.SolidLine,
                                Qt.PenCapStyle.RoundCap))
            painter.drawPoint(at)
        elif kind == "line":
            painter.setPen(QPen(ink, style.px(2)))
            painter.drawLine(at - QPointF(0, style.px(7)), at + QPointF(0, style.px(7)))
        elif kind == "ring":
            painter.setPen(QPen(ink, style.px(1.6)))
            painter.drawEllipse(at, style.px(5), style.px(5))
        else:
            draw_marker(painter, appearance.marker, at.x(), at.y(), style.px(5), appearance.color)
        painter.setPen(QColor(style.theme.quiet))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left + sign, baseline), text)
        left += sign + metrics.horizontalAdvance(text) + gap
    end = rect.right() - metrics.horizontalAdvance(found.axis)
    if left <= end:
        painter.drawText(QPointF(end, middle + (metrics.ascent() - metrics.descent()) / 2),
                         found.axis)


def _range(found: ThinnedRows) -> tuple[float, float]:
    """What the strips' axis shows: 0 to 1 for shares, else all that is there."""
    if found.axis.startswith("share"):
        return 0.0, 1.0
    every = np.concatenate([found.single.ravel(), found.mean, found.scaled, found.target])
    return _around(every)


def _around(values: Array) -> tuple[float, float]:
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    pad = max(0.06 * (high - low), 1e-6 * max(abs(low), abs(high), 1.0))
    return low - pad, high + pad


# ---- one input: whole curves instead of a few rows


def paint_curves(painter: QPainter, style: Style, rect: QRectF, found: ThinnedCurves,
                 state: NetworkState, appearance: Appearance) -> None:
    """Curves of single masks, of their mean and of the scaled network, over the training rows."""
    data = state.training.material.data
    rows = data.train_x[:, 0], np.asarray(state.training.material.train_y[:, 0], float)
    names, metrics = face(style, 13, 600)
    short = rect.width() < style.px(360)
    texts = ("scaled", "mean", "masks") if short else (
        "scaled", f"mean of {len(found.single)}", "single masks")
    gutter = max(map(metrics.horizontalAdvance, texts)) + style.px(12)
    x = (float(found.x[0]), float(found.x[-1]))
    low, high = _around(np.concatenate([rows[1], found.scaled, found.mean]))
    pad = 0.08 * (high - low)
    axes = SmallAxes(rect.adjusted(style.px(40), style.px(6), -gutter, -tick_height(style)), x,
                     (low - pad, high + pad))
    spacing = tick_spacing(*axes.y, axes.rect.height(), 3.2 * metrics.height())
    ticks = [k * spacing for k in range(ceil(axes.y[0] / spacing), floor(axes.y[1] / spacing) + 1)]
    paint_left(painter, style, axes, ticks, [number(tick) for tick in ticks])
    spacing = tick_spacing(*x, axes.rect.width(), style.px(70))
    ticks = [k * spacing for k in range(ceil(x[0] / spacing), floor(x[1] / spacing) + 1)]
    paint_bottom(painter, style, axes, ticks, [number(tick) for tick in ticks], rect)
    painter.save()
    painter.setClipRect(axes.rect, Qt.ClipOperation.IntersectClip)
    pale = mixed(style.theme.card, appearance.color.name(), 0.35)
    for values in found.single:
        draw_polyline(painter, _line(axes, found.x, values), pale, style.px(1))
    inside = np.isfinite(rows[1])
    points = axes.pixels(rows[0][inside], rows[1][inside])
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(3.6), Qt.PenStyle.SolidLine,
                        Qt.PenCapStyle.RoundCap))
    painter.drawPoints(arrayToQPolygonF(points[:, 0], points[:, 1]))
    ink = QColor(style.theme.text)
    mean, scaled = (_line(axes, found.x, values) for values in (found.mean, found.scaled))
    draw_polyline(painter, scaled, appearance.color, style.px(3.2))
    painter.setPen(QPen(ink, style.px(2), Qt.PenStyle.DashLine))
    painter.drawPolyline(arrayToQPolygonF(mean[:, 0], mean[:, 1]))
    painter.restore()
    ends = [float(np.clip(line[-1, 1], axes.rect.top(), axes.rect.bottom()))
            for line in (scaled, mean, _line(axes, found.x, found.single[0]))]
    middles = stack(ends, metrics.height(), axes.rect.top(), axes.rect.bottom())
    painter.setFont(names)
    soft = mixed(style.theme.card, appearance.color.name(), 0.7)
    for text, middle, color in zip(texts, middles, (appearance.color, ink, soft), strict=True):
        painter.setPen(style.ink(color))
        painter.drawText(QPointF(axes.rect.right() + style.px(8), middle + (
            metrics.ascent() - metrics.descent()) / 2), text)


def _line(axes: SmallAxes, x: Array, y: Array) -> Array:
    span = axes.y[1] - axes.y[0]
    return axes.pixels(x, np.clip(np.nan_to_num(y), axes.y[0] - span, axes.y[1] + span))
