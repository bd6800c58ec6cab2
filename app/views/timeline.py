"""A plot over the steps: what is past full, what is to come faint, a cursor at now, names at ends.

On the screen and in films all curves are painted once faint and once full, and a frame copies a
part of each; on vectors (SVG, PDF) they are drawn as paths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.polyline import GrowingEnvelope, envelope
from engine.snapshot import Snapshot

from ..theme import Style
from .curve_layers import Curve, CurveLayers, draw_as_vectors
from .heads import short
from .labels import stack
from .markers import draw_marker
from .plot import Array, PlotView
from .timeline_axes import StepAxis, ValueAxis
from .trails import device_ratio, is_raster
from .view import Appearance, Look, appearances, in_painting_order


@dataclass(frozen=True)
class EndName:
    """What is written right of a curve's end, about the height `wanted`."""

    appearance: Appearance
    text: str
    wanted: float
    end: float


class Timeline(PlotView):
    """Curves over the steps; click or drag to move through time.

    Subclasses fill in `fit`, `curves`, `heads` and `end_names`.
    """

    left_axis_width = 52.0

    def __init__(self) -> None:
        super().__init__()
        self.box.setMouseEnabled(False, False)
        self._shown: tuple[Appearance | None, ...] = ()
        self._range_key: object = None
        self._curves_key: object = None
        self._curves: tuple[Curve, ...] = ()
        self._layers: CurveLayers | None = None
        self._layers_key: object = None
        self._range: object = None
        self._left_state: object = None
        self._envelopes = GrowingEnvelope()

    def make_axes(self) -> dict[str, pg.AxisItem]:
        self._left, self._bottom = ValueAxis("left"), StepAxis("bottom")
        return {"left": self._left, "bottom": self._bottom}

    def restyled(self, style: Style) -> None:
        super().restyled(style)
        self._range_key = self._curves_key = self._layers_key = self._range = None

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._shown = appearances(snapshot.experiment, self.style, look)
        key = self.range_key(snapshot, look)
        if key != self._range_key:
            self._range_key = key
            low, high = self.fit(snapshot, look)
            self._show_range(snapshot, low, high)
            self.noted.emit()
        self.canvas.update()

    # ---- what subclasses say

    def range_key(self, snapshot: Snapshot, look: Look) -> object:
        """What the axes' range follows from."""
        return snapshot.experiment, snapshot.computed, look.loss_scale, self.canvas_size

    def fit(self, snapshot: Snapshot, look: Look) -> tuple[float, float]:
        """Choose the scale; the lowest and the highest height to be shown."""
        raise NotImplementedError

    def curves(self, snapshot: Snapshot, width: float, height: float) -> tuple[Curve, ...]:
        """The curves, in the order of painting."""
        raise NotImplementedError

    def heads(self, snapshot: Snapshot, now: float) -> list[tuple[Appearance, QPointF]]:
        """Where whose marker stands, with the cursor `now` pixels from the left."""
        raise NotImplementedError

    def end_names(self) -> list[EndName]:
        """What is written at the curves' ends."""
        raise NotImplementedError

    def end_texts(self) -> list[str]:
        """All that may be written at the curves' ends, to leave room for."""
        return [short(a.name) for a in self._shown if a is not None]

    def paint_over(self, painter: QPainter, snapshot: Snapshot, style: Style, now: float) -> None:
        """Paint what lies over the curves and under the heads."""

    # ---- for subclasses

    def line(self, steps: np.ndarray, heights: Array, width: float, height: float) -> Array:
        """A curve in pixels (n, 2): what is not finite is left out, and no column has many."""
        places, heights = envelope(heights, max(1, int(width)))
        return self._pixels(steps[places], heights, height)

    def growing(self, index: int, steps: np.ndarray, values: Array, width: float, height: float,
                heights: Callable[[Array], Array]) -> Array:
        """The same of a contestant's values at steps evenly apart, so that more change nothing.

        A stretch of the whole run is shown by its lowest and highest value once it is complete.
        """
        apart = int(steps[1] - steps[0]) if len(steps) > 1 else 1
        per = -(-(self._bottom.last // apart) // max(1, int(width)))
        if per <= 2:
            return self._pixels(steps, heights(values), height)
        assert self.snapshot is not None
        key = self.snapshot.experiment, apart, per
        places, values = self._envelopes.of(index, key, values, per)
        return self._pixels(steps[places], heights(values), height)

    def _pixels(self, steps: np.ndarray, heights: Array, height: float) -> Array:
        finite = np.isfinite(heights)
        points = self.to_pixels(np.stack([steps[finite], heights[finite]], axis=1))
        points[:, 1] = np.clip(points[:, 1], -height, 2 * height)
        return points

    def named(self, curve: Curve, text: str) -> EndName:
        """A text at a curve's end."""
        end, wanted = curve.points[-1].tolist() if len(curve.points) else (0.0, 0.0)
        return EndName(curve.appearance, text, wanted, end)

    def in_order(self) -> list[Appearance]:
        """The contestants that are shown, in the order of painting."""
        return in_painting_order(self._shown, self.look.highlight)

    def end_of_steps(self) -> float:
        """Where the last step is, in pixels."""
        return float(self.to_pixels(np.array([[self._bottom.last, 0.0]]))[0, 0])

    # ---- range

    def _show_range(self, snapshot: Snapshot, low: float, high: float) -> None:
        steps = max(1, snapshot.experiment.steps)
        self._bottom.last = steps
        width = max(self.canvas_size[0], 60.0)
        gutter = min(self._gutter(), 0.4 * width)
        pad = self.padding() * (high - low)
        margin = self.margin()
        per_pixel = steps / (width - gutter - margin)
        wanted = ((-margin * per_pixel, steps + gutter * per_pixel), (low - pad, high + pad))
        if wanted != self._range or self._left.state() != self._left_state:
            # The axes are costly to make anew, and a run that is computed comes here every frame.
            self._range, self._left_state = wanted, self._left.state()
            self.box.setRange(xRange=wanted[0], yRange=wanted[1], padding=0,
                              disableAutoRange=True)
            self._left.picture = self._bottom.picture = None

    def padding(self) -> float:
        """What is left free above and below, as a share of the height between."""
        return 0.03

    def margin(self) -> float:
        """What is left free before step 0, in pixels."""
        return 0.0

    def _gutter(self) -> float:
        """Room right of the last step for the names."""
        assert self.style is not None
        metrics = QFontMetricsF(self.style.font(13, 600))
        names = [metrics.horizontalAdvance(text) for text in self.end_texts()]
        return max(names, default=0.0) + self.style.px(24)

    # ---- painting

    def paint_data(self, painter: QPainter, width: float, height: float) -> None:
        snapshot, style = self.snapshot, self.style
        assert snapshot is not None and style is not None
        self._paint_grid(painter, style)
        self._refresh_curves(snapshot, style, width, height, painter)
        now = self.to_pixels(np.array([[snapshot.step, 0.0]]))[0, 0]
        if self._layers is not None:
            self._layers.paint(painter, now)
        else:
            draw_as_vectors(painter, self._curves, style, now, height)
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
        painter.drawLine(QPointF(now, 0), QPointF(now, height))
        self.paint_over(painter, snapshot, style, now)
        self._paint_now(painter, snapshot, style, now)
        self._paint_names(painter, style, height)

    def _paint_grid(self, painter: QPainter, style: Style) -> None:
        _, (low, high) = self.ranges()
        end = self.end_of_steps()
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
        self._curves = self.curves(snapshot, width, height)
        at = (self.ranges(), width, height, ratio)
        grown = raster and self._layers is not None and at == self._layers_key and (
            self._layers.grow(self._curves))
        if not grown:
            self._layers_key = at
            self._layers = CurveLayers(self._curves, style, (width, height), ratio) if (
                raster) else None

    def _paint_now(self, painter: QPainter, snapshot: Snapshot, style: Style, now: float) -> None:
        ground = QColor(style.theme.card)
        for appearance, at in self.heads(snapshot, now):
            painter.setOpacity(appearance.opacity)
            draw_marker(painter, appearance.marker, at.x(), at.y(), style.px(4.5),
                        appearance.color, ground)
        painter.setOpacity(1)

    def _paint_names(self, painter: QPainter, style: Style, height: float) -> None:
        font = style.font(13, 600)
        metrics = QFontMetricsF(font)
        line = metrics.height() * 0.95
        names = self._that_fit(self.end_names(), int(height / line))
        middles = stack([name.wanted for name in names], line, 0.0, height)
        painter.setFont(font)
        last, edge = self.end_of_steps(), self.canvas_size[0]
        for name, middle in zip(names, middles, strict=True):
            painter.setOpacity(name.appearance.opacity)
            painter.setPen(style.ink(name.appearance.color))
            left = max(name.end, last) + style.px(10)
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, baseline), metrics.elidedText(
                name.text, Qt.TextElideMode.ElideRight, max(edge - left, 0.0)))
        painter.setOpacity(1)

    def _that_fit(self, names: list[EndName], count: int) -> list[EndName]:
        """As many names as there are lines for, the ones that are looked at among them."""
        if len(names) <= count:
            return names
        looked_at = (self.look.highlight, self.look.chosen)
        ranked = sorted(names, key=lambda name: (name.appearance.name != looked_at[0],
                                                 name.appearance.index != looked_at[1]))
        return [name for name in names if name in ranked[:count]]

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
