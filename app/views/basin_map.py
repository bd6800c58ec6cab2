"""Which minimum each start reaches, and how fast: a map for each contestant, every pixel a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter

from engine.maps import DIVERGED, NOWHERE
from engine.snapshot import Snapshot

from ..kinds import surface_of
from ..numbers import number
from ..theme import Style
from . import quiet_axes
from .basin_legend import LINE, entries, paint_legend
from .basin_panel import MapPainter
from .basin_question import Maps, Question, answers, of_the_map, question_of
from .basin_shades import Steps, steps_of
from .kept import Kept, Same
from .panel_grid import Panel, panels, say
from .plane_extent import squared
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .quiet_axes import BOTTOM, LEFT, Extent
from .refined import Refined
from .surface_path import MOST_OBLONG
from .trails import device_ratio, is_raster
from .view import Appearance, Look, View, ViewDefinition, appearances
from .word_choice import word_choice

LEAST, LEAST_FOR_AXES, LEAST_FOR_CHOICE = 110.0, 150.0, 240.0
NOTCH, ZOOM_A_NOTCH = 120.0, 0.85
# So near the start the mouse takes hold of it.
GRIP = 16.0
WORDS = {"apart": "all", "chosen": "chosen only"}


class BasinMap(View):
    """Maps beside each other, with trails on them; a click sets the start of the race."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._maps: Refined[Question, Maps] = Refined(
            lambda question, stop: answers(question, stop, alone=self.whole))
        self._kept = Kept()
        self._panels: tuple[Panel, ...] = ()
        self._wanted: Extent = (0.0, 1.0, 0.0, 1.0)
        self._extent = self._wanted
        self._segments: tuple[Segment, ...] = ()
        self._hover: QPointF | None = None
        self._shown: Maps | None = None
        self._painter: MapPainter | None = None
        self._moving_start = False

    @property
    def unfinished(self) -> bool:
        return self._maps.unfinished

    def refine(self, stop: Callable[[], bool]) -> None:
        self._maps.refine(stop)

    # ---- words

    def note(self) -> str:
        if self.snapshot is None or self.style is None:
            return ""
        said = self._said()
        if said:
            return said
        steps = f"runs of {self.snapshot.experiment.steps:,} steps"
        zoomed = self.live and self.look.zoom is not None
        return f"click for all of it · {steps}" if zoomed else steps

    def note_clicked(self) -> None:
        """All of the plane again."""
        self.asked.emit("zoom", None)

    def _said(self) -> str:
        """What becomes of the start under the mouse."""
        panel, place = self._panel_at(self._hover), self._cell(self._hover)
        picture = self._shown.of(panel.appearance.index) if panel and self._shown else None
        if picture is None or place is None:
            return ""
        row, column = place
        start = f"({number(picture.x[column], 3)}, {number(picture.y[row], 3)})"
        outcome, steps = int(picture.reached[row, column]), int(picture.steps[row, column])
        if outcome == DIVERGED:
            return f"{start} diverges at step {steps:,}"
        if outcome == NOWHERE:
            return f"{start} is at no minimum after the last step"
        x, y = (number(round(float(value), 4) + 0.0) for value in picture.minima[outcome])
        return f"{start} → minimum ({x}, {y}), there from step {steps:,} on"

    # ---- what is shown

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

    def _contestants(self) -> tuple[Appearance, ...]:
        assert self.snapshot is not None and self.style is not None
        return tuple(a for a in appearances(self.snapshot.experiment, self.style, self.look)
                     if a is not None)

    def _chosen(self, shown: tuple[Appearance, ...]) -> Appearance:
        highlight = next((a for a in shown if a.name == self.look.highlight), None)
        return highlight or next((a for a in shown if a.index == self.look.chosen), shown[0])

    def _lay_out(self, style: Style, shown: tuple[Appearance, ...]) -> None:
        """Find a place for every map: all contestants', or the chosen one's where they would be
        too small."""
        assert self.snapshot is not None
        px, rect = style.px, self.rect()
        choosing = self.live and len(shown) > 1 and rect.height() >= px(LEAST_FOR_CHOICE)
        area = rect.adjusted(0, px(HEIGHT + 4) if choosing else 0, 0, -px(LINE))
        if self._has_axes(style):
            area.adjust(round(px(LEFT)), 0, 0, -round(px(BOTTOM)))
        (x0, x1), (y0, y1) = self.look.zoom or surface_of(
            self.snapshot.experiment).resolve().domain
        shape = (x1 - x0) / (y1 - y0)
        every: tuple[Panel, ...] = ()
        if self.look.basins != "chosen":
            every = panels(shown, area, shape, style, px(LEAST))
        self._panels = every or panels((self._chosen(shown),), area, shape, style, 1.0)
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
        style, shown = self.style, self._contestants()
        if not shown:
            self._panels = ()
            say(painter, self.rect(), "All contestants are muted.", style)
            return
        self._lay_out(style, shown)
        if not self._panels:
            return
        paint_segments(painter, style, self._segments)
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        snapshot = self.snapshot
        experiment = self._kept.of("asked", Same(snapshot.experiment),
                                   lambda: of_the_map(snapshot.experiment))
        maps = self._shown = self._maps.of(question_of(
            experiment, [panel.appearance.index for panel in self._panels], self._wanted,
            self._extent, self._panels[0].body, ratio), whole=self.whole)
        steps = self._kept.of("steps", Same(maps), lambda: steps_of(
            maps.pictures if maps is not None else ()))
        self._painter = MapPainter(snapshot, style, self._extent, maps, steps, self._kept)
        for panel in self._panels:
            self._painter.paint(painter, panel)
        self._paint_words(painter, style, maps, steps)

    def _paint_words(self, painter: QPainter, style: Style, maps: Maps | None, steps: Steps
                     ) -> None:
        """Numbers along the outer maps, and the legend."""
        first = min(panel.body.left() for panel in self._panels)
        lowest = max(panel.body.bottom() for panel in self._panels)
        if self._has_axes(style):
            for panel in self._panels:
                if panel.body.bottom() > lowest - 1:
                    quiet_axes.paint_bottom(painter, panel.body, self._extent, style)
                if panel.body.left() < first + 1:
                    quiet_axes.paint_left(painter, panel.body, self._extent, style)
        if maps is not None:
            words = self._kept.of("words", Same(maps), lambda: entries(
                maps.pictures, maps.question.experiment.steps))
            line, rect = style.px(LINE), self.rect()
            place = QRectF(first, rect.bottom() - line + style.px(4), rect.right() - first,
                           line - style.px(4))
            paint_legend(painter, place, words, steps, style)

    # ---- mouse

    def _panel_at(self, pixel: QPointF | None) -> Panel | None:
        if pixel is None:
            return None
        return next((panel for panel in self._panels if panel.body.contains(pixel)), None)

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

    def _ask_start(self, pixel: QPointF) -> None:
        """Wish for the start of the map's pixel, so that the race is the run that it shows."""
        place = self._cell(pixel)
        if place is not None and self._shown is not None:
            picture = self._shown.pictures[0]
            self.asked.emit("start", (float(picture.x[place[1]]), float(picture.y[place[0]])))

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        head = next((panel for panel in self._panels if panel.head.contains(event.pos())), None)
        if segment is not None:
            self.asked.emit(segment.kind, segment.value)
        elif self._panel_at(event.pos()) is not None and (
                event.button() == Qt.MouseButton.LeftButton):
            self._ask_start(event.pos())
            self.asked.emit("release", None)
        elif head is not None:
            self.asked.emit("choose", head.appearance.index)
        else:
            event.ignore()
            return
        event.accept()

    def mouseDragEvent(self, event: Any) -> None:
        """The start is dragged, or the part of the plane that is shown."""
        panel = self._panel_at(event.buttonDownPos())
        if panel is None or event.button() != Qt.MouseButton.LeftButton or (
                self.style is None or self._painter is None):
            event.ignore()
            return
        event.accept()
        if event.isStart():
            away = event.buttonDownPos() - self._painter.start(panel.body)
            self._moving_start = bool(np.hypot(away.x(), away.y()) < self.style.px(GRIP))
        if self._moving_start:
            self._ask_start(event.pos())
            if event.isFinish():
                self._moving_start = False
                self.asked.emit("release", None)
            return
        step, (left, right, bottom, top) = event.pos() - event.lastPos(), self._extent
        across = -step.x() / panel.body.width() * (right - left)
        up = step.y() / panel.body.height() * (top - bottom)
        self.asked.emit("zoom", ((left + across, right + across), (bottom + up, top + up)))

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        over = self._panel_at(self._hover) is not None
        self.setCursor(Qt.CursorShape.CrossCursor if over else Qt.CursorShape.ArrowCursor)
        self.noted.emit()

    def wheelEvent(self, event: Any) -> None:
        panel = self._panel_at(event.pos())
        if panel is None:
            event.ignore()
            return
        event.accept()
        factor = ZOOM_A_NOTCH ** (event.delta() / NOTCH)
        x, y = quiet_axes.to_point(event.pos(), self._extent, panel.body)
        left, right, bottom, top = self._extent
        self.asked.emit("zoom", ((x + (left - x) * factor, x + (right - x) * factor),
                                 (y + (bottom - y) * factor, y + (top - y) * factor)))


basin_map = ViewDefinition(
    "basin-map", "Where starts end",
    "Which minimum each start reaches and in how many steps, a map for each contestant.",
    BasinMap, weight=(1.7, 1.5),
)
