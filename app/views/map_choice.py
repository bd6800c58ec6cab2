"""The choice over the decision maps: a map a contestant, or everyone's boundary on one."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from ..theme import Style
from .quantity_choice import HEIGHT, Segment

WORDS = {"apart": "side by side", "together": "one map"}


def choice(style: Style, together: bool, right: float, room: float) -> tuple[Segment, ...]:
    """The two words, their end at `right` and at most `room` wide; nothing where that is less."""
    metrics = QFontMetricsF(style.font(12))
    found, left = [], right
    for value, word in reversed(WORDS.items()):
        width = metrics.horizontalAdvance(word) + style.px(14)
        left -= width
        found.append(Segment("boundaries", value, word, (value == "together") == together,
                             QRectF(left, 0, width, style.px(HEIGHT))))
    return tuple(found[::-1]) if right - left <= room else ()
