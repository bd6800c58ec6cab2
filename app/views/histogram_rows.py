"""Where the histograms of several networks lie in a rectangle, and which of their texts fit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF

from engine.network.layer_spread import Column

from ..numbers import LARGEST_PLAIN, MINUS, number, unpadded
from ..theme import Style

NAME, LINE, AXIS, GAP = 24.0, 17.0, 18.0, 8.0
# Panels are at least so high with names above them, and beside them.
LEAST_PANEL, LEAST_ROW = 30.0, 18.0
# A column narrower than this is a strip of a ridge.
LEAST_COLUMN = 24.0
# The usual width of a bar, and how many there are at most and at least.
BAR, MOST_BARS, LEAST_BARS = 3.7, 56, 10
STRIP_BINS = 40
# Less than this share outside of the range is not worth a word: 3.5 std leave it out.
WORTH_SAYING = 0.03
# Under narrower columns there is no text.
LEAST_TEXT = 40.0
# A panel lower than this would be all text.
LEAST_INSIDE = 24.0


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


def moments_text(mean: float, std: float) -> tuple[str, str]:
    """A std with two digits, and the mean to the same place, so that neither flickers."""
    spread = unpadded(number(std, 2, fixed=True))
    if "×" in spread or not (isfinite(mean) and isfinite(std)):
        small = abs(mean) < 0.005 * std
        return number(0.0 if small else mean, 2), spread
    places = len(spread.partition(".")[2])
    rounded = round(mean, places) + 0.0
    if rounded == 0 and places > 2:
        return "0", spread
    return (f"{rounded:,.{places}f}".replace("-", MINUS) if abs(rounded) < LARGEST_PLAIN
            else number(mean, 2)), spread


def percent(share: float) -> str:
    """A share as it is read: no digits after the point, and no 0 % for what is there."""
    return "<1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def said_of(column: Column) -> tuple[str, ...]:
    """What else there is to say of a layer, the most important first."""
    entry, found = column.histogram, []
    if entry.nonfinite:
        found.append(f"{entry.nonfinite:,} overflow")
    outside = (entry.below + entry.above) / max(column.total, 1)
    if outside > WORTH_SAYING:
        found.append(f"{percent(outside)} outside")
    if column.rests and entry.sparse == entry.sparse:
        found.append(f"{percent(entry.sparse)} zero")
    elif entry.saturated == entry.saturated:
        found.append(f"{percent(entry.saturated)} sat.")
    if entry.dead:
        found.append(f"{entry.dead} dead")
    return tuple(found)


def texts_of(column: Column, lines: int) -> tuple[tuple[str, ...], ...]:
    """What could stand under a histogram in `lines` lines, the most telling that fits wins."""
    mean, std = moments_text(column.histogram.mean, column.histogram.std)
    said = said_of(column)
    joined = " · ".join(said)
    if lines == 2:
        return ((f"mean {mean} · std {std}", joined), (f"{mean} ± {std}", joined),
                (f"std {std}", joined), (f"std {std}", said[0] if said else ""),
                (f"std {std}", ""), (f"σ {std}", ""))
    whole = [f"mean {mean} · std {std}", f"{mean} ± {std}", f"std {std}"]
    long = [" · ".join([text, *said]) for text in whole]
    short = f"σ {std} · {said[0]}" if said else whole[2]
    rough = unpadded(number(column.histogram.std, 1))
    return tuple((text,) for text in (*long, short, whole[2], f"σ {std}", f"σ {rough}", rough))


def inside_texts(columns: list[Column], metrics: QFontMetricsF, room: float
                 ) -> list[tuple[str, ...]]:
    """Moments for the corners of panels, of one kind for all: the first that fits, or none."""
    moments = [moments_text(c.histogram.mean, c.histogram.std) for c in columns]
    rough = [unpadded(number(c.histogram.std, 1)) for c in columns]
    # The long one is not to lie over half of the bars.
    for texts, share in (([f"mean {mean} · std {std}" for mean, std in moments], 0.5),
                         ([f"std {std}" for _, std in moments], 1.0),
                         ([f"σ {std}" for _, std in moments], 1.0),
                         ([f"σ {std}" for std in rough], 1.0)):
        if all(metrics.horizontalAdvance(text) <= share * room for text in texts):
            return [(text,) for text in texts]
    return [()] * len(columns)


def chosen_texts(columns: list[Column], lines: int, metrics: QFontMetricsF, room: float
                 ) -> list[tuple[str, ...]]:
    """Texts of one kind for all columns: the first for which none is too wide, or none."""
    if not lines or not columns:
        return [()] * len(columns)
    offered = [texts_of(column, lines) for column in columns]
    for kind in range(len(offered[0])):
        texts = [entry[kind] for entry in offered]
        if all(metrics.horizontalAdvance(line) <= room for text in texts for line in text):
            return texts
    return [()] * len(columns)
