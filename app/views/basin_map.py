"""Which minimum each start reaches, and how fast: a map for each method, every pixel a run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from engine.maps import DIVERGED, NOWHERE

from ..kinds import surface_of
from ..numbers import number
from ..theme import Style
from . import quiet_axes
from .basin_layout import Layout, glide_of, lay_out
from .basin_legend import paint_legend
from .basin_panel import MapPainter
from .basin_question import (
    Maps,
    Method,
    Question,
    answers,
    methods_of,
    of_the_map,
    question_of,
    with_same_minima,
)
from .basin_shades import scale_of
from .kept import Same
from .only_finer import Drawn
from .outcomes import DIVERGES, UNCONVERGED
from .panel_grid import Panel, say
from .quantity_choice import paint_segments, segment_at
from .quiet_axes import Extent
from .run_map import RunMap
from .starts import Start, start_at
from .trails import device_ratio, is_raster
from .value_scale import Scale, on_the_way
from .view import Appearance, ViewDefinition, appearances


class BasinMap(RunMap[Question, Maps]):
    """Maps beside each other, with trails on them.

    A click adds a contestant that starts there; with Shift held it sets the start of the race.
    """

    def __init__(self) -> None:
        super().__init__(answers)
        self._layout = Layout()
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._shown: Maps | None = None
        self._painter: MapPainter | None = None
        self._held: Start | None = None

    # ---- words

    def hint(self) -> str:
        return "click adds a contestant · Shift+click moves the start"

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
        start = f"start ({number(picture.x[column], 3)}, {number(picture.y[row], 3)})"
        outcome, steps = int(picture.reached[row, column]), int(picture.steps[row, column])
        if outcome == DIVERGED:
            return f"{DIVERGES} at step {steps:,} · {start}"
        if outcome == NOWHERE:
            return f"{UNCONVERGED} · {start}"
        x, y = (number(round(float(value), 4) + 0.0) for value in picture.minima[outcome])
        return f"minimum ({x}, {y}) · from step {steps:,} on · {start}"

    # ---- what is shown

    def _contestants(self) -> tuple[Appearance, ...]:
        assert self.snapshot is not None and self.style is not None
        return tuple(a for a in appearances(self.snapshot.experiment, self.style, self.look)
                     if a is not None)

    def _chosen(self, shown: tuple[Appearance, ...]) -> Appearance:
        highlight = next((a for a in shown if a.name == self.look.highlight), None)
        return highlight or next((a for a in shown if a.index == self.look.chosen), shown[0])

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, snapshot, shown = self.style, self.snapshot, self._contestants()
        self._layout = Layout()
        if not shown:
            say(painter, self.rect(), "All contestants are muted.", style)
            return
        experiment = snapshot.experiment
        each = self._kept.of("races", Same(experiment), lambda: tuple(
            of_the_map(experiment, index) for index in range(len(experiment.contestants))))
        chosen = self._chosen(shown)
        layout = self._layout = lay_out(
            self.rect(), methods_of(each, shown, chosen), chosen, experiment, self.look, style,
            live=self.live)
        if not layout.panels:
            return
        paint_segments(painter, style, layout.segments)
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        races, body = [method.race for method in layout.methods], layout.panels[0].body
        way, wanted = glide_of(experiment, self.look, body)
        self._extent = way.now
        self._shown, seen = self.answers_to(way, lambda part: question_of(
            races, wanted.get(part, part), part, body, ratio))
        if len(seen) > 1:
            alike = self._kept.of("alike", tuple(Same(maps) for maps, _ in seen),
                                  lambda: with_same_minima([maps for maps, _ in seen]))
            seen = [(maps, opacity) for maps, (_, opacity) in zip(alike, seen, strict=True)]
        scale = on_the_way([self._kept.of(
            ("scale", place), Same(maps), partial(scale_of, maps.pictures))
            for place, (maps, _) in enumerate(seen)], way.top)
        self._painter = MapPainter(snapshot, style, self._extent, seen, self._shown,
                                   wanted.get(way.reached), scale, self._kept)
        held = self._held or self._start_at(self._hover)
        for panel, method in zip(self._layout.panels, self._layout.methods, strict=True):
            self._painter.paint(painter, panel, method, held)
        self._painter.paint_heads(painter, layout.panels, layout.methods, layout.without)
        self._paint_words(painter, style, [maps for maps, _ in seen], scale)

    def _paint_words(self, painter: QPainter, style: Style, seen: Sequence[Maps], scale: Scale
                     ) -> None:
        """Numbers along the outer maps, and the legend."""
        bodies = [panel.body for panel in self._layout.panels]
        first, lowest = min(body.left() for body in bodies), max(body.bottom() for body in bodies)
        for body in bodies if self._layout.axes else ():
            if body.bottom() > lowest - 1:
                quiet_axes.paint_bottom(painter, body, self._extent, style)
            if body.left() < first + 1:
                quiet_axes.paint_left(painter, body, self._extent, style)
        if seen:
            paint_legend(painter, self._layout.legend, seen, scale, style)

    def answers(self, question: Question, picture: Maps) -> bool:
        return picture.question == question

    def alike(self, question: Question, picture: Maps) -> bool:
        return question.races == picture.question.races

    def placed(self, picture: Maps, opacity: float) -> Drawn[Maps]:
        (left, right, bottom, top), cells = self._extent, picture.cells
        x0, x1 = ((x - left) / (right - left) for x in cells[:2])
        y0, y1 = ((y - bottom) / (top - bottom) for y in cells[2:])
        stride = picture.pictures[0].stride
        return Drawn(picture, opacity, (x0, x1, y0, y1),
                     stride * (x1 - x0) / picture.question.size[0], stride == 1)

    # ---- places

    def _panel_at(self, pixel: QPointF | None) -> Panel | None:
        if pixel is None:
            return None
        return next((panel for panel in self._layout.panels if panel.body.contains(pixel)), None)

    def _method_at(self, pixel: QPointF | None) -> Method | None:
        panel = self._panel_at(pixel)
        return self._layout.methods[self._layout.panels.index(panel)] if panel is not None else None

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
        segment = segment_at(self._layout.segments, pixel)
        head = next((panel for panel in self._layout.panels if panel.head.contains(pixel)), None)
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
