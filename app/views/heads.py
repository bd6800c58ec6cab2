"""The heads of trails: a marker where each contestant is, and its name beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from engine.snapshot import Snapshot, Trail

from ..numbers import number
from ..theme import Style, mixed
from . import labels
from .faces import face
from .fading import kept_within
from .leaders import near_enough
from .markers import draw_marker
from .view import Appearance

ToPixel = Callable[[float, float], QPointF]
ToPixels = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Seen = Callable[[Trail, int], QPointF]

# Names are placed relative to their heads every so many steps, and slide from one place to the next
# in between. Since that follows from the trails, a film's frame needs no memory of those before.
SLIDING_STEPS = 8
LONGEST_NAME = 24
SIZE, BOLD = 15, 600
MARKER = 7.0
"""A marker's radius in design pixels."""
MINIMUM = 13
# From a head to its name above or below it; in design pixels.
ABOVE = 9.0
# Steps that are looked through for where a contestant left the picture.
MOST_OUTSIDE = 4000


class Heads:
    """Paints heads and names; it remembers only what it could work out again."""

    def __init__(self) -> None:
        self._key: object = None
        self._offsets: dict[int, list[QPointF]] = {}

    def paint(self, painter: QPainter, to_pixel: ToPixel, shown: Sequence[Appearance],
              snapshot: Snapshot, style: Style, bounds: QRectF, key: object,
              to_pixels: ToPixels | None = None, taken: Sequence[QRectF] = (),
              stays: Callable[[Trail], bool] = lambda trail: True) -> list[QRectF]:
        """Paint them as of the snapshot; returns the rectangles that they cover.

        `key` says whether places worked out before still hold. Where the map to pixels can be had
        of many points at once, heads outside stay where they left the picture, of trails with
        `stays`. No name is where a rectangle is `taken` by something else.
        """
        def seen(trail: Trail, step: int) -> QPointF:
            return _seen_at(trail, step, to_pixel, to_pixels if stays(trail) else None, bounds)

        key = (key, tuple(appearance.opacity for appearance in shown),
               tuple(rect.getRect() for rect in taken))
        if key != self._key or len(self._offsets) > 4096:
            self._key, self._offsets = key, {}
        ground = halo_color(style)
        font, _ = face(style, SIZE, BOLD)
        tags = self._tags(shown, snapshot, snapshot.step, seen, bounds, style)
        rects = self._rects(shown, snapshot, tags, seen, bounds, style, taken)
        written = [
            replace(tag, opacity=tag.opacity * near_enough(_away(tag, rect, style), tag.opacity))
            for tag, rect in zip(tags, rects, strict=True)]
        labels.paint(painter, written, rects, font, ground, style.px(3.5), style.px(26))
        # After the names: one that slides past another's head must not hide it.
        for appearance, tag in zip(shown, tags, strict=True):
            painter.setOpacity(appearance.opacity)
            state = snapshot.contestants[appearance.index]
            exact = seen(snapshot.trails[appearance.index], snapshot.step)
            inside = bounds.contains(exact) and state.diverged is None
            draw_marker(painter, appearance.marker, tag.at.x(), tag.at.y(), style.px(MARKER),
                        appearance.color, ground)
            if not inside and exact != tag.at:
                draw_arrowhead(painter, tag.at, exact, appearance.color, style)
        painter.setOpacity(1)
        return [*rects, *(_head_box(tag, style) for tag in tags)]

    def _tags(self, shown: Sequence[Appearance], snapshot: Snapshot, step: int, seen: Seen,
              bounds: QRectF, style: Style) -> list[labels.Label]:
        tags = []
        for appearance in shown:
            trail = snapshot.trails[appearance.index]
            text = head_text(appearance, trail, step)
            at = at_the_edge(seen(trail, step), bounds, style.px(20))
            tags.append(labels.Label(text, at, style.ink(appearance.color), appearance.opacity))
        return tags

    def _rects(self, shown: Sequence[Appearance], snapshot: Snapshot, tags: list[labels.Label],
               seen: Seen, bounds: QRectF, style: Style, taken: Sequence[QRectF]
               ) -> list[QRectF]:
        font, metrics = face(style, SIZE, BOLD)
        last = snapshot.step - snapshot.step % SLIDING_STEPS
        before, share = max(0, last - SLIDING_STEPS), (snapshot.step - last) / SLIDING_STEPS
        for step in (before, last):
            if step not in self._offsets:
                past = self._tags(shown, snapshot, step, seen, bounds, style)
                placed = _unfaded_first(past, partial(
                    labels.place, font=font, bounds=bounds, gap=style.px(ABOVE),
                    obstacles=[*taken, *(_head_box(tag, style) for tag in past)]))
                self._offsets[step] = [rect.center() - tag.at
                                       for rect, tag in zip(placed, past, strict=True)]
        rects = []
        for tag, start, end in zip(tags, self._offsets[before], self._offsets[last], strict=True):
            offset = start + (end - start) * share
            size = QRectF(0, 0, metrics.horizontalAdvance(tag.text), metrics.height())
            size.moveCenter(tag.at + offset)
            rects.append(kept_within(size, bounds))
        # Half-way past each other two names may touch: the later one gives way.
        heads = [*taken, *(_head_box(tag, style) for tag in tags)]
        places = dict(zip(map(id, tags), rects, strict=True))
        return _unfaded_first(tags, lambda chosen: labels.apart(
            [places[id(tag)] for tag in chosen], bounds, heads))


def _unfaded_first(tags: Sequence[labels.Label],
                   place: Callable[[Sequence[labels.Label]], Sequence[QRectF]]) -> list[QRectF]:
    """Place labels in the order of how full they are: a faded name gives way to the one meant."""
    order = sorted(range(len(tags)), key=lambda k: -tags[k].opacity)
    placed = dict(zip(order, place([tags[k] for k in order]), strict=True))
    return [placed[k] for k in range(len(tags))]


def halo_color(style: Style) -> QColor:
    """What is around names and markers on a surface."""
    return mixed(style.theme.surface_high, style.theme.surface_low, 0.15)


def paint_minimum(painter: QPainter, at: QPointF, point: tuple[float, float], style: Style,
                  bounds: QRectF, taken: Sequence[QRectF]) -> None:
    """Write the only minimum's place beside it, unless heads or names are there: they say more."""
    arm = style.px(5)
    text, metrics = minimum_text(point), QFontMetricsF(style.font(MINIMUM))
    width = metrics.horizontalAdvance(text)
    left = at.x() + 2.4 * arm
    if left + width > bounds.right() - arm:
        left = at.x() - 2.4 * arm - width
    rect = QRectF(left, at.y() + arm, width, metrics.height())
    if bounds.contains(rect) and not any(rect.intersects(other) for other in taken):
        paint_minimum_text(painter, text, rect, style)


def minimum_text(point: tuple[float, float]) -> str:
    """What is written beside a surface's only minimum."""
    return f"minimum ({number(point[0])}, {number(point[1])})"


def paint_minimum_text(painter: QPainter, text: str, rect: QRectF, style: Style,
                       opacity: float = 1.0) -> None:
    """Write it where there is room: a minimum is where the surface is darkest, and trails end."""
    ink = mixed(style.theme.quiet, style.theme.text, 0.5)
    labels.paint(painter, [labels.Label(text, rect.center(), ink, opacity)], [rect],
                 style.font(MINIMUM), halo_color(style), style.px(3), rect.height())


def head_text(appearance: Appearance, trail: Trail, step: int) -> str:
    """What is written beside a head: its name, and that it has diverged."""
    text, lost = short(appearance.name), trail.diverged
    if lost is not None and lost.step <= step:
        text += f" diverged at step {lost.step:,}"
    return text


def short(name: str) -> str:
    """A name as it stands in a picture: the end of a long one is left out."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _seen_at(trail: Trail, step: int, to_pixel: ToPixel, to_pixels: ToPixels | None,
             bounds: QRectF) -> QPointF:
    """Where a contestant is at a step or was last, in pixels; outside, where it left the picture.

    One that diverges leaps from side to side, so that a marker which followed it would flicker
    between two edges. Long runs keep every second, fourth, … step.
    """
    index = int(np.searchsorted(trail.steps, step, side="right")) - 1
    index = min(max(index, 0), len(trail.path) - 1)
    seen = to_pixel(*map(float, trail.path[index]))
    if to_pixels is None or bounds.contains(seen):
        return seen
    # All at once: one by one they took 45 ms of a frame. An even first one is on the same side at
    # the next step, too.
    first = max(index - MOST_OUTSIDE, 0) // 2 * 2
    x, y = to_pixels(trail.path[first : index + 1]).T
    inside = np.flatnonzero((bounds.left() <= x) & (x <= bounds.right())
                            & (bounds.top() <= y) & (y <= bounds.bottom()))
    left = first + int(inside[-1]) + 1 if len(inside) else first
    return to_pixel(*map(float, trail.path[min(left, index)]))


def _away(tag: labels.Label, rect: QRectF, style: Style) -> float:
    """How far a name is from its place right above or below its head, in heights of it."""
    from_head = abs(rect.center().y() - tag.at.y()) - rect.height() / 2
    return max(from_head - style.px(ABOVE), 0.0) / rect.height()


def _head_box(tag: labels.Label, style: Style) -> QRectF:
    radius = style.px(8)
    return QRectF(tag.at.x() - radius, tag.at.y() - radius, 2 * radius, 2 * radius)


def at_the_edge(at: QPointF, bounds: QRectF, margin: float) -> QPointF:
    """The point itself, or where the way to it from the middle leaves the picture."""
    if bounds.contains(at):
        return at
    box, center = bounds.adjusted(margin, margin, -margin, -margin), bounds.center()
    dx, dy = at.x() - center.x(), at.y() - center.y()
    reach = min((box.width() / 2) / abs(dx) if dx else np.inf,
                (box.height() / 2) / abs(dy) if dy else np.inf, 1.0)
    return QPointF(center.x() + dx * reach, center.y() + dy * reach)


def draw_arrowhead(painter: QPainter, at: QPointF, towards: QPointF, color: QColor, style: Style
                   ) -> None:
    """Beyond a marker at the edge: the contestant is out there."""
    painter.save()
    painter.translate(at)
    way = towards - at
    painter.rotate(float(np.degrees(np.arctan2(way.y(), way.x()))))
    painter.setPen(QPen(color, style.px(2.2)))
    tip, back, half = style.px(16), style.px(11.5), style.px(5)
    painter.drawPolyline(QPolygonF([QPointF(back, -half), QPointF(tip, 0), QPointF(back, half)]))
    painter.restore()
