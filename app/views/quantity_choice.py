"""The small choice in a view's corner: which numbers of the layers are shown, and how counted."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from ..theme import Style
from .view import Look

TITLES = {"activation": "Activations", "pre-activation": "Pre-activations",
          "gradient": "Gradients", "weight": "Weights"}
# From the long words to those for a narrow card.
WORDS = (("activation", "pre-activation", "gradient", "weight"), ("act.", "pre", "grad.", "w"))
HEIGHT = 20.0


@dataclass(frozen=True)
class Segment:
    """One thing to choose: what `asked` is to carry, and where it is."""

    kind: str
    value: str
    text: str
    chosen: bool
    rect: QRectF


def segments(style: Style, look: Look, right: float, top: float, room: float, *, counts: bool
             ) -> tuple[Segment, ...]:
    """The choice, its right end at `right` and at most `room` wide; nothing where it is too wide.

    `counts` adds the logarithm of the counts.
    """
    metrics = QFontMetricsF(style.font(12))
    for words in WORDS:
        entries = [("histogram", what, text, look.histogram == what)
                   for what, text in zip(TITLES, words, strict=True)]
        if counts:
            log = look.count_scale == "log"
            entries.append(("count_scale", "linear" if log else "log", "log", log))
        widths = [metrics.horizontalAdvance(text) + style.px(14) for _, _, text, _ in entries]
        apart = style.px(6) if counts else 0.0
        if sum(widths) + apart <= room:
            break
    else:
        return ()
    found, left = [], right - sum(widths) - apart
    for entry, width in zip(entries, widths, strict=True):
        left += apart if entry[0] == "count_scale" else 0.0
        found.append(Segment(*entry, QRectF(left, top, width, style.px(HEIGHT))))
        left += width
    return tuple(found)


def room_beside(style: Style, width: float, name: float) -> float:
    """How wide the choice may be on a line with a contestant's name; a long name gives way."""
    return max(width - name - style.px(36), 0.55 * width)


def paint_segments(painter: QPainter, style: Style, shown: tuple[Segment, ...]) -> None:
    """The words, the chosen ones on a quiet ground."""
    painter.setFont(style.font(12))
    for segment in shown:
        if segment.chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.theme.raised))
            painter.drawRoundedRect(segment.rect, style.px(6), style.px(6))
        painter.setPen(QColor(style.theme.text if segment.chosen else style.theme.quiet))
        painter.drawText(segment.rect, Qt.AlignmentFlag.AlignCenter, segment.text)


def segment_at(shown: tuple[Segment, ...], pixel: QPointF) -> Segment | None:
    """The one under a pixel."""
    return next((segment for segment in shown if segment.rect.contains(pixel)), None)
