"""The plane of a unit's two weights: its way, and where the next step may lead."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, degrees, hypot, inf, isfinite, pi, sin

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.network.weight_path import UnitStep, WeightPath

from ..theme import Style, mixed
from .arrows import Arrow, draw_arrow, magnification
from .faces import face
from .kept import Same
from .markers import draw_marker
from .quiet_axes import Extent, to_pixels
from .trails import Line, TrailPicture, device_ratio, draw_as_vectors, is_raster, make_line
from .view import Appearance

Array = NDArray[np.float64]

MARGIN, SMALLEST = 0.16, 1e-6
QUADRANT, CONE = 0.10, 0.17
SHORTEST, LONGEST = 40.0, 130.0
# Of the shorter side, how far a cone is drawn.
REACH = 0.34


@dataclass(frozen=True, eq=False)
class WeightView:
    """What one panel shows: the way so far and to come, and the step from here."""

    appearance: Appearance
    path: WeightPath | None
    step: UnitStep
    lr: float
    now: int


def extent_of(shown: WeightView, body: QRectF) -> Extent:
    """The part of the plane that holds the whole way; both axes have one unit."""
    here = shown.step.weights[None]
    points = here if shown.path is None else np.concatenate([shown.path.weights, here])
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        points = np.zeros((1, 2))
    low, high = points.min(0), points.max(0)
    middle = low / 2 + high / 2
    least = max(float(np.abs(middle).max()) * SMALLEST, SMALLEST)
    across, up = np.maximum(high - low, least) * (1 + 2 * MARGIN)
    unit = max(across / body.width(), up / body.height())
    half_x, half_y = unit * body.width() / 2, unit * body.height() / 2
    return (float(middle[0] - half_x), float(middle[0] + half_x),
            float(middle[1] - half_y), float(middle[1] + half_y))


class WeightPlane:
    """One panel's picture of the way, kept while nothing of it changes but the step."""

    def __init__(self) -> None:
        self._line_key: object = None
        self._line: Line | None = None
        self._picture_key: object = None
        self._picture: TrailPicture | None = None

    def paint(self, painter: QPainter, style: Style, body: QRectF, extent: Extent,
              shown: WeightView) -> None:
        """Everything inside of a panel's body."""
        head = _pixel(shown.step.weights, extent, body)
        painter.save()
        painter.setClipRect(body, Qt.ClipOperation.IntersectClip)
        self._paint_way(painter, style, body, extent, shown)
        painter.setOpacity(shown.appearance.opacity)
        _paint_quadrants(painter, style, body, head, shown)
        _paint_direct(painter, style, body, extent, shown)
        _paint_arrows(painter, style, body, head, shown)
        draw_marker(painter, shown.appearance.marker, head.x(), head.y(), style.px(7),
                    shown.appearance.color, QColor(style.theme.raised))
        painter.restore()

    def _paint_way(self, painter: QPainter, style: Style, body: QRectF, extent: Extent,
                   shown: WeightView) -> None:
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        ground = ground_of(shown, style)
        if shown.path is None:
            painter.fillRect(body, ground)
            return
        path, inside = shown.path, QRectF(0, 0, body.width(), body.height())
        key = (Same(path), extent, body.size().width(), body.size().height(), ratio, style,
               shown.appearance, ground.rgb())
        if key != self._line_key or self._line is None:
            self._line_key = key
            self._line = make_line(shown.appearance, to_pixels(path.weights, extent, inside)
                                   * ratio, path.steps, 0.5)
        if not is_raster(painter):
            painter.fillRect(body, ground)
            painter.translate(body.topLeft())
            draw_as_vectors(painter, (self._line,), style, shown.now)
            painter.translate(-body.topLeft())
            return
        picture_key = (Same(self._line), key)
        if self._picture is None or self._picture_key != picture_key:
            self._picture_key = picture_key
            size = max(round(body.height() * ratio), 1), max(round(body.width() * ratio), 1)
            self._picture = TrailPicture(np.full(size, ground.rgb(), np.uint32), (self._line,),
                                         style, ratio, ground)
        painter.drawImage(body, self._picture.at(shown.now))


def _pixel(point: Array, extent: Extent, body: QRectF) -> QPointF:
    x, y = np.nan_to_num(to_pixels(point[None], extent, body))[0]
    return QPointF(float(np.clip(x, -1e6, 1e6)), float(np.clip(y, -1e6, 1e6)))


def ground_of(shown: WeightView, style: Style) -> QColor:
    """The plane's colour: where all of it is open, that of open quadrants."""
    if len(shown.step.quadrants) < 4:
        return QColor(style.theme.raised)
    return mixed(style.theme.raised, shown.appearance.color.name(), QUADRANT)


def _paint_quadrants(painter: QPainter, style: Style, body: QRectF, head: QPointF,
                     shown: WeightView) -> None:
    """The quadrants that are open to one row, the cone of the batch's rows, and its opposite."""
    # Whole pixels without smooth edges: that takes a tenth of the time.
    x = float(round(min(max(head.x(), body.left()), body.right())))
    y = float(round(min(max(head.y(), body.top()), body.bottom())))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    tint = QColor(shown.appearance.color)
    tint.setAlphaF(QUADRANT)
    for across, up in shown.step.quadrants if len(shown.step.quadrants) < 4 else ():
        left, right = (x, body.right()) if across > 0 else (body.left(), x)
        top, bottom = (body.top(), y) if up > 0 else (y, body.bottom())
        painter.fillRect(QRectF(left, top, right - left, bottom - top), tint)
    painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
    painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))
    painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shown.step.cone is None or len(shown.step.quadrants) == 4:
        return
    start, end = shown.step.cone
    reach = REACH * min(body.width(), body.height())
    if end - start < 0.02:
        # One row moves the weights along a line.
        color = QColor(shown.appearance.color)
        color.setAlphaF(0.5)
        painter.setPen(QPen(color, style.px(1.2)))
        way = QPointF(cos(start), -sin(start)) * reach
        painter.drawLine(head - way, head + way)
        return
    tint.setAlphaF(CONE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    box = QRectF(head.x() - reach, head.y() - reach, 2 * reach, 2 * reach)
    for turn in (0.0, pi):
        painter.drawPie(box, round(16 * degrees(start + turn)), round(16 * degrees(end - start)))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_direct(painter: QPainter, style: Style, body: QRectF, extent: Extent,
                  shown: WeightView) -> None:
    """The straight line from the start to where the way ends, as far as it is known."""
    if shown.path is None or len(shown.path.weights) < 2:
        return
    start, end = (_pixel(point, extent, body) for point in shown.path.weights[[0, -1]])
    pen = QPen(QColor(style.theme.quiet), style.px(1.2))
    pen.setDashPattern([4, 4])
    painter.setPen(pen)
    painter.drawLine(start, end)
    painter.setPen(QPen(QColor(style.theme.text), style.px(1.6)))
    painter.setBrush(QColor(style.theme.card))
    painter.drawEllipse(start, style.px(4.5), style.px(4.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def arrows(shown: WeightView, style: Style, pixels: float) -> tuple[list[Arrow], float]:
    """What plain descent would do, and what the optimizer does, magnified by a round factor.

    `pixels` are a weight's unit. What is not finite, or nothing at all, has no arrow.
    """
    plain = Arrow("gradient", -shown.lr * shown.step.gradient, QColor(style.theme.quiet), 2.0)
    step = Arrow("step", shown.step.step, shown.appearance.color, 3.0)
    found = [arrow for arrow in (plain, step) if np.isfinite(arrow.change).all()]
    lengths = [pixels * float(hypot(*arrow.change)) for arrow in found]
    if not lengths or not isfinite(lengths[-1]) or lengths[-1] < 1e-9:
        return [], 1.0
    return found, magnification(lengths[-1:], shortest=style.px(SHORTEST))


def _room(body: QRectF, at: QPointF, dx: float, dy: float) -> float:
    """How far it is from a point inside of a rectangle to its border."""
    length = hypot(dx, dy)
    ways = [((body.right() if dx > 0 else body.left()) - at.x()) / dx if dx else inf,
            ((body.bottom() if dy > 0 else body.top()) - at.y()) / dy if dy else inf]
    return max(min(ways), 0.0) * length if length else 0.0


def _paint_arrows(painter: QPainter, style: Style, body: QRectF, head: QPointF,
                  shown: WeightView) -> None:
    left, right, _, _ = extent_of(shown, body)
    pixels = body.width() / (right - left)
    drawn, factor = arrows(shown, style, pixels)
    for arrow in drawn:
        dx, dy = arrow.change * factor * pixels
        longest = min(style.px(LONGEST), _room(body, head, float(dx), float(-dy)) - style.px(3))
        draw_arrow(painter, head, float(dx), float(-dy), arrow, style.unit,
                   max(longest, style.px(16)))
    if drawn and factor > 1:
        text = f"arrows × {factor:,.0f}"
        font, metrics = face(style, 12)
        wide = metrics.horizontalAdvance(text)
        if wide + style.px(16) <= 0.6 * body.width():
            painter.setFont(font)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(body.right() - wide - style.px(8),
                                     body.bottom() - style.px(8)), text)
