"""An optimizer's rule in a narrow card: the equation alone, and a line for each of its terms.

Where columns of numbers under the equation would have to be tiny, lines beneath it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.optimizers import Part

from ..numbers import unpadded
from ..outlines import UNITS_PER_EM, outlines
from ..theme import Style
from .arrow_table import FIGURES, LINE, column_width, write

# The equation's em, and its terms' in their lines; the gap between; a term's room, at least, and at
# most as a share of the width; the least room in which a word cut short still says something.
EM, SYMBOL_EM, BELOW = 30.0, 17.0, 12.0
SYMBOL, WIDEST_SYMBOL = 30.0, 0.2
LEAST_WORD = 64.0


def paint(painter: QPainter, parts: Sequence[Part], values: Mapping[str, Sequence[str]],
          style: Style, rect: QRectF) -> float:
    """Paint the equation and its terms into the top of `rect`; returns how far down they reach."""
    whole = outlines(tuple(part.tex for part in parts))
    ink = QRectF()
    for outline in whole:
        ink = ink.united(outline.box)
    em = min(style.px(EM), UNITS_PER_EM * rect.width() / max(ink.width(), 1.0))
    scale = em / UNITS_PER_EM
    baseline = round(rect.top() - ink.top() * scale)
    text = QColor(style.theme.text)
    for outline in whole:
        outline.draw(painter, rect.left() - ink.left() * scale, baseline, em, text)
    top = baseline + ink.bottom() * scale + style.px(BELOW)
    terms = [part for part in parts if part.term in values]
    column = column_width(style, rect, [text for part in terms for text in values[part.term]])
    symbols = {part.term: outlines((part.tex,))[0] for part in terms}
    most = WIDEST_SYMBOL * rect.width()
    sizes = {term: min(style.px(SYMBOL_EM), most * UNITS_PER_EM / symbol.box.right())
             for term, symbol in symbols.items()}
    wide = max([style.px(SYMBOL), *(symbols[term].box.right() * em / UNITS_PER_EM + style.px(10)
                                    for term, em in sizes.items())])
    figures = QFontMetricsF(style.font(*FIGURES, tabular=True))
    for row, part in enumerate(terms):
        middle = top + (row + 0.5) * style.px(LINE)
        foot = middle + (figures.ascent() - figures.descent()) / 2
        symbols[part.term].draw(painter, rect.left(), round(foot), sizes[part.term], text)
        numbers = values[part.term]
        room = rect.width() - wide - len(numbers) * column
        if room >= style.px(LEAST_WORD):
            write(painter, style, part.meaning, rect.left() + wide, middle, quiet=True, room=room)
        for place, number in enumerate(numbers):
            right = rect.right() - (len(numbers) - 1 - place) * column
            write(painter, style, unpadded(number), right, middle, flush_right=True)
    return top + len(terms) * style.px(LINE)
