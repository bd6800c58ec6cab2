"""How large signals are in every layer: activations on their way forward, gradients on their way
back, on logarithmic scales, a curve a contestant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.network.signals import Signals
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .heads import short
from .labels import stack
from .looked import looked
from .markers import draw_marker
from .signal_curves import (
    Curve,
    curve_of,
    points_of,
    range_of,
    smaller_than_shown,
    ticks,
    unbroken,
)
from .small_axes import SmallAxes, paint_bottom, paint_left, paint_words, tick_height
from .trails import draw_polyline
from .view import Appearance, Look, View, ViewDefinition, appearances, in_painting_order

WIDTH = 2.2
SIDES = (("forward", "Forward: std of activations"), ("backward", "Backward: std of gradients"))


@dataclass(frozen=True)
class Side:
    """One of the two plots; `bounds` is its share of the view, labels included."""

    kind: str
    title: str
    bounds: QRectF
    axes: SmallAxes
    curves: tuple[Curve, ...]
    named: bool


class VarianceByDepth(View):
    """Forward and backward side by side, or above each other; a click looks into a layer."""

    def __init__(self) -> None:
        super().__init__()
        self._signals: dict[int, Signals] = {}
        self._found: tuple[Appearance, int] | None = None

    def note(self) -> str:
        if self.snapshot is None or self.style is None:
            return ""
        shown = self._shown()
        if self._found is not None and self._found[0] in shown:
            appearance, place = self._found
            known = self._signals[appearance.index]
            place = min(place, len(known.names) - 1)
            return (f"{short(appearance.name)}   {known.names[place]}   "
                    f"activations {number(float(known.forward[place]))}   "
                    f"gradients {number(float(known.backward[place]))}")
        rows = max((self._signals[a.index].rows for a in shown), default=0)
        return f"{rows:,} rows" if rows else ""

    def prepare(self, snapshot: Snapshot, look: Look) -> None:
        if self.style is not None:
            self._measured(snapshot, look, self.style)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._signals = self._measured(snapshot, look, self.style)
        self.update()
        self.noted.emit()

    @staticmethod
    def _measured(snapshot: Snapshot, look: Look, style: Style) -> dict[int, Signals]:
        """The signals of all that are not muted, by their places."""
        shown = [a for a in appearances(snapshot.experiment, style, look) if a is not None]
        found = looked(snapshot, shown, look)
        return {a.index: entry.signals() for a, entry in zip(shown, found, strict=True)}

    def _shown(self) -> list[Appearance]:
        assert self.snapshot is not None and self.style is not None
        every = appearances(self.snapshot.experiment, self.style, self.look)
        return in_painting_order(every, self.look.highlight)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sides = self.sides()
        if not sides:
            paint_words(painter, self.style, self.rect(), "Every contestant is muted")
        for side in sides:
            self._paint_side(painter, self.style, side)

    def sides(self) -> tuple[Side, ...]:
        """What is painted where, nothing without contestants."""
        snapshot, style = self.snapshot, self.style
        assert snapshot is not None and style is not None
        shown = self._shown()
        if not shown:
            return ()
        known = [self._signals[a.index] for a in shown]
        deepest = max(len(entry.names) for entry in known)
        rect, gap = self.rect(), style.px(18)
        beside = rect.width() > 1.15 * rect.height()
        width = (rect.width() - gap) / 2 if beside else rect.width()
        height = rect.height() if beside else (rect.height() - style.px(10)) / 2
        sides = []
        for place, (kind, title) in enumerate(SIDES):
            bounds = (QRectF(place * (width + gap), 0, width, height) if beside else
                      QRectF(0, rect.height() - height if place else 0, width, height))
            curves = tuple(curve_of(a, getattr(entry, kind))
                           for a, entry in zip(shown, known, strict=True))
            named = place == 1 or not beside or width > style.px(330)
            sides.append(Side(kind, title, bounds, self._axes(bounds, curves, deepest, named),
                              curves, named))
        return tuple(sides)

    def _axes(self, bounds: QRectF, curves: Sequence[Curve], deepest: int, named: bool
              ) -> SmallAxes:
        assert self.style is not None
        style = self.style
        low, high = range_of(curves)
        metrics = QFontMetricsF(style.font(12, tabular=True))
        left = max(metrics.horizontalAdvance(text)
                   for text in (*ticks(low, high, 99)[1], smaller_than_shown(curves))
                   ) + style.px(8)
        gutter = self._gutter(curves, bounds.width()) if named else style.px(8)
        head = QFontMetricsF(style.font(13, 500)).height() + style.px(8)
        rect = bounds.adjusted(left, head, -gutter, -tick_height(style))
        # Never inside out, however small the card.
        rect = QRectF(rect.topLeft(), rect.size().expandedTo(QSizeF(8, 8)))
        # Half a layer at both ends, less where there are many.
        edge = 0.5 if deepest == 1 else min(0.4, 0.03 * deepest)
        pad = 0.04 * (high - low)
        return SmallAxes(rect, (1 - edge, deepest + edge), (low - pad, high + pad))

    def _gutter(self, curves: Sequence[Curve], width: float) -> float:
        assert self.style is not None
        metrics = QFontMetricsF(self.style.font(13, 600))
        widest = max(metrics.horizontalAdvance(self._name(curve)) for curve in curves)
        return min(widest + self.style.px(14), 0.34 * width)

    def _name(self, curve: Curve) -> str:
        assert self.snapshot is not None
        state = self.snapshot.contestants[curve.appearance.index]
        name = short(curve.appearance.name)
        if state.diverged is not None:
            return f"{name} diverged"
        known = self._signals[curve.appearance.index]
        return f"{name} overflows" if known.overflow else name

    def _paint_side(self, painter: QPainter, style: Style, side: Side) -> None:
        axes = side.axes
        head = style.font(13, 500)
        metrics = QFontMetricsF(head)
        painter.setFont(head)
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(side.bounds.topLeft() + QPointF(0, metrics.ascent()), metrics.elidedText(
            side.title, Qt.TextElideMode.ElideRight, side.bounds.width()))
        room = 2.6 * QFontMetricsF(style.font(12, tabular=True)).height()
        values, texts = ticks(*range_of(side.curves), max(2, int(axes.rect.height() / room)))
        # Zero has no logarithm: it lies on the bottom, as does what is too small for the range and
        # does not stop fading there. Its name goes before the others'.
        bottom = smaller_than_shown(side.curves) or (
            "0" if any(curve.zero for curve in side.curves) else "")
        if bottom:
            values, texts = [axes.y[0], *values], [bottom, *texts]
        paint_left(painter, style, axes, values, texts)
        self._paint_layers(painter, style, side)
        for curve in side.curves:
            self._paint_curve(painter, style, axes, curve)
        painter.setOpacity(1)
        if side.named:
            self._paint_names(painter, style, side)

    def _paint_layers(self, painter: QPainter, style: Style, side: Side) -> None:
        """The layers' numbers under the plot, and a line at the one that is looked at closely."""
        assert self.snapshot is not None
        axes = side.axes
        known = [self._signals[c.appearance.index] for c in side.curves]
        depths = {len(entry.names) for entry in known}
        deepest = max(depths)
        texts = [str(layer) for layer in range(1, deepest + 1)]
        if len(depths) == 1:
            texts[-1] = "out"
        metrics = QFontMetricsF(style.font(12, tabular=True))
        widest = max(map(metrics.horizontalAdvance, texts)) + style.px(10)
        spacing = axes.rect.width() / (axes.x[1] - axes.x[0])
        every = max(1, ceil(widest / max(spacing, 1e-9)))
        # The last one always stands there, and the others as far as they are clear of it.
        places = [place for place in range(0, deepest - 1, every)
                  if (deepest - 1 - place) * spacing >= widest] + [deepest - 1]
        paint_bottom(painter, style, axes, [place + 1.0 for place in places],
                     [texts[place] for place in places], side.bounds)
        for number_of, place in enumerate(known[0].places, 1):
            if self.look.layer is not None and place == self.look.layer:
                painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
                painter.drawLine(axes.pixel(number_of, axes.y[0]), axes.pixel(number_of, axes.y[1]))

    def _paint_curve(self, painter: QPainter, style: Style, axes: SmallAxes, curve: Curve) -> None:
        points = points_of(axes, curve)
        painter.setOpacity(curve.appearance.opacity)
        for part in unbroken(points):
            draw_polyline(painter, part, curve.appearance.color, style.px(WIDTH))
        spacing = axes.rect.width() / max(1.0, axes.x[1] - axes.x[0])
        every = max(1, ceil(style.px(15) / max(spacing, 1e-9)))
        for place in {*range(0, len(points), every), len(points) - 1}:
            x, y = points[place]
            if np.isfinite(y):
                near = self._found == (curve.appearance, place)
                draw_marker(painter, curve.appearance.marker, x, y, style.px(6.5 if near else 4.5),
                            curve.appearance.color, QColor(style.theme.card))

    def _paint_names(self, painter: QPainter, style: Style, side: Side) -> None:
        axes = side.axes
        font = style.font(13, 600)
        metrics = QFontMetricsF(font)
        ends = []
        for curve in side.curves:
            heights = points_of(axes, curve)[:, 1]
            finite = heights[np.isfinite(heights)]
            ends.append(float(finite[-1]) if len(finite) else axes.rect.bottom())
        line = metrics.height() * 0.95
        middles = stack(ends, line, side.bounds.top() + line, side.bounds.bottom())
        left = axes.rect.right() + style.px(8)
        painter.setFont(font)
        fit = int(axes.rect.height() / line)
        for place, (curve, middle) in enumerate(zip(side.curves, middles, strict=True)):
            # Where not all fit, as many as do; the highlighted one is the last.
            if len(side.curves) - place > max(1, fit + 1):
                continue
            painter.setOpacity(curve.appearance.opacity)
            painter.setPen(style.ink(curve.appearance.color))
            text = metrics.elidedText(self._name(curve), Qt.TextElideMode.ElideRight,
                                      side.bounds.right() - left)
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, baseline), text)
        painter.setOpacity(1)

    # ---- mouse

    def _nearest(self, pixel: QPointF) -> tuple[Appearance, int] | None:
        """The contestant and the place of the block whose point is nearest to a pixel."""
        assert self.style is not None
        best, found = (self.style.px(60)) ** 2, None
        at = np.array([pixel.x(), pixel.y()])
        for side in self.sides():
            if not side.bounds.contains(pixel):
                continue
            for curve in side.curves:
                away = ((points_of(side.axes, curve) - at) ** 2).sum(1)
                if np.isfinite(away).any() and np.nanmin(away) < best:
                    best = float(np.nanmin(away))
                    found = curve.appearance, int(np.nanargmin(away))
        return found

    def hoverEvent(self, event: Any) -> None:
        if self.snapshot is None or self.style is None:
            return
        self._found = None if event.isExit() else self._nearest(event.pos())
        self.update()
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        found = None
        if self.snapshot is not None and self.style is not None:
            found = self._nearest(event.pos())
        if found is None or self.snapshot is None:
            event.ignore()
            return
        event.accept()
        appearance, block = found
        place = self._signals[appearance.index].places[block]
        self.asked.emit("layer", None if place == self.look.layer else place)


variance_by_depth = ViewDefinition(
    "variance-by-depth", "Variance by depth",
    "How large activations and gradients are in every layer, a curve a contestant.",
    VarianceByDepth, weight=(1.4, 1.0), kinds=frozenset({"network"}),
)
