"""Every layer over the run: its mean and std, or how much of it is saturated or dead, as time goes.

The quantity is that of the layer histograms. Steps are looked at on a grid; in a window as time
allows, a few milliseconds a frame, and at once where nobody is waiting (films, stills, tests).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.errors import TrainscopeError
from engine.network.depth_series import DepthSeries, DepthTable
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .depth_fields import FieldScale, field_scale, paint_field
from .depth_panels import (
    AXIS,
    NAME,
    Panel,
    arranged,
    look_at,
    paint_layers,
    paint_name,
    paint_steps,
)
from .depth_statistics import STATISTICS, choice, said, statistic_of
from .histogram_words import moments_text
from .quantity_choice import (
    TITLES,
    Segment,
    paint_segments,
    room_beside,
    segment_at,
    segments,
)
from .seeking import SeekingView
from .trails import FAINT, device_ratio, is_raster
from .view import Appearance, Look, ViewDefinition, appearances

MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
# Beside the choice under a panel stand its first and last step.
BESIDE_CHOICE = 56.0


class DepthTime(SeekingView):
    """A panel a network; click or drag to move through time."""

    share = 0.004
    rest_ms = 16

    def __init__(self) -> None:
        super().__init__()
        self._series: dict[str, DepthSeries] = {}
        self._complete = True
        self._refusal = ""
        self._tables: dict[int, DepthTable] = {}
        self._panels: tuple[Panel, ...] = ()
        self._left_out = 0
        self._scale = FieldScale("spread", False, 0.0, 1.0)
        self._segments: tuple[Segment, ...] = ()
        self._picture: QImage | None = None
        self._picture_key: object = None

    # ---- words

    def title(self) -> str:
        return f"{TITLES[self.look.histogram]} over time"

    def note(self) -> str:
        if self._refusal or not self._tables:
            return ""
        if self.mouse is not None and (text := self._hovered_text(self.mouse)):
            return text
        text = self._range_text()
        if self._left_out:
            text += f" · {self._left_out} more need room"
        return text if self._complete else f"{text} · still looking back"

    def _range_text(self) -> str:
        """What the heights or colours of the fields mean."""
        scale, known = self._scale, STATISTICS[self._scale.statistic]
        low, high = number(scale.low, 2), number(scale.high, 2)
        if known.share:
            values = [getattr(table, scale.statistic) for table in self._tables.values()]
            if known.absence and all(np.isnan(part).all() for part in values):
                return known.absence
            return f"{known.word}, from 0 to 100 %"
        if scale.statistic == "mean":
            return f"mean, from {low} to {high}" + (", negative grey" if scale.heat else "")
        if scale.heat:
            return f"std, {low} to {high}, log" if low != high else f"std {high}"
        return f"{known.word}, from {low} to {high}"

    def _hovered_text(self, at: QPointF) -> str:
        for panel in self._panels:
            table = self._tables.get(panel.appearance.index)
            if table is not None and panel.field.contains(at):
                layer = int((at.y() - panel.field.top()) / panel.field.height() * len(table.names))
                look = look_at(table, panel.step_at(at.x()))
                mean, std = float(table.mean[look, layer]), float(table.std[look, layer])
                words = [f"{panel.appearance.name}, {table.names[layer]}, step "
                         f"{table.steps[look]:,}"]
                if np.isfinite(std):
                    means, stds = moments_text(mean, std)
                    words += [f"mean {means}", f"std {stds}"]
                shares = {"saturated", self._scale.statistic} - {"spread", "mean", "std"}
                words += [f"{text} {STATISTICS[share].unit}" for share in sorted(shares)
                          for text in said(share, table, look, layer)[:1]]
                return " · ".join(words)
        return ""

    # ---- numbers

    def restyled(self, style: Style) -> None:
        self._picture_key = None

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        every = [a for a in appearances(snapshot.experiment, self.style, look) if a is not None]
        series = self._series.setdefault(look.histogram, DepthSeries(look.histogram))
        indices = [appearance.index for appearance in every]
        self._refusal = ""
        try:
            self._complete = series.follow(snapshot, self.patience(), indices)
            found = {index: series.table(index) for index in indices}
        except TrainscopeError as error:
            self._refusal, self._complete, found = str(error), True, {}
        self._tables = {index: table for index, table in found.items() if table is not None}
        self._arrange(every, look)
        if not self._complete:
            self.go_on()
        self.noted.emit()
        self.update()

    def _arrange(self, every: list[Appearance], look: Look) -> None:
        assert self.style is not None and self.snapshot is not None
        depth = max((len(table.names) for table in self._tables.values()), default=1)
        self._panels = arranged(self.style, self.rect(), every, look, depth,
                                self.snapshot.experiment.steps) if every else ()
        self._left_out = len(every) - len(self._panels)
        there = [panel.appearance.index for panel in self._panels
                 if panel.appearance.index in self._tables]
        # A network that diverges would squeeze the others flat.
        sound = [index for index in there if self.snapshot.trails[index].diverged is None]
        tables = [self._tables[index] for index in sound or there]
        field = self._panels[0].field.height() if self._panels else 1.0
        self._scale = field_scale(tables, field / depth, self.style, statistic_of(look),
                                  look.over_time)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        style, snapshot = self.style, self.snapshot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._refusal or not self._panels:
            painter.setFont(style.font(14))
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(self.rect(), int(MIDDLE),
                             self._refusal or "Every contestant is muted")
            return
        self._paint_time(painter, style, snapshot)
        first = [panel for panel in self._panels if panel.name.top() == 0][-1]
        name = QFontMetricsF(style.font(14, 600)).horizontalAdvance(first.appearance.name)
        above = segments(style, self.look, self.rect().width(), 0.0, room_beside(
            style, first.name.width(), name), counts=False) if self.live else ()
        self._segments = (*above, *self._choice_below(style))
        paint_segments(painter, style, self._segments)
        lowest = max(panel.field.bottom() for panel in self._panels)
        for panel in self._panels:
            painter.setOpacity(panel.appearance.opacity)
            right = panel.name.right()
            if above and panel.name.top() < style.px(NAME):
                right = min(right, max(above[0].rect.left() - style.px(10), panel.name.left()))
            paint_name(painter, style, snapshot, panel, right)
            table = self._tables.get(panel.appearance.index)
            if table is not None:
                paint_layers(painter, style, panel, table, snapshot.step, self._scale.statistic,
                             self.look.layer)
            painter.setOpacity(1)
            if panel.field.bottom() >= lowest - 1 and self._has_axis(style, panel):
                paint_steps(painter, style, panel, self._scale.statistic)

    def _has_axis(self, style: Style, panel: Panel) -> bool:
        return self.rect().bottom() - panel.field.bottom() >= style.px(AXIS) - 1

    def _choice_below(self, style: Style) -> tuple[Segment, ...]:
        """The choice of the statistic, between the first and the last step of the last panel."""
        panel = self._panels[-1]
        if not self.live or not self._has_axis(style, panel):
            return ()
        beside = style.px(BESIDE_CHOICE)
        return choice(style, self.look, self._scale.heat, QRectF(
            panel.field.left() + beside, panel.field.bottom(), panel.field.width() - 2 * beside,
            style.px(AXIS)))

    def _paint_time(self, painter: QPainter, style: Style, snapshot: Snapshot) -> None:
        """The fields, full up to now and faint from there."""
        picture = self._cached(painter, style) if is_raster(painter) else None
        for panel in self._panels:
            field = panel.field
            now = float(panel.x(snapshot.step))
            # The last column belongs to the last step.
            past = QRectF(field.left(), field.top(), max(now - field.left(), style.px(1)),
                          field.height())
            future = QRectF(past.right(), field.top(), field.right() - past.right(), field.height())
            for part, opacity in ((past, 1.0), (future, FAINT)):
                if part.width() <= 0:
                    continue
                painter.save()
                painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
                painter.setOpacity(opacity)
                if picture is not None:
                    painter.drawImage(QPointF(0, 0), picture)
                else:
                    self._paint_panel(painter, style, panel)
                painter.restore()
            painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
            painter.drawLine(QPointF(now, field.top()), QPointF(now, field.bottom()))

    def _cached(self, painter: QPainter, style: Style) -> QImage:
        ratio, size = device_ratio(painter), self.rect().size()
        versions = tuple(series.version for series in self._series.values())
        assert self.snapshot is not None
        key = (versions, self.snapshot.computed, self._panels, self._scale, self.look.histogram,
               style, ratio, size.width(), size.height())
        if key != self._picture_key or self._picture is None:
            wide, high = (max(1, round(side * ratio)) for side in (size.width(), size.height()))
            image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            image.fill(0)
            with QPainter(image) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                for panel in self._panels:
                    self._paint_panel(inner, style, panel)
            self._picture, self._picture_key = image, key
        return self._picture

    def _paint_panel(self, painter: QPainter, style: Style, panel: Panel) -> None:
        assert self.snapshot is not None
        table = self._tables.get(panel.appearance.index)
        if table is not None:
            before = painter.opacity()
            painter.setOpacity(before * panel.appearance.opacity)
            until = float(panel.x(self.snapshot.computed)) if self._complete else float(
                panel.x(table.steps[-1]))
            paint_field(painter, style, table, panel.field, until,
                        lambda steps: np.asarray(panel.x(steps)), self._scale,
                        panel.appearance.color)
            painter.setOpacity(before)

    # ---- mouse

    def takes_click(self, pixel: QPointF) -> bool:
        segment = segment_at(self._segments, pixel)
        if segment is not None:
            self.asked.emit(segment.kind, segment.value)
            return True
        for panel in self._panels:
            if panel.name.contains(pixel):
                self.asked.emit("choose", panel.appearance.index)
                return True
        return False

    def step_at(self, pixel: QPointF, begun: QPointF) -> float | None:
        for panel in self._panels:
            field = panel.field
            if field.top() <= begun.y() <= field.bottom() and (
                    panel.name.left() <= begun.x() <= panel.name.right()):
                return panel.step_at(pixel.x())
        return None


depth_time = ViewDefinition(
    "depth-time", "Layers over time",
    "How every layer's activations, gradients or weights changed over the run.", DepthTime,
    weight=(1.6, 1.0), kinds=frozenset({"network"}),
)
