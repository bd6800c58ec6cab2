"""A layer's units over the plane of two inputs: the line where each turns on, and to which side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from pyqtgraph.functions import arrayToQPolygonF

from engine.network.even_rows import spread_rows
from engine.network.state import NetworkState
from engine.network.unit_lines import HalfPlanes, half_planes, pre_activations, zero_segments

from ..theme import Style
from .line_batch import draw_lines
from .quiet_axes import Extent, to_pixels

Array = NDArray[np.float64]

# More lines would be a thicket; dead units' are always among them.
MOST_LINES, MOST_BENT = 64, 32
GRID, FINE_GRID = 33, 97
# Marks of the side where a unit is on: so far apart along its line, and so long.
APART, TICK = 26.0, 5.5
SHADE = 0.15


@dataclass(frozen=True, eq=False)
class UnitLines:
    """Lines as pieces in pixels, `ends` (S, 2, 2), of the units `owners` (S,).

    Looked at from the first end to the second, a unit is on to the right. `planes` are there if
    lines are straight; of `of` units so many as `drawn` were looked for.
    """

    ends: Array
    owners: NDArray[np.int64]
    planes: HalfPlanes | None
    drawn: int
    of: int

    def nearest(self, at: QPointF, reach: float) -> int | None:
        """The unit whose line is nearest to a pixel, and not further than `reach`."""
        if not len(self.ends):
            return None
        start, way = self.ends[:, 0], self.ends[:, 1] - self.ends[:, 0]
        point = np.array([at.x(), at.y()])
        square = np.maximum((way**2).sum(1), 1e-12)
        share = np.clip(((point - start) * way).sum(1) / square, 0, 1)
        away = np.hypot(*(start + share[:, None] * way - point).T)
        near = int(away.argmin())
        return int(self.owners[near]) if away[near] <= reach else None


def unit_lines(state: NetworkState, place: int, prepared: Extent, body: QRectF,
               dead: NDArray[np.bool_], focus: int | None) -> UnitLines:
    """The lines of an activation layer's units over a body that shows the inputs `prepared`."""
    planes = half_planes(state, place, prepared)
    units = _chosen(dead, focus, MOST_LINES if planes is not None else MOST_BENT)
    if planes is not None:
        ends = planes.lines(prepared)[units]
        there = np.isfinite(ends).all((1, 2))
        ends, owners = ends[there], units[there]
    else:
        fields = pre_activations(state, place, prepared, GRID, units)
        ends, owners = zero_segments(fields, prepared)
        owners = units[owners]
    pixels = to_pixels(ends.reshape(-1, 2), prepared, body).reshape(-1, 2, 2)
    return UnitLines(pixels, owners, planes, len(units), len(dead))


def paint_lines(painter: QPainter, style: Style, lines: UnitLines, dead: NDArray[np.bool_],
                focus: int | None, color: QColor, opacity: float) -> None:
    """Living units' lines in the contestant's colour, dead ones' dashed in the warning colour."""
    gone, mine = dead[lines.owners], lines.owners == focus
    # Qt paints lines of at most a pixel several times as fast as wider ones.
    thin = 1.0 if style.unit < 1.4 else style.px(1.1)
    crowded = np.count_nonzero(~dead) > 16
    painter.setOpacity(opacity * (0.6 if crowded else 0.85))
    _paint(painter, style, lines.ends[~gone & ~mine], QPen(color, thin), lines.planes is None)
    pen = QPen(QColor(style.theme.warning), style.px(1.5))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if lines.planes is not None:
        pen.setDashPattern([4, 3])
    painter.setOpacity(opacity)
    _paint(painter, style, lines.ends[gone & ~mine], pen, lines.planes is None)
    if mine.any():
        wide = QPen(QColor(style.theme.warning) if gone[mine][0] else color, style.px(2.6))
        if gone[mine][0] and lines.planes is not None:
            wide.setCapStyle(Qt.PenCapStyle.FlatCap)
            wide.setDashPattern([4, 2.4])
        _paint(painter, style, lines.ends[mine], wide, lines.planes is None)
    painter.setOpacity(1)


def _paint(painter: QPainter, style: Style, ends: Array, pen: QPen, bent: bool) -> None:
    painter.setPen(pen)
    draw_lines(painter, ends)
    # Marks are solid whatever their line is.
    painter.setPen(QPen(pen.color(), min(pen.widthF(), style.px(1.5))))
    draw_lines(painter, ticks(style, ends, bent))


def ticks(style: Style, ends: Array, bent: bool) -> Array:
    """Short lines (n, 2, 2) from the lines to the side where their units are on."""
    if not len(ends):
        return ends
    way = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.hypot(*way.T), 1e-9)
    if bent:
        # About every fourth cell's piece of a line has one, in its middle.
        some = np.arange(len(ends)) % 4 == 0
        feet, way, length = ends[some].mean(1), way[some], length[some]
    else:
        counts = np.maximum((length / style.px(APART)).astype(int), 1)
        owner = np.repeat(np.arange(len(ends)), counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        share = (np.arange(len(owner)) - first + 0.5) / counts[owner]
        feet, way, length = ends[owner, 0] + share[:, None] * way[owner], way[owner], length[owner]
    aside = style.px(TICK) * np.stack([-way[:, 1], way[:, 0]], axis=1) / length[:, None]
    # Pixels count downwards: what is left of a line in the plane is right of it here.
    return np.stack([feet, feet - aside], axis=1)


def paint_region(painter: QPainter, state: NetworkState, place: int, unit: int, prepared: Extent,
                 body: QRectF, planes: HalfPlanes | None, color: QColor) -> None:
    """Shade where one unit is on."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.setOpacity(painter.opacity() * SHADE)
    if planes is not None:
        corners = to_pixels(planes.region(unit, prepared), prepared, body)
        if len(corners) > 2:
            painter.drawPolygon(arrayToQPolygonF(corners[:, 0], corners[:, 1]))
    else:
        field = pre_activations(state, place, prepared, FINE_GRID, np.array([unit]))[0]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawRects(_runs(field > 0, body))  # type: ignore[call-overload]
    painter.restore()


def _runs(on: NDArray[np.bool_], body: QRectF) -> list[QRectF]:
    """Rectangles over the true cells of a grid whose first row is at the bottom, a row's in one."""
    rows, columns = on.shape
    wide, high = body.width() / columns, body.height() / rows
    found = []
    for row in range(rows):
        edges = np.flatnonzero(np.diff(on[row].astype(np.int8), prepend=0, append=0))
        top = body.bottom() - (row + 1) * high
        found += [QRectF(body.left() + start * wide, top, (end - start) * wide, high)
                  for start, end in edges.reshape(-1, 2).tolist()]
    return found


def _chosen(dead: NDArray[np.bool_], focus: int | None, most: int) -> NDArray[np.int64]:
    """At most about `most` units: dead ones, the one looked at, and others evenly spread."""
    if len(dead) <= most:
        return np.arange(len(dead))
    gone = np.flatnonzero(dead)[:most]
    spread = spread_rows(len(dead), max(most - len(gone), most // 4))
    extra = [] if focus is None else [focus]
    return np.unique(np.concatenate([gone, spread, np.array(extra, np.int64)]))
