"""Words on chips beside places of a map, where they hide neither each other nor a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from ..theme import Style
from .faces import face

SIZE, SEE_THROUGH = 13.0, 0.88


@dataclass(frozen=True)
class Chip:
    """Words for one of several `places`, the first being the best, `away` pixels from it.

    `words` are from the longest to the shortest: the first that finds room is written.
    """

    words: tuple[str, ...]
    places: tuple[QPointF, ...]
    away: float
    opacity: float = 1.0


def paint_chips(painter: QPainter, body: QRectF, chips: Sequence[Chip], taken: Sequence[QRectF],
                style: Style) -> None:
    """Every chip where it covers nothing that is `taken`; one without such a place is left out."""
    font, metrics = face(style, SIZE)
    covered = list(taken)
    height = metrics.height() + style.px(4)
    room = body.adjusted(style.px(4), style.px(4), -style.px(4), -style.px(4))
    painter.setFont(font)
    for chip in chips:
        trials = ((words, rect) for words in chip.words for at in chip.places for rect in _around(
            at, metrics.horizontalAdvance(words) + style.px(12), height, chip.away))
        words, rect = next(((words, rect) for words, rect in trials if room.contains(rect)
                            and not any(map(rect.intersects, covered))), ("", None))
        if rect is None:
            continue
        covered.append(rect)
        ground = QColor(style.theme.card)
        ground.setAlphaF(SEE_THROUGH)
        painter.setOpacity(chip.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, style.px(6), style.px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(style.theme.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    painter.setOpacity(1)


def _around(at: QPointF, width: float, height: float, away: float) -> list[QRectF]:
    """Right of a place, left of it, above and below."""
    x, y = at.x(), at.y()
    return [QRectF(x + away, y - height / 2, width, height),
            QRectF(x - away - width, y - height / 2, width, height),
            QRectF(x - width / 2, y - away - height, width, height),
            QRectF(x - width / 2, y + away, width, height)]
