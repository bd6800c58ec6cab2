"""What the colours of a map of basins mean, in words, in a row below the maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from engine.maps import DIVERGED, NOWHERE, Basins

from ..numbers import number
from ..theme import LIGHT, Style
from .basin_shades import Steps, shade, stripe, striped, unlike
from .trails import as_image

LINE, SIZE = 24.0, 12.0
SWATCH, GAP, APART, BAR = 22.0, 7.0, 18.0, 52.0
# More minima than that are counted, not named.
MOST_NAMED = 6
MOST_HUES = len(LIGHT.classes)


@dataclass(frozen=True)
class Entry:
    """A swatch of the hues of some minima, or an outcome's, and its words."""

    places: tuple[int, ...]
    text: str
    short: str = ""
    """Words for where there is little room."""


def entries(pictures: Sequence[Basins], total: int) -> tuple[Entry, ...]:
    """What is to be said of maps of runs of `total` steps, minima first."""
    first = pictures[0]
    reached = np.unique(np.concatenate([picture.reached.ravel() for picture in pictures]))
    named = [int(place) for place in reached if place >= 0]
    found = []
    if len(named) > MOST_NAMED:
        found.append(together(named))
    else:
        for place in named:
            x, y = (_round(float(value), first.radius) for value in first.minima[place])
            found.append(Entry((place,), f"{'' if found else 'minimum '}({x}, {y})"))
    if DIVERGED in reached:
        found.append(Entry((DIVERGED,), "diverges"))
    if NOWHERE in reached:
        found.append(Entry((NOWHERE,), f"at no minimum after {total:,} steps", "at none"))
    return tuple(found)


def together(places: Sequence[int]) -> Entry:
    """All minima in one entry, where there are too many or too little room to name them."""
    words = f"{len(places):,} minima" if len(places) > 1 else "minimum"
    repeating = ", hues repeat" if len(places) > MOST_HUES else ""
    return Entry(tuple(places[:MOST_NAMED]), words + repeating)


def paint_legend(painter: QPainter, rect: QRectF, found: Sequence[Entry], steps: Steps,
                 style: Style) -> None:
    """The swatches with their words, from the left; what finds no room is said more shortly."""
    painter.setFont(style.font(SIZE, tabular=True))
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
    minima = [place for entry in found for place in entry.places if place >= 0]

    def needed(shown: Sequence[Entry]) -> float:
        return sum(metrics.horizontalAdvance(entry.text) + _swatch_width(entry, style)
                   + style.px(GAP + APART) for entry in shown) - style.px(APART)

    if minima and needed(found) > rect.width():
        found = (together(minima), *(entry for entry in found if entry.places[0] < 0))
    if needed(found) > rect.width():
        found = [replace(entry, text=entry.short or entry.text) for entry in found]
    scale = number(round(steps.fewest)), f"{number(round(steps.most))} steps"
    own = sum(map(metrics.horizontalAdvance, scale)) + style.px(BAR + 2 * GAP)
    if minima and needed(found) + style.px(APART) + own <= rect.width():
        _paint_scale(painter, QRectF(rect.right() - own, rect.center().y() - style.px(5), own,
                                     style.px(10)), baseline, scale, metrics, minima[0], style)
    left = rect.left()
    for entry in found:
        swatch = QRectF(left, rect.center().y() - style.px(6), _swatch_width(entry, style),
                        style.px(12))
        words = swatch.right() + style.px(GAP)
        if words + metrics.horizontalAdvance(entry.text) > rect.right() + 1:
            break
        _paint_swatch(painter, swatch, entry, style)
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(words, baseline), entry.text)
        left = words + metrics.horizontalAdvance(entry.text) + style.px(APART)


def _swatch_width(entry: Entry, style: Style) -> float:
    return style.px(SWATCH if len(entry.places) == 1 else 11.0 * len(entry.places))


def _paint_swatch(painter: QPainter, rect: QRectF, entry: Entry, style: Style) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, style.px(3), style.px(3))
    painter.save()
    painter.setClipPath(path)
    width = rect.width() / len(entry.places)
    for place, minimum in enumerate(entry.places):
        part = QRectF(rect.left() + place * width, rect.top(), width, rect.height())
        painter.fillRect(part, shade(style.theme, minimum, 0.0) if minimum >= 0 else
                         unlike(style.theme, minimum))
        if minimum == DIVERGED:
            stripes = as_image(_stripes(style, part.width(), part.height()))
            painter.drawImage(part.topLeft(), stripes)
    painter.restore()


@lru_cache(maxsize=8)
def _stripes(style: Style, width: float, height: float) -> np.ndarray:
    size = (max(1, round(width)), max(1, round(height)))
    where = striped(size, style.px(3.5))
    return np.where(where, stripe(style.theme).rgba(), unlike(style.theme, DIVERGED).rgba()
                    ).astype(np.uint32)


def _paint_scale(painter: QPainter, rect: QRectF, baseline: float, words: tuple[str, str],
                 metrics: QFontMetricsF, minimum: int, style: Style) -> None:
    """A bar from the fewest steps to the most, between the two numbers."""
    first, last = map(metrics.horizontalAdvance, words)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(rect.left(), baseline), words[0])
    painter.drawText(QPointF(rect.right() - last, baseline), words[1])
    bar = QRectF(rect.left() + first + style.px(GAP), rect.top(), style.px(BAR), rect.height())
    colors = np.array([[shade(style.theme, minimum, k / 51).rgba() for k in range(52)]], np.uint32)
    painter.drawImage(bar, as_image(colors))


def _round(value: float, radius: float) -> str:
    """A coordinate with the digits that tell it from its neighbours."""
    digits = max(0, int(np.ceil(-np.log10(max(radius, 1e-12)))) + 1)
    return number(round(value, digits) + 0.0, 4)
