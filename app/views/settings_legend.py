"""What the colours of a map of settings mean: its scale, and what has a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
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
from .outcomes import DIVERGES, UNCONVERGED, paint_ground
from .settings_shades import ramp, worthless
from .trails import as_image
from .value_scale import Scale

BAR, LEAST_BAR = 84.0, 30.0
# Runs without a shade that did not diverge, by the value that is shown.
WORTHLESS = {"steps": UNCONVERGED, "loss": "not lower"}
# From the fullest shade to the palest, where there is no room for numbers.
SHADES = {"steps": "few–many", "loss": "low–high"}


def paint_legend(painter: QPainter, rect: QRectF, pictures: Sequence[Settings], scale: Scale,
                 value: str, style: Style) -> None:
    """A bar of the shades between its two numbers, and behind it the other grounds."""
    others = others_of(pictures, value, style)
    apart = style.px(APART) if others else 0.0
    least = scale_width(scale.ends, LEAST_BAR, style)
    row = fitting([others], rect.width() - least - apart, style)
    if len(row.entries) < len(others):
        shades = Entry((partial(_paint_shades, style=style),), SHADES[value])
        # Where not even that has room what the shades mean is said first.
        whole = fitting([(*others, shades)], rect.width(), style)
        if len(whole.entries) <= len(others):
            whole = fitting([(shades, *others)], rect.width(), style)
        paint_row(painter, rect, whole, style)
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


def others_of(pictures: Sequence[Settings], value: str, style: Style) -> tuple[Entry, ...]:
    """The grounds without a shade that maps over each other have."""
    there = (any(worthless(picture, value).any() for picture in pictures),
             any(picture.diverged.any() for picture in pictures))
    return tuple(Entry((partial(paint_ground, outcome=outcome, style=style),), words)
                 for outcome, words, shown in zip((NOWHERE, DIVERGED), (WORTHLESS[value], DIVERGES),
                                                  there, strict=True) if shown)


def _paint_shades(painter: QPainter, rect: QRectF, style: Style) -> None:
    painter.drawImage(rect, as_image(np.ascontiguousarray(ramp(style.theme)[None])))
