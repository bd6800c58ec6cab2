"""What a batch norm does, in small plots: histograms, γ and β, batch against running statistics.

How one unit went over the run is told in `batch_norm_course`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.batch_histograms import Spread
from engine.network.batch_ranges import BatchRanges
from engine.network.normalisation import Normalisation

from ..numbers import number
from ..theme import Style, mixed
from .dots import Dots
from .faces import face, width_of
from .small_axes import SmallAxes, paint_bottom, paint_left, tick_height

Array = NDArray[np.float64]
Middle = Qt.AlignmentFlag.AlignCenter
HEAD = 22.0
# Wider than this per unit, a number stands beside each dot.
NUMBERED = 44.0


@dataclass(frozen=True)
class Ink:
    """The contestant's colour, and what is paler than it."""

    full: QColor
    pale: QColor
    text: QColor

    @staticmethod
    def of(color: QColor, style: Style) -> Ink:
        """The inks of a contestant on a card."""
        return Ink(color, *(mixed(style.theme.card, color.name(), share) for share in (0.45, 0.75)))


def paint_title(painter: QPainter, style: Style, rect: QRectF, texts: Sequence[str]) -> None:
    """The longest of the texts that fits, over a plot; none is cut."""
    font, metrics = face(style, 13, 500)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for text in texts:
        if width_of(style, text, 13, 500) <= rect.width():
            painter.drawText(rect.topLeft() + QPointF(0, metrics.ascent()), text)
            return


def paint_spread(painter: QPainter, style: Style, rect: QRectF, title: Sequence[str],
                 spread: Spread, ink: Ink) -> None:
    """A histogram on its axis, a line of mean ± std above it, and the two as numbers below."""
    paint_title(painter, style, rect, title)
    small, metrics = face(style, 12, tabular=True)
    line = metrics.height()
    head, foot = style.px(HEAD), tick_height(style) + line + style.px(2)
    body = rect.adjusted(0, head, 0, -foot)
    if body.height() < style.px(24):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.raised))
    painter.drawRoundedRect(body, style.px(6), style.px(6))
    axes = SmallAxes(body.adjusted(style.px(4), style.px(14), -style.px(4), 0),
                     (-spread.reach, spread.reach), (0.0, 1.0))
    painter.setBrush(ink.full)
    _paint_bars(painter, axes, spread)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1), Qt.PenStyle.DotLine))
    zero = axes.pixel(0, 0).x()
    painter.drawLine(QPointF(zero, body.top() + style.px(4)), QPointF(zero, body.bottom()))
    if np.isfinite(spread.mean):
        _paint_whisker(painter, style, axes, body.top() + style.px(8), spread)
    paint_bottom(painter, style, axes, [-spread.reach, 0.0, spread.reach],
                 [number(-spread.reach), "0", number(spread.reach)], rect)
    painter.setFont(small)
    painter.setPen(QColor(style.theme.quiet))
    mean, std = _short(spread.mean), _short(spread.std)
    for text in (f"mean {mean}   std {std}", f"{mean} ± {std}"):
        if metrics.horizontalAdvance(text) <= rect.width():
            painter.drawText(QRectF(rect.left(), rect.bottom() - line, rect.width(), line), Middle,
                             text)
            break


def _paint_bars(painter: QPainter, axes: SmallAxes, spread: Spread) -> None:
    """Bars on whole pixels: 48 of them take 0.05 ms, and 0.6 as a polygon with smooth edges."""
    tall = spread.counts / max(int(spread.counts.max()), 1)
    places = np.linspace(*axes.x, len(tall) + 1)
    edges = np.round(axes.pixels(places, np.zeros(len(places)))[:, 0])
    tops = np.round(axes.rect.bottom() - tall * axes.rect.height())
    gap = 1.0 if edges[-1] - edges[0] >= 3 * len(tall) else 0.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawRects([  # type: ignore[call-overload]
        QRectF(left, top, right - gap - left, axes.rect.bottom() - top) for left, right, top, count
        in zip(edges[:-1].tolist(), edges[1:].tolist(), tops.tolist(), tall.tolist(), strict=True)
        if count])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_whisker(painter: QPainter, style: Style, axes: SmallAxes, y: float, spread: Spread
                   ) -> None:
    """Mean ± std as a dot on a line."""
    low, high = (min(max(axes.pixel(spread.mean + side * spread.std, 0).x(), axes.rect.left()),
                     axes.rect.right()) for side in (-1, 1))
    color = QColor(style.theme.text)
    painter.setPen(QPen(color, style.px(1.5)))
    painter.drawLine(QPointF(low, y), QPointF(high, y))
    for end in (low, high):
        painter.drawLine(QPointF(end, y - style.px(3)), QPointF(end, y + style.px(3)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(axes.pixel(spread.mean, 0).x() * QPointF(1, 0) + QPointF(0, y),
                        style.px(3.2), style.px(3.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)


# ---- γ and β


def unit_strips(rect: QRectF, style: Style, found: Normalisation, reach: BatchRanges
                ) -> tuple[SmallAxes, SmallAxes]:
    """Where γ and β are: x is the unit, counted from 1."""
    ranges = [(1 - reach.gamma, 1 + reach.gamma), (-reach.beta, reach.beta)]
    left = rect.left() + tick_room(style, np.ravel(ranges), 34)
    wide, top = max(rect.right() - left, 8.0), rect.top() + style.px(HEAD)
    gap = style.px(18)
    height = (max(rect.bottom() - top - tick_height(style), style.px(20)) - gap) / 2
    span = (0.5, len(found.gamma) + 0.5)
    one, other = (SmallAxes(QRectF(left, top + row * (height + gap), wide, height), span, reached)
                  for row, reached in enumerate(ranges))
    return one, other


def tick_room(style: Style, values: Sequence[float] | Array, least: float) -> float:
    """Room for the numbers left of a plot."""
    _, metrics = face(style, 12, tabular=True)
    widest = max(metrics.horizontalAdvance(number(float(value))) for value in values)
    return max(widest + style.px(7), style.px(least))


def paint_units(painter: QPainter, style: Style, rect: QRectF, found: Normalisation,
                reach: BatchRanges, ink: Ink, near: int | None, dots: Dots) -> None:
    """γ and β of every unit as dots on stems from where they began, 1 and 0."""
    paint_title(painter, style, rect, (
        "γ and β of each unit, stems from 1 and 0", "γ and β of each unit", "γ and β"))
    units = len(found.gamma)
    strips = unit_strips(rect, style, found, reach)
    for axes, values, rest, name in zip(strips, (found.gamma, found.beta), (1.0, 0.0), ("γ", "β"),
                                        strict=True):
        low, high = axes.y
        ticks = [rest, high, low] if axes.rect.height() > style.px(44) else [rest]
        paint_left(painter, style, axes, ticks, [number(tick) for tick in ticks])
        painter.setFont(face(style, 15, 600)[0])
        painter.setPen(QColor(style.theme.text))
        if axes.rect.height() > style.px(44):
            painter.drawText(QPointF(axes.rect.left() - style.px(24), axes.rect.top() + 0.30 *
                                     axes.rect.height() + style.px(3)), name)
        places = np.arange(1, units + 1, dtype=float)
        inside = np.nan_to_num(np.clip(values.astype(float), low, high), nan=rest)
        tops = axes.pixels(places, inside)
        spacing = axes.rect.width() / units
        foot = axes.pixel(1, rest).y()
        radius = min(style.px(4), max(0.42 * spacing, style.px(1)))
        wide = min(style.px(2), max(0.6 * spacing, 0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.pale)
        stems = [QRectF(x - wide / 2, min(y, foot), wide, abs(y - foot))
                 for x, y in tops.tolist() if abs(y - foot) > radius]
        painter.drawRects(stems)  # type: ignore[call-overload]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_dots(painter, dots, tops, radius, ink.full, style.theme.card)
        if near is not None and near < units:
            x, y = tops[near].tolist()
            painter.setPen(QPen(QColor(style.theme.text), style.px(1.5)))
            painter.drawEllipse(QPointF(x, y), style.px(6), style.px(6))
        if spacing >= style.px(NUMBERED) and axes.rect.height() > style.px(60):
            _paint_numbers(painter, style, axes, tops, values, spacing, foot)
    axes = strips[1]
    room = axes.rect.width() / units - style.px(10)
    fits = width_of(style, "unit 1", 12, tabular=True) <= room
    every = list(range(1, units + 1)) if fits else sorted({1, units})
    words = [f"unit {k}" if k == 1 else str(k) for k in every]
    paint_bottom(painter, style, axes, every, words, rect)


def paint_dots(painter: QPainter, dots: Dots, points: Array, radius: float, color: QColor,
               ring: str) -> None:
    """Dots of one colour at pixels (n, 2), each in a ring of the card's."""
    dots.paint(painter, points, np.zeros(len(points), np.int64), [color], radius, QColor(ring))


def _paint_numbers(painter: QPainter, style: Style, axes: SmallAxes, tops: Array,
                   values: NDArray[np.floating], spacing: float, foot: float) -> None:
    font, metrics = face(style, 12, tabular=True)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    for (x, y), value in zip(tops.tolist(), values.tolist(), strict=True):
        text = number(value, 2)
        wide = metrics.horizontalAdvance(text)
        # Beyond the dot, seen from its stem, as far as there is room.
        above = y - style.px(7) if y <= foot else y + style.px(7) + metrics.ascent()
        if wide <= spacing - style.px(4):
            lowest = axes.rect.bottom()
            painter.drawText(QPointF(x - wide / 2, min(max(
                above, axes.rect.top() + metrics.ascent()), lowest)), text)


# ---- batch against running statistics


def scatter_axes(rect: QRectF, style: Style, reach: BatchRanges) -> tuple[SmallAxes, SmallAxes]:
    """Boxes for the means and for the stds: running from left to right, batch upwards."""
    ranges = [(-reach.mean, reach.mean), (0.0, reach.std)]
    top, foot = rect.top() + style.px(HEAD), tick_height(style)
    gap, left = style.px(14), tick_room(style, np.ravel(ranges), 38)
    if rect.width() > 1.2 * (rect.height() - style.px(HEAD)):
        wide = (rect.width() - gap) / 2 - left
        tall = min(rect.bottom() - top - foot, 1.5 * wide)
        corners = [(rect.left() + left, top), (rect.left() + 2 * left + wide + gap, top)]
    else:
        tall = (rect.bottom() - top - 2 * foot - gap) / 2
        wide = min(rect.width() - left, 1.5 * tall)
        corners = [(rect.left() + left, top), (rect.left() + left, top + tall + foot + gap)]
    # Never inside out, however small the card.
    wide, tall = max(wide, 8.0), max(tall, 8.0)
    one_box, other_box = (SmallAxes(QRectF(x, y, wide, tall), span, span)
                          for (x, y), span in zip(corners, ranges, strict=True))
    return one_box, other_box


def scatter_points(axes: tuple[SmallAxes, SmallAxes], found: Normalisation) -> tuple[Array, Array]:
    """Where the units lie in both boxes, (U, 2) pixels each."""
    pairs = ((found.running_mean, found.mean), (std_of(found.running_var), std_of(found.var)))
    one, other = (part.pixels(*(np.clip(np.nan_to_num(values), *span)
                                for values, span in ((x, part.x), (y, part.y))))
                  for part, (x, y) in zip(axes, pairs, strict=True))
    return one, other


def paint_scatter(painter: QPainter, style: Style, rect: QRectF, found: Normalisation,
                  reach: BatchRanges, ink: Ink, near: int | None, dots: Dots) -> None:
    """A dot a unit: on the diagonal the batch and the running statistics agree."""
    paint_title(painter, style, rect, (
        "Batch (upwards) against running", "Batch against running", "Batch, running"))
    both = scatter_axes(rect, style, reach)
    for axes, points, name in zip(both, scatter_points(both, found), ("mean", "std"), strict=True):
        box = axes.rect
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(box, style.px(6), style.px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
        painter.drawLine(box.bottomLeft(), box.topRight())
        dense = len(points) > 200
        paint_dots(painter, dots, points, style.px(1.4 if dense else 2.6), ink.full,
                    style.theme.raised)
        if near is not None and near < len(points):
            painter.setPen(QPen(QColor(style.theme.text), style.px(1.5)))
            painter.drawEllipse(QPointF(*points[near]), style.px(6), style.px(6))
        low, high = axes.x
        ends = [low, high]
        _paint_heights(painter, style, axes, ends)
        paint_bottom(painter, style, axes, ends, [number(end) for end in ends],
                     box.adjusted(-style.px(20), 0, style.px(10), 0))
        font, metrics = face(style, 12, 500)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text))
        if box.width() > style.px(60):
            painter.drawText(box.topLeft() + QPointF(style.px(7), style.px(5) + metrics.ascent()),
                             name)


def _paint_heights(painter: QPainter, style: Style, axes: SmallAxes, ends: Sequence[float]) -> None:
    font, metrics = face(style, 12, tabular=True)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    for value, y in zip(ends, (axes.rect.bottom(), axes.rect.top() + metrics.ascent()),
                        strict=True):
        text = number(value)
        painter.drawText(QPointF(axes.rect.left() - style.px(6) - metrics.horizontalAdvance(text),
                                 y), text)


def std_of(var: NDArray[np.floating]) -> Array:
    """The std of a variance; rounding may have left that a little below 0."""
    with np.errstate(invalid="ignore"):
        return np.sqrt(np.maximum(var.astype(float), 0.0))


def _short(value: float) -> str:
    """A number with two digits behind the point, smaller ones as 0: what stands under a plot."""
    if np.isfinite(value) and abs(value) < 100:
        return number(round(value, 2) + 0.0)
    return number(value)


