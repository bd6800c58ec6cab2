"""The loss landscape of networks in three dimensions, with everyone's way on it.

The same plane as on the map, chosen in the same words. A head stands on the plane's loss, and a
stem leads from there to the network's own, which is off the plane, so that nobody is misled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen

from engine.landscape.picture import Head, LandscapePicture, PathOnPlane
from engine.landscape.relief import landscape_relief
from engine.relief import Relief
from engine.snapshot import Snapshot

from .heads import MARKER
from .kept import Same
from .landscape_map import on_surface
from .landscape_view import CHOICE_ROOM, LandscapeView
from .landscape_words import axis_words
from .panel_grid import say
from .quantity_choice import paint_segments
from .relief_view import HIDDEN, Line, ReliefView
from .surface_marks import paint_point
from .view import Appearance, Look, ViewDefinition, in_painting_order

# A stem of so few pixels would only be a blot under its head.
SHORTEST_STEM = 9.0


class Landscape3D(ReliefView, LandscapeView):
    """A lit landscape to go round; a click on a head chooses it."""

    least_for_choice: ClassVar[float] = 240.0

    def __init__(self) -> None:
        super().__init__()
        self._on_plane: dict[int, Head] = {}

    def making(self, step: int) -> Callable[[LandscapePicture], Any]:
        return _relief_of

    def taken(self, snapshot: Snapshot, look: Look) -> None:
        seen = self._seen if self._wanted is not None else None
        if seen is None:
            self.relief, self.lines = None, ()
            return
        picture, snapshot = seen.picture, seen.snapshot
        made = self._share.taken()
        ground = (Same(picture.field), picture.levels)
        self.relief = relief = self._kept.of(
            "relief", ground, lambda: made if made is not None else _relief_of(picture))
        self._on_plane = self.heads_of(seen)
        self.names = (*axis_words(picture, snapshot), "loss")
        paths = {path.contestant: path for path in picture.paths}
        shown = [a for a in seen.appearances if a.index in self._on_plane]
        self.lines = [self._line(a, paths[a.index], relief, snapshot)
                      for a in in_painting_order(shown, look.highlight)]

    def plane_point(self, pixel: QPointF) -> tuple[float, float] | None:
        return self.point_at(pixel)

    def head_pixel(self, point: tuple[float, float]) -> QPointF:
        return self.to_pixel(*point)

    def _line(self, appearance: Appearance, path: PathOnPlane, relief: Relief, snapshot: Snapshot
              ) -> Line:
        trail = on_surface(path, self._on_plane[appearance.index], snapshot)
        line = relief.drape(trail.path)
        steps = np.interp(line.along, np.arange(len(trail.steps)), trail.steps)
        return Line(appearance, line, steps)

    # ---- painting

    def area(self) -> QRectF:
        assert self.style is not None
        return self.rect().adjusted(
            0, self.style.px(CHOICE_ROOM) if self._segments else 0.0, 0, 0)

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, snapshot = self.style, self.snapshot
        if style is None or snapshot is None:
            return
        if self._wanted is None:
            say(painter, self.rect(), "Every contestant is muted", style)
            return
        self.offer()
        if self.relief is None:
            say(painter, self.area(),
                self._source.refusal or "The landscape is being computed", style)
        else:
            super().paint(painter)
        paint_segments(painter, style, self._segments)

    def paint_marks(self, painter: QPainter, bounds: QRectF) -> Sequence[QRectF]:
        seen, style = self._seen, self.style
        assert seen is not None and style is not None
        picture, snapshot = seen.picture, seen.snapshot
        paths = {path.contestant: path for path in picture.paths}
        order = [line.appearance for line in reversed(self.lines)]
        for appearance in order:
            self._paint_stem(painter, appearance, self._on_plane[appearance.index])
        covered = self.paint_heads_of(painter, [
            (a, on_surface(paths[a.index], self._on_plane[a.index], snapshot)) for a in order],
            bounds, Same(picture.paths))
        if self.look.point is not None and self._hover is None and self.holds(*self.look.point):
            paint_point(painter, self.to_pixel(*self.look.point), style)
        return covered

    def _paint_stem(self, painter: QPainter, appearance: Appearance, head: Head) -> None:
        """From the plane's loss to the network's own, where its head is within the box."""
        assert self.style is not None
        if not (np.isfinite(head.true_loss) and self.holds(*head.point)):
            return
        foot = self.to_pixel(*head.point)
        end = self.pixel_at_height(*head.point, head.true_loss)
        if abs(end.y() - foot.y()) < self.style.px(SHORTEST_STEM):
            return
        share = float(self.marks_seen(np.array([head.point]), self.style.px(MARKER))[0])
        painter.setOpacity(appearance.opacity * (HIDDEN + (1 - HIDDEN) * share))
        painter.setPen(QPen(appearance.color, self.style.px(1.6), Qt.PenStyle.DotLine))
        painter.drawLine(foot, end)
        painter.setPen(QPen(appearance.color, self.style.px(1.8)))
        arm = QPointF(self.style.px(5), 0)
        painter.drawLine(end - arm, end + arm)
        painter.setOpacity(1)

    # ---- mouse

    def hovered(self, pixel: QPointF | None) -> None:
        self._hover = pixel
        self.update()
        self.tell_point(None if pixel is None else self.point_at(pixel))

    def mouseClickEvent(self, event: Any) -> None:
        if not self.took_choice(event):
            super().mouseClickEvent(event)

    def clicked(self, pixel: QPointF) -> None:
        index = self.head_near(pixel)
        if index is not None:
            self.asked.emit("choose", index)


def _relief_of(picture: LandscapePicture) -> Relief:
    """A picture's field, with all that is dear about it worked out."""
    relief = landscape_relief(picture.field, picture.levels)
    assert relief.mesh is not None and relief.slopes is not None
    return relief


landscape_3d = ViewDefinition(
    "landscape-3d", "Loss landscape in 3-D",
    "The loss over a plane of weights as a landscape to go round, with every network's way.",
    Landscape3D, weight=(1.5, 1.7), kinds=frozenset({"network"}),
)
