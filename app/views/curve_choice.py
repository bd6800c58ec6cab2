"""The choice over the curves: which quantity is shown."""

from __future__ import annotations

from itertools import accumulate

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from ..theme import Style
from .curve_tracks import QUANTITIES
from .quantity_choice import HEIGHT, Segment

# From the long words to those for a narrow card.
WORDS = (tuple(quantity.word for quantity in QUANTITIES.values()),
         ("loss", "acc.", "grad.", "w", "Δw", "rate"))


def choice(style: Style, curve: str, room: float) -> tuple[Segment, ...]:
    """The words from the left, at most `room` wide; nothing where that is too narrow."""
    metrics = QFontMetricsF(style.font(12))
    for words in WORDS:
        widths = [metrics.horizontalAdvance(word) + style.px(14) for word in words]
        if sum(widths) <= room:
            lefts = [0.0, *accumulate(widths)]
            return tuple(
                Segment("curve", name, word, name == curve,
                        QRectF(left, 0, width, style.px(HEIGHT)))
                for name, word, left, width in zip(QUANTITIES, words, lefts, widths, strict=False))
    return ()
