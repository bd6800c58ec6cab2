"""The plane of two inputs coloured by what each network says there, under the rows as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QImage, QPainter

from engine.decision_picture import Palette, decision_picture, shaded
from engine.network import decision
from engine.network.placing import Placing
from engine.network.rows_now import RowsNow

from . import quiet_axes
from .boundary_lines import Spots, lines_over, paint_markers, paint_names
from .cloud import paint_cloud, ramp_of, rows_of
from .draft_points import paint_draft
from .ground import Ground
from .map_frame import MapFrame
from .panel_grid import GAP, HEAD, Panel, paint_head, panels, verdict
from .plane_extent import Plane
from .plane_words import about, said
from .plot import round_corners
from .quiet_axes import BOTTOM, LEFT, Extent
from .trails import as_image, device_ratio, is_raster, rgb
from .view import Appearance

# Below this side a panel of its own says less than a line on the common map.
LEAST_PANEL, LEAST_ALONE = 96.0, 24.0
# From this side on a map has numbers on its axes.
LEAST_WITH_AXES = 150.0
STRENGTH, COMMON_STRENGTH = 0.38, 0.26
BOUNDARY, BOUNDARY_OPACITY = 1.5, 0.85
# Rows do not lie in a slice through more than two inputs: they are there for orientation.
BESIDE_SLICE = 0.5


@dataclass(frozen=True)
class Map:
    """One map as it lies on the view: whose it is (None: of all together), where, and of what."""

    appearance: Appearance | None
    body: QRectF
    extent: Extent


def _sound(scores: decision.Grid) -> decision.Grid:
    """Scores as they are; equal ones everywhere, if some overflow, as after a divergence.

    Where such numbers happen to be finite they say nothing, and no line parts them from the rest.
    """
    return scores if np.isfinite(scores).all() else np.zeros_like(scores)


class PlaneMaps:
    """A map a contestant, or one map with everyone's boundary on it."""

    def __init__(self) -> None:
        self._maps: tuple[Map, ...] = ()
        self._frame: MapFrame | None = None
        self._plane: Plane | None = None
        self._common = False

    @property
    def common(self) -> bool:
        """Whether all boundaries are on one map."""
        return self._common

    # ---- what is where

    def paint(self, painter: QPainter, rect: QRectF, frame: MapFrame) -> None:
        """Draw everything into `rect`."""
        self._frame = frame
        data = frame.material.data
        several = len(data.columns) > 1
        plane = self._plane = frame.kept.of("plane", frame.snapshot.experiment,
                                            lambda: Plane(data, (0, 1 if several else 0)))
        rows = rows_of(frame)
        extent = self._wanted(frame, plane, rows)
        shape = 1.6 if plane.oblong(extent) else (extent[1] - extent[0]) / (extent[3] - extent[2])
        style = frame.style
        area, axes = self._inside(rect, frame, plane)
        classes = data.task == "classes"
        grid = panels(frame.shown, area, shape, style, style.px(LEAST_PANEL))
        wanted = frame.look.boundaries
        self._common = classes and len(frame.shown) > 1 and (
            not grid if wanted is None else wanted == "together")
        if self._common:
            self._paint_common(painter, area, frame, plane, rows, extent, axes)
            return
        if not grid:
            # Only one fits: the one that is looked at.
            grid = panels([frame.chosen()], area, shape, style, style.px(LEAST_ALONE))
        self._maps = tuple(
            Map(panel.appearance, panel.body,
                plane.fitted(extent, panel.body.width(), panel.body.height()))
            for panel in grid)
        if grid:
            self._paint_panels(painter, grid, frame, plane, rows, axes)

    def _wanted(self, frame: MapFrame, plane: Plane, rows: RowsNow) -> Extent:
        if frame.look.zoom is not None:
            (left, right), (bottom, top) = frame.look.zoom
            return left, right, bottom, top
        return frame.kept.of("around", (rows, plane), lambda: plane.around(rows))

    def _inside(self, rect: QRectF, frame: MapFrame, plane: Plane) -> tuple[QRectF, bool]:
        """The rectangle without the axes' numbers, and whether there is room for those."""
        style = frame.style
        area = rect.adjusted(0 if plane.single else style.px(LEFT), 0, 0, -style.px(BOTTOM))
        grid = panels(frame.shown, area, 1.0, style, style.px(LEAST_WITH_AXES))
        alone = min(area.width(), area.height() - style.px(HEAD)) >= style.px(LEAST_WITH_AXES)
        fits = bool(grid) or (alone and frame.look.boundaries == "together")
        return (area, True) if fits else (rect, False)

    # ---- side by side

    def _paint_panels(self, painter: QPainter, grid: Sequence[Panel], frame: MapFrame, plane: Plane,
                      rows: RowsNow, axes: bool) -> None:
        style = frame.style
        states = [frame.state(panel.appearance) for panel in grid]
        for panel, place in zip(grid, self._maps, strict=True):
            appearance = panel.appearance
            paint_head(painter, panel.head, appearance,
                       verdict(frame.state(appearance), frame.judged(appearance)),
                       frame.lost(appearance), style)
            ratio = device_ratio(painter) if is_raster(painter) else 2.0
            size = round(place.body.width() * ratio), round(place.body.height() * ratio)
            shape = place.body.width() / place.body.height()
            points = decision.grid_size(states, shape)
            key = (*frame.moment(appearance), place.extent, size, points, style)
            image = frame.kept.of(("map", appearance.index), key, partial(
                self._picture, frame, plane, rows, appearance, place.extent, size, points, ratio))
            painter.setOpacity(appearance.opacity)
            painter.drawImage(place.body, image)
            painter.setOpacity(appearance.opacity * self._presence(frame))
            self._paint_points(painter, place, frame, plane)
            painter.setOpacity(1)
            if frame.material.data.task == "regression":
                ramp_of(frame).paint_scale(painter, place.body, style)
            round_corners(painter, place.body, style.px(8), QColor(style.theme.card))
        if axes:
            self._paint_axes(painter, frame, plane, GAP)

    def _picture(self, frame: MapFrame, plane: Plane, rows: RowsNow, appearance: Appearance,
                 extent: Extent, size: tuple[int, int], points: tuple[int, int], ratio: float
                 ) -> QImage:
        state = frame.state(appearance)
        fields = decision.scores(state, plane.prepared(extent), points, rows.centre, plane.axes)
        if frame.material.data.task == "regression":
            ramp = ramp_of(frame)
            return as_image(shaded(fields[0], *size, ramp.low, ramp.high, ramp.pixels))
        return as_image(decision_picture(
            _sound(fields), *size, self._palette(frame, STRENGTH, ratio), decision.margin(state)))

    def _palette(self, frame: MapFrame, strength: float, ratio: float) -> Palette:
        style, theme = frame.style, frame.style.theme
        colors = [rgb(style.class_color(k)) for k in range(len(frame.material.data.classes))]
        return Palette(np.array(colors, np.float32), np.array(rgb(QColor(theme.card)), np.float32),
                       np.array(rgb(QColor(theme.text)), np.float32), strength, BOUNDARY_OPACITY,
                       max(1.0, style.px(BOUNDARY) * ratio))

    # ---- together

    def _paint_common(self, painter: QPainter, area: QRectF, frame: MapFrame, plane: Plane,
                      rows: RowsNow, wanted: Extent, axes: bool) -> None:
        style = frame.style
        top = area.top() + paint_names(painter, area, frame)
        body = QRectF(area.left(), round(top), int(area.width()), int(area.bottom() - round(top)))
        if min(body.width(), body.height()) < style.px(LEAST_ALONE):
            self._maps = ()
            return
        extent = plane.fitted(wanted, body.width(), body.height())
        place = Map(None, body, extent)
        self._maps = (place,)
        ratio = device_ratio(painter) if is_raster(painter) else 2.0
        size = round(body.width() * ratio), round(body.height() * ratio)
        states = [frame.state(a) for a in frame.shown]
        points = decision.grid_size(states, body.width() / body.height())
        # A diverged contestant stands still while the others go on.
        key = (frame.snapshot.experiment, tuple(state.step for state in states), extent, size,
               points, style, frame.shown)

        def picture() -> tuple[QImage, Spots]:
            fields = [_sound(decision.scores(state, plane.prepared(extent), points, rows.centre,
                                             plane.axes)) for state in states]
            palette = self._palette(frame, COMMON_STRENGTH, ratio)
            ground = decision_picture(decision.agreement(fields), *size,
                                      palette.without_line())
            over, spots = lines_over(ground, fields, frame, ratio)
            return as_image(over), spots

        image, spots = frame.kept.of("common", key, picture)
        painter.drawImage(body, image)
        painter.setOpacity(self._presence(frame))
        self._paint_points(painter, place, frame, plane)
        painter.setOpacity(1)
        paint_markers(painter, body, spots, frame)
        round_corners(painter, body, style.px(8), QColor(style.theme.card))
        if axes:
            self._paint_axes(painter, frame, plane, 0.0)

    # ---- points and axes

    @staticmethod
    def _presence(frame: MapFrame) -> float:
        return BESIDE_SLICE if len(frame.material.data.columns) > 2 else 1.0

    def _paint_points(self, painter: QPainter, place: Map, frame: MapFrame, plane: Plane) -> None:
        """The rows, or the points that are being drawn."""
        draft = frame.look.draft
        if draft is not None and draft.is_on(frame.material.data):
            paint_draft(painter, draft, self._ground(frame, place), frame, device_ratio(painter))
        else:
            paint_cloud(painter, place.body, place.extent, frame, plane)

    def _paint_axes(self, painter: QPainter, frame: MapFrame, plane: Plane, gap: float) -> None:
        style = frame.style
        lowest = max(place.body.bottom() for place in self._maps)
        first = min(place.body.left() for place in self._maps)
        across, up = plane.names
        for place in self._maps:
            if place.body.bottom() > lowest - 1:
                quiet_axes.paint_bottom(painter, place.body, place.extent, style, across)
            if place.body.left() < first + 1 and not plane.single:
                quiet_axes.paint_left(painter, place.body, place.extent, style, up)

    # ---- what is under the mouse

    def note(self, at: QPointF | None) -> str:
        """What the map says at a pixel, or else what is to be known about it."""
        frame, plane = self._frame, self._plane
        if frame is None or plane is None:
            return ""
        place = self._map_at(at)
        if at is None or place is None:
            return about(frame, plane, len(self._maps), common=self._common)
        x, y = quiet_axes.to_point(at, place.extent, place.body)
        asked = (place.appearance,) if place.appearance else frame.shown
        return said(frame, plane, rows_of(frame), asked, x, y)

    def _map_at(self, at: QPointF | None) -> Map | None:
        return None if at is None else next((m for m in self._maps if m.body.contains(at)), None)

    def _ground(self, frame: MapFrame, place: Map) -> Ground:
        step = frame.snapshot.step if frame.material.drift is not None else 0
        placing = frame.kept.of("placing", (frame.snapshot.experiment, step), lambda: Placing(
            frame.material.data, frame.material.drift, step))
        return Ground(place.body, place.extent, placing)

    def grounds(self) -> tuple[Ground, ...]:
        """What there is to draw on: every map, where its plane is that of both inputs."""
        frame = self._frame
        if frame is None or len(frame.material.data.columns) != 2:
            return ()
        return tuple(self._ground(frame, place) for place in self._maps)

    def contestant_at(self, at: QPointF) -> int | None:
        """Whose map is at a pixel."""
        place = self._map_at(at)
        return None if place is None or place.appearance is None else place.appearance.index

    def zoomed(self, at: QPointF, factor: float) -> tuple[tuple[float, float], ...] | None:
        """What the maps show after zooming about a pixel; None: all there is again."""
        frame, plane, place = self._frame, self._plane, self._map_at(at)
        if frame is None or plane is None or place is None:
            return None
        x, y = quiet_axes.to_point(at, place.extent, place.body)
        left, right, bottom, top = place.extent
        whole = plane.fitted(plane.around(rows_of(frame)), place.body.width(),
                             place.body.height())
        if (right - left) * factor >= 0.999 * (whole[1] - whole[0]):
            return None
        across = (x + (left - x) * factor, x + (right - x) * factor)
        return across, ((bottom, top) if plane.single else (
            y + (bottom - y) * factor, y + (top - y) * factor))
