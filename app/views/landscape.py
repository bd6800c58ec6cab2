"""The loss landscape of networks from above: a plane through weight space with everyone's way.

The plane, its rows and its piece are chosen on the card or in the file's `[picture]`. A table says
of each network its own loss, that of the plane at its foot, and how far off the plane it is.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter

from engine.landscape.field import Extent
from engine.landscape.picture import Wanted
from engine.snapshot import Snapshot

from ..numbers import number
from .gradual import GradualView
from .landscape_choice import choice
from .landscape_map import LandscapeMap
from .landscape_source import LandscapeSource, wanted_of
from .landscape_table import Row, height_of, paint_table, rows_in
from .landscape_words import note_words
from .panel_grid import say
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .surface_marks import paint_point
from .view import Appearance, Look, Pointed, ViewDefinition, appearances, in_painting_order

CHOICE_ROOM, LEAST_FOR_CHOICE = HEIGHT + 8.0, 180.0
NOTCH, ZOOM_A_NOTCH = 120.0, 0.85


class Landscape(GradualView):
    """A map with contours; wheel and drag move over the plane, a click on a head chooses it."""

    # How often a landscape in the making is asked for.
    rest_ms: ClassVar[int] = 40

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._source = LandscapeSource()
        self._map = LandscapeMap()
        self._shown: tuple[Appearance, ...] = ()
        self._wanted: Wanted | None = None
        self._segments: tuple[Segment, ...] = ()
        self._hover: QPointF | None = None
        self._dragged_from: Extent | None = None

    # ---- words

    def note(self) -> str:
        picture, snapshot = self._source.picture, self.snapshot
        if picture is None or snapshot is None:
            return ""
        if self._hover is not None and self._map.body.contains(self._hover):
            point = self._map.point_at(self._hover)
            loss = self._source.loss_at(point)
            return f"({number(point[0])}, {number(point[1])})   loss {number(loss)}"
        return note_words(picture, snapshot)

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._shown = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                            if a is not None)
        self._wanted = wanted_of(snapshot, look, self._shown)
        if self._wanted is None:
            self._source.stop()
        else:
            self._source.follow(snapshot, self._wanted, self._watched,
                                self._map.preparing(snapshot.step))
        if self._source.busy:
            self.go_on()
        self.noted.emit()
        self.update()

    @property
    def _watched(self) -> bool:
        return self.patience() is not None

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, snapshot, wanted = self.style, self.snapshot, self._wanted
        if style is None or snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if wanted is None:
            say(painter, rect, "Every contestant is muted", style)
            return
        offered = self.live and rect.height() >= style.px(LEAST_FOR_CHOICE)
        self._segments = choice(style, snapshot, self.look, wanted, rect.width()) if (
            offered) else ()
        paint_segments(painter, style, self._segments)
        top = style.px(CHOICE_ROOM) if self._segments else 0.0
        picture = self._source.picture
        if picture is None:
            say(painter, rect.adjusted(0, top, 0, 0),
                self._source.refusal or "The landscape is being computed", style)
            return
        self._map.take(self._source.finished)
        self._source.finished = None
        heads = {head.contestant: head for head in self._source.heads(snapshot, self._watched)}
        on_plane = [a for a in self._shown if a.index in heads]
        table = height_of(style, len(on_plane), rect.height() - top)
        self._map.paint(painter, style, rect.adjusted(0, top, 0, -table), picture, heads,
                        in_painting_order(on_plane, self.look.highlight), snapshot)
        at = self._map.pixel_of(self.look.point) if self.look.point is not None else None
        if at is not None and self._hover is None and self._map.body.contains(at):
            paint_point(painter, at, style)
        if table:
            rows = [Row(a, heads[a.index], snapshot.contestants[a.index].diverged is not None)
                    for a in on_plane]
            paint_table(painter, style, QRectF(
                rect.left(), rect.bottom() - table, rect.width(), table),
                self._first(rows, rows_in(style, table)))

    def _first(self, rows: list[Row], count: int) -> list[Row]:
        """Who has a line where there is no room for all: the chosen one, and the first others."""
        chosen = [row for row in rows if row.appearance.index == self.look.chosen]
        others = [row for row in rows if row not in chosen]
        kept = (chosen + others)[:count]
        return [row for row in rows if row in kept]

    # ---- mouse

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        if not event.isExit() and self._map.body.contains(event.pos()):
            event.acceptDrags(Qt.MouseButton.LeftButton)
        at = self._hover
        self.asked.emit("point", Pointed(self, self._map.point_at(at) if (
            at is not None and self._map.body.contains(at)) else None))
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is not None:
            event.accept()
            self.asked.emit(segment.kind, segment.value)
            return
        if event.double() and self._map.body.contains(event.pos()):
            event.accept()
            self.asked.emit("plane_zoom", None)
            return
        index = self._head_at(event.pos())
        if index is None:
            event.ignore()
        else:
            event.accept()
            self.asked.emit("choose", index)

    def mouseDragEvent(self, event: Any) -> None:
        picture = self._source.picture
        if picture is None or event.button() != Qt.MouseButton.LeftButton or not (
                self._map.body.contains(event.buttonDownPos())):
            event.ignore()
            return
        event.accept()
        if event.isStart() or self._dragged_from is None:
            self._dragged_from = self._map.extent
        (left, right), (bottom, top) = self._dragged_from
        moved, body = event.pos() - event.buttonDownPos(), self._map.body
        across = moved.x() / body.width() * (right - left)
        up = -moved.y() / body.height() * (top - bottom)
        self.asked.emit("plane_zoom", ((left - across, right - across), (bottom - up, top - up)))
        if event.isFinish():
            self._dragged_from = None
            self.asked.emit("release", None)

    def wheelEvent(self, event: Any) -> None:
        if self._source.picture is None or not self._map.body.contains(event.pos()):
            event.ignore()
            return
        event.accept()
        factor = ZOOM_A_NOTCH ** (event.delta() / NOTCH)
        (left, right), (bottom, top) = self._map.extent
        x, y = self._map.point_at(event.pos())
        self.asked.emit("plane_zoom", (
            (x + (left - x) * factor, x + (right - x) * factor),
            (y + (bottom - y) * factor, y + (top - y) * factor)))

    def _head_at(self, pixel: QPointF) -> int | None:
        if self.snapshot is None or self.style is None:
            return None
        for head in self._source.heads(self.snapshot, self._watched):
            away = pixel - self._map.pixel_of(head.point)
            if abs(away.x()) + abs(away.y()) < self.style.px(18):
                return head.contestant
        return None


landscape = ViewDefinition(
    "landscape", "Loss landscape",
    "The loss on a plane through the space of weights, with every network's way on it.", Landscape,
    weight=(1.5, 1.7), kinds=frozenset({"network"}),
)
