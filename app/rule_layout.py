"""Where everything of an annotated update rule stands, at one size.

The equation keeps its natural spacing. The columns beneath it, one for each named term, move apart
as far as they must, and a thin line leads from each to its term. Places depend on the size and on
how many numbers there are, not on their digits, so nothing jitters while they change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFont, QFontMetricsF, QPainterPath

from engine.optimizers.definition import Part

from .columns import Extent, spread, wrapped
from .numbers import MINUS, unpadded
from .outlines import UNITS_PER_EM
from .typefaces import font

# Measures in ems of the equation.
NUMBER_SIZE, MEANING_SIZE = 0.6, 0.5
BRACKET_DROP, LEADER_HEIGHT, TEXT_DROP = 0.16, 0.5, 0.18
ROW_PITCH, MEANING_PITCH, MEANING_DROP = 0.86, 0.64, 0.42
COLUMN_GAP, LABEL_GAP, MEANING_WIDTH = 0.6, 0.35, 4.2

# A column is centred on a typical number, and has room for the longest usual ones.
TYPICAL, LONGEST, LONGEST_ALONE = "0.0000", "0.000000", "0.00000"

Placed = tuple[QPointF, str]


@dataclass(frozen=True)
class Column:
    """The numbers under one term: `rows` of them, their digits beginning at `digits_at`."""

    term: str
    rows: int
    middle: float
    digits_at: float
    leader: QPainterPath


@dataclass(frozen=True)
class Layout:
    """A rule at one size; places are in pixels from the equation's origin on its baseline."""

    px: float
    box: QRectF
    number_font: QFont
    meaning_font: QFont
    baselines: tuple[float, ...]
    columns: tuple[Column, ...]
    meanings: tuple[Placed, ...]
    axes: tuple[Placed, ...]


def lay_out(parts: Sequence[Part], boxes: Sequence[QRectF], px: float,
            numbers: Mapping[str, Sequence[str]], axes: Sequence[str]) -> Layout:
    """Place what stands under the parts, whose ink is in `boxes` (1/1000 em), at `px` an em."""
    boxes = [_scaled(box, px / UNITS_PER_EM) for box in boxes]
    ink = reduce(QRectF.united, boxes, QRectF())
    terms = [(part, box) for part, box in zip(parts, boxes, strict=True) if part.term]
    number_font, meaning_font = font(NUMBER_SIZE * px, 500, tabular=True), font(MEANING_SIZE * px)
    figures, words = QFontMetricsF(number_font), QFontMetricsF(meaning_font)

    rows = [numbers.get(part.term, ()) for part, _ in terms]
    meanings = [wrapped(part.meaning, words.horizontalAdvance, MEANING_WIDTH * px)
                for part, _ in terms]
    labelled = next((k for k, texts in enumerate(rows) if len(texts) == len(axes) > 1), None)
    label_width = max(map(words.horizontalAdvance, axes), default=0.0) + LABEL_GAP * px
    extents = []
    for k, (_, box) in enumerate(terms):
        left, right = _number_extent(figures, rows[k])
        half = max(map(words.horizontalAdvance, meanings[k]), default=0.0) / 2
        left += label_width if k == labelled else 0.0
        extents.append(Extent(box.center().x(), max(left, half), max(right, half)))
    middles = spread(extents, COLUMN_GAP * px)

    bracket = ink.bottom() + BRACKET_DROP * px
    top = bracket + LEADER_HEIGHT * px
    first = top + TEXT_DROP * px + figures.capHeight()
    baselines = tuple(first + k * ROW_PITCH * px for k in range(max(map(len, rows), default=0)))
    under = baselines[-1] + MEANING_DROP * px if baselines else top + TEXT_DROP * px
    placed = _placed(meanings, middles, under + words.capHeight(), MEANING_PITCH * px, words)
    digits = [middle - figures.horizontalAdvance(TYPICAL) / 2 for middle in middles]
    columns = tuple(
        Column(part.term, len(texts), middle, at, _leader(box, bracket, middle, top))
        for (part, box), texts, middle, at in zip(terms, rows, middles, digits, strict=True)
    )
    lowest = max([ink.bottom(), *baselines, *(at.y() + words.descent() for at, _ in placed)])
    whole = ink.united(QRectF(ink.left(), ink.top(), ink.width(), lowest - ink.top()))
    for extent, middle in zip(extents, middles, strict=True):
        whole = whole.united(QRectF(middle - extent.left, ink.top(),
                                    extent.left + extent.right, lowest - ink.top()))
    names: tuple[Placed, ...] = ()
    if labelled is not None:
        x = digits[labelled] - figures.horizontalAdvance(MINUS) - label_width
        names = tuple((QPointF(x, y), name) for name, y in zip(axes, baselines, strict=False))
    return Layout(px, whole, number_font, meaning_font, baselines, columns, placed, names)


def _scaled(box: QRectF, scale: float) -> QRectF:
    return QRectF(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale)


def _placed(texts: Sequence[Sequence[str]], middles: Sequence[float], first: float, pitch: float,
            metrics: QFontMetricsF) -> tuple[Placed, ...]:
    """Lines centred on their middles, the first of each text on the baseline `first`."""
    return tuple(
        (QPointF(middle - metrics.horizontalAdvance(line) / 2, first + k * pitch), line)
        for lines, middle in zip(texts, middles, strict=True) for k, line in enumerate(lines)
    )


def _number_extent(figures: QFontMetricsF, numbers: Sequence[str]) -> tuple[float, float]:
    """What numbers need at the left and at the right of their column's middle."""
    longest = max((figures.horizontalAdvance(unpadded(text)) for text in numbers), default=0.0)
    if len(numbers) < 2:
        half = max(longest, figures.horizontalAdvance(LONGEST_ALONE) if numbers else 0.0) / 2
        return half, half
    middle, sign = figures.horizontalAdvance(TYPICAL) / 2, figures.horizontalAdvance(MINUS)
    digits = max(longest - sign, figures.horizontalAdvance(LONGEST))
    return middle + sign, digits - middle


def _leader(ink: QRectF, bracket: float, middle: float, top: float) -> QPainterPath:
    """A bar as wide as a term's ink, at the height `bracket`, and a line to its column's top."""
    path = QPainterPath(QPointF(ink.left(), bracket))
    path.lineTo(ink.right(), bracket)
    centre, bend = ink.center().x(), (bracket + top) / 2
    path.moveTo(centre, bracket)
    path.cubicTo(centre, bend, middle, bend, middle, top)
    return path
