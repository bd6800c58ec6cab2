"""What each network puts out for every value of its only input, over the rows that it fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.network import decision
from engine.network.placing import Placing
from engine.network.rows_now import Points, RowsNow
from engine.strokes import Ink, stroke, tint

from ..numbers import number
from . import data_points, quiet_axes
from .boundary_lines import paint_names
from .data_points import Cloud, Inks
from .draft_points import paint_draft
from .ground import Ground
from .labels import stack
from .map_frame import MapFrame
from .markers import draw_marker
from .panel_grid import verdict
from .plane_extent import Plane
from .quiet_axes import BOTTOM, LEFT, Extent
from .trails import as_image, device_ratio, draw_polyline, is_raster, rgb
from .view import Appearance, in_painting_order

CURVE, HALO = 2.6, 5.4
ACROSS, UP = 0.04, 0.12
MOST_POINTS = 480
# Names stand at the curves' ends where they take no more than this part of the width.
MOST_GUTTER = 0.34
LEAST_WITH_AXES = 170.0


@dataclass(frozen=True)
class _Curve:
    appearance: Appearance
    points: NDArray[np.float64]


class FittedCurve:
    """One plot with everyone's curve, named at its end."""

    def __init__(self) -> None:
        self._frame: MapFrame | None = None
        self._body, self._extent = QRectF(), (0.0, 1.0, 0.0, 1.0)
        self._plane: Plane | None = None

    def paint(self, painter: QPainter, rect: QRectF, frame: MapFrame) -> None:
        """Draw everything into `rect`."""
        self._frame, style = frame, frame.style
        material, data = frame.material, frame.material.data
        plane = self._plane = frame.kept.of("plane", frame.snapshot.experiment,
                                            lambda: Plane(data, (0, 0)))
        step = frame.snapshot.step if material.drift is not None else 0
        rows = frame.kept.of("rows", (frame.snapshot.experiment, step),
                             lambda: RowsNow(material, step))
        area, gutter, axes = self.layout(rect, frame)
        at_ends = gutter > 0
        if not at_ends:
            area = area.adjusted(0, paint_names(painter, area, frame), 0, 0)
        body = self._body = area.adjusted(0, 0, -gutter, 0)
        if min(body.width(), body.height()) < style.px(16):
            return
        extent = self._extent = self._seen(frame, plane, rows)
        if axes:
            self._paint_grid(painter, frame, body, extent)
            quiet_axes.paint_bottom(painter, body, extent, style, plane.names[0])
            quiet_axes.paint_left(painter, body, extent, style, data.targets[0])
        painter.save()
        painter.setClipRect(body, Qt.ClipOperation.IntersectClip)
        curves = [self._curve(frame, plane, shown, body, extent)
                  for shown in in_painting_order(frame.shown, frame.look.highlight)]
        self._paint_curves(painter, frame, curves, body)
        # Over the curves: one that goes through every row would hide just those.
        self._paint_rows(painter, frame, plane, rows, body, extent)
        painter.restore()
        if at_ends:
            self._paint_ends(painter, frame, curves, body)

    def layout(self, rect: QRectF, frame: MapFrame) -> tuple[QRectF, float, bool]:
        """The plot with its names, how much of it is for names at its right end, and whether there
        are numbers on the axes; without room at the right the names stand above."""
        style = frame.style
        axes = min(rect.width(), rect.height()) >= style.px(LEAST_WITH_AXES)
        area = rect.adjusted(style.px(LEFT), style.px(4), 0, -style.px(BOTTOM)) if axes else rect
        gutter = self._gutter(frame)
        line = QFontMetricsF(style.font(13, 600)).height()
        at_ends = (gutter <= MOST_GUTTER * area.width()
                   and 2.1 * line * len(frame.shown) <= area.height())
        return area, gutter if at_ends else 0.0, axes

    def _paint_curves(self, painter: QPainter, frame: MapFrame, curves: list[_Curve], body: QRectF
                      ) -> None:
        """Each curve on a halo of the ground."""
        style, card = frame.style, QColor(frame.style.theme.card)
        if not is_raster(painter):
            for curve in curves:
                painter.setOpacity(curve.appearance.opacity)
                draw_polyline(painter, curve.points, card, style.px(HALO))
                draw_polyline(painter, curve.points, curve.appearance.color, style.px(CURVE))
            painter.setOpacity(1)
            return
        ratio = device_ratio(painter)
        shape = max(1, round(body.height() * ratio)), max(1, round(body.width() * ratio))
        covers = np.zeros((2 * len(curves), *shape), np.uint8)
        origin = np.array([body.left(), body.top()])
        for place, curve in enumerate(curves):
            points = np.ascontiguousarray((curve.points - origin) * ratio)
            for part, width in enumerate((HALO, CURVE)):
                stroke(points, 0, len(points), style.px(width) * ratio, covers[2 * place + part])
        colors = [rgb(color) for curve in curves for color in (card, curve.appearance.color)]
        opacity = np.repeat([curve.appearance.opacity for curve in curves], 2)
        image = as_image(tint(covers, Ink(np.array(colors), opacity)), alpha=True)
        painter.drawImage(QRectF(body.left(), body.top(), shape[1] / ratio, shape[0] / ratio),
                          image)

    def _seen(self, frame: MapFrame, plane: Plane, rows: RowsNow) -> Extent:
        if frame.look.zoom is not None:
            (left, right), (bottom, top) = frame.look.zoom
            return left, right, bottom, top

        def around() -> Extent:
            left, right, _, _ = plane.around(rows)
            targets = np.concatenate([rows.train.y, rows.test.y])
            low, high = float(targets.min()), float(targets.max())
            pad = UP * (high - low) or 1.0
            # The plane's own margin is wider than a curve needs.
            across = (0.14 - ACROSS) * (right - left) / 1.28
            return left + across, right - across, low - pad, high + pad

        return frame.kept.of("seen", rows, around)

    def _gutter(self, frame: MapFrame) -> float:
        style = frame.style
        names = QFontMetricsF(style.font(13, 600))
        values = QFontMetricsF(style.font(12, tabular=True))
        widths = [max(names.horizontalAdvance(a.name), values.horizontalAdvance(
            "test loss 0.00001")) for a in frame.shown]
        return max(widths) + style.px(26)

    def _curve(self, frame: MapFrame, plane: Plane, shown: Appearance, body: QRectF,
               extent: Extent) -> _Curve:
        left, right, _, _ = plane.prepared(extent)
        count = min(MOST_POINTS, max(2, round(body.width())))
        _, y = frame.kept.of(
            ("curve", shown.index), (*frame.moment(shown), left, right, count),
            lambda: decision.curve(frame.state(shown), left, right, count))
        points = np.stack([np.linspace(extent[0], extent[1], count), y], axis=1)
        pixels = quiet_axes.to_pixels(points, extent, body)
        pixels[:, 1] = np.clip(np.nan_to_num(pixels[:, 1], posinf=1e5, neginf=-1e5),
                               body.top() - body.height(), body.bottom() + body.height())
        return _Curve(shown, pixels)

    def _paint_grid(self, painter: QPainter, frame: MapFrame, body: QRectF, extent: Extent
                    ) -> None:
        style = frame.style
        painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
        room = 2.6 * QFontMetricsF(style.font(quiet_axes.SIZE)).height()
        values = quiet_axes.ticks(extent[2], extent[3], body.height(), room)
        ends = np.array([[extent[0], value] for value in values]).reshape(-1, 2)
        for y in quiet_axes.to_pixels(ends, extent, body)[:, 1]:
            painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))

    def _paint_rows(self, painter: QPainter, frame: MapFrame, plane: Plane, rows: RowsNow,
                    body: QRectF, extent: Extent) -> None:
        style = frame.style
        card = QColor(style.theme.card)
        draft = frame.look.draft
        if draft is not None and draft.is_on(frame.material.data):
            ratio = device_ratio(painter) if is_raster(painter) else 2.0
            paint_draft(painter, draft, self._ground(frame), frame, ratio, 0.85)
            return
        inks = frame.kept.of("inks", style, lambda: Inks((QColor(style.theme.quiet),), ("circle",)))
        local = QRectF(0, 0, body.width(), body.height())

        def cloud(part: Points, most: int, train: bool) -> Cloud:
            points = plane.shown(part.x[:most])
            points[:, 1] = part.y[:most]
            return Cloud(quiet_axes.to_pixels(points, extent, local),
                         np.zeros(len(points), np.intp), train)

        clouds = [cloud(rows.train, data_points.MOST_TRAIN, True),
                  cloud(rows.test, data_points.MOST_TEST, False)]
        count = sum(len(part.points) for part in clouds)
        radius = 0.85 * data_points.point_radius(local, count, style)
        painter.save()
        painter.translate(body.topLeft())
        if is_raster(painter):
            ratio = device_ratio(painter)
            key = (rows, extent, body.width(), body.height(), ratio, style)
            painter.drawImage(QPointF(0, 0), frame.kept.of("points", key, lambda: (
                data_points.layer(clouds, inks, radius, local, ratio, card))))
        else:
            data_points.paint_vectors(painter, clouds, inks, radius, local, card)
        painter.restore()

    def _paint_ends(self, painter: QPainter, frame: MapFrame, curves: list[_Curve], body: QRectF
                    ) -> None:
        style = frame.style
        names, values = style.font(13, 600), style.font(12, tabular=True)
        metrics, small = QFontMetricsF(names), QFontMetricsF(values)
        height = metrics.height() + small.height()
        wanted = [float(np.clip(curve.points[-1, 1], body.top(), body.bottom()))
                  for curve in curves]
        middles = stack(wanted, 1.08 * height, body.top(), body.bottom())
        left = body.right() + style.px(22)
        for curve, end, middle in zip(curves, wanted, middles, strict=True):
            shown = curve.appearance
            lost = frame.lost(shown)
            painter.setOpacity(shown.opacity)
            painter.setPen(QPen(shown.color, style.px(1)))
            at = QPointF(left - style.px(10), middle - small.height() / 2)
            painter.drawLine(QPointF(body.right(), end), at)
            draw_marker(painter, shown.marker, at.x(), at.y(), style.px(4.5), shown.color)
            painter.setFont(names)
            painter.setPen(style.ink(shown.color))
            top = middle - height / 2
            painter.drawText(QPointF(left, top + metrics.ascent()), shown.name)
            painter.setFont(values)
            painter.setPen(QColor(style.theme.warning if lost else style.theme.quiet))
            text = "diverged" if lost else verdict(frame.state(shown), frame.judged(shown))[1]
            painter.drawText(QPointF(left, top + metrics.height() + small.ascent()), text)
        painter.setOpacity(1)

    # ---- what is under the mouse

    def note(self, at: QPointF | None) -> str:
        """What every curve says above a pixel, or else what is to be known about the plot."""
        frame, plane = self._frame, self._plane
        if frame is None or plane is None:
            return ""
        if at is None or not self._body.contains(at):
            data = frame.material.data
            target = [data.targets[0]] if len(data.targets) > 1 else []
            rows = "train filled, test rings" if len(data.test_x) else "training rows"
            return " · ".join([*target, rows])
        x, _ = quiet_axes.to_point(at, self._extent, self._body)
        inputs = np.array([[plane.prepared((x, x, 0.0, 0.0))[0]]])
        said = [f"{a.name} {number(float(frame.state(a).outputs(inputs)[0, 0]))}"
                for a in frame.shown]
        return "   ".join([f"at {number(x)}", *said])

    def _ground(self, frame: MapFrame) -> Ground:
        step = frame.snapshot.step if frame.material.drift is not None else 0
        placing = frame.kept.of("placing", (frame.snapshot.experiment, step), lambda: Placing(
            frame.material.data, frame.material.drift, step))
        return Ground(self._body, self._extent, placing, curve=True)

    def grounds(self) -> tuple[Ground, ...]:
        """The plot, to draw on."""
        return () if self._frame is None else (self._ground(self._frame),)

    def contestant_at(self, at: QPointF) -> int | None:
        """Nobody's: all curves share the plot."""
        return None

    def zoomed(self, at: QPointF, factor: float) -> tuple[tuple[float, float], ...] | None:
        """The plot is always whole."""
        return None
