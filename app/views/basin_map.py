"""Which minimum each start reaches, and how fast: a map for each method, every pixel a run."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter

from engine.maps import DIVERGED, NOWHERE

from ..kinds import surface_of
from ..numbers import number
from ..theme import Style
from . import quiet_axes
from .basin_legend import paint_legend
from .basin_panel import MapPainter
from .basin_question import Maps, Method, Question, answers, methods_of, of_the_map, question_of
from .basin_shades import scale_of
from .kept import Same
from .map_legend import LINE
from .outcomes import DIVERGES
from .panel_grid import Panel, panels, say
from .plane_extent import squared
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .quiet_axes import BOTTOM, LEFT, Extent
from .run_map import RunMap
from .starts import Start, start_at
from .surface_path import MOST_OBLONG
from .trails import device_ratio, is_raster
from .value_scale import Scale
from .view import Appearance, ViewDefinition, appearances
from .word_choice import word_choice

LEAST, LEAST_FOR_AXES, LEAST_FOR_CHOICE = 110.0, 150.0, 240.0
WORDS = {"apart": "all", "chosen": "chosen only"}


class BasinMap(RunMap[Question, Maps]):
    """Maps beside each other, with trails on them.

    A click adds a contestant that starts there; with Shift held it sets the start of the race.
    """

    def __init__(self) -> None:
        super().__init__(answers)
        self._panels: tuple[Panel, ...] = ()
        self._methods: tuple[Method, ...] = ()
        self._wanted: Extent = (0.0, 1.0, 0.0, 1.0)
        self._extent = self._wanted
        self._segments: tuple[Segment, ...] = ()
        self._shown: Maps | None = None
        self._painter: MapPainter | None = None
        self._held: Start | None = None

    # ---- words

    def hint(self) -> str:
        return "click adds a contestant, Shift+click moves the start"

    @property
    def zoomed_in(self) -> bool:
        if self.snapshot is None or self.look.zoom is None:
            return False
        return self.look.zoom != surface_of(self.snapshot.experiment).resolve().domain

    def note_clicked(self) -> None:
        """All of the plane again."""
        self.asked.emit("zoom", None)

    def said(self) -> str:
        method, place = self._method_at(self._hover), self._cell(self._hover)
        picture = self._shown.of(method.race) if method and self._shown else None
        if picture is None or place is None:
            return ""
        row, column = place
        start = f"({number(picture.x[column], 3)}, {number(picture.y[row], 3)})"
        outcome, steps = int(picture.reached[row, column]), int(picture.steps[row, column])
        if outcome == DIVERGED:
            return f"{start} {DIVERGES} at step {steps:,}"
        if outcome == NOWHERE:
            return f"{start} is at no minimum after the last step"
        x, y = (number(round(float(value), 4) + 0.0) for value in picture.minima[outcome])
        return f"{start} → minimum ({x}, {y}), there from step {steps:,} on"

    # ---- what is shown

    def _contestants(self) -> tuple[Appearance, ...]:
        assert self.snapshot is not None and self.style is not None
        return tuple(a for a in appearances(self.snapshot.experiment, self.style, self.look)
                     if a is not None)

    def _chosen(self, shown: tuple[Appearance, ...]) -> Appearance:
        highlight = next((a for a in shown if a.name == self.look.highlight), None)
        return highlight or next((a for a in shown if a.index == self.look.chosen), shown[0])

    def _lay_out(self, style: Style, methods: tuple[Method, ...], chosen: Appearance) -> None:
        """Find a place for every map: all methods', or the chosen contestant's where they would be
        too small."""
        assert self.snapshot is not None
        px, rect = style.px, self.rect()
        choosing = self.live and len(methods) > 1 and rect.height() >= px(LEAST_FOR_CHOICE)
        area = rect.adjusted(0, px(HEIGHT + 4) if choosing else 0, 0, -px(LINE))
        if self._has_axes(style):
            area.adjust(round(px(LEFT)), 0, 0, -round(px(BOTTOM)))
        (x0, x1), (y0, y1) = self.look.zoom or surface_of(
            self.snapshot.experiment).resolve().domain
        shape = (x1 - x0) / (y1 - y0)
        self._methods, self._panels = methods, ()
        if self.look.basins != "chosen":
            self._panels = panels([method.lead for method in methods], area, shape, style,
                                  px(LEAST))
        if not self._panels:
            self._methods = tuple(method for method in methods if chosen in method.members)
            self._panels = panels((chosen,), area, shape, style, 1.0)
        self._segments = word_choice(
            style, "basins", (WORDS,), "apart" if len(self._panels) > 1 else "chosen", rect.right(),
            rect.width()) if choosing else ()
        self._wanted = self._extent = (x0, x1, y0, y1)
        if self._panels and 1 / MOST_OBLONG <= shape <= MOST_OBLONG:
            body = self._panels[0].body
            self._extent = squared(self._extent, body.width(), body.height())

    def _has_axes(self, style: Style) -> bool:
        return min(self.rect().width(), self.rect().height()) >= style.px(LEAST_FOR_AXES)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, snapshot, shown = self.style, self.snapshot, self._contestants()
        if not shown:
            self._panels = ()
            say(painter, self.rect(), "All contestants are muted.", style)
            return
        experiment = snapshot.experiment
        races = self._kept.of("races", Same(experiment), lambda: tuple(
            of_the_map(experiment, index) for index in range(len(experiment.contestants))))
        chosen = self._chosen(shown)
        self._lay_out(style, methods_of(races, shown, chosen), chosen)
        if not self._panels:
            return
        paint_segments(painter, style, self._segments)
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        self._shown, = self.answers_to([question_of(
            [method.race for method in self._methods], self._wanted, self._extent,
            self._panels[0].body, ratio)])
        layers = [(self._shown, 1.0)] if self._shown is not None else []
        scale = self._kept.of("scale", Same(self._shown), lambda: scale_of(
            self._shown.pictures if self._shown is not None else ()))
        self._painter = MapPainter(snapshot, style, self._extent, layers, scale, self._kept)
        held = self._held or self._start_at(self._hover)
        for panel, method in zip(self._panels, self._methods, strict=True):
            self._painter.paint(painter, panel, method, held)
        self._paint_words(painter, style, scale)

    def _paint_words(self, painter: QPainter, style: Style, scale: Scale) -> None:
        """Numbers along the outer maps, and the legend."""
        first = min(panel.body.left() for panel in self._panels)
        lowest = max(panel.body.bottom() for panel in self._panels)
        if self._has_axes(style):
            for panel in self._panels:
                if panel.body.bottom() > lowest - 1:
                    quiet_axes.paint_bottom(painter, panel.body, self._extent, style)
                if panel.body.left() < first + 1:
                    quiet_axes.paint_left(painter, panel.body, self._extent, style)
        if self._shown is not None:
            line, rect = style.px(LINE), self.rect()
            place = QRectF(first, rect.bottom() - line + style.px(4), rect.right() - first,
                           line - style.px(4))
            paint_legend(painter, place, self._shown, scale, style)

    # ---- places

    def _panel_at(self, pixel: QPointF | None) -> Panel | None:
        if pixel is None:
            return None
        return next((panel for panel in self._panels if panel.body.contains(pixel)), None)

    def _method_at(self, pixel: QPointF | None) -> Method | None:
        panel = self._panel_at(pixel)
        return self._methods[self._panels.index(panel)] if panel is not None else None

    def _cell(self, pixel: QPointF | None) -> tuple[int, int] | None:
        """The row and column of the maps that lie under a pixel."""
        panel = self._panel_at(pixel)
        if self._shown is None or panel is None or pixel is None:
            return None
        x, y = quiet_axes.to_point(pixel, self._extent, panel.body)
        left, right, bottom, top = self._shown.cells
        columns, rows = self._shown.question.size
        column = int(np.floor((x - left) / (right - left) * columns))
        row = int(np.floor((y - bottom) / (top - bottom) * rows))
        return (row, column) if 0 <= column < columns and 0 <= row < rows else None

    def _point(self, pixel: QPointF) -> tuple[float, float] | None:
        """The start of the map's pixel, from which a run is the very one that it shows."""
        place = self._cell(pixel)
        if place is None or self._shown is None:
            return None
        picture = self._shown.pictures[0]
        return float(picture.x[place[1]]), float(picture.y[place[0]])

    def _start_at(self, pixel: QPointF | None) -> Start | None:
        """The start that the mouse can take hold of at a pixel."""
        panel, method, painter = self._panel_at(pixel), self._method_at(pixel), self._painter
        if panel is None or method is None or painter is None or self.style is None:
            return None
        return start_at(painter.starts(method), pixel,
                        lambda x, y: painter.pixel(np.array([x, y]), panel.body), self.style)

    # ---- mouse

    def is_on_map(self, pixel: QPointF) -> bool:
        return self._panel_at(pixel) is not None

    def mouseClickEvent(self, event: Any) -> None:
        pixel = event.pos()
        segment = segment_at(self._segments, pixel)
        head = next((panel for panel in self._panels if panel.head.contains(pixel)), None)
        if segment is not None:
            self.asked.emit(segment.kind, segment.value)
        elif self._panel_at(pixel) is not None and event.button() == Qt.MouseButton.LeftButton:
            self._click(pixel, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif head is not None:
            self.asked.emit("choose", head.appearance.index)
        else:
            event.ignore()
            return
        event.accept()

    def _click(self, pixel: QPointF, shift: bool) -> None:
        point, method, ring = self._point(pixel), self._method_at(pixel), self._start_at(pixel)
        if point is None or method is None:
            return
        if shift:
            self.asked.emit("start", point)
            self.asked.emit("release", None)
        elif ring is None:
            self.asked.emit("from", (method.lead.index, point))
        elif ring.index is not None:
            self.asked.emit("choose", ring.index)

    def mouseDragEvent(self, event: Any) -> None:
        """A start is dragged, or the part of the plane that is shown."""
        panel = self._panel_at(event.buttonDownPos())
        if panel is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if event.isStart():
            self._held = self._start_at(event.buttonDownPos())
        if self._held is not None:
            point = self._point(event.pos())
            if point is not None:
                self.asked.emit(*self._held.wish(point))
            if event.isFinish():
                self._held = None
                self.asked.emit("release", None)
            return
        step, (left, right, bottom, top) = event.pos() - event.lastPos(), self._extent
        across = -step.x() / panel.body.width() * (right - left)
        up = step.y() / panel.body.height() * (top - bottom)
        self.asked.emit("zoom", ((left + across, right + across), (bottom + up, top + up)))

    def hoverEvent(self, event: Any) -> None:
        super().hoverEvent(event)
        self.update()

    def zoom_about(self, pixel: QPointF, factor: float) -> None:
        panel = self._panel_at(pixel)
        assert panel is not None
        x, y = quiet_axes.to_point(pixel, self._extent, panel.body)
        left, right, bottom, top = self._extent
        self.asked.emit("zoom", ((x + (left - x) * factor, x + (right - x) * factor),
                                 (y + (bottom - y) * factor, y + (top - y) * factor)))


basin_map = ViewDefinition(
    "basin-map", "Where starts end",
    "Which minimum each start reaches and in how many steps, a map for each method.",
    BasinMap, weight=(1.7, 1.5),
)
