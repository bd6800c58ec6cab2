"""One map of basins: its colours, the minima, starts, and the trails of those whose map it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.maps import DIVERGED, Basins
from engine.snapshot import Snapshot

from ..theme import Style
from . import quiet_axes
from .basin_heads import texts_of
from .basin_question import Maps, Method
from .basin_shades import hue, layer_of
from .kept import Kept, Same
from .map_pixels import pixels_of
from .markers import draw_marker
from .panel_grid import Panel, paint_head
from .plot import round_corners
from .quiet_axes import Extent
from .starts import Start, now, paint_starts, starts_of
from .trails import (
    Line,
    TrailPicture,
    as_image,
    device_ratio,
    draw_as_vectors,
    is_raster,
    make_line,
)
from .value_scale import Scale
from .view import Appearance

# Of so many minima each has a small mark only.
MANY = 20
# So much beside what was asked for, as a share of a side, is more than that. The line around it.
BESIDE, CORNER, FRAME = 0.01, 9.0, 0.5


@dataclass(frozen=True, eq=False)
class MapPainter:
    """Paints maps that show the part `extent` of the plane, of a snapshot, as far as it is known.

    Maps `seen` lie over each other with their opacities, the first below; heads tell of the one
    that the picture has `reached`. Around the `box` that was asked for there is a frame.
    """

    snapshot: Snapshot
    style: Style
    extent: Extent
    seen: Sequence[tuple[Maps, float]]
    reached: Maps | None
    box: Extent | None
    scale: Scale
    kept: Kept

    def paint_heads(self, painter: QPainter, panels: Sequence[Panel], methods: Sequence[Method],
                    without: int) -> None:
        """Who stands for each map and how many of its starts arrive.

        They say if one is alone `without` all others of so many.
        """
        counted = [self._counted(method) for method in methods]
        texts = texts_of(panels, counted, self.style, boxed=self.framed, without=without)
        for panel, picture, text in zip(panels, counted, texts, strict=True):
            lost = picture is not None and bool((picture.reached == DIVERGED).all())
            paint_head(painter, panel.head, panel.appearance, (text,), lost, self.style)

    def paint(self, painter: QPainter, panel: Panel, method: Method, held: Start | None) -> None:
        """A method's map."""
        style, body = self.style, panel.body
        painter.setOpacity(panel.appearance.opacity)
        self._paint_ground(painter, body, method)
        painter.save()
        painter.setClipRect(body)
        if self.seen:
            self._paint_minima(painter, self.seen[0][0], body)
        self._paint_frame(painter, body)
        starts = self.starts(method)
        paint_starts(painter, starts, lambda x, y: self.pixel(np.array([x, y]), body), style,
                     now(held, starts))
        for member in method.members:
            self._paint_ball(painter, member, body)
        painter.restore()
        painter.setOpacity(1)
        round_corners(painter, body, style.px(8), QColor(style.theme.card))

    def _counted(self, method: Method) -> Basins | None:
        """The part of a method's map that was asked for, whatever the card shows around it."""
        picture = self.reached.of(method.race) if self.reached is not None else None
        if picture is None or self.reached is None:
            return None
        part = self.reached.question.part
        return self.kept.of(("counted", method.members[0].index), (Same(picture), part),
                            lambda: picture.within(part))

    def _paint_ground(self, painter: QPainter, body: QRectF, method: Method) -> None:
        """The colours, and on them the trails: what is past full, what is to come faint."""
        style, snapshot, index = self.style, self.snapshot, method.members[0].index
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        size = max(1, round(body.width() * ratio)), max(1, round(body.height() * ratio))
        pixels = self._pixels(method, size, ratio)
        lines = tuple(self._line(member, body, ratio) for member in method.members)
        if is_raster(painter):
            trail = self.kept.of(
                ("trails", index), (Same(pixels), tuple(map(Same, lines)), style, ratio),
                lambda: TrailPicture(pixels, lines, style, ratio, QColor(style.theme.card)))
            painter.drawImage(body, trail.at(snapshot.step))
            return
        painter.drawImage(body, as_image(pixels))
        painter.save()
        painter.setClipRect(body)
        painter.translate(body.topLeft())
        draw_as_vectors(painter, lines, style, snapshot.step)
        painter.restore()

    def _pixels(self, method: Method, size: tuple[int, int], ratio: float) -> NDArray[np.uint32]:
        style, theme = self.style, self.style.theme

        def made() -> NDArray[np.uint32]:
            known = [(maps, maps.of(method.race), opacity) for maps, opacity in self.seen]
            layers = [layer_of(maps, picture, self.scale, style, opacity)
                      for maps, picture, opacity in known if picture is not None]
            # Beyond what is known there is the card; a map that is not there yet has its place.
            ground = QColor(theme.card if layers else theme.raised)
            return pixels_of(layers, self.extent, size, ground, style, ratio)

        key = tuple((Same(maps), opacity) for maps, opacity in self.seen)
        return self.kept.of(("ground", method.members[0].index),
                            (key, method.race, self.scale, self.extent, size, style), made)

    def _line(self, appearance: Appearance, body: QRectF, ratio: float) -> Line:
        trail = self.snapshot.trails[appearance.index]
        key = (self.snapshot.experiment, self.snapshot.computed, self.extent, body.width(),
               body.height(), ratio, appearance)
        return self.kept.of(("line", appearance.index), key, lambda: make_line(
            appearance, self._to_pixels(trail.path, body) * ratio, trail.steps, 0.7))

    def _paint_minima(self, painter: QPainter, maps: Maps, body: QRectF) -> None:
        style, minima = self.style, maps.pictures[0].minima
        radius = style.px(5.5 if len(minima) <= MANY else 2.5)
        for place, point in enumerate(minima):
            at = self.pixel(point, body)
            if body.contains(at):
                painter.setPen(QPen(QColor(style.theme.text), style.px(1.6)))
                painter.setBrush(hue(style.theme, int(maps.hues[place])))
                painter.drawEllipse(at, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @cached_property
    def framed(self) -> bool:
        """Whether more is seen than what was asked for, so that its border is on the map."""
        if self.box is None:
            return False
        inside = np.array(self.box) - self.extent
        sides = np.repeat([self.extent[1] - self.extent[0], self.extent[3] - self.extent[2]], 2)
        return bool((inside * [1, -1, 1, -1] > BESIDE * sides).any())

    def _paint_frame(self, painter: QPainter, body: QRectF) -> None:
        """The border of what was asked for, with corners that are seen on any ground."""
        if not self.framed or self.box is None:
            return
        left, right, bottom, top = self.box
        # Sides that are the map's own lie just within it.
        edge = self.style.px(1.5)
        frame = QRectF(self.pixel(np.array([left, top]), body),
                       self.pixel(np.array([right, bottom]), body)).intersected(
            body.adjusted(edge, edge, -edge, -edge))
        corner = min(self.style.px(CORNER), frame.width() / 3, frame.height() / 3)
        corners = QPainterPath()
        for at, across, up in ((frame.topLeft(), 1, 1), (frame.topRight(), -1, 1),
                               (frame.bottomRight(), -1, -1), (frame.bottomLeft(), 1, -1)):
            corners.moveTo(at + QPointF(0, up * corner))
            corners.lineTo(at)
            corners.lineTo(at + QPointF(across * corner, 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QColor(self.style.theme.text)
        line.setAlphaF(FRAME)
        painter.setPen(QPen(line, self.style.px(1.0)))
        painter.drawRect(frame)
        for color, width in ((self.style.theme.card, 4.0), (self.style.theme.text, 2.0)):
            painter.setPen(QPen(QColor(color), self.style.px(width)))
            painter.drawPath(corners)

    def _paint_ball(self, painter: QPainter, appearance: Appearance, body: QRectF) -> None:
        """Where a contestant is now."""
        point = self.snapshot.contestants[appearance.index].point
        if np.isfinite(point).all():
            at = self.pixel(point, body)
            if body.contains(at):
                painter.setOpacity(appearance.opacity)
                draw_marker(painter, appearance.marker, at.x(), at.y(), self.style.px(7),
                            appearance.color, QColor(self.style.theme.card))

    # ---- places

    def starts(self, method: Method) -> tuple[Start, ...]:
        """The race's start, and the own ones of those whose map it is."""
        return starts_of(self.snapshot.experiment, method.members)

    def pixel(self, point: NDArray[np.float64], body: QRectF) -> QPointF:
        """Where a point (2,) of the plane is on a map."""
        x, y = np.clip(self._to_pixels(point[None], body)[0], -1e6, 1e6)
        return QPointF(body.left() + float(x), body.top() + float(y))

    def _to_pixels(self, points: NDArray[np.float64], body: QRectF) -> NDArray[np.float64]:
        """Points (n, 2) of the plane as pixels from a map's upper left corner."""
        with np.errstate(over="ignore", invalid="ignore"):
            return quiet_axes.to_pixels(points, self.extent,
                                        QRectF(0, 0, body.width(), body.height()))

