"""A panel for every contestant: as many beside each other as shows them largest, each with a head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.judged import Judged
from engine.network.state import NetworkState

from ..numbers import number
from ..theme import Style
from .faces import face
from .markers import draw_marker
from .view import Appearance

HEAD, GAP, NAME = 28.0, 16.0, 14.0


@dataclass(frozen=True)
class Panel:
    """A contestant's head and the rectangle below it."""

    appearance: Appearance
    head: QRectF
    body: QRectF


def panels(shown: Sequence[Appearance], rect: QRectF, shape: float, style: Style,
           least: float, apart: float = GAP) -> tuple[Panel, ...]:
    """A panel for each, or none at all where one's side would be below `least` pixels.

    `shape` is the wanted width by height of a body; bodies fill the rectangle, whatever it is, and
    are `apart`.
    """
    head, gap = style.px(HEAD), style.px(apart)
    count = len(shown)

    def size(columns: int) -> tuple[float, float]:
        rows = ceil(count / columns)
        return ((rect.width() - (columns - 1) * gap) / columns,
                (rect.height() - (rows - 1) * 0.6 * gap) / rows - head)

    def scale(columns: int) -> float:
        width, height = size(columns)
        return min(width / shape, height)

    columns = max(range(1, count + 1), key=scale)
    width, height = (int(length) for length in size(columns))
    if min(width, height) < least:
        return ()
    found = []
    for place, appearance in enumerate(shown):
        row, column = divmod(place, columns)
        left = rect.left() + round(column * (size(columns)[0] + gap))
        top = rect.top() + round(row * (size(columns)[1] + head + 0.6 * gap))
        found.append(Panel(appearance, QRectF(left, top, width, head),
                           QRectF(left, round(top + head), width, height)))
    return tuple(found)


def verdict(state: NetworkState, found: Judged) -> tuple[str, ...]:
    """How good a contestant is, as texts from the longest to the shortest."""
    if found.accuracy == found.accuracy:
        value = percent(found.accuracy)
    else:
        value = f"loss {number(found.loss)}"
    asked = "" if found.rows == found.of else f" of {found.rows:,} rows"
    return f"{found.part} {value}{asked}", f"{found.part} {value}", value.removeprefix("loss ")


def percent(share: float) -> str:
    """A share with a digit after the point, and all or nothing without."""
    return f"{100 * share:.0f} %" if share in (0, 1) else f"{100 * share:.1f} %"


def paint_head(painter: QPainter, rect: QRectF, appearance: Appearance, texts: Sequence[str],
               lost: bool, style: Style, size: float = NAME) -> None:
    """Marker and name at the left, the longest of `texts` that fits at the right."""
    (names, metrics), (values, small) = face(style, size, 600), face(style, size, tabular=True)
    start = style.px(6 + size)
    middle = rect.center().y() - style.px(3)
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    text = fitting(rect, appearance, ("diverged",) if lost else texts, style, size)
    width = small.horizontalAdvance(text)
    painter.setOpacity(appearance.opacity)
    draw_marker(painter, appearance.marker, rect.left() + style.px(size / 2), middle,
                style.px(0.36 * size), appearance.color)
    painter.setFont(names)
    painter.setPen(style.ink(appearance.color))
    room = rect.width() - start - (width + style.px(10) if text else 0)
    painter.drawText(QPointF(rect.left() + start, baseline),
                     metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight, room))
    painter.setFont(values)
    painter.setPen(QColor(style.theme.warning if lost else style.theme.quiet))
    painter.drawText(QPointF(rect.right() - width, baseline), text)
    painter.setOpacity(1)


def fitting(rect: QRectF, appearance: Appearance, texts: Sequence[str], style: Style,
            size: float = NAME) -> str:
    """The first of `texts` that a head has room for beside the name; nothing if there is none."""
    (_, metrics), (_, small) = face(style, size, 600), face(style, size, tabular=True)
    room = rect.width() - style.px(6 + size)
    room -= min(metrics.horizontalAdvance(appearance.name), 0.6 * room) + style.px(10)
    return next((text for text in texts if small.horizontalAdvance(text) <= room), "")


def say(painter: QPainter, rect: QRectF, sentence: str, style: Style) -> None:
    """One quiet sentence in the middle of a rectangle."""
    painter.setFont(style.font(14))
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(rect, int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignCenter),
                     sentence)
