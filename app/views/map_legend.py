"""The row below a map that says what its colours mean: swatches with words, and a scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from ..theme import Style
from .trails import as_image

LINE, SIZE, LEAST_SIZE = 24.0, 12.0, 9.0
SWATCH, NARROW, GAP, APART = 22.0, 11.0, 7.0, 18.0
CLOSER, CLOSEST = 0.6, 0.36


@dataclass(frozen=True)
class Entry:
    """Grounds beside each other, each painted by its own function, and what they are."""

    grounds: tuple[Callable[[QPainter, QRectF], None], ...]
    text: str


@dataclass(frozen=True)
class Row:
    """Entries at a size of letters; `tight` ones are nearer to each other."""

    entries: tuple[Entry, ...]
    size: float = SIZE
    tight: float = 1.0

    def width(self, style: Style) -> float:
        """How wide it is."""
        metrics = QFontMetricsF(style.font(self.size, tabular=True))
        words = sum(metrics.horizontalAdvance(entry.text) + self.swatch(entry, style)
                    for entry in self.entries)
        count = len(self.entries)
        return words + self.tight * style.px(count * GAP + max(count - 1, 0) * APART)

    def swatch(self, entry: Entry, style: Style) -> float:
        """How wide an entry's grounds are together."""
        count = len(entry.grounds)
        return style.px(SWATCH if count == 1 else NARROW * count) * self.tight


def fitting(trials: Sequence[tuple[Entry, ...]], room: float, style: Style) -> Row:
    """The first of the trials that has room, nearer together or in smaller letters if it must.

    Where not even that helps its last entries are left out.
    """
    rows = [Row(entries) for entries in trials]
    rows += [Row(trials[-1], size, CLOSER) for size in np.arange(SIZE, LEAST_SIZE - 0.1, -1.0)]
    rows.append(Row(trials[-1], LEAST_SIZE, CLOSEST))
    rows += [Row(trials[-1][:count], LEAST_SIZE, CLOSER)
             for count in range(len(trials[-1]) - 1, 0, -1)]
    return next((row for row in rows if row.width(style) <= room), Row(()))


def paint_row(painter: QPainter, rect: QRectF, row: Row, style: Style) -> float:
    """Paint it from the left; returns where it ends."""
    font = style.font(row.size, tabular=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    left = rect.left()
    for entry in row.entries:
        swatch = QRectF(left, rect.center().y() - style.px(6), row.swatch(entry, style),
                        style.px(12))
        _paint_swatch(painter, swatch, entry, style)
        painter.setPen(QColor(style.theme.quiet))
        words = swatch.right() + row.tight * style.px(GAP)
        painter.drawText(QPointF(words, baseline(rect, metrics)), entry.text)
        left = words + metrics.horizontalAdvance(entry.text) + row.tight * style.px(APART)
    return left


def paint_scale(painter: QPainter, rect: QRectF, words: tuple[str, str],
                colors: NDArray[np.uint32], style: Style, size: float = SIZE) -> None:
    """A bar of `colors` (n,) as wide as there is room between the words for its two ends."""
    font = style.font(size, tabular=True)
    metrics = QFontMetricsF(font)
    first, last = map(metrics.horizontalAdvance, words)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(rect.left(), baseline(rect, metrics)), words[0])
    painter.drawText(QPointF(rect.right() - last, baseline(rect, metrics)), words[1])
    bar = QRectF(rect.left() + first + style.px(GAP), rect.center().y() - style.px(5),
                 rect.width() - first - last - 2 * style.px(GAP), style.px(10))
    painter.drawImage(bar, as_image(np.ascontiguousarray(colors[None])))


def scale_width(words: tuple[str, str], bar: float, style: Style, size: float = SIZE) -> float:
    """How wide a scale is whose bar has so many design units."""
    metrics = QFontMetricsF(style.font(size, tabular=True))
    return sum(map(metrics.horizontalAdvance, words)) + style.px(bar + 2 * GAP)


def baseline(rect: QRectF, metrics: QFontMetricsF) -> float:
    """Where letters stand whose middle is a rectangle's."""
    return rect.center().y() + (metrics.ascent() - metrics.descent()) / 2


def _paint_swatch(painter: QPainter, rect: QRectF, entry: Entry, style: Style) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, style.px(3), style.px(3))
    painter.save()
    painter.setClipPath(path)
    width = rect.width() / len(entry.grounds)
    for place, paint in enumerate(entry.grounds):
        paint(painter, QRectF(rect.left() + place * width, rect.top(), width, rect.height()))
    painter.restore()
