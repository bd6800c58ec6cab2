"""An axis on which a hyperparameter lies on its own scale: by factors, by factors of 1 - value, or
evenly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor, log10

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.hyper import Hyper

from ..numbers import number
from ..theme import Style
from .plot import tick_spacing
from .quiet_axes import SIZE, Extent

Ends = tuple[float, float]


def ticks(axis: Hyper, length: float, room: float) -> list[float]:
    """Round values between the axis's ends, `room` or more of `length` pixels apart."""
    low, high = axis.span
    # From the sparsest to the densest; of those that fit the densest is taken.
    tens = _decades(axis, (1,))
    series = [tens[::3], tens[::2], tens, *(_decades(axis, each) for each in ((1, 3), (1, 2, 5)))]
    span = high - low
    for pieces in (4, 8):
        spacing = tick_spacing(low, high, pieces, 1.0)
        series.append([place * spacing for place in range(ceil(low / spacing - 1e-9),
                                                          floor(high / spacing + 1e-9) + 1)])
    best: list[float] = []
    for values in series:
        inside = [value for value in values if low - 1e-9 * span <= value <= high + 1e-9 * span]
        places = [axis.position(value) * length for value in inside]
        apart = min((b - a for a, b in zip(places, places[1:], strict=False)), default=length)
        if apart >= room and len(inside) > len(best):
            best = inside
    return best


def _decades(axis: Hyper, each: tuple[int, ...]) -> list[float]:
    """Values at powers of ten of the scale, and between them; none on an even scale."""
    low, high = axis.span
    if axis.scale == "log":
        first, last = floor(log10(max(low, high * 1e-6))), ceil(log10(high))
        return [digit * 10.0**power for power in range(first, last + 1) for digit in each]
    if axis.scale == "one-minus":
        powers = range(0, -7, -1)
        values = [1 - digit * 10.0**power for power in powers for digit in each[::-1]]
        return [round(value, 7) for value in values if value >= 0]
    return []


def paint_bottom(painter: QPainter, body: QRectF, axis: Hyper, style: Style) -> None:
    """The values below a map."""
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    _ready(painter, style)
    room = 5.5 * metrics.averageCharWidth() + style.px(10)
    end = -style.px(10)
    for value in ticks(axis, body.width(), room):
        text = number(value, 4)
        half = metrics.horizontalAdvance(text) / 2
        x = body.left() + axis.position(value) * body.width()
        x = min(max(x, body.left() + half), body.right() - half)
        if x - half < end + style.px(6):
            # The outermost ones are moved inwards.
            continue
        end = x + half
        painter.drawText(QPointF(x - half, body.bottom() + style.px(5) + metrics.ascent()), text)


def paint_left(painter: QPainter, body: QRectF, axis: Hyper, style: Style) -> None:
    """The values left of a map."""
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    _ready(painter, style)
    for value in ticks(axis, body.height(), 2.2 * metrics.height()):
        text = number(value, 5)
        y = body.bottom() - axis.position(value) * body.height()
        y = min(max(y, body.top() + metrics.ascent() / 2), body.bottom() - metrics.ascent() / 2)
        painter.drawText(QPointF(body.left() - style.px(7) - metrics.horizontalAdvance(text),
                                 y + (metrics.ascent() - metrics.descent()) / 2), text)


def _ready(painter: QPainter, style: Style) -> None:
    painter.setFont(style.font(SIZE, tabular=True))
    painter.setPen(QColor(style.theme.quiet))


def inside(axis: Hyper, value: float) -> bool:
    """Whether a value lies between the axis's ends."""
    low, high = axis.span
    return low <= value <= high


def moved(axis: Hyper, whole: Hyper, start: float, end: float) -> Ends:
    """The ends that lie at the shares `start` and `end` of the axis, held within the `whole` one.
    """
    low, high = (whole.position(value) for value in axis.span)
    first, last = (low + share * (high - low) for share in (start, end))
    length = min(last - first, 1.0)
    first = min(max(first, 0.0), 1.0 - length)
    return whole.value(first), whole.value(first + length)


def cells(axes: Sequence[Hyper], now: Sequence[Hyper]) -> Extent:
    """What two axes fill, in shares of the same two with other ends."""
    ends: list[float] = []
    for axis, shown in zip(axes, now, strict=True):
        # Beyond an axis's ends all positions are those of the ends, so both lie on a third one.
        whole = between(axis, (min(axis.span[0], shown.span[0]), max(axis.span[1], shown.span[1])))
        low, high = (whole.position(value) for value in shown.span)
        ends += [(whole.position(value) - low) / (high - low) for value in axis.span]
    return ends[0], ends[1], ends[2], ends[3]


def between(axis: Hyper, ends: Ends) -> Hyper:
    """The axis from one of `ends` to the other."""
    return replace(axis, slider=ends)
