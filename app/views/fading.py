"""Words that give way to others smoothly: how much of one is seen so near to another."""

from __future__ import annotations

from PyQt6.QtCore import QRectF

from engine.camera import smooth

# Words that are the second number of design pixels apart sideways, or up and down, are whole; from
# the first one on they are gone. Above and below its letters a text's rectangle is empty.
ASIDE, ABOVE = (1.0, 7.0), (-7.0, -3.0)


# Of the share that a word is left, up to the first nothing is seen and from the second on all: what
# stays half faded cannot be read.
CLEAR = (0.25, 0.75)

Span = tuple[float, float, float, float]
"""A rectangle's left, right, top and bottom: plain numbers, for hundreds of pairs in a frame."""


def span(rect: QRectF) -> Span:
    """A rectangle's four numbers."""
    return rect.left(), rect.right(), rect.top(), rect.bottom()


def apart(one: Span, other: Span, unit: float) -> float:
    """1 for rectangles that are as far apart as words should be, 0 for two that are not; `unit` is
    a design pixel."""
    aside = max(other[0] - one[1], one[0] - other[1])
    above = max(other[2] - one[3], one[2] - other[3])
    if aside >= ASIDE[1] * unit or above >= ABOVE[1] * unit:
        return 1.0
    return max((aside / unit - ASIDE[0]) / (ASIDE[1] - ASIDE[0]),
               (above / unit - ABOVE[0]) / (ABOVE[1] - ABOVE[0]), 0.0)


def legible(share: float) -> float:
    """How much is to be seen of a word that has that share left."""
    return smooth((share - CLEAR[0]) / (CLEAR[1] - CLEAR[0]))


def kept_within(rect: QRectF, bounds: QRectF) -> QRectF:
    """The rectangle, moved as little as brings it into the bounds."""
    left = min(max(rect.left(), bounds.left()), bounds.right() - rect.width())
    top = min(max(rect.top(), bounds.top()), bounds.bottom() - rect.height())
    return QRectF(left, top, rect.width(), rect.height())
