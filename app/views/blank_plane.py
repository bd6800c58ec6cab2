"""A plane without a network: what is drawn on it so far, and what it takes to learn from it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from . import quiet_axes
from .boundary_lines import paint_names
from .draft_points import paint_draft
from .fitted_curve import FittedCurve
from .ground import Ground
from .map_frame import MapFrame
from .panel_grid import HEAD, paint_head, panels
from .plane_extent import oblong, squared
from .plane_maps import LEAST_ALONE, LEAST_PANEL, LEAST_WITH_AXES, PlaneMaps
from .quiet_axes import BOTTOM, LEFT, Extent
from .trails import device_ratio, is_raster

# The inputs of the datasets lie roughly between -1 and 1, and so do the targets.
ALL: Extent = (-1.25, 1.25, -1.25, 1.25)
FARTHEST = 1e6


class BlankPlane:
    """A plane where each contestant's map will be, so that nothing moves when there is one."""

    def __init__(self, maps: PlaneMaps, curve: FittedCurve) -> None:
        self._maps, self._curve = maps, curve
        self._grounds: tuple[Ground, ...] = ()

    def paint(self, painter: QPainter, rect: QRectF, frame: MapFrame) -> None:
        """Draw everything into `rect`."""
        style, draft = frame.style, frame.look.draft
        assert draft is not None
        curve = not draft.sketch.labels
        extent = _wanted(frame)
        if curve and frame.shown:
            area, gutter, axes = self._curve.layout(rect, frame)
            top = 0.0 if gutter else paint_names(painter, area, frame)
            bodies = [area.adjusted(0, top, -gutter, 0)]
        else:
            area = rect.adjusted(style.px(LEFT), 0, 0, -style.px(BOTTOM))
            axes = min(area.width(), area.height() - style.px(HEAD)) >= style.px(LEAST_WITH_AXES)
            bodies = self._bodies(painter, area if axes else rect, frame, extent)
        bodies = [body for body in bodies
                  if min(body.width(), body.height()) >= style.px(LEAST_ALONE)]
        self._grounds = tuple(Ground(body, _seen(extent, body, curve), curve=curve)
                              for body in bodies)
        for ground in self._grounds:
            self._paint_plane(painter, frame, ground)
        if axes and self._grounds:
            self._paint_axes(painter, frame)

    def _bodies(self, painter: QPainter, area: QRectF, frame: MapFrame, extent: Extent
                ) -> list[QRectF]:
        """Where planes lie, under the heads that are painted here."""
        style, shown = frame.style, frame.shown
        if shown and not (self._maps.common and len(shown) > 1):
            shape = 1.6 if oblong(extent) else (extent[1] - extent[0]) / (extent[3] - extent[2])
            grid = panels(shown, area, shape, style, style.px(LEAST_PANEL))
            for panel in grid:
                paint_head(painter, panel.head, panel.appearance, (), False, style)
            if grid:
                return [panel.body for panel in grid]
        top = area.top() + (paint_names(painter, area, frame) if shown else 0)
        return [QRectF(area.left(), round(top), int(area.width()),
                       int(area.bottom() - round(top)))]

    @staticmethod
    def _paint_plane(painter: QPainter, frame: MapFrame, ground: Ground) -> None:
        style, draft, body = frame.style, frame.look.draft, ground.body
        assert draft is not None
        half = style.px(0.5)
        painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
        painter.setBrush(QColor(style.theme.ground))
        painter.drawRoundedRect(body.adjusted(half, half, -half, -half), style.px(8), style.px(8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_draft(painter, draft, ground, frame,
                    device_ratio(painter) if is_raster(painter) else 2.0)
        _say_below(painter, body, draft.lacking, frame)

    def _paint_axes(self, painter: QPainter, frame: MapFrame) -> None:
        lowest = max(ground.body.bottom() for ground in self._grounds)
        first = min(ground.body.left() for ground in self._grounds)
        for ground in self._grounds:
            if ground.body.bottom() > lowest - 1:
                quiet_axes.paint_bottom(painter, ground.body, ground.extent, frame.style)
            if ground.body.left() < first + 1:
                quiet_axes.paint_left(painter, ground.body, ground.extent, frame.style)

    def note(self, at: QPointF | None) -> str:
        """The keys, since there is nothing else to be told yet."""
        curve = any(ground.curve for ground in self._grounds)
        return "E erase · Esc leave" if curve else "1 to 9 class · P paint · E erase · Esc leave"

    def grounds(self) -> tuple[Ground, ...]:
        """What there is to draw on."""
        return self._grounds

    def contestant_at(self, at: QPointF) -> int | None:
        """The plane is nobody's."""
        return None

    def zoomed(self, at: QPointF, factor: float) -> tuple[tuple[float, float], ...] | None:
        """What the plane shows after zooming about a pixel."""
        ground = next((ground for ground in self._grounds if ground.body.contains(at)), None)
        if ground is None:
            return self._grounds[0].zoom if self._grounds else None
        x, y = quiet_axes.to_point(at, ground.extent, ground.body)
        left, right, bottom, top = ground.extent
        if not 1 / FARTHEST < (right - left) * factor < FARTHEST:
            return ground.zoom
        return ((x + (left - x) * factor, x + (right - x) * factor),
                (y + (bottom - y) * factor, y + (top - y) * factor))


def _wanted(frame: MapFrame) -> Extent:
    if frame.look.zoom is None:
        return ALL
    (left, right), (bottom, top) = frame.look.zoom
    return left, right, bottom, top


def _seen(extent: Extent, body: QRectF, curve: bool) -> Extent:
    return extent if curve or oblong(extent) else squared(extent, body.width(), body.height())


def _say_below(painter: QPainter, body: QRectF, sentence: str, frame: MapFrame) -> None:
    """A quiet sentence in the lower part, where it is in nobody's way."""
    style = frame.style
    painter.setFont(style.font(14))
    painter.setPen(QColor(style.theme.quiet))
    edge = style.px(16)
    painter.drawText(body.adjusted(edge, edge, -edge, -edge),
                     int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignHCenter)
                     | int(Qt.AlignmentFlag.AlignBottom), sentence)
