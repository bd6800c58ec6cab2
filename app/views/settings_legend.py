"""What the colours of a map of settings mean: its scale, and what has a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.maps import DIVERGED, NOWHERE, Settings

from ..theme import Style
from .map_legend import (
    APART,
    SIZE,
    Entry,
    baseline,
    fitting,
    paint_row,
    paint_scale,
    scale_width,
)
from .outcomes import DIVERGES, paint_ground
from .settings_shades import ramp, worthless
from .value_scale import Scale

BAR, LEAST_BAR = 84.0, 30.0
# Runs without a shade that did not diverge, by the value that is shown, in long and in short.
WORTHLESS = {"steps": ("has not converged", "not yet"), "loss": ("has not fallen", "not lower")}


def paint_legend(painter: QPainter, rect: QRectF, pictures: Sequence[Settings], scale: Scale,
                 value: str, style: Style) -> None:
    """A bar of the shades between its two numbers, and behind it the other grounds."""
    trials = trials_of(pictures, value, style)
    apart = style.px(APART) if trials[0] else 0.0
    least = scale_width(scale.ends, LEAST_BAR, style)
    row = fitting(trials, rect.width() - least - apart, style)
    if len(row.entries) < len(trials[0]):
        # What is like nothing on the scale is said before the scale is.
        paint_row(painter, rect, fitting(trials, rect.width(), style), style)
        return
    room = rect.width() - apart - row.width(style)
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    what = metrics.horizontalAdvance(f"{scale.what} ")
    usual = scale_width(scale.ends, BAR, style)
    left = rect.left()
    if what + usual <= room:
        painter.setFont(style.font(SIZE, tabular=True))
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(left, baseline(rect, metrics)), scale.what)
        left, room = left + what, room - what
    width = min(usual, room)
    paint_scale(painter, QRectF(left, rect.top(), width, rect.height()), scale.ends,
                ramp(style.theme), style)
    left += width + apart
    paint_row(painter, QRectF(left, rect.top(), rect.right() - left, rect.height()), row, style)


def trials_of(pictures: Sequence[Settings], value: str, style: Style) -> list[tuple[Entry, ...]]:
    """The other grounds that maps over each other have, in long words and in short ones."""
    def entry(outcome: int, words: str) -> Entry:
        return Entry((partial(paint_ground, outcome=outcome, style=style),), words)

    there = (any(worthless(picture, value).any() for picture in pictures),
             any(picture.diverged.any() for picture in pictures))
    return [tuple(entry(outcome, words) for outcome, words, shown in zip(
        (NOWHERE, DIVERGED), (nothing, DIVERGES), there, strict=True) if shown)
        for nothing in WORTHLESS[value]]
