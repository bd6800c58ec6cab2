"""Shades for a quantity: from one colour over the card's own to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from ..numbers import number
from ..theme import Style, Theme, mixed
from .data_points import Inks
from .quiet_axes import SIZE
from .trails import as_image

SHADES = 255
# Points have fewer shades than the map, and stand out from it by being fuller.
KINDS = 33
ON_MAP, ON_POINTS = 0.66, 1.0


@dataclass(frozen=True)
class Ramp:
    """The shades of the values from `low` to `high`, the middle one being the card's colour."""

    theme: Theme
    low: float
    high: float

    @property
    def pixels(self) -> NDArray[np.uint32]:
        """The map's shades, (SHADES,) of 0xAARRGGBB."""
        return _pixels(self.theme)

    def color(self, share: float, strength: float = ON_POINTS) -> QColor:
        """The colour of a value `share` of the way from low to high."""
        return shade(self.theme, share, strength)

    def kinds(self, values: NDArray) -> NDArray[np.intp]:
        """The number of the point colour of each value."""
        share = np.clip((np.asarray(values, float) - self.low) / (self.high - self.low), 0, 1)
        return np.rint(share * (KINDS - 1)).astype(np.intp)

    def inks(self) -> Inks:
        """The points' colours, all of them circles."""
        return Inks(tuple(self.color(k / (KINDS - 1)) for k in range(KINDS)), ("circle",) * KINDS,
                    QColor(self.theme.text))

    def paint_scale(self, painter: QPainter, body: QRectF, style: Style) -> None:
        """A bar of the shades between its two numbers, in the lower right corner of a map."""
        font = style.font(SIZE, tabular=True)
        metrics = QFontMetricsF(font)
        first, last = number(self.low, 2), number(self.high, 2)
        bar, gap = style.px(56), style.px(6)
        ends = metrics.horizontalAdvance(first), metrics.horizontalAdvance(last)
        width = ends[0] + bar + ends[1] + 2 * gap
        if width + style.px(28) > 0.8 * body.width():
            return
        right, middle = body.right() - style.px(16), body.bottom() - style.px(20)
        chip = QRectF(right - width, middle - metrics.height() / 2, width, metrics.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.theme.card))
        painter.drawRoundedRect(chip.adjusted(-style.px(8), -style.px(3), style.px(8), style.px(3)),
                                style.px(6), style.px(6))
        painter.setFont(font)
        painter.setPen(QColor(style.theme.quiet))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(right - width, baseline), first)
        painter.drawText(QPointF(right - ends[1], baseline), last)
        half = style.px(4)
        painter.drawImage(QRectF(right - ends[1] - gap - bar, middle - half, bar, 2 * half),
                          as_image(np.ascontiguousarray(self.pixels[None])))


def shade(theme: Theme, share: float, strength: float) -> QColor:
    """The colour `share` of the way: the second class's first, then the card's, then the first's.
    """
    end = theme.classes[0] if share > 0.5 else theme.classes[1]
    return mixed(theme.card, end, strength * abs(2 * share - 1))


@lru_cache(maxsize=4)
def _pixels(theme: Theme) -> NDArray[np.uint32]:
    return np.array([shade(theme, k / (SHADES - 1), ON_MAP).rgba() for k in range(SHADES)],
                    np.uint32)
