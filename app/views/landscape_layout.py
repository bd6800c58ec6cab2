"""Where a landscape's map and its table lie on a card: below each other, or side by side.

Both axes of a map have one unit, so it fills a card of its own shape only. The table takes the room
that is left, on whichever side leaves the map larger; what is still left lies around both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF

from engine.landscape.picture import LandscapePicture

from ..theme import Style
from .landscape_map import body_in, room_of
from .landscape_table import CLOSE, Lines, Row, lines_below, natural_width

BESIDE = 28.0
# A table is laid beside only where that is worth it: the map gains so much.
GAIN = 1.1


@dataclass(frozen=True)
class Layout:
    """The map with its axes, and the table; that is empty where it has no room."""

    map: QRectF
    table: QRectF
    lines: Lines


def lay_out(style: Style, rect: QRectF, picture: LandscapePicture, rows: Sequence[Row]) -> Layout:
    """The places of a picture's map and of the table of so many rows."""
    below = _below(style, rect, picture, len(rows))
    found, largest = below, GAIN * _area(style, below, picture)
    for narrow, lines in ((False, Lines(len(rows))), (True, Lines(len(rows))),
                          (True, Lines(len(rows), *CLOSE))):
        beside = _beside(style, rect, picture, lines, natural_width(
            style, rows, picture.wanted.of, narrow=narrow))
        if beside is not None and (area := _area(style, beside, picture)) > largest:
            found, largest = beside, area
    return found


def _below(style: Style, rect: QRectF, picture: LandscapePicture, rows: int) -> Layout:
    lines = lines_below(style, rows, rect.height())
    height = lines.height(style)
    body = room_of(style, rect.adjusted(0, 0, 0, -height), picture)
    top = rect.top() + round((rect.height() - height - body.height()) / 2)
    table = QRectF(rect.left(), top + body.height(), rect.width(), height)
    return Layout(QRectF(rect.left(), top, rect.width(), body.height()), table, lines)


def _beside(style: Style, rect: QRectF, picture: LandscapePicture, lines: Lines, width: float
            ) -> Layout | None:
    """None where there is no room for all lines, or for a map."""
    gap = style.px(BESIDE)
    height = lines.height(style)
    left = rect.adjusted(0, 0, -width - gap, 0)
    if height > rect.height() or left.width() < width:
        return None
    body = room_of(style, left, picture)
    around = round((left.width() - body.width()) / 2)
    place = QRectF(rect.left() + around, rect.top(), body.width(), rect.height())
    middle = body_in(style, place, picture)[0].center().y()
    top = max(rect.top(), round(middle - height / 2))
    return Layout(place, QRectF(QPointF(place.right() + gap, top),
                                QPointF(place.right() + gap + width, top + height)), lines)


def _area(style: Style, layout: Layout, picture: LandscapePicture) -> float:
    body = body_in(style, layout.map, picture)[0]
    return body.width() * body.height()
