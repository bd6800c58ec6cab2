"""The surface from above with every contestant's trail on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.snapshot import Snapshot
from engine.surfaces import Surface

from ..kinds import surface_of
from ..theme import Style
from .contours import ContourMap
from .heads import Heads, paint_minimum
from .kept import Same
from .plot import PlotView, round_corners
from .starts import Start, now, paint_starts, start_at, starts_of
from .step_arrows import paint_step
from .surface_marks import paint_minima, paint_point, surface_title, told
from .trails import (
    Line,
    TrailPicture,
    as_image,
    device_ratio,
    draw_as_vectors,
    is_raster,
    make_line,
)
from .view import (
    Appearance,
    Look,
    ViewDefinition,
    Zoom,
    appearances,
    in_painting_order,
)

# A step of so few pixels is rounding: arrows would show noise, magnified.
MOST_OBLONG = 8.0


class SurfacePath(PlotView):
    """Contours, minima, trails with heads and names, starts to drag, the arrows of a step."""

    def __init__(self) -> None:
        super().__init__()
        self._surface: Surface | None = None
        self._contours = ContourMap()
        self._lines: tuple[Line, ...] = ()
        self._lines_key: object = None
        self._picture: TrailPicture | None = None
        self._picture_key: object = None
        self._heads = Heads()
        self._shown: tuple[Appearance | None, ...] = ()
        self._hover: QPointF | None = None
        self._starts: tuple[Start, ...] = ()
        self._held: Start | None = None
        self.box.setMouseEnabled(True, True)
        self.box.sigRangeChangedManually.connect(self._zoomed)

    def title(self) -> str:
        if self.snapshot is None or self._surface is None:
            return ""
        return surface_title(self.snapshot.experiment, self._surface)

    def note(self) -> str:
        if self._surface is not None and self._hover is not None and self.style is not None:
            return told(self._surface, *self.to_data(self._hover))
        return ""

    def restyled(self, style: Style) -> None:
        super().restyled(style)
        self._lines_key = self._picture_key = None

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        problem = surface_of(snapshot.experiment)
        if self._surface is None or self._problem_key(snapshot) != self._seen_problem:
            self._seen_problem = self._problem_key(snapshot)
            self._surface = problem.resolve()
            self._show_range(look.zoom or self._surface.domain)
        elif look.zoom is not None and look.zoom != self._seen_zoom:
            self._show_range(look.zoom)
        elif look.zoom is None and self._seen_zoom is not None:
            self._show_range(self._surface.domain)
        self._seen_zoom = look.zoom
        assert self.style is not None
        self._shown = appearances(snapshot.experiment, self.style, look)
        self._starts = starts_of(snapshot.experiment, self._shown)
        self.canvas.update()
        self.noted.emit()

    _seen_problem: object = None
    _seen_zoom: Zoom | None = None

    @staticmethod
    def _problem_key(snapshot: Snapshot) -> object:
        problem = surface_of(snapshot.experiment)
        return problem.surface, problem.formula, problem.domain

    def _show_range(self, zoom: Zoom) -> None:
        """Show at least `zoom`; x and y have one unit, so that descent crosses contours squarely.

        Only a domain that would be a hair's breadth then is stretched to the card.
        """
        assert self._surface is not None
        (x0, x1), (y0, y1) = self._surface.domain
        shape = (x1 - x0) / (y1 - y0)
        self.box.setAspectLocked(1 / MOST_OBLONG <= shape <= MOST_OBLONG, ratio=1)
        self.box.setRange(xRange=zoom[0], yRange=zoom[1], padding=0, disableAutoRange=True)

    # ---- painting

    def paint_data(self, painter: QPainter, width: float, height: float) -> None:
        snapshot, style = self.snapshot, self.style
        assert snapshot is not None and style is not None and self._surface is not None
        raster = is_raster(painter)
        ratio = device_ratio(painter) if raster else 1.0
        size = max(1, round(width * ratio)), max(1, round(height * ratio))
        ground = self._contours.pixels(self._surface, self.ranges(), size, style.theme,
                                       max(1.0, style.unit * ratio))
        self._refresh_lines(snapshot, (width, height), ratio)
        whole = QRectF(0, 0, width, height)
        if raster:
            painter.drawImage(whole, self._refresh_picture(ground, style, ratio).at(snapshot.step))
        else:
            painter.drawImage(whole, as_image(ground))
            draw_as_vectors(painter, self._lines, style, snapshot.step)
        paint_minima(painter, self._surface, self._pixel, style)
        paint_starts(painter, self._starts, self._pixel, style,
                     now(self._held, self._starts) or self._start_at(self._hover))
        self._paint_anatomy(painter, snapshot, style)
        self._paint_heads(painter, snapshot, style, whole)
        if self.look.point is not None and self._hover is None:
            paint_point(painter, self._pixel(*self.look.point), style)
        round_corners(painter, whole, style.px(8), QColor(style.theme.card))

    def _refresh_lines(self, snapshot: Snapshot, size: tuple[float, float], ratio: float) -> None:
        key = (snapshot.experiment, snapshot.computed, self.look.highlight, self.ranges(), size,
               ratio, self.style)
        if key == self._lines_key:
            return
        self._lines_key = key
        trails = snapshot.trails
        # Lines are thinned in device pixels, the unit in which they are painted.
        self._lines = tuple(
            make_line(shown, self.to_pixels(trails[shown.index].path) * ratio,
                      trails[shown.index].steps, 0.7)
            for shown in in_painting_order(self._shown, self.look.highlight)
        )

    def _refresh_picture(self, ground: NDArray[np.uint32], style: Style, ratio: float
                         ) -> TrailPicture:
        key = (Same(ground), Same(self._lines), style, ratio)
        if self._picture is None or key != self._picture_key:
            self._picture = TrailPicture(ground, self._lines, style, ratio)
            self._picture_key = key
        return self._picture

    def _paint_anatomy(self, painter: QPainter, snapshot: Snapshot, style: Style) -> None:
        taken = snapshot.anatomy
        appearance = self._shown[taken.index] if taken is not None else None
        if taken is None or appearance is None:
            return
        ball = snapshot.contestants[taken.index].point
        (x0, x1), (y0, y1) = self.ranges()
        width, height = self.canvas_size
        unit = np.array([width / (x1 - x0), -height / (y1 - y0)])
        paint_step(painter, snapshot, taken, appearance.color, style, self._pixel(*ball), unit,
                   QRectF(0, 0, width, height))

    def _paint_heads(self, painter: QPainter, snapshot: Snapshot, style: Style,
                     bounds: QRectF) -> None:
        shown = in_painting_order(self._shown, self.look.highlight)
        key = (self._lines_key, bounds.width(), bounds.height())
        taken = self._heads.paint(painter, self._pixel, shown, snapshot, style, bounds, key,
                                  self.to_pixels)
        minima = self._surface.minima if self._surface is not None else ()
        if len(minima) == 1:
            paint_minimum(painter, self._pixel(*minima[0]), minima[0], style, bounds, taken)

    # ---- mouse

    def dragged(self, event: Any) -> None:
        if event.isStart():
            self._held = self._start_at(event.buttonDownPos())
        held = self._held
        if event.button() != Qt.MouseButton.LeftButton or held is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(*held.wish(self._rounded(event.pos())))
        if event.isFinish():
            self._held = None
            self.asked.emit("release", None)

    def clicked(self, event: Any) -> None:
        if event.double():
            event.accept()
            self.asked.emit("zoom", None)
            return
        index = self._head_at(event.pos())
        if index is None:
            event.ignore()
        else:
            event.accept()
            self.asked.emit("choose", index)

    def hovered(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        if not event.isExit():
            near = self._start_at(self._hover) is not None
            if near:
                event.acceptDrags(Qt.MouseButton.LeftButton)
            self.canvas.setCursor(Qt.CursorShape.SizeAllCursor if near else
                                  Qt.CursorShape.CrossCursor)
        self.canvas.update()
        self.tell_point(None if self._hover is None else self.to_data(self._hover))

    def _rounded(self, pixel: QPointF) -> tuple[float, float]:
        """A pixel's point with no more digits than a pixel can tell."""
        x, y = self.to_data(pixel)
        (x0, x1), _ = self.ranges()
        digits = max(0, 1 - int(np.floor(np.log10((x1 - x0) / self.canvas_size[0]))) - 1)
        return round(x, digits), round(y, digits)

    def _zoomed(self, *_: Any) -> None:
        self._seen_zoom = self.ranges()
        self.asked.emit("zoom", self._seen_zoom)

    def _pixel(self, x: float, y: float) -> QPointF:
        point = self.to_pixels(np.array([[x, y]], float))[0]
        return QPointF(float(np.clip(point[0], -1e9, 1e9)), float(np.clip(point[1], -1e9, 1e9)))

    def _start_at(self, pixel: QPointF | None) -> Start | None:
        """The start that the mouse can take hold of at a pixel."""
        return start_at(self._starts, pixel, self._pixel, self.style) if self.style else None

    def _head_at(self, pixel: QPointF) -> int | None:
        assert self.snapshot is not None and self.style is not None
        for state in self.snapshot.contestants:
            if self._shown[state.index] is not None and np.isfinite(state.point).all():
                offset = pixel - self._pixel(*state.point)
                if np.hypot(offset.x(), offset.y()) < self.style.px(14):
                    return state.index
        return None


surface_path = ViewDefinition(
    "surface-path", "Surface", "The loss surface with every contestant's trail.", SurfacePath,
    weight=(1.7, 1.9),
)
