"""The surface in three dimensions with every contestant's trail on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QTimer
from PyQt6.QtGui import QFontMetricsF, QGuiApplication, QPainter

from engine.relief import Draped, Relief, surface_relief
from engine.snapshot import Snapshot
from engine.surfaces import Surface

from ..kinds import surface_of
from ..theme import Style
from .fading import apart, legible, span
from .heads import MARKER, MINIMUM, minimum_text, paint_minimum_text
from .kept import Same
from .relief_arrows import paint_step
from .relief_heads import beside
from .relief_view import Line, ReliefView
from .starts import Start, now, paint_starts, start_at, starts_of
from .surface_marks import paint_lowest, paint_point, paint_saddle, surface_title, told
from .view import Appearance, Look, Pointed, ViewDefinition, appearances, in_painting_order


class Surface3D(ReliefView):
    """A lit surface, trails with heads and names, starts to drag or to set by a click."""

    def __init__(self) -> None:
        super().__init__()
        self.names = ("x", "y", "loss")
        self._surface: Surface | None = None
        self._shown_contestants: tuple[Appearance | None, ...] = ()
        self._hover: QPointF | None = None
        self._starts: tuple[Start, ...] = ()
        self._held: Start | None = None
        self._click = QTimer(self)
        self._click.setSingleShot(True)
        self._click.timeout.connect(self._start_here)
        self._clicked_at = QPointF()

    def title(self) -> str:
        if self.snapshot is None or self._surface is None:
            return ""
        return surface_title(self.snapshot.experiment, self._surface)

    def note(self) -> str:
        if self._hover is None or self._surface is None:
            return ""
        point = self.point_at(self._hover)
        return told(self._surface, *point) if point is not None else ""

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        problem = surface_of(snapshot.experiment)
        named = problem.surface, problem.formula, problem.domain
        self._surface = surface = self._kept.of("surface", named, problem.resolve)
        x_range, y_range = look.zoom or surface.domain
        self.relief = relief = self._kept.of(
            "relief", (Same(surface.kernel), x_range, y_range),
            lambda: surface_relief(surface, x_range, y_range))
        self._shown_contestants = appearances(snapshot.experiment, self.style, look)
        self._starts = starts_of(snapshot.experiment, self._shown_contestants)
        known = Same(relief), Same(snapshot.experiment), snapshot.computed
        draped = self._kept.of("trails", known, lambda: _draped(relief, snapshot))
        order = in_painting_order(self._shown_contestants, look.highlight)
        self.lines = self._kept.of("lines", (Same(draped), tuple(order)), lambda: [
            Line(shown, *draped[shown.index]) for shown in order])
        self.update()
        self.noted.emit()

    # ---- painting

    def paint_marks(self, painter: QPainter, bounds: QRectF) -> Sequence[QRectF]:
        snapshot, style, surface = self.snapshot, self.style, self._surface
        assert snapshot is not None and style is not None and surface is not None
        self._paint_minima(painter, surface, style)
        paint_starts(painter, [start for start in self._starts if self.holds(*start.at)],
                     self.to_pixel, style,
                     now(self._held, self._starts) or self._start_at(self._hover))
        taken = snapshot.anatomy
        chosen = self._shown_contestants[taken.index] if taken is not None else None
        if taken is not None and chosen is not None:
            paint_step(painter, self, snapshot, taken, chosen.color, style, bounds)
        order = in_painting_order(self._shown_contestants, self.look.highlight)
        heads = [(shown, snapshot.trails[shown.index]) for shown in reversed(order)]
        covered = self.paint_heads_of(painter, heads, bounds,
                                      (Same(snapshot.experiment), snapshot.computed))
        if self.look.point is not None and self._hover is None and self.holds(*self.look.point):
            paint_point(painter, self.to_pixel(*self.look.point), style)
        return covered

    def paint_beside(self, painter: QPainter, bounds: QRectF, taken: Sequence[QRectF]) -> None:
        surface, style = self._surface, self.style
        assert surface is not None and style is not None
        if len(surface.minima) == 1:
            self._paint_minimum(painter, surface.minima[0], style, bounds, taken)

    def _paint_minima(self, painter: QPainter, surface: Surface, style: Style) -> None:
        """Saddles and minima, as far as they are seen."""
        for points, mark in ((surface.saddles, paint_saddle),
                             ((*surface.minima, *surface.local_minima), paint_lowest)):
            shares = self.share_seen(np.array(points, float).reshape(-1, 2), style.px(1))
            for point, share in zip(points, shares, strict=True):
                if share > 0:
                    painter.setOpacity(float(share))
                    mark(painter, self.to_pixel(*point), style)
        painter.setOpacity(1)

    def _paint_minimum(self, painter: QPainter, point: tuple[float, float], style: Style,
                       bounds: QRectF, taken: Sequence[QRectF]) -> None:
        """The only minimum's place beside it, as far as heads and words leave room."""
        metrics, text = QFontMetricsF(style.font(MINIMUM)), minimum_text(point)
        at = self.to_pixel(*point)
        if not bounds.contains(at):
            return
        rect = beside(at, metrics.horizontalAdvance(text), metrics.height(), bounds, style)
        rect.moveTop(2 * at.y() - rect.bottom())
        strength = float(self.marks_seen(np.array([point]), style.px(MARKER))[0])
        here, unit = span(rect), style.px(1)
        for other in taken:
            strength *= apart(here, span(other), unit)
        strength = legible(strength)
        if strength > 0:
            paint_minimum_text(painter, text, rect, style, strength)

    # ---- mouse

    def hovered(self, pixel: QPointF | None) -> None:
        self._hover = pixel
        self.asked.emit("point", Pointed(self, None if pixel is None else self.point_at(pixel)))
        self.update()
        self.noted.emit()

    def takes_hold(self, pixel: QPointF) -> bool:
        self._held = self._start_at(pixel)
        return self._held is not None

    def held_at(self, pixel: QPointF, *, last: bool) -> None:
        held, point = self._held, self.point_at(pixel)
        if held is not None and point is not None:
            self.asked.emit(*held.wish(self._rounded(point)))
        if last:
            self._held = None
            self.asked.emit("release", None)

    def clicked(self, pixel: QPointF) -> None:
        index = self.head_near(pixel)
        if index is not None:
            self.asked.emit("choose", index)
            return
        # A double click begins with a click, and is to move nothing.
        hints = QGuiApplication.styleHints()
        assert hints is not None
        self._clicked_at = pixel
        self._click.start(hints.mouseDoubleClickInterval())

    def mouseClickEvent(self, event: object) -> None:
        self._click.stop()
        super().mouseClickEvent(event)

    def _start_here(self) -> None:
        point = self.point_at(self._clicked_at)
        if point is not None:
            self.asked.emit("start", self._rounded(point))
            self.asked.emit("release", None)

    def _rounded(self, point: tuple[float, float]) -> tuple[float, float]:
        """A point with no more digits than a pixel can tell."""
        assert self.relief is not None
        x0, x1 = self.relief.x_range
        digits = max(0, -int(np.floor(np.log10((x1 - x0) / max(self.rect().width(), 1.0)))))
        return round(point[0], digits), round(point[1], digits)

    def _start_at(self, pixel: QPointF | None) -> Start | None:
        """The start that the mouse can take hold of at a pixel."""
        if self.style is None or self.picture is None:
            return None
        return start_at(self._starts, pixel, self.to_pixel, self.style)


def _draped(relief: Relief, snapshot: Snapshot) -> list[tuple[Draped, NDArray[np.float64]]]:
    """Every trail laid on the surface, and at which step each of its points is passed."""
    lines = [relief.drape(trail.path) for trail in snapshot.trails]
    return [(line, np.interp(line.along, np.arange(len(trail.steps)), trail.steps))
            for line, trail in zip(lines, snapshot.trails, strict=True)]


surface_3d = ViewDefinition(
    "surface-3d", "Surface in 3-D", "The loss surface as a landscape to go round, with the trails.",
    Surface3D, weight=(1.7, 1.9),
)
