"""The loss of every contestant over the steps, with a cursor at now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.polyline import envelope
from engine.snapshot import Snapshot
from engine.strokes import Ink, stroke, tint

from ..kinds import surface_of
from ..numbers import power_of_ten
from ..theme import Style
from .heads import short
from .labels import stack
from .markers import draw_marker
from .plot import Array, NumberAxis, PlotView, tick_spacing
from .trails import FAINT, as_image, device_ratio, draw_polyline, ink_of, is_raster
from .view import Appearance, Look, ViewDefinition, appearances, in_painting_order

# Losses further below the start are drawn at the bottom: an exact 0 has no logarithm, and decades
# of rounding would squeeze what there is to see.
FLOOR_DECADES = 9
# A diverging contestant must not squeeze the others flat: the axis ends this many decades above
# the loss at the start.
CEILING_DECADES = 2
WIDTH = 2.2


class LossAxis(NumberAxis):
    """A left axis whose values are losses, or their decimal logarithms."""

    logarithmic = True

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logarithmic:
            return super().tickValues(low, high, size)
        room = max(2, int(size / (3.0 * QFontMetricsF(self.style["tickFont"]).height())))
        spacing = max(1, int(np.ceil((high - low) / room)))
        first = int(np.ceil(low / spacing)) * spacing
        decades = range(first, int(np.floor(high)) + 1, spacing)
        return [(float(spacing), [float(decade) for decade in decades])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            return [power_of_ten(round(value)) for value in values]
        return super().tickStrings(values, scale, spacing)


class StepAxis(NumberAxis):
    """A bottom axis of steps, which never shows half a step or one beyond the last."""

    last = 0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        widest = QFontMetricsF(self.style["tickFont"]).horizontalAdvance(f"{self.last:,}")
        spacing = max(1, round(tick_spacing(low, high, size, 1.6 * widest)))
        return [(float(spacing), [float(v) for v in range(0, self.last + 1, spacing)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{round(value):,}" for value in values]


@dataclass(frozen=True)
class Curve:
    """One contestant's curve in pixels, NaN-free, with the steps of its points."""

    appearance: Appearance
    points: Array


class LossCurve(PlotView):
    """Curves whose past is full and whose future is faint; click or drag to move through time."""

    left_axis_width = 52.0

    def __init__(self) -> None:
        super().__init__()
        self.box.setMouseEnabled(False, False)
        self._shown: tuple[Appearance | None, ...] = ()
        self._range_key: object = None
        self._offset = 0.0
        self._logarithmic = True
        self._curves_key: object = None
        self._curves: tuple[Curve, ...] = ()
        self._layers: tuple[QImage, QImage] | None = None

    def make_axes(self) -> dict[str, pg.AxisItem]:
        self._left, self._bottom = LossAxis("left"), StepAxis("bottom")
        return {"left": self._left, "bottom": self._bottom}

    def note(self) -> str:
        scale = "log" if self._logarithmic else "linear"
        return f"above the minimum · {scale}" if self._offset else scale

    def restyled(self, style: Style) -> None:
        super().restyled(style)
        self._range_key = self._curves_key = None

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._shown = appearances(snapshot.experiment, self.style, look)
        key = (snapshot.experiment, snapshot.computed, look.loss_scale, self.canvas_size)
        if key != self._range_key:
            self._range_key = key
            self._choose_scale(snapshot, look)
            self._fit(snapshot)
            self.noted.emit()
        self.canvas.update()

    def _choose_scale(self, snapshot: Snapshot, look: Look) -> None:
        surface = surface_of(snapshot.experiment).resolve()
        lowest = min((surface.value(*point) for point in surface.minima), default=0.0)
        finite = [trail.loss[np.isfinite(trail.loss)] for trail in snapshot.trails]
        smallest = min((float(losses.min()) for losses in finite if len(losses)), default=0.0)
        self._logarithmic = look.loss_scale == "log" and smallest - lowest >= -1e-9 * abs(lowest)
        self._offset = lowest if self._logarithmic else 0.0
        self._left.logarithmic = self._logarithmic

    def _heights(self, losses: Array) -> Array:
        """Losses as heights of the left axis."""
        if not self._logarithmic:
            return np.asarray(losses)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(np.maximum(losses - self._offset, 1e-300))

    def _fit(self, snapshot: Snapshot) -> None:
        shown = [snapshot.trails[a.index] for a in self._shown if a is not None]
        starts = [self._heights(trail.loss[:1]) for trail in shown or snapshot.trails]
        heights = np.concatenate([self._heights(t.loss) for t in shown or snapshot.trails])
        heights = heights[np.isfinite(heights)]
        start = float(np.max(starts)) if np.isfinite(starts).all() else 0.0
        if self._logarithmic:
            high = min(float(np.max(heights, initial=start)), start + CEILING_DECADES)
            low = max(float(np.min(heights, initial=start)), start - FLOOR_DECADES)
            low, high = np.floor(low + 0.02), np.ceil(high - 0.02)
            low = min(low, high - 1)
        else:
            low = float(np.min(heights, initial=start))
            ceiling = start + 2 * max(start - low, 1e-12)
            high = min(float(np.max(heights, initial=start)), ceiling)
            low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
            if not high > low:
                low, high = low - 1, high + 1
        steps = max(1, snapshot.experiment.steps)
        self._bottom.last = steps
        width = max(self.canvas_size[0], 60.0)
        gutter = min(self._gutter(), 0.4 * width)
        pad = 0.03 * (high - low)
        self.box.setRange(xRange=(0, steps * width / (width - gutter)),
                          yRange=(low - pad, high + pad), padding=0, disableAutoRange=True)
        self._left.picture = self._bottom.picture = None

    def _gutter(self) -> float:
        """Room right of the last step for the names."""
        assert self.style is not None
        metrics = QFontMetricsF(self.style.font(13, 600))
        names = [metrics.horizontalAdvance(short(a.name)) for a in self._shown if a is not None]
        return max(names, default=0.0) + self.style.px(24)

    # ---- painting

    def paint_data(self, painter: QPainter, width: float, height: float) -> None:
        snapshot, style = self.snapshot, self.style
        assert snapshot is not None and style is not None
        self._paint_grid(painter, style, width)
        self._refresh_curves(snapshot, style, width, height, painter)
        now = self.to_pixels(np.array([[snapshot.step, 0.0]]))[0, 0]
        if self._layers is not None:
            ratio = self._layers[0].devicePixelRatio()
            edge = round(now * ratio)
            faint, full = self._layers
            # Qt takes a part of width 0 for the whole image.
            if edge < faint.width():
                painter.drawImage(QPointF(edge / ratio, 0), faint,
                                  QRectF(edge, 0, faint.width() - edge, faint.height()))
            if edge > 0:
                painter.drawImage(QPointF(0, 0), full, QRectF(0, 0, edge, full.height()))
        else:
            self._paint_curves(painter, style, FAINT)
            painter.save()
            painter.setClipRect(QRectF(0, 0, now, height), Qt.ClipOperation.IntersectClip)
            self._paint_curves(painter, style, 1.0)
            painter.restore()
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
        painter.drawLine(QPointF(now, 0), QPointF(now, height))
        self._paint_now(painter, snapshot, style, now)
        self._paint_names(painter, snapshot, style, width, height)

    def _paint_grid(self, painter: QPainter, style: Style, width: float) -> None:
        (_, x1), (low, high) = self.ranges()
        end = self.to_pixels(np.array([[self._bottom.last, 0.0]]))[0, 0]
        painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
        for _, values in self._left.tickValues(low, high, self.canvas_size[1]):
            points = np.array([[0.0, value] for value in values]).reshape(-1, 2)
            for y in self.to_pixels(points)[:, 1]:
                painter.drawLine(QPointF(0, y), QPointF(end, y))

    def _refresh_curves(self, snapshot: Snapshot, style: Style, width: float, height: float,
                        painter: QPainter) -> None:
        raster = is_raster(painter)
        ratio = device_ratio(painter)
        key = (self._range_key, self.look.highlight, width, height, ratio, raster, self.ranges())
        if key == self._curves_key:
            return
        self._curves_key = key
        trails = snapshot.trails
        self._curves = tuple(
            self._curve(shown, trails[shown.index].steps, trails[shown.index].loss, width, height)
            for shown in in_painting_order(self._shown, self.look.highlight)
        )
        self._layers = self._tinted(style, width, height, ratio) if raster else None

    def _tinted(self, style: Style, width: float, height: float, ratio: float
                ) -> tuple[QImage, QImage]:
        """All curves faint, and all of them full; a frame shows a part of each."""
        shape = (len(self._curves), max(1, round(height * ratio)), max(1, round(width * ratio)))
        core = np.zeros(shape, np.uint8)
        for place, curve in enumerate(self._curves):
            points = np.ascontiguousarray(curve.points * ratio)
            stroke(points, 0, len(points), style.px(WIDTH) * ratio, core[place])
        ink = ink_of([curve.appearance for curve in self._curves])
        images = []
        for share in (FAINT, 1.0):
            image = as_image(tint(core, Ink(ink.colors, ink.opacity * share)), alpha=True)
            image.setDevicePixelRatio(ratio)
            images.append(image)
        return images[0], images[1]

    def _curve(self, appearance: Appearance, steps: np.ndarray, losses: Array, width: float,
               height: float) -> Curve:
        heights = self._heights(losses)
        places, heights = envelope(heights, max(1, int(width)))
        finite = np.isfinite(heights)
        points = self.to_pixels(np.stack([steps[places][finite], heights[finite]], axis=1))
        points[:, 1] = np.clip(points[:, 1], -height, 2 * height)
        return Curve(appearance, points)

    def _paint_curves(self, painter: QPainter, style: Style, opacity: float) -> None:
        for curve in self._curves:
            painter.setOpacity(opacity * curve.appearance.opacity)
            draw_polyline(painter, curve.points, curve.appearance.color, style.px(WIDTH))
        painter.setOpacity(1)

    def _paint_now(self, painter: QPainter, snapshot: Snapshot, style: Style, now: float) -> None:
        ground = QColor(style.theme.card)
        for appearance in in_painting_order(self._shown, self.look.highlight):
            state = snapshot.contestants[appearance.index]
            if not np.isfinite(state.loss):
                continue
            height = float(self._heights(np.array([state.loss]))[0])
            y = self.to_pixels(np.array([[0.0, height]]))[0, 1]
            painter.setOpacity(appearance.opacity)
            draw_marker(painter, appearance.marker, now, y, style.px(4.5), appearance.color, ground)
        painter.setOpacity(1)

    def _paint_names(self, painter: QPainter, snapshot: Snapshot, style: Style, width: float,
                     height: float) -> None:
        font = style.font(13, 600)
        metrics = QFontMetricsF(font)
        wanted = [float(curve.points[-1, 1]) if len(curve.points) else 0.0
                  for curve in self._curves]
        middles = stack(wanted, metrics.height() * 0.95, 0.0, height)
        painter.setFont(font)
        for curve, middle in zip(self._curves, middles, strict=True):
            end = float(curve.points[-1, 0]) if len(curve.points) else 0.0
            last = self.to_pixels(np.array([[self._bottom.last, 0.0]]))[0, 0]
            painter.setOpacity(curve.appearance.opacity)
            painter.setPen(curve.appearance.color)
            left = max(end, last) + style.px(10)
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, baseline), short(curve.appearance.name))
        painter.setOpacity(1)

    # ---- mouse

    def dragged(self, event: Any) -> None:
        event.accept()
        self._seek(event.pos())

    def clicked(self, event: Any) -> None:
        event.accept()
        if event.double():
            self.asked.emit("loss_scale", "linear" if self.look.loss_scale == "log" else "log")
        else:
            self._seek(event.pos())

    def hovered(self, event: Any) -> None:
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
            self.canvas.setCursor(Qt.CursorShape.SplitHCursor)

    def _seek(self, pixel: QPointF) -> None:
        assert self.snapshot is not None
        step = round(self.to_data(pixel)[0])
        self.asked.emit("seek", min(max(step, 0), self.snapshot.experiment.steps))


loss_curve = ViewDefinition(
    "loss-curve", "Loss", "Every contestant's loss over the steps, log or linear.", LossCurve,
    weight=(1.0, 1.0),
)
