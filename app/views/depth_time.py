"""Every layer over the run: its mean and std, or how saturated it is, with a cursor at now.

The quantity is that of the layer histograms. Steps are looked at on a grid; in a window as time
allows, a few milliseconds a frame, and at once where nobody is waiting (films, stills, tests).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt, QTimer
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.errors import TrainscopeError
from engine.network.depth_series import DepthSeries, DepthTable
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .depth_fields import FieldScale, field_scale, paint_field
from .histogram_rows import moments_text, percent
from .markers import draw_marker
from .quantity_choice import (
    TITLES,
    Segment,
    paint_segments,
    room_beside,
    segment_at,
    segments,
)
from .trails import FAINT, device_ratio, is_raster
from .view import Appearance, Look, View, ViewDefinition, appearances

SECONDS_A_FRAME = 0.004
REST_MS = 16
NAME, AXIS, LAYERS, NOW = 24.0, 20.0, 26.0, 52.0
LEAST_FIELD, LEAST_WIDTH, GOOD_ROW = 26.0, 250.0, 16.0
MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Panel:
    """One network's place: its name's, and its field's."""

    appearance: Appearance
    name: QRectF
    field: QRectF


class DepthTime(View):
    """A panel a network; click or drag to move through time."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._series: dict[str, DepthSeries] = {}
        self._complete = True
        self._refusal = ""
        self._tables: dict[int, DepthTable] = {}
        self._panels: tuple[Panel, ...] = ()
        self._left_out = 0
        self._scale = FieldScale(False, 0.0, 1.0)
        self._segments: tuple[Segment, ...] = ()
        self._picture: QImage | None = None
        self._picture_key: object = None
        self._hover: QPointF | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REST_MS)
        self._later.timeout.connect(self._look_on)

    # ---- words

    def title(self) -> str:
        return f"{TITLES[self.look.histogram]} over time"

    def note(self) -> str:
        if self._refusal or not self._tables:
            return ""
        if self._hover is not None and (text := self._hovered_text(self._hover)):
            return text
        low, high = number(self._scale.low, 2), number(self._scale.high, 2)
        text = (f"std, {low} to {high}, log" if self._scale.heat and low != high else
                f"std {high}" if self._scale.heat else f"mean ± std, from {low} to {high}")
        if self._left_out:
            text += f" · {self._left_out} more need room"
        return text if self._complete else f"{text} · still looking back"

    def _hovered_text(self, at: QPointF) -> str:
        for panel in self._panels:
            table = self._tables.get(panel.appearance.index)
            if table is not None and panel.field.contains(at):
                layer = int((at.y() - panel.field.top()) / panel.field.height() * len(table.names))
                look = self._look_at(table, self._step_at(panel, at.x()))
                mean, std, sat = (part[look, layer] for part in (
                    table.mean, table.std, table.saturated))
                words = [f"{panel.appearance.name}, {table.names[layer]}, step "
                         f"{table.steps[look]:,}"]
                if np.isfinite(std):
                    means, stds = moments_text(float(mean), float(std))
                    words += [f"mean {means}", f"std {stds}"]
                if np.isfinite(sat):
                    words.append(f"{percent(float(sat))} sat.")
                return " · ".join(words)
        return ""

    # ---- numbers

    def restyled(self, style: Style) -> None:
        self._picture_key = None

    def resizeEvent(self, event: Any) -> None:
        if self.snapshot is not None and self.style is not None:
            self.drawn(self.snapshot, self.look)

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        every = [a for a in appearances(snapshot.experiment, self.style, look) if a is not None]
        series = self._series.setdefault(look.histogram, DepthSeries(look.histogram))
        indices = [appearance.index for appearance in every]
        self._refusal = ""
        try:
            self._complete = series.follow(snapshot, self._patience(), indices)
            found = {index: series.table(index) for index in indices}
        except TrainscopeError as error:
            self._refusal, self._complete, found = str(error), True, {}
        self._tables = {index: table for index, table in found.items() if table is not None}
        self._arrange(every, look)
        if not self._complete:
            self._later.start()
        self.noted.emit()
        self.update()

    def _patience(self) -> float | None:
        """Seconds for looking back in this frame; without an end where nobody looks at it."""
        scene = self.scene()
        watched = scene is not None and any(view.isVisible() for view in scene.views())
        return SECONDS_A_FRAME if watched else None

    def _look_on(self) -> None:
        if self.snapshot is not None and self.style is not None and self.isVisible():
            self.drawn(self.snapshot, self.look)

    def _arrange(self, every: list[Appearance], look: Look) -> None:
        assert self.style is not None
        px, rect = self.style.px, self.rect()
        depth = max((len(table.names) for table in self._tables.values()), default=1)
        axis = px(AXIS) if rect.height() >= px(110) else 0.0
        height, shown = rect.height() - axis, every
        most = max(1, min(len(every), int(rect.width() // px(LEAST_WIDTH))))
        across = next((n for n in range(1, most + 1)
                       if self._field(height, len(every), n) >= depth * px(GOOD_ROW)), most)
        if self._field(height, len(every), across) < px(LEAST_FIELD) and len(every) > 1:
            wanted = [a for a in every if a.name == look.highlight or (
                look.highlight is None and a.index == look.chosen)]
            shown, across = wanted or every[:1], 1
        self._left_out = len(every) - len(shown)
        field = max(self._field(height, len(shown), across), 1.0)
        gap = px(16)
        width = (rect.width() - gap * (across - 1)) / across
        now = px(NOW) if width >= px(220) else 0.0
        panels = []
        for place, appearance in enumerate(shown):
            left, top = place % across * (width + gap), place // across * (field + px(NAME + 6))
            panels.append(Panel(
                appearance, QRectF(left, top, width, px(NAME)),
                QRectF(left + px(LAYERS), top + px(NAME), max(width - px(LAYERS) - now, 1), field)))
        self._panels = tuple(panels)
        assert self.snapshot is not None
        there = [panel.appearance.index for panel in panels
                 if panel.appearance.index in self._tables]
        # A network that diverges would squeeze the others flat.
        sound = [index for index in there if self.snapshot.trails[index].diverged is None]
        tables = [self._tables[index] for index in sound or there]
        self._scale = field_scale(tables, field / depth, self.style)

    def _field(self, height: float, count: int, across: int) -> float:
        """How high a field is where `count` panels stand `across` to a row."""
        assert self.style is not None
        rows = -(-max(count, 1) // across)
        return (height + self.style.px(6)) / rows - self.style.px(NAME + 6)

    def _x(self, panel: Panel, step: Any) -> Any:
        assert self.snapshot is not None
        last = max(1, self.snapshot.experiment.steps)
        return panel.field.left() + step / last * panel.field.width()

    def _step_at(self, panel: Panel, x: float) -> int:
        assert self.snapshot is not None
        share = (x - panel.field.left()) / panel.field.width()
        steps = self.snapshot.experiment.steps
        return min(max(round(share * steps), 0), steps)

    @staticmethod
    def _look_at(table: DepthTable, step: int) -> int:
        """The last look at or before a step."""
        return max(int(np.searchsorted(table.steps, step, side="right")) - 1, 0)

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
        self._segments = segments(style, self.look, self.rect().width(), 0.0, room_beside(
            style, first.name.width(), name), counts=False)
        paint_segments(painter, style, self._segments)
        for panel in self._panels:
            painter.setOpacity(panel.appearance.opacity)
            self._paint_name(painter, style, snapshot, panel)
            self._paint_layers(painter, style, snapshot, panel)
            painter.setOpacity(1)
            self._paint_steps(painter, style, snapshot, panel)

    def _paint_time(self, painter: QPainter, style: Style, snapshot: Snapshot) -> None:
        """The fields, full up to now and faint from there."""
        picture = self._cached(painter, style) if is_raster(painter) else None
        for panel in self._panels:
            field = panel.field
            now = float(self._x(panel, snapshot.step))
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
            until = float(self._x(panel, self.snapshot.computed)) if self._complete else float(
                self._x(panel, table.steps[-1]))
            paint_field(painter, style, table, panel.field, until,
                        lambda steps: np.asarray(self._x(panel, steps)), self._scale,
                        panel.appearance.color)
            painter.setOpacity(before)

    def _paint_name(self, painter: QPainter, style: Style, snapshot: Snapshot, panel: Panel
                    ) -> None:
        px, box, appearance = style.px, panel.name, panel.appearance
        right = box.right()
        if self._segments and box.top() < px(NAME):
            right = min(right, max(self._segments[0].rect.left() - px(10), box.left()))
        metrics = QFontMetricsF(style.font(14, 600))
        line = QRectF(box.left() + px(18), box.top(), box.width(), px(20))
        draw_marker(painter, appearance.marker, box.left() + px(6), line.center().y(), px(5),
                    appearance.color)
        name = metrics.elidedText(appearance.name, Qt.TextElideMode.ElideRight,
                                  max(right - line.left(), 0.0))
        painter.setFont(style.font(14, 600))
        painter.setPen(appearance.color)
        painter.drawText(line, int(LEFT), name)
        if snapshot.contestants[appearance.index].diverged is not None:
            line.translate(metrics.horizontalAdvance(name) + px(10), 0)
            painter.setFont(style.font(12))
            if line.left() + QFontMetricsF(painter.font()).horizontalAdvance("diverged") <= right:
                painter.setPen(QColor(style.theme.warning))
                painter.drawText(line, int(LEFT), "diverged")

    def _paint_layers(self, painter: QPainter, style: Style, snapshot: Snapshot, panel: Panel
                      ) -> None:
        """Numbers of the layers at the left, and their std now at the right."""
        table = self._tables.get(panel.appearance.index)
        if table is None:
            return
        font = style.font(12, tabular=True)
        metrics = QFontMetricsF(font)
        field, row = panel.field, panel.field.height() / len(table.names)
        every = max(1, -int(-0.9 * metrics.height() // row))
        look = self._look_at(table, snapshot.step)
        painter.setFont(font)
        for place, name in enumerate(table.names):
            if place % every:
                continue
            painter.setPen(QColor(style.theme.accent if table.places[place] == self.look.layer
                                  else style.theme.quiet))
            top = field.top() + (place + 0.5) * row - metrics.height() / 2
            text = "out" if name == "output" else str(place + 1)
            painter.drawText(QRectF(panel.name.left(), top, style.px(LAYERS), metrics.height()),
                             int(LEFT), text)
            std = float(table.std[look, place])
            room = panel.name.right() - field.right() - style.px(5)
            if np.isfinite(std):
                painter.setPen(QColor(style.theme.quiet))
                said = moments_text(0.0, std)[1]
                if metrics.horizontalAdvance(said) <= room:
                    painter.drawText(QRectF(field.right() + style.px(5), top, room,
                                            metrics.height()), int(RIGHT), said)

    def _paint_steps(self, painter: QPainter, style: Style, snapshot: Snapshot, panel: Panel
                     ) -> None:
        """The first and the last step under the lowest panels."""
        lowest = max(other.field.bottom() for other in self._panels)
        room = self.rect().bottom() - panel.field.bottom()
        if panel.field.bottom() < lowest - 1 or room < style.px(AXIS) - 1:
            return
        painter.setFont(style.font(12, tabular=True))
        painter.setPen(QColor(style.theme.quiet))
        under = QRectF(panel.field.left(), panel.field.bottom(), panel.field.width(),
                       style.px(AXIS))
        painter.drawText(under, int(LEFT), "step 0")
        painter.drawText(under, int(RIGHT), f"{snapshot.experiment.steps:,}")
        if panel.name.right() - under.right() > style.px(NOW) - 1:
            under.setRight(panel.name.right())
            painter.drawText(under, int(RIGHT), "std")

    # ---- mouse

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
        self.noted.emit()

    def mouseDragEvent(self, event: Any) -> None:
        self._seek(event)

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is not None:
            event.accept()
            self.asked.emit(segment.kind, segment.value)
            return
        for panel in self._panels:
            if panel.name.contains(event.pos()):
                event.accept()
                self.asked.emit("choose", panel.appearance.index)
                return
        self._seek(event)

    def _seek(self, event: Any) -> None:
        at = event.pos()
        for panel in self._panels:
            if panel.field.contains(QPointF(panel.field.center().x(), at.y())) and (
                    panel.name.left() <= at.x() <= panel.name.right()):
                event.accept()
                self.asked.emit("seek", self._step_at(panel, at.x()))
                return
        event.ignore()


depth_time = ViewDefinition(
    "depth-time", "Layers over time",
    "How every layer's activations, gradients or weights changed over the run.", DepthTime,
    weight=(1.6, 1.0), kinds=frozenset({"network"}),
)
