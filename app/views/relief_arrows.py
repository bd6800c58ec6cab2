"""The arrows of the chosen contestant's next step, laid on the surface at its ball.

They are the map's arrows: changes of the parameters to one scale, magnified alike. Lengths are
measured on the plane, so that a camera that goes round changes none of them, and each follows the
surface to where it leads; what a hill hides is faint.
"""

from __future__ import annotations

from math import atan2

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.snapshot import Snapshot, StepAnatomy

from ..theme import Style
from .arrows import DASHES, HEAD, Arrow, arrows_of, draw_head, scale_arms
from .relief_places import ReliefPlaces
from .step_arrows import AT_REST, LONGEST_ARROW, paint_magnification, steady

Array = NDArray[np.float64]

# A plane seen aslant is smaller than the map of it: its pixels count for so many.
ASLANT = 1.5
# Pieces of an arrow, and how much is seen of those that a hill hides.
PIECES, HIDDEN = 48, 0.3


def paint_step(painter: QPainter, places: ReliefPlaces, snapshot: Snapshot, taken: StepAnatomy,
               color: QColor, style: Style, bounds: QRectF) -> None:
    """Paint a step's arrows where its contestant is, if that is on the surface."""
    relief = places.relief
    assert relief is not None
    ball = snapshot.contestants[taken.index].point
    (place,) = relief.placed(ball[None])
    half = np.array(relief.half)
    if not (np.abs(place) <= half).all():
        return
    # The plane as a map, in pixels.
    unit = ASLANT * places.scale
    scale = 2 * half / np.ptp([relief.x_range, relief.y_range], axis=1) * unit
    arrows = arrows_of(taken, style.theme, color)
    if np.hypot(*(arrows[-1].change * scale)) < AT_REST:
        return
    corner = half * unit
    plane = QRectF(-corner[0], -corner[1], 2 * corner[0], 2 * corner[1])
    factor = steady(snapshot, taken, arrows, style, QPointF(*place * unit), scale, plane)
    scale_x, scale_y = taken.anatomy.scale
    if scale_x != scale_y:
        pen = QPen(QColor(style.theme.quiet), 1.6 * style.unit)
        for arm in np.diag(scale_arms(taken.anatomy.scale, style.unit) / scale):
            _paint_line(painter, places, np.linspace(ball - arm, ball + arm, PIECES), pen)
    for arrow in arrows:
        _paint_arrow(painter, places, ball, arrow, factor, scale, style)
    paint_magnification(painter, factor, style, bounds)


def _paint_arrow(painter: QPainter, places: ReliefPlaces, ball: Array, arrow: Arrow, factor: float,
                 scale: Array, style: Style) -> None:
    length = float(np.hypot(*(arrow.change * scale))) * factor
    if length < 1.5 * style.unit:
        return
    longest = style.px(LONGEST_ARROW)
    start = ball + arrow.origin * factor
    way = arrow.change * factor * min(1.0, longest / length)
    pen = QPen(arrow.color, arrow.width * style.unit)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if DASHES[arrow.kind]:
        pen.setDashPattern(DASHES[arrow.kind])
    size = min(HEAD * style.unit, 0.6 * min(length, longest))
    tip = _paint_line(painter, places, np.linspace(start, start + way, PIECES), pen, 0.8 * size)
    if tip is None:
        return
    at, back = tip
    angle = atan2(at.y() - back.y(), at.x() - back.x())
    draw_head(painter, at, angle, size, arrow.color)
    if length > longest:
        draw_head(painter, back, angle, size, arrow.color)


def _paint_line(painter: QPainter, places: ReliefPlaces, points: Array, pen: QPen,
                short: float = 0.0) -> tuple[QPointF, QPointF] | None:
    """Points (n, 2) of the plane as a line on the surface, as far as there is any, and so many
    pixels less; returns its end, and a place as far before that."""
    relief = places.relief
    assert relief is not None
    draped = relief.draped(points).points
    there = np.isfinite(draped[:, 2])
    count = len(points) if there.all() else int(np.argmin(there))
    if count < 2:
        return None
    pixels = places.projected(draped[:count])
    seen = places.is_seen(points[:count])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(pixels, axis=0).T))])
    shown = int(np.searchsorted(along, along[-1] - short))
    changes = np.flatnonzero(np.diff(seen[: shown + 1])) + 1
    painter.setPen(pen)
    for first, last in zip([0, *changes], [*changes, shown], strict=True):
        painter.setOpacity(1.0 if seen[first] else HIDDEN)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in pixels[first : last + 1]]))
    painter.setOpacity(1.0)
    before = [float(np.interp(along[-1] - short, along, pixels[:, k])) for k in (0, 1)]
    return QPointF(*pixels[-1]), QPointF(*before)
