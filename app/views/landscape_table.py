"""The numbers below a landscape: each network's loss, that of its foot, and how far apart they are.

A path on a plane is a shadow; what the plane leaves out is said in the same line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.landscape.picture import Head

from ..numbers import number, unpadded
from ..theme import Style
from .faces import face, width_of
from .heads import short
from .markers import draw_marker
from .view import Appearance

ROW, HEAD_ROW, GAP = 21.0, 20.0, 10.0
CLOSE = (17.0, 17.0, 8.0)
# The share of a view that its table may take, and with close lines, for the sake of all networks.
ROOM, MOST_ROOM = 0.4, 0.46
# A network on the plane is this far off it by rounding, of weights in float32.
ROUNDING = 1e-5
COLUMNS = (("{} loss", "{}"), ("on the plane", "plane"), ("off the plane by", "off by"))

# The columns that there is room for, from all of them on; a marker and the least of a name.
KEPT, LEAST_NAME = ((0, 1, 2), (0, 1), (0,)), 48.0


@dataclass(frozen=True)
class Row:
    """One contestant's line."""

    appearance: Appearance
    head: Head
    lost: bool


@dataclass(frozen=True)
class Lines:
    """How many contestants have a line, and how high in design pixels that, the head and the gap
    above it are."""

    count: int
    row: float = ROW
    head: float = HEAD_ROW
    gap: float = GAP

    def height(self, style: Style) -> float:
        """How high the table is; 0 without lines."""
        return style.px(self.head + self.count * self.row + self.gap) if self.count else 0.0


def lines_below(style: Style, rows: int, room: float) -> Lines:
    """The lines of a table below a map, of so many contestants in a view `room` high.

    The map keeps three fifths of it, or a little less where that leaves nobody out, as closer
    lines may; there are none where the view is too low for two of them.
    """
    trials = [(Lines(rows), ROOM), (Lines(rows, *CLOSE), MOST_ROOM)]
    trials += [(Lines(count, *CLOSE), ROOM) for count in range(rows - 1, 1, -1)]
    return next((lines for lines, share in trials if lines.height(style) <= share * room),
                Lines(0))


def natural_width(style: Style, rows: Sequence[Row], of: str, *, narrow: bool) -> float:
    """How wide the table is with all columns, each near the names; `narrow` has shorter words."""
    return max(_names_width(style, rows), style.px(150)) + len(COLUMNS) * _column(style, of, narrow)


def _names_width(style: Style, rows: Sequence[Row]) -> float:
    return style.px(36) + max(
        (width_of(style, short(row.appearance.name), 13, 600) for row in rows), default=0.0)


def _column(style: Style, of: str, narrow: bool) -> float:
    """How wide a column is that has room for its head and for any number."""
    heads = max(width_of(style, column[narrow].format(of), 12) for column in COLUMNS)
    return max(heads + style.px(16),
               width_of(style, "0.0000000", 13, tabular=True) + style.px(4 if narrow else 12))


def paint_table(painter: QPainter, style: Style, rect: QRectF, rows: Sequence[Row], lines: Lines,
                of: str, networks: int) -> None:
    """The lines, names at the left and numbers in columns at the right; a loss is `of` some rows.

    Where the rows are not of all `networks`, the head says of how many they are.
    """
    font, metrics = face(style, 13, tabular=True)
    quiet_font, quiet = face(style, 12)
    names, name_metrics = face(style, 13, 600)
    width = rect.width()
    narrow = width < style.px(430)
    words = tuple(column[narrow].format(of) for column in COLUMNS)
    column, widest = _column(style, of, narrow), _names_width(style, rows)
    # A narrow card keeps the networks' own losses and the plane's, which are not to be mixed up.
    kept = next((kept for kept in KEPT if style.px(LEAST_NAME) + len(kept) * column <= width),
                KEPT[-1])
    # Numbers stand near their names, and not at the far end of a wide card.
    right = min(rect.right(), rect.left() + max(widest, style.px(150)) + len(kept) * column)
    ends = [right - place * column for place in reversed(range(len(kept)))]
    baseline = rect.top() + style.px(lines.gap) + quiet.ascent()
    painter.setFont(quiet_font)
    painter.setPen(QColor(style.theme.quiet))
    if len(rows) < networks:
        # As many words as there is room for before the first column's.
        room = ends[0] - quiet.horizontalAdvance(words[kept[0]]) - rect.left() - style.px(16)
        of_all = f"{len(rows)} of {networks}"
        said = next((text for text in (f"{of_all} networks", of_all)
                     if quiet.horizontalAdvance(text) <= room), "")
        painter.drawText(QPointF(rect.left() + style.px(2), baseline), said)
    for end, place in zip(ends, kept, strict=True):
        word = words[place]
        painter.drawText(QPointF(end - quiet.horizontalAdvance(word), baseline), word)
    for line, row in enumerate(rows):
        middle = rect.top() + style.px(lines.gap + lines.head + (line + 0.5) * lines.row)
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.setOpacity(row.appearance.opacity)
        draw_marker(painter, row.appearance.marker, rect.left() + style.px(8), middle,
                    style.px(5), row.appearance.color, QColor(style.theme.card))
        painter.setFont(names)
        painter.setPen(style.ink(row.appearance.color))
        left = rect.left() + style.px(22)
        room = ends[0] - column - left + style.px(20)
        shown = name_metrics.elidedText(short(row.appearance.name), Qt.TextElideMode.ElideRight,
                                        room)
        painter.drawText(QPointF(left, baseline), shown)
        painter.setFont(font)
        painter.setPen(QColor(style.theme.text))
        head = row.head
        away = head.distance if head.distance > ROUNDING else 0.0
        # Of large networks losses come a little later.
        texts = ("diverged", "", "") if row.lost else tuple(
            "…" if isnan(value) else unpadded(number(value, fixed=True))
            for value in (head.true_loss, head.plane_loss, away))
        for end, place in zip(ends, kept, strict=True):
            text = texts[place]
            painter.drawText(QPointF(end - metrics.horizontalAdvance(text), baseline), text)
    painter.setOpacity(1)
