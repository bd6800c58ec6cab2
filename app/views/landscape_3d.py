"""The loss landscape of networks in three dimensions, with everyone's way on it.

The same plane as on the map, chosen in the same words. A head stands on the plane's loss, and a
stem leads from there to the network's own, which is off the plane, so that nobody is misled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen

from engine.landscape.picture import Head, LandscapePicture, PathOnPlane, Wanted
from engine.landscape.relief import landscape_relief
from engine.relief import Relief
from engine.snapshot import Snapshot

from ..numbers import number
from .gradual import GradualView
from .heads import Heads
from .kept import Same
from .landscape_choice import choice
from .landscape_map import on_surface
from .landscape_source import LandscapeSource, wanted_of
from .landscape_words import axis_words, note_words
from .panel_grid import say
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .relief_view import HIDDEN, Line, ReliefView
from .surface_marks import paint_point
from .view import Appearance, Look, Pointed, ViewDefinition, appearances, in_painting_order

CHOICE_ROOM, LEAST_FOR_CHOICE = HEIGHT + 8.0, 240.0
# A stem of so few pixels would only be a blot under its head.
SHORTEST_STEM = 9.0


class Landscape3D(ReliefView, GradualView):
    """A lit landscape to go round; a click on a head chooses it."""

    rest_ms: ClassVar[int] = 40

    def __init__(self) -> None:
        super().__init__()
        self._source = LandscapeSource()
        self._appearances: tuple[Appearance, ...] = ()
        self._wanted: Wanted | None = None
        self._on_plane: dict[int, Head] = {}
        self._segments: tuple[Segment, ...] = ()
        self._heads = Heads()
        self._hover: QPointF | None = None

    # ---- words

    def note(self) -> str:
        picture, snapshot = self._source.picture, self.snapshot
        if picture is None or snapshot is None:
            return ""
        point = self.point_at(self._hover) if self._hover is not None else None
        if point is not None:
            loss = self._source.loss_at(point)
            return f"({number(point[0])}, {number(point[1])})   loss {number(loss)}"
        return note_words(picture, snapshot)

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._appearances = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                                  if a is not None)
        self._wanted = wanted_of(snapshot, look, self._appearances)
        if self._wanted is None:
            self._source.stop()
        else:
            self._source.follow(snapshot, self._wanted, self._watched, _relief_of)
        if self._source.busy:
            self.go_on()
        self._take(snapshot, look)
        self.noted.emit()
        self.update()

    @property
    def _watched(self) -> bool:
        return self.patience() is not None

    def _take(self, snapshot: Snapshot, look: Look) -> None:
        """Lay the newest picture's field and paths out."""
        picture = self._source.picture if self._wanted is not None else None
        if picture is None:
            self.relief, self.lines = None, ()
            return
        made, self._source.finished = self._source.finished, None
        ground = (Same(picture.field), picture.levels, picture.wanted.extent)
        self.relief = relief = self._kept.of(
            "relief", ground, lambda: made if made is not None else _relief_of(picture))
        self._on_plane = {head.contestant: head
                          for head in self._source.heads(snapshot, self._watched)}
        self.names = (*axis_words(picture, snapshot), "loss")
        paths = {path.contestant: path for path in picture.paths}
        shown = [a for a in self._appearances if a.index in self._on_plane]
        self.lines = [self._line(a, paths[a.index], relief, snapshot)
                      for a in in_painting_order(shown, look.highlight)]

    def _line(self, appearance: Appearance, path: PathOnPlane, relief: Relief, snapshot: Snapshot
              ) -> Line:
        trail = on_surface(path, self._on_plane[appearance.index], snapshot)
        line = relief.drape(trail.path)
        steps = np.interp(line.along, np.arange(len(trail.steps)), trail.steps)
        return Line(appearance, line, steps)

    # ---- painting

    def area(self) -> QRectF:
        assert self.style is not None
        rect = self.rect()
        offered = self.live and rect.height() >= self.style.px(LEAST_FOR_CHOICE)
        return rect.adjusted(0, self.style.px(CHOICE_ROOM) if offered else 0.0, 0, 0)

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, snapshot = self.style, self.snapshot
        if style is None or snapshot is None:
            return
        if self._wanted is None:
            say(painter, self.rect(), "Every contestant is muted", style)
            return
        self._segments = ()
        if self.area().top() > self.rect().top():
            self._segments = choice(style, snapshot, self.look, self._wanted, self.rect().width())
        if self.relief is None:
            say(painter, self.area(),
                self._source.refusal or "The landscape is being computed", style)
        else:
            super().paint(painter)
        paint_segments(painter, style, self._segments)

    def paint_marks(self, painter: QPainter, bounds: QRectF) -> None:
        snapshot, style, picture = self.snapshot, self.style, self._source.picture
        assert snapshot is not None and style is not None and picture is not None
        shown = [self._as_seen(line.appearance) for line in self.lines]
        for appearance in shown:
            self._paint_stem(painter, appearance, self._on_plane[appearance.index])
        trails = {path.contestant: on_surface(path, self._on_plane[path.contestant], snapshot)
                  for path in picture.paths if path.contestant in self._on_plane}
        self._heads.paint(painter, self.to_pixel, shown,
                          replace(snapshot, trails=trails), style,  # type: ignore[arg-type]
                          bounds, (Same(picture.paths), Same(self.picture), tuple(shown)))
        if self.look.point is not None and self._hover is None:
            paint_point(painter, self.to_pixel(*self.look.point), style)

    def _as_seen(self, appearance: Appearance) -> Appearance:
        """A contestant as it looks where it is: behind a hill it is faint."""
        point = np.array([self._on_plane[appearance.index].point])
        if not np.isfinite(point).all() or self.is_seen(point)[0]:
            return appearance
        return replace(appearance, opacity=HIDDEN * appearance.opacity)

    def _paint_stem(self, painter: QPainter, appearance: Appearance, head: Head) -> None:
        """From the plane's loss to the network's own."""
        assert self.style is not None
        if not np.isfinite([*head.point, head.true_loss]).all():
            return
        foot = self.to_pixel(*head.point)
        end = self.pixel_at_height(*head.point, head.true_loss)
        if abs(end.y() - foot.y()) < self.style.px(SHORTEST_STEM):
            return
        painter.setOpacity(appearance.opacity)
        painter.setPen(QPen(appearance.color, self.style.px(1.6), Qt.PenStyle.DotLine))
        painter.drawLine(foot, end)
        painter.setPen(QPen(appearance.color, self.style.px(1.8)))
        arm = QPointF(self.style.px(5), 0)
        painter.drawLine(end - arm, end + arm)
        painter.setOpacity(1)

    # ---- mouse

    def hovered(self, pixel: QPointF | None) -> None:
        self._hover = pixel
        self.asked.emit("point", Pointed(self, None if pixel is None else self.point_at(pixel)))
        self.update()
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is not None:
            event.accept()
            self.asked.emit(segment.kind, segment.value)
        else:
            super().mouseClickEvent(event)

    def clicked(self, pixel: QPointF) -> None:
        assert self.style is not None
        for index, head in self._on_plane.items():
            away = pixel - self.to_pixel(*head.point)
            if np.hypot(away.x(), away.y()) < self.style.px(14):
                self.asked.emit("choose", index)
                return


def _relief_of(picture: LandscapePicture) -> Relief:
    """A picture's field, with all that is dear about it worked out."""
    relief = landscape_relief(picture.field, picture.levels, picture.wanted.extent)
    assert relief.mesh is not None and relief.slopes is not None
    return relief


landscape_3d = ViewDefinition(
    "landscape-3d", "Loss landscape in 3-D",
    "The loss over a plane of weights as a landscape to go round, with every network's way.",
    Landscape3D, weight=(1.5, 1.7), kinds=frozenset({"network"}),
)
