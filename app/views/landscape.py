"""The loss landscape of networks from above: a plane through weight space with everyone's way.

The plane, its rows and its piece are chosen on the card or in the file's `[picture]`. A table says
of each network its own loss, that of the plane at its foot, and how far off the plane it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from engine.landscape.field import Extent
from engine.landscape.picture import LandscapePicture
from engine.snapshot import Snapshot

from .landscape_layout import lay_out
from .landscape_map import LandscapeMap
from .landscape_table import Row, paint_table
from .landscape_view import LandscapeView
from .panel_grid import say
from .quantity_choice import paint_segments
from .surface_marks import paint_point
from .view import Look, ViewDefinition, in_painting_order

NOTCH, ZOOM_A_NOTCH = 120.0, 0.85


class Landscape(LandscapeView):
    """A map with contours; wheel and drag move over the plane, a click on a head chooses it."""

    least_for_choice: ClassVar[float] = 180.0

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._map = LandscapeMap()
        self._dragged_from: Extent | None = None

    def making(self, step: int) -> Callable[[LandscapePicture], Any]:
        return self._map.preparing(step)

    def taken(self, snapshot: Snapshot, look: Look) -> None:
        self._map.take(self._share.taken())

    def plane_point(self, pixel: QPointF) -> tuple[float, float] | None:
        return self._map.point_at(pixel) if self._map.body.contains(pixel) else None

    def head_pixel(self, point: tuple[float, float]) -> QPointF:
        return self._map.pixel_of(point)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, snapshot = self.style, self.snapshot
        if style is None or snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if self._wanted is None:
            say(painter, rect, "Every contestant is muted", style)
            return
        top = self.offer()
        paint_segments(painter, style, self._segments)
        seen = self.look_again()
        if seen is None:
            say(painter, rect.adjusted(0, top, 0, 0),
                self._source.refusal or "The landscape is being computed", style)
            return
        picture, snapshot, heads = seen.picture, seen.snapshot, self.heads_of(seen)
        on_plane = [a for a in seen.appearances if a.index in heads]
        rows = [Row(a, heads[a.index], snapshot.contestants[a.index].diverged is not None)
                for a in on_plane]
        layout = lay_out(style, rect.adjusted(0, top, 0, 0), picture, rows)
        self._map.paint(painter, style, layout.map, picture, heads,
                        in_painting_order(on_plane, self.look.highlight), snapshot)
        at = self._map.pixel_of(self.look.point) if self.look.point is not None else None
        if at is not None and self._hover is None and self._map.body.contains(at):
            paint_point(painter, at, style)
        if layout.lines.count:
            paint_table(painter, style, layout.table, self._first(rows, layout.lines.count),
                        layout.lines, picture.wanted.of, len(rows))

    def _first(self, rows: list[Row], count: int) -> list[Row]:
        """Who has a line where there is no room for all: the chosen one, and the first others."""
        chosen = [row for row in rows if row.appearance.index == self.look.chosen]
        others = [row for row in rows if row not in chosen]
        kept = (chosen + others)[:count]
        return [row for row in rows if row in kept]

    # ---- mouse

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        at = None if self._hover is None else self.plane_point(self._hover)
        if at is not None:
            event.acceptDrags(Qt.MouseButton.LeftButton)
        self.tell_point(at)

    def mouseClickEvent(self, event: Any) -> None:
        if self.took_choice(event):
            return
        if event.double() and self.plane_point(event.pos()) is not None:
            event.accept()
            self.asked.emit("plane_zoom", None)
        elif self.took_head(event.pos()):
            event.accept()
        else:
            event.ignore()

    def mouseDragEvent(self, event: Any) -> None:
        picture = self._source.picture
        if picture is None or event.button() != Qt.MouseButton.LeftButton or not (
                self._map.body.contains(event.buttonDownPos())):
            event.ignore()
            return
        event.accept()
        if event.isStart() or self._dragged_from is None:
            # Notches of the wheel before it are a gesture of their own.
            self.asked.emit("release", None)
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


landscape = ViewDefinition(
    "landscape", "Loss landscape",
    "The loss on a plane through the space of weights, with every network's way on it.", Landscape,
    weight=(1.5, 1.7), kinds=frozenset({"network"}),
)
