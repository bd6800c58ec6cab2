"""Small flags where a contestant was best on its test rows: where one would have stopped early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ..theme import Style, mixed
from . import labels
from .view import Appearance

# A flag that is still to come, like the curve that it stands on.
TO_COME = 0.55


@dataclass(frozen=True)
class Flag:
    """A ring at `at`, which time reaches at `step`, with a text; `above` says on which side."""

    appearance: Appearance
    step: int
    at: QPointF
    text: str
    above: bool


def placed(flags: Sequence[Flag], style: Style, bounds: QRectF, taken: Sequence[QRectF]
           ) -> list[QRectF | None]:
    """A rectangle for each flag's text, none over another or over what is taken by others.

    None for what has no room, and for an empty text.
    """
    font = style.font(12, 600)
    metrics = QFontMetricsF(font)
    gap = style.px(9)
    wanted = []
    for flag in flags:
        width = metrics.horizontalAdvance(flag.text)
        left = min(flag.at.x() - width / 2, bounds.right() - width - gap / 2)
        rise = -gap - metrics.height() if flag.above else gap
        top = flag.at.y() + rise
        if not bounds.top() <= top <= bounds.bottom() - metrics.height():
            top = flag.at.y() - gap - metrics.height() - rise
        top = min(max(top, bounds.top()), bounds.bottom() - metrics.height())
        wanted.append(QRectF(max(left, bounds.left() + gap / 2), top, width, metrics.height()))
    rings = [_ring(flag, style) for flag in flags]
    apart = labels.apart(wanted, bounds, [*taken, *rings])
    found: list[QRectF | None] = []
    for rect in apart:
        free = not any(rect.intersects(other.adjusted(0, 0.6, 0, -0.6))
                       for other in (*taken, *filter(None, found)))
        found.append(rect if free and rect.right() <= bounds.right() and rect.width() else None)
    return found


def paint(painter: QPainter, flags: Sequence[Flag], rects: Sequence[QRectF | None], style: Style,
          step: int) -> None:
    """Rings and texts on halos, faint where they are still to come."""
    ground = QColor(style.theme.card)
    font = style.font(12, 600)
    written = [(flag, rect) for flag, rect in zip(flags, rects, strict=True) if rect is not None]
    tags = [labels.Label(flag.text, flag.at, _ink(flag, style, step), flag.appearance.opacity)
            for flag, _ in written]
    labels.paint(painter, tags, [rect for _, rect in written], font, ground, style.px(3.5),
                 style.px(20))
    for flag in flags:
        painter.setOpacity(flag.appearance.opacity)
        painter.setPen(QPen(_ink(flag, style, step), style.px(2)))
        painter.setBrush(ground)
        painter.drawEllipse(flag.at, style.px(4), style.px(4))
    painter.setOpacity(1)


def _ink(flag: Flag, style: Style, step: int) -> QColor:
    """Its colour, or a faint one that still covers what is behind its halo."""
    share = 1.0 if flag.step <= step else TO_COME
    return mixed(style.theme.card, flag.appearance.color.name(), share)


def _ring(flag: Flag, style: Style) -> QRectF:
    radius = style.px(6)
    return QRectF(flag.at.x() - radius, flag.at.y() - radius, 2 * radius, 2 * radius)
