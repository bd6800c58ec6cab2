"""Words that give way to others smoothly: how much of one is seen so near to another."""

from __future__ import annotations

from PyQt6.QtCore import QRectF

from ..theme import Style

# Words that are the second number of design pixels apart sideways, or up and down, are whole; from
# the first one on they are gone. Above and below its letters a text's rectangle is empty.
ASIDE, ABOVE = (1.0, 7.0), (-7.0, -3.0)


def apart(one: QRectF, other: QRectF, style: Style) -> float:
    """1 for rectangles that are as far apart as words should be, 0 for two that are not."""
    aside = max(other.left() - one.right(), one.left() - other.right()) / style.px(1)
    above = max(other.top() - one.bottom(), one.top() - other.bottom()) / style.px(1)
    share = max((aside - ASIDE[0]) / (ASIDE[1] - ASIDE[0]),
                (above - ABOVE[0]) / (ABOVE[1] - ABOVE[0]))
    return min(max(share, 0.0), 1.0)


def kept_within(rect: QRectF, bounds: QRectF) -> QRectF:
    """The rectangle, moved as little as brings it into the bounds."""
    left = min(max(rect.left(), bounds.left()), bounds.right() - rect.width())
    top = min(max(rect.top(), bounds.top()), bounds.bottom() - rect.height())
    return QRectF(left, top, rect.width(), rect.height())
