"""What the colours of a map of settings mean: its scale, and what has a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.maps import DIVERGED, NOWHERE, Settings

from ..theme import Style
from .map_legend import (
    APART,
    GAP,
    LEAST_SIZE,
    SIZE,
    Entry,
    Row,
    baseline,
    fitting,
    paint_row,
    paint_scale,
    scale_width,
)
from .outcomes import DIVERGES, UNCONVERGED, paint_ground
from .settings_shades import ramp, worthless
from .value_scale import Scale

BAR, LEAST_BAR, SHORT_BAR = 84.0, 30.0, 16.0
# Runs without a shade that did not diverge, by the value that is shown.
WORTHLESS = {"steps": UNCONVERGED, "loss": "not lower"}
# What shades stand for, from the longest name to the shortest.
NAMES = {"steps": ("steps to converge", "steps"), "final loss": ("final loss", "loss"),
         "loss above the minimum": ("loss above the minimum", "loss above min.", "excess loss")}


@dataclass(frozen=True)
class Named:
    """A scale with its name in front, in letters of a size, its bar so many design units wide."""

    name: str
    ends: tuple[str, str]
    size: float
    bar: float

    @classmethod
    def within(cls, scale: Scale, room: float, style: Style) -> Named:
        """The longest name and the widest bar that have room; letters become smaller at last."""
        names = NAMES[scale.what]
        trials = [(names[0], SIZE, BAR), *((name, SIZE, LEAST_BAR) for name in names),
                  *((name, size, SHORT_BAR) for size in np.arange(SIZE, LEAST_SIZE - 0.1, -1.0)
                    for name in names)]
        found = [cls(name, scale.ends, size, bar) for name, size, bar in trials]
        return next((named for named in found if named.width(style) <= room), found[-1])

    def before(self, style: Style) -> float:
        """How wide the name is, with the gap behind it."""
        metrics = QFontMetricsF(style.font(self.size, tabular=True))
        return metrics.horizontalAdvance(self.name) + style.px(GAP)

    def width(self, style: Style) -> float:
        """How wide all of it is."""
        return self.before(style) + scale_width(self.ends, self.bar, style, self.size)

    def paint(self, painter: QPainter, rect: QRectF, style: Style) -> None:
        """Paint it from the left."""
        font = style.font(self.size, tabular=True)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(rect.left(), baseline(rect, QFontMetricsF(font))), self.name)
        width = scale_width(self.ends, self.bar, style, self.size)
        paint_scale(painter, QRectF(rect.left() + self.before(style), rect.top(), width,
                                    rect.height()), self.ends, ramp(style.theme), style, self.size)


def paint_legend(painter: QPainter, rect: QRectF, below: QRectF | None,
                 pictures: Sequence[Settings], scale: Scale, value: str, style: Style) -> None:
    """What the shades stand for, with numbers, and the other grounds behind it, or `below` it."""
    others = others_of(pictures, value, style)
    if below is not None:
        Named.within(scale, rect.width(), style).paint(painter, rect, style)
        paint_row(painter, below, fitting([others], below.width(), style), style)
        return
    apart = style.px(APART) if others else 0.0
    row = Row(others)
    named = Named.within(scale, rect.width() - apart - row.width(style), style)
    named.paint(painter, rect, style)
    left = rect.left() + named.width(style) + apart
    rest = QRectF(left, rect.top(), rect.right() - left, rect.height())
    paint_row(painter, rest, fitting([others], rest.width(), style), style)


def others_of(pictures: Sequence[Settings], value: str, style: Style) -> tuple[Entry, ...]:
    """The grounds without a shade that maps over each other have."""
    there = (any(worthless(picture, value).any() for picture in pictures),
             any(picture.diverged.any() for picture in pictures))
    return tuple(Entry((partial(paint_ground, outcome=outcome, style=style),), words)
                 for outcome, words, shown in zip((NOWHERE, DIVERGED), (WORTHLESS[value], DIVERGES),
                                                  there, strict=True) if shown)
