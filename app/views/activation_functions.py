"""Activation functions and their slopes, and where a run's inputs to them really lie."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from engine.activations import activations
from engine.network.activation_curves import Inputs, Use, curve, inputs_of, merged, sampled, unused
from engine.network.activation_curves import uses as uses_of
from engine.network.even_rows import sampled_probe
from engine.network.probe import Probe
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .activation_panel import SAMPLES, Panel, paint_curves, paint_head, paint_ticks
from .heads import short
from .markers import draw_marker
from .small_axes import SmallAxes, paint_words, tick_height
from .step_cache import StepCache
from .trails import device_ratio, is_raster
from .view import Appearance, Look, View, ViewDefinition, appearances, in_painting_order

BINS = 61
# The inputs shown reach from -r to r: the first of these beyond which lies at most a hundredth.
REACHES = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
BEYOND = 0.01
# How much of the colour of warnings a flat side takes on where all inputs lie; by the square root,
# since a tenth of them should be seen.
STRONGEST = 0.34
# A card of this size (in design units) has room for all functions that there are.
ROOM_FOR_ALL = (1000.0, 560.0)


class ActivationFunctions(View):
    """Those that the contestants use; all that there are, where the view is large."""

    def __init__(self) -> None:
        super().__init__()
        self._uses: StepCache[tuple[Use, ...]] = StepCache(uses_of)
        self._probes: StepCache[Probe] = StepCache(lambda state: sampled_probe(state, "use"))
        self._seen: dict[object, Inputs] = {}
        self._seen_key: object = None
        self._picture: QImage | None = None
        self._picture_key: object = None
        self._hover: QPointF | None = None

    def note(self) -> str:
        found = self._under_mouse()
        if found is None:
            return ""
        panel, x = found
        (value,), (slope,) = curve(panel.use, np.array([x]))
        return (f"{panel.use.definition.title}   x {number(x)}   f(x) {number(float(value))}   "
                f"f′(x) {number(float(slope))}")

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

    def _using(self) -> tuple[list[Use], dict[object, list[tuple[Appearance, Use]]]]:
        """The functions to be shown, and who uses them how."""
        snapshot, style = self.snapshot, self.style
        assert snapshot is not None and style is not None
        every = appearances(snapshot.experiment, style, self.look)
        users: dict[object, list[tuple[Appearance, Use]]] = {}
        for shown in in_painting_order(every, self.look.highlight):
            for use in self._uses.of(snapshot, shown.index):
                users.setdefault(use.shape, []).append((shown, use))
        used = [use for shown in every if shown is not None
                for use in self._uses.of(snapshot, shown.index)]
        rect = self.rect()
        if rect.width() >= style.px(ROOM_FOR_ALL[0]) and rect.height() >= style.px(ROOM_FOR_ALL[1]):
            used += [unused(definition) for definition in activations.values()]
        return list(merged(used)), users

    def _inputs(self, index: int, use: Use, reach: float) -> Inputs:
        """How a contestant's inputs to a function are spread, kept as long as the step is shown."""
        assert self.snapshot is not None
        key = (self.snapshot.experiment, self.snapshot.step)
        if key != self._seen_key:
            self._seen_key, self._seen = key, {}
        name = (index, use.shape, reach)
        if name not in self._seen:
            probe = self._probes.of(self.snapshot, index)
            self._seen[name] = inputs_of(probe, use, BINS, -reach, reach)
        return self._seen[name]

    # ---- layout

    def panels(self) -> tuple[Panel, ...]:
        """What is painted where; nothing where nobody has an activation function."""
        assert self.style is not None
        used, users = self._using()
        if not used:
            return ()
        columns, rows = _arranged(len(used), self.rect().width(), self.rect().height())
        gap = self.style.px(18)
        width = (self.rect().width() - gap * (columns - 1)) / columns
        height = (self.rect().height() - gap * (rows - 1)) / rows
        return tuple(
            self._panel(use, QRectF(place % columns * (width + gap),
                                    place // columns * (height + gap), width, height),
                        users.get(use.shape, []))
            for place, use in enumerate(used))

    def _panel(self, use: Use, bounds: QRectF, users: list[tuple[Appearance, Use]]) -> Panel:
        assert self.style is not None
        style = self.style
        reach = REACHES[0]
        seen = [self._inputs(shown.index, own, reach) for shown, own in users]
        for reach in REACHES:
            seen = [self._inputs(shown.index, own, reach) for shown, own in users]
            if all(entry.beyond <= BEYOND for entry in seen):
                break
        _, values, slopes = sampled(use, -reach, reach, SAMPLES)
        low = float(min(values.min(), slopes.min()))
        high = float(max(values.max(), slopes.max()))
        # A function that grows would press its own bend flat.
        high = min(high, max(2.5, 0.6 * reach))
        low = max(low, -max(2.5, 0.6 * reach))
        span = high - low
        left = QFontMetricsF(style.font(12, tabular=True)).horizontalAdvance("−0.5") + style.px(8)
        foot = tick_height(style) + (self._words_height() if users else 0.0)
        whole = bounds.adjusted(left, self._head_height(), -style.px(6), -foot)
        strip_height = 0.24 * whole.height() if users else 0.0
        height = max(whole.height() - strip_height, 8.0)
        rect = QRectF(whole.left(), whole.top(), max(whole.width(), 8.0), height)
        strip = QRectF(rect.left(), rect.bottom(), rect.width(), strip_height)
        axes = SmallAxes(rect, (-reach, reach), (low - 0.06 * span, high + 0.14 * span))
        pairs = tuple(zip((shown for shown, _ in users), seen, strict=True))
        return Panel(use, bounds, axes, strip, pairs)

    def _head_height(self) -> float:
        assert self.style is not None
        return QFontMetricsF(self.style.font(14, 600)).height() + self.style.px(16)

    def _words_height(self) -> float:
        assert self.style is not None
        return QFontMetricsF(self.style.font(12, tabular=True)).height() + self.style.px(4)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        panels = self.panels()
        if not panels:
            paint_words(painter, self.style, self.rect(), "No contestant that is shown has an "
                        "activation function: each of them computes a linear function")
        for panel in panels:
            self._paint_zones(painter, self.style, panel)
            self._paint_inputs(painter, self.style, panel)
            self._paint_shares(painter, self.style, panel)
        if is_raster(painter):
            painter.drawImage(QPointF(0, 0), self._still(panels, device_ratio(painter)))
        else:
            self._paint_functions(painter, self.style, panels)
        self._paint_cursor(painter, self.style)

    def _still(self, panels: tuple[Panel, ...], ratio: float) -> QImage:
        """What stays the same from step to step, as a picture to be laid over the rest."""
        assert self.style is not None
        size = round(self.rect().width() * ratio), round(self.rect().height() * ratio)
        key = (self.style, size, ratio, [(p.use, p.bounds, p.axes, p.strip) for p in panels])
        if self._picture is None or key != self._picture_key:
            image = QImage(max(size[0], 1), max(size[1], 1),
                           QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            image.fill(0)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_functions(painter, self.style, panels)
            self._picture, self._picture_key = image, key
        return self._picture

    def _paint_functions(self, painter: QPainter, style: Style, panels: tuple[Panel, ...]) -> None:
        for panel in panels:
            paint_ticks(painter, style, panel)
            paint_curves(painter, style, panel)
            paint_head(painter, style, panel)

    def _paint_zones(self, painter: QPainter, style: Style, panel: Panel) -> None:
        """The flat sides: the more of the inputs lie there, the stronger their colour."""
        axes = panel.axes
        box = axes.rect.united(panel.strip)
        for end, side, share in zip(panel.use.flat, axes.x, panel.saturated, strict=True):
            if end is None or not axes.x[0] < end < axes.x[1]:
                continue
            edge = axes.pixel(end, 0).x()
            left, right = sorted((edge, axes.pixel(side, 0).x()))
            zone = QRectF(left, box.top(), right - left, box.height())
            painter.fillRect(zone, QColor(style.theme.raised))
            strong = QColor(style.theme.warning)
            strong.setAlphaF(STRONGEST * sqrt(min(share, 1.0)))
            painter.fillRect(zone, strong)

    def _paint_inputs(self, painter: QPainter, style: Style, panel: Panel) -> None:
        """Histograms along the bottom, each to its own highest bin."""
        strip = panel.strip
        for shown, seen in panel.shown:
            highest = int(seen.counts.max(initial=0))
            if not highest:
                continue
            heights = seen.counts / highest * 0.9 * strip.height()
            edges = np.linspace(strip.left(), strip.right(), BINS + 1)
            line = QPolygonF([QPointF(strip.left(), strip.bottom())])
            for left, right, height in zip(edges[:-1].tolist(), edges[1:].tolist(),
                                           heights.tolist(), strict=True):
                line.append(QPointF(left, strip.bottom() - height))
                line.append(QPointF(right, strip.bottom() - height))
            line.append(QPointF(strip.right(), strip.bottom()))
            fill = QColor(shown.color)
            fill.setAlphaF(0.28 if len(panel.shown) > 1 else 0.5)
            painter.setOpacity(shown.opacity)
            painter.setBrush(fill)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(line)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(shown.color, style.px(1)))
            painter.drawPolyline(line)
        painter.setOpacity(1)

    def _paint_shares(self, painter: QPainter, style: Style, panel: Panel) -> None:
        """Below the axis, who saturates how much of it, as far as there is room."""
        font = style.font(12, tabular=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        left = panel.bounds.left()
        baseline = panel.bounds.bottom() - metrics.descent()
        for place, (shown, seen) in enumerate(sorted(panel.shown, key=lambda pair: pair[0].index)):
            share = "" if np.isnan(seen.saturated) else f" {_percent(seen.saturated)}"
            if share and not place:
                at_rest = panel.use.definition.at_rest is not None
                share += " at rest" if at_rest else " saturated"
            room = panel.bounds.right() - left - style.px(16)
            text = f"{short(shown.name)}{share}"
            rest = len(panel.shown) - place
            more = metrics.horizontalAdvance(f"+{rest}") + style.px(8) if rest > 1 else 0.0
            if place and metrics.horizontalAdvance(text) + more > room:
                painter.setOpacity(1)
                painter.setPen(QColor(style.theme.quiet))
                painter.drawText(QPointF(left, baseline), f"+{rest}")
                break
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - more)
            painter.setOpacity(shown.opacity)
            draw_marker(painter, shown.marker, left + style.px(5),
                        baseline - metrics.xHeight() / 2 - style.px(1), style.px(4.5), shown.color)
            painter.setPen(style.ink(shown.color))
            painter.drawText(QPointF(left + style.px(14), baseline), text)
            left += style.px(14) + metrics.horizontalAdvance(text) + style.px(16)
        painter.setOpacity(1)

    def _paint_cursor(self, painter: QPainter, style: Style) -> None:
        found = self._under_mouse()
        if found is None:
            return
        panel, x = found
        axes = panel.axes
        at = axes.pixel(x, 0).x()
        painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
        painter.drawLine(QPointF(at, axes.rect.top()),
                         QPointF(at, axes.rect.bottom() + panel.strip.height()))
        (value,), (slope,) = curve(panel.use, np.array([x]))
        for height, color in ((slope, style.theme.accent), (value, style.theme.text)):
            if axes.y[0] <= height <= axes.y[1]:
                draw_marker(painter, "circle", at, axes.pixel(x, float(height)).y(), style.px(4.5),
                            QColor(color), QColor(style.theme.card))

    # ---- mouse

    def _under_mouse(self) -> tuple[Panel, float] | None:
        """The panel under the mouse, and the input there."""
        if self._hover is None or self.snapshot is None or self.style is None:
            return None
        for panel in self.panels():
            if panel.axes.rect.united(panel.strip).contains(self._hover):
                return panel, panel.axes.x_of(self._hover.x())
        return None

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        self.update()
        self.noted.emit()


def _arranged(count: int, width: float, height: float) -> tuple[int, int]:
    """Columns and rows for which panels come nearest to four by three."""
    def oblong(columns: int) -> float:
        rows = ceil(count / columns)
        shape = (width / columns) / (height / rows)
        # Empty places count too.
        return abs(np.log(shape / 1.45)) + 0.25 * (columns * rows - count) / columns
    columns = min(range(1, count + 1), key=oblong)
    return columns, ceil(count / columns)


def _percent(share: float) -> str:
    return f"{number(float(f'{100 * share:.2g}'))} %"


activation_functions = ViewDefinition(
    "activation-functions", "Activation functions",
    "Functions and slopes from their kernels, and where a run's inputs to them lie.",
    ActivationFunctions, weight=(1.2, 1.3), kinds=frozenset({"network"}),
)
