"""A small choice of a few words in a view's upper right corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from ..theme import Style
from .quantity_choice import HEIGHT, Segment


def word_choice(style: Style, key: str, words: Sequence[Mapping[str, str]], chosen: str,
              right: float, room: float) -> tuple[Segment, ...]:
    """The words by the values of a look's `key`, their end at `right` and at most `room` wide.

    `words` are from the longest to the shortest; nothing where there is no room for those.
    """
    metrics = QFontMetricsF(style.font(12))
    for trial in words:
        found, left = [], right
        for value, word in reversed([*trial.items()]):
            width = metrics.horizontalAdvance(word) + style.px(14)
            left -= width
            found.append(Segment(key, value, word, value == chosen,
                                 QRectF(left, 0, width, style.px(HEIGHT))))
        if right - left <= room:
            return tuple(found[::-1])
    return ()
