"""Heads of trails on a relief: a marker where each contestant is, and its name beside it.

A frame knows none before it, and still no name may leap while a camera goes round. So names get
their places, none over another, for cameras some degrees apart, and slide from one to the next in
between: a frame's follow from its camera and its step alone. Where two meet on the way, the one
behind fades. So do names of contestants that are faded beside a highlighted one, the further they
had to give way: a heap of pale names says less than the markers below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor, sqrt

from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QFontMetricsF, QPainter, QPen

from engine.camera import smooth

from ..theme import Style
from . import labels
from .fading import Span, kept_within
from .heads import MARKER, at_the_edge, draw_arrowhead, halo_color
from .leaders import near_enough, outside
from .markers import draw_marker
from .view import Appearance

# The usual camera is at one of these places.
SLIDING_DEGREES = 10
# From a head to its name, and how much higher than it that stands; and from a marker that is out of
# the picture to its edge; in design pixels.
BESIDE, RISE, EDGE = 13.0, 9.0, 20.0
# Rectangles of names may overlap by so much, which their letters do not; by so much they cover one
# another, and the one behind has the least of its opacity.
CLOSE, COVERED, LEAST = 3.0, 13.0, 0.3
# A way down counts for so many ways up: those whose heads are at one place go up one after another.
DOWN = 4
# A name this much of its height away from its place has a line to its head.
LED = (0.6, 1.4)
# Rounding must not keep two apart that may touch.
TOUCH = 0.05
# Places that are kept.
MOST_KEPT = 4096


@dataclass(frozen=True)
class Head:
    """One contestant on the picture: where its marker is seen, and whereto it is gone, if it is."""

    appearance: Appearance
    text: str
    at: QPointF
    beyond: QPointF | None = None

    def within(self, style: Style, bounds: QRectF) -> Head:
        """The same at the picture's edge, if it is outside."""
        edge = style.px(EDGE)
        at = at_the_edge(self.at, bounds.adjusted(edge, edge, -edge, -edge), 0.0)
        return self if at == self.at else replace(self, at=at, beyond=self.at)


HeadsFrom = Callable[[float], Sequence[Head]]
"""The heads as a camera of an azimuth sees them."""


class Names:
    """Where names stand; it remembers only what it could work out again."""

    def __init__(self) -> None:
        self._key: object = None
        # By the step and the camera's place, in so many degrees.
        self._offsets: dict[tuple[int, int], list[QPointF]] = {}

    def rects(self, heads: Sequence[Head], step: int, azimuth: float, heads_from: HeadsFrom,
              style: Style, bounds: QRectF, key: object) -> list[QRectF]:
        """Their rectangles; `key` says whether places worked out before still hold."""
        if key != self._key or len(self._offsets) > MOST_KEPT:
            self._key, self._offsets = key, {}
        turn = floor(azimuth / SLIDING_DEGREES)
        gone = azimuth / SLIDING_DEGREES - turn
        metrics = QFontMetricsF(style.font(15, 600))
        middles = [head.at for head in heads]
        for place, share in ((turn, 1 - gone), (turn + 1, gone)):
            if not share:
                continue
            if (step, place) not in self._offsets:
                seen = [head.within(style, bounds)
                        for head in heads_from(float(place * SLIDING_DEGREES))]
                self._offsets[step, place] = [rect.center() - head.at for rect, head in zip(
                    placed(seen, metrics, style, bounds), seen, strict=True)]
            middles = [middle + share * offset for middle, offset in zip(
                middles, self._offsets[step, place], strict=True)]
        found = []
        for head, middle in zip(heads, middles, strict=True):
            rect = QRectF(0, 0, metrics.horizontalAdvance(head.text), metrics.height())
            rect.moveCenter(middle)
            found.append(kept_within(rect, bounds))
        return found


def placed(heads: Sequence[Head], metrics: QFontMetricsF, style: Style, bounds: QRectF
           ) -> list[QRectF]:
    """Where names stand: beside their heads, or up or down from there by as little as keeps them
    off markers and off the names of those before them."""
    height, close = metrics.height(), style.px(CLOSE)
    markers = [_shrunk(_box(head, style), close) for head in heads]
    taken: list[Span] = []
    rects: list[QRectF] = []
    for head, own in zip(heads, markers, strict=True):
        rect = beside(head.at, metrics.horizontalAdvance(head.text), height, bounds, style)
        left, right, top, bottom = rect.left(), rect.right(), rect.top(), rect.bottom()
        others = [other for other in (*taken, *markers)
                  if other is not own and other[0] < right and left < other[1]]
        ways = [0.0, *(other[2] - bottom for other in others),
                *(other[3] - top for other in others)]
        for way in sorted(ways, key=lambda way: way * DOWN if way > 0 else -way):
            if top + way >= bounds.top() and bottom + way <= bounds.bottom() and all(
                    bottom + way <= other[2] + TOUCH or other[3] <= top + way + TOUCH
                    for other in others):
                rect.translate(0, way)
                break
        rects.append(kept_within(rect, bounds))
        taken.append(_shrunk(rects[-1], close))
    return rects


def _shrunk(rect: QRectF, close: float) -> Span:
    return rect.left(), rect.right(), rect.top() + close, rect.bottom() - close


def beside(at: QPointF, width: float, height: float, bounds: QRectF, style: Style) -> QRectF:
    """Where a text stands at the right of a point; near the picture's edge it goes over the point
    to its left."""
    reach = style.px(BESIDE) + width / 2
    middle = min(at.x() + reach, bounds.right() - style.px(2) - width / 2)
    middle = max(middle, bounds.left() + style.px(2) + width / 2)
    turned = min(max((middle - at.x()) / reach, -1.0), 1.0)
    rise = style.px(RISE) + (style.px(BESIDE) / 2 + height / 2) * sqrt(1 - turned * turned)
    return QRectF(middle - width / 2, at.y() - rise - height / 2, width, height)


def paint_heads(painter: QPainter, heads: Sequence[Head], rects: Sequence[QRectF], style: Style
                ) -> list[QRectF]:
    """Paint markers and names, earlier ones in front; returns the rectangles that they cover."""
    font = style.font(15, 600)
    tags = [labels.Label(head.text, head.at, style.ink(head.appearance.color),
                         head.appearance.opacity * _uncovered(rect, rects[:place], style)
                         * near_enough(_away(head.at, rect, style), head.appearance.opacity))
            for place, (head, rect) in enumerate(zip(heads, rects, strict=True))]
    for tag, rect in zip(tags, rects, strict=True):
        _paint_leader(painter, tag, rect, rects, style)
    ground = halo_color(style)
    labels.paint(painter, tags[::-1], rects[::-1], font, ground, style.px(3.5), style.px(1e4))
    for head in reversed(heads):
        appearance = head.appearance
        painter.setOpacity(appearance.opacity)
        draw_marker(painter, appearance.marker, head.at.x(), head.at.y(), style.px(MARKER),
                    appearance.color, ground)
        if head.beyond is not None:
            draw_arrowhead(painter, head.at, head.beyond, appearance.color, style)
    painter.setOpacity(1)
    return [*rects, *(_box(head, style) for head in heads)]


def _uncovered(rect: QRectF, others: Sequence[QRectF], style: Style) -> float:
    """How much is seen of a name behind others."""
    deepest = 0.0
    for other in others:
        both = rect.intersected(other)
        deepest = max(deepest, min(both.width(), both.height()))
    covered = (deepest / style.px(1) - CLOSE) / (COVERED - CLOSE)
    return 1 - (1 - LEAST) * min(max(covered, 0.0), 1.0)


def _away(at: QPointF, rect: QRectF, style: Style) -> float:
    """How far a name had to give way up or down, in heights of it."""
    return abs(rect.center().y() - (at.y() - style.px(RISE))) / rect.height()


def _box(head: Head, style: Style) -> QRectF:
    """What a marker covers."""
    radius = style.px(MARKER + 1)
    return QRectF(head.at.x() - radius, head.at.y() - radius, 2 * radius, 2 * radius)


def _paint_leader(painter: QPainter, tag: labels.Label, rect: QRectF, rects: Sequence[QRectF],
                  style: Style) -> None:
    """A line from a head to a name that had to give way, where no name is."""
    strength = smooth((_away(tag.at, rect, style) - LED[0]) / (LED[1] - LED[0]))
    if not strength:
        return
    side = min(max(tag.at.x(), rect.left() - style.px(2)), rect.right() + style.px(2))
    line = QLineF(tag.at, QPointF(side, rect.center().y()))
    painter.setOpacity(tag.opacity * strength)
    painter.setPen(QPen(tag.color, style.px(1.2)))
    for piece in outside(line, rects):
        painter.drawLine(piece)
    painter.setOpacity(1)
