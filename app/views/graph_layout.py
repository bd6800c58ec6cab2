"""Where the nodes of a network's graph lie: as many columns and units as can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFontMetricsF

from engine.network.even_rows import spread_rows
from engine.network.graph_columns import Column

from ..theme import Style
from .faces import face

NAME, DETAIL = 12, 11
LEAST_SIDE, SMALL_SIDE, MOST_SIDE, GAP, MOST_NODES = 26.0, 19.0, 60.0, 5.0, 16
# From one column's middle to the next one's, bare and with a number at each node.
PITCH, NUMBERED_PITCH = 60.0, 84.0
PICTURE = 2.6
LOSS_ROOM, CHIP_ROOM = 72.0, 54.0


@dataclass(frozen=True)
class NodeColumn:
    """A column's nodes, one for each of `units`; `more` units have none.

    `skipped` columns between the one before and this one are not shown. `head` is the room for its
    name.
    """

    column: Column
    units: tuple[int, ...]
    nodes: tuple[QRectF, ...]
    more: int
    skipped: int
    head: QRectF

    @property
    def number(self) -> int:
        """The column's number."""
        return self.column.number


@dataclass(frozen=True)
class Ask:
    """What a graph is laid out for.

    `focus` is a column that must be there, `units` (column, unit) have nodes where their columns
    are; `numbered` leaves room for numbers and for the loss; `picture` makes one node of the
    inputs; `margins` are kept free at the left and right for names.
    """

    focus: int
    units: tuple[tuple[int, int], ...]
    numbered: bool
    picture: bool
    margins: tuple[float, float]


@dataclass(frozen=True)
class GraphLayout:
    """The columns that are shown, and the place of the loss where numbers flow."""

    columns: tuple[NodeColumn, ...]
    loss: QRectF | None
    side: float

    def node_at(self, pixel: QPointF) -> tuple[NodeColumn, int] | None:
        """The column and the unit of the node under a pixel."""
        for entry in self.columns:
            for unit, rect in zip(entry.units, entry.nodes, strict=True):
                if rect.adjusted(-2, -2, 2, 2).contains(pixel):
                    return entry, unit
        return None


def arranged(chain: Sequence[Column], body: QRectF, style: Style, ask: Ask) -> GraphLayout:
    """A layout that fills `body`."""
    px = style.px
    left, right = ask.margins
    loss = px(LOSS_ROOM) if ask.numbered else 0.0
    pitch = px(NUMBERED_PITCH if ask.numbered else PITCH)

    def fitting() -> tuple[float, list[int]]:
        width = max(body.width() - left - right - loss, 1.0)
        capacity = max(int((width - px(LEAST_SIDE)) / pitch) + 1, 1)
        return width, shown_columns(len(chain), capacity, ask.focus)

    width, numbers = fitting()
    if numbers[-1] != len(chain) - 1:
        # Neither the outputs' names nor the loss are there.
        right, loss = px(CHIP_ROOM) if ask.numbered else 0.0, 0.0
        width, numbers = fitting()
    there = numbers[-1] == len(chain) - 1 and loss > 0
    heads = body.height() > px(120)
    head = (QFontMetricsF(style.font(NAME, 600)).height()
            + QFontMetricsF(style.font(DETAIL)).height() + px(6)) if heads else 0.0
    more_height = face(style, DETAIL)[1].height() + px(2)
    height = max(body.height() - head, 1.0)
    widths = [_wide(chain[k], ask) for k in numbers]
    most = _most(height, widths, style)
    if max(widths) > most:
        height = max(height - more_height, 1.0)
        most = _most(height, widths, style)
    tall = max(min(_wide(chain[k], ask), most) for k in numbers)
    gap = px(GAP)
    apart = width / max(len(numbers), 1)
    side = float(int(max(min(px(MOST_SIDE), (height - (tall - 1) * gap) / tall, 0.5 * apart), 4)))
    big = float(int(min(PICTURE * side, 0.8 * apart, height))) if ask.picture else side
    first, last = body.left() + left + big / 2, body.left() + left + width - side / 2
    found = []
    for place, number in enumerate(numbers):
        column = chain[number]
        pictured = ask.picture and number == 0
        share = place / (len(numbers) - 1) if len(numbers) > 1 else 0.5
        middle = first + share * (last - first)
        units = (0,) if pictured else even_units(
            column.width, most, [unit for where, unit in ask.units if where == number])
        nodes = _stacked(len(units), middle, body.top() + head, height, big if pictured else side,
                         gap)
        near = (last - first) / max(len(numbers) - 1, 1) if len(numbers) > 1 else width
        reach = min(near / 2 - px(3), middle - body.left(), body.right() - loss - middle)
        before = numbers[place - 1] if place else -1
        found.append(NodeColumn(
            column, units, nodes, 0 if pictured else column.width - len(units),
            number - before - 1,
            QRectF(middle - reach, body.top(), 2 * reach, head)))
    at_loss = QRectF(body.right() - px(54), body.top() + head + height / 2 - px(20), px(54), px(40)
                     ) if there else None
    return GraphLayout(tuple(found), at_loss, side)


def shown_columns(count: int, capacity: int, focus: int) -> list[int]:
    """Which of `count` columns are shown, if `capacity` fit: both ends, and those around `focus`.
    """
    focus = min(max(focus, 0), count - 1)
    if count <= capacity:
        return list(range(count))
    if capacity < 4:
        first = min(max(focus - capacity // 2, 0), count - capacity)
        return list(range(first, first + capacity))
    inner = capacity - 2
    first = min(max(focus - inner // 2, 1), count - 1 - inner)
    return [0, *range(first, first + inner), count - 1]


def even_units(width: int, most: int, keep: Sequence[int]) -> tuple[int, ...]:
    """At most `most` of a layer's units, evenly chosen; those to `keep` replace their nearest."""
    units = [int(unit) for unit in spread_rows(width, most)]
    for wanted in keep:
        free = [k for k in range(len(units)) if units[k] not in keep]
        if wanted < width and wanted not in units and free:
            units[min(free, key=lambda k: abs(units[k] - wanted))] = wanted
    return tuple(sorted(units))


def _wide(column: Column, ask: Ask) -> int:
    return 1 if ask.picture and column.number == 0 else column.width


def _most(height: float, widths: Sequence[int], style: Style) -> int:
    """How many nodes fit above one another; somewhat smaller ones where a column is whole then."""
    gap = style.px(GAP)
    fit = int(min(max((height + gap) // (style.px(LEAST_SIDE) + gap), 1), MOST_NODES))
    small = min((height + gap) / (style.px(SMALL_SIDE) + gap), MOST_NODES)
    return max([fit, *(width for width in widths if width <= small)])


def _stacked(count: int, middle: float, top: float, height: float, side: float, gap: float
             ) -> tuple[QRectF, ...]:
    """Squares above one another about the middle of the height, further apart where room is."""
    room = (height - count * side) / max(count - 1, 1)
    step = side + min(max(room, 0.0), max(gap, 0.55 * side))
    start = top + (height - (count - 1) * step - side) / 2
    return tuple(QRectF(round(middle - side / 2), round(start + k * step), side, side)
                 for k in range(count))
