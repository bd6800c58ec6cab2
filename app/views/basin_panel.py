"""One map of basins: its colours, the minima, the start, and the trail of the race on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.maps import DIVERGED, Basins
from engine.snapshot import Snapshot

from ..kinds import surface_of
from ..theme import Style
from . import quiet_axes
from .basin_question import Maps
from .basin_shades import Steps, ground, hue
from .kept import Kept, Same
from .markers import draw_marker
from .panel_grid import Panel, paint_head, percent
from .plot import round_corners
from .quiet_axes import Extent
from .trails import (
    Line,
    TrailPicture,
    as_image,
    device_ratio,
    draw_as_vectors,
    is_raster,
    make_line,
)
from .view import Appearance

# Of so many minima each has a small mark only.
MANY = 20


@dataclass(frozen=True, eq=False)
class MapPainter:
    """Paints maps that show the part `extent` of the plane, of a snapshot, as far as it is known.
    """

    snapshot: Snapshot
    style: Style
    extent: Extent
    maps: Maps | None
    steps: Steps
    kept: Kept

    def paint(self, painter: QPainter, panel: Panel) -> None:
        """A contestant's map under its head."""
        style, body, appearance = self.style, panel.body, panel.appearance
        picture = self.maps.of(appearance.index) if self.maps is not None else None
        painter.setOpacity(appearance.opacity)
        self._paint_ground(painter, body, appearance, picture)
        painter.save()
        painter.setClipRect(body)
        if picture is not None:
            self._paint_minima(painter, picture, body)
        painter.setPen(QPen(QColor(style.theme.text), style.px(2.2)))
        painter.setBrush(QColor(style.theme.card))
        painter.drawEllipse(self.start(body), style.px(6), style.px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_ball(painter, appearance, body)
        painter.restore()
        painter.setOpacity(1)
        round_corners(painter, body, style.px(8), QColor(style.theme.card))
        lost = picture is not None and bool((picture.reached == DIVERGED).all())
        paint_head(painter, panel.head, appearance, verdict(picture), lost, style)

    def _paint_ground(self, painter: QPainter, body: QRectF, appearance: Appearance,
                      picture: Basins | None) -> None:
        """The colours, and on them the trail: what is past full, what is to come faint."""
        style, snapshot, index = self.style, self.snapshot, appearance.index
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        size = max(1, round(body.width() * ratio)), max(1, round(body.height() * ratio))
        pixels = self._pixels(picture, index, size, ratio)
        line = self._line(appearance, body, ratio)
        if is_raster(painter):
            trail = self.kept.of(
                ("trail", index), (Same(pixels), Same(line), style, ratio),
                lambda: TrailPicture(pixels, (line,), style, ratio, QColor(style.theme.card)))
            painter.drawImage(body, trail.at(snapshot.step))
            return
        painter.drawImage(body, as_image(pixels))
        painter.save()
        painter.setClipRect(body)
        painter.translate(body.topLeft())
        draw_as_vectors(painter, (line,), style, snapshot.step)
        painter.restore()

    def _pixels(self, picture: Basins | None, index: int, size: tuple[int, int], ratio: float
                ) -> NDArray[np.uint32]:
        style, maps = self.style, self.maps

        def made() -> NDArray[np.uint32]:
            if picture is None or maps is None:
                return np.full(size[::-1], QColor(style.theme.raised).rgba(), np.uint32)
            return ground(picture, maps.cells, self.steps, self.extent, size, style, ratio)

        return self.kept.of(("ground", index), (Same(maps), self.extent, size, style), made)

    def _line(self, appearance: Appearance, body: QRectF, ratio: float) -> Line:
        trail = self.snapshot.trails[appearance.index]
        key = (self.snapshot.experiment, self.snapshot.computed, self.extent, body.width(),
               body.height(), ratio, appearance)
        return self.kept.of(("line", appearance.index), key, lambda: make_line(
            appearance, self._to_pixels(trail.path, body) * ratio, trail.steps, 0.7))

    def _paint_minima(self, painter: QPainter, picture: Basins, body: QRectF) -> None:
        style = self.style
        radius = style.px(5.5 if len(picture.minima) <= MANY else 2.5)
        for place, point in enumerate(picture.minima):
            at = self.pixel(point, body)
            if body.contains(at):
                painter.setPen(QPen(QColor(style.theme.text), style.px(1.6)))
                painter.setBrush(hue(style.theme, place))
                painter.drawEllipse(at, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_ball(self, painter: QPainter, appearance: Appearance, body: QRectF) -> None:
        """Where the contestant is now."""
        point = self.snapshot.contestants[appearance.index].point
        if np.isfinite(point).all():
            at = self.pixel(point, body)
            if body.contains(at):
                draw_marker(painter, appearance.marker, at.x(), at.y(), self.style.px(7),
                            appearance.color, QColor(self.style.theme.card))

    # ---- places

    def start(self, body: QRectF) -> QPointF:
        """Where the race's start is on a map."""
        return self.pixel(np.array(surface_of(self.snapshot.experiment).start), body)

    def pixel(self, point: NDArray[np.float64], body: QRectF) -> QPointF:
        """Where a point (2,) of the plane is on a map."""
        x, y = np.clip(self._to_pixels(point[None], body)[0], -1e6, 1e6)
        return QPointF(body.left() + float(x), body.top() + float(y))

    def _to_pixels(self, points: NDArray[np.float64], body: QRectF) -> NDArray[np.float64]:
        """Points (n, 2) of the plane as pixels from a map's upper left corner."""
        with np.errstate(over="ignore", invalid="ignore"):
            return quiet_axes.to_pixels(points, self.extent,
                                        QRectF(0, 0, body.width(), body.height()))


def verdict(picture: Basins | None) -> tuple[str, ...]:
    """How many starts arrive, as texts from the longest to the shortest."""
    if picture is None:
        return ("",)
    lost = picture.share(DIVERGED)
    found = f"{percent(float((picture.reached >= 0).mean()))} arrive"
    return (f"{found}, {percent(lost)} diverge", found) if 0 < lost < 1 else (found,)
