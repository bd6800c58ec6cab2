"""Where the histograms of several networks lie in a rectangle."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF

from ..theme import Style

NAME, LINE, AXIS, GAP = 24.0, 17.0, 18.0, 8.0
# Panels are at least so high with names above them, and beside them.
LEAST_PANEL, LEAST_ROW = 30.0, 18.0
# A column narrower than this is a strip of a ridge.
LEAST_COLUMN = 24.0
# The usual width of a bar, and how many there are at most and at least.
BAR, MOST_BARS, LEAST_BARS = 3.7, 56, 10
STRIP_BINS = 40
# Under narrower columns there is no text.
LEAST_TEXT = 40.0


@dataclass(frozen=True)
class Rows:
    """A layout: rows of equal height, columns of equal width.

    `beside` says whether names stand left of the panels instead of above them; `strips` whether a
    network is one strip with a ridge a layer. Texts take `lines` lines under a panel.
    """

    panels: tuple[QRectF, ...]
    names: tuple[QRectF, ...]
    column: float
    gap: float
    beside: bool
    strips: bool
    lines: int
    axis: QRectF | None

    def cell(self, row: int, column: int) -> QRectF:
        """Where one layer's histogram is."""
        panel = self.panels[row]
        left = panel.left() + column * (self.column + self.gap)
        return QRectF(left, panel.top(), self.column, panel.height())

    def bins(self, style: Style) -> int:
        """Bins that can still be told apart in a column."""
        if self.strips:
            return STRIP_BINS
        inner = self.column - (style.px(6) if self.column > style.px(40) else 0.0)
        bar = max(round(max(style.px(BAR), inner / MOST_BARS)), 1)
        # Whole pixels a bar, or all would be of different widths.
        return max(int(inner // bar) // 2 * 2, LEAST_BARS)


def fitting(style: Style, width: float, height: float, rows: int) -> bool:
    """Whether so many rows have room."""
    return rows * style.px(LEAST_ROW) + style.px(NAME) <= height or rows <= 1


def arranged(style: Style, width: float, height: float, rows: int, columns: int,
             most_lines: int, *, head: bool = True) -> Rows:
    """The layout of `rows` networks of at most `columns` layers, with at most 2 lines of text.

    `head` leaves a line for what can be chosen, where the names do not stand on it.
    """
    px = style.px
    axis = px(AXIS) if height >= px(130) else 0.0
    lines, share = 0, (height - axis) / rows
    for wanted in range(most_lines, -1, -1):
        rest = share - px(NAME + LINE * wanted + (GAP if rows > 1 else 0))
        if rest >= px((LEAST_PANEL, 44.0, 78.0)[wanted]):
            lines, beside = wanted, False
            break
    else:
        beside, rest = True, 0.0
    left = min(px(96), 0.28 * width) if beside else 0.0
    top = px(NAME) if beside and head else 0.0
    gap, column = 0.0, (width - left) / columns
    for wanted_gap in (GAP, 3.0, 1.0):
        found = (width - left - px(wanted_gap) * (columns - 1)) / columns
        if found >= 5 * px(wanted_gap):
            gap, column = px(wanted_gap), found
            break
    strips = column < px(LEAST_COLUMN)
    if strips:
        gap, column = 0.0, (width - left) / columns
    if column < px(LEAST_TEXT):
        lines, rest = 0, rest + px(LINE) * lines
    panels, names = [], []
    share = (height - axis - top) / rows
    for row in range(rows):
        begin = top + row * share
        if beside:
            panels.append(QRectF(left, begin, width - left, max(share - px(3), 1.0)))
            names.append(QRectF(0, begin, left - px(6), max(share - px(3), 1.0)))
        else:
            panels.append(QRectF(0, begin + px(NAME), width, rest))
            names.append(QRectF(0, begin, width, px(NAME)))
    under = QRectF(left, height - axis, width - left, axis) if axis else None
    return Rows(tuple(panels), tuple(names), column, gap, beside, strips, lines, under)
