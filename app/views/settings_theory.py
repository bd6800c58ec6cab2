"""What theory knows of a quadratic, drawn into a map of settings: the border and the fastest pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.hyper import Hyper
from engine.maps.theory import Quadratic, best, border
from engine.optimizers import Optimizer

from ..numbers import number
from ..theme import Style
from .chips import Chip
from .hyper_axis import inside

POINTS = 200
# The mouse is on theory's best, in design units, as near as that.
NEAR = 9.0
# How far the target's hairs reach, with their border.
TARGET = 15.0
# What the border is called, where it has a short name.
NAMES = {"sgd": "2/λₘₐₓ", "momentum": "2 (1 + μ)/λₘₐₓ"}


def paint_theory(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer,
                 hypers: Mapping[str, float], quadratic: Quadratic, style: Style) -> list[Chip]:
    """Both, as far as the axes show them; returns what is to be written beside them."""
    if "lr" not in (axes[0].name, axes[1].name):
        return []
    chips = _paint_border(painter, body, axes, optimizer, hypers, quadratic, style)
    at = spot(body, axes, optimizer, quadratic, style)
    if at is None:
        return chips
    rate = quadratic.descent_rate if optimizer.name == "sgd" else quadratic.momentum_rate
    return [_paint_spot(painter, at, rate, style), *chips]


def place(body: QRectF, axes: tuple[Hyper, Hyper], values: Mapping[str, float]) -> QPointF:
    """Where a pair of values is on a map."""
    x, y = (axis.position(values[axis.name]) for axis in axes)
    return QPointF(body.left() + x * body.width(), body.bottom() - y * body.height())


def kept_inside(at: QPointF, body: QRectF, radius: float) -> QPointF:
    """A place, moved from a map's edge so far that a mark of that radius is whole."""
    return QPointF(min(max(at.x(), body.left() + radius), body.right() - radius),
                   min(max(at.y(), body.top() + radius), body.bottom() - radius))


def spot(body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer, quadratic: Quadratic,
         style: Style) -> QPointF | None:
    """Where theory is fastest, if the axes have all that this hangs on: without weight decay."""
    fastest, names = best(optimizer, quadratic), {axis.name for axis in axes}
    if fastest is None or not {*fastest} <= names <= {*fastest, "weight_decay"}:
        return None
    values = {"weight_decay": 0.0, **fastest}
    if not all(inside(axis, values[axis.name]) for axis in axes):
        return None
    return kept_inside(place(body, axes, values), body, style.px(TARGET))


def _paint_border(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer,
                  hypers: Mapping[str, float], quadratic: Quadratic, style: Style) -> list[Chip]:
    """The line beyond which the loss grows."""
    other = axes[1] if axes[0].name == "lr" else axes[0]
    rate = axes[0] if axes[0].name == "lr" else axes[1]
    path, points = QPainterPath(), []
    drawing = False
    for share in np.linspace(0, 1, POINTS):
        values = {**hypers, other.name: other.value(float(share))}
        limit = border(optimizer, values, quadratic)
        if limit is None:
            return []
        if not isfinite(limit) or not inside(rate, limit):
            drawing = False
            continue
        at = place(body, axes, {**values, "lr": limit})
        path.lineTo(at) if drawing else path.moveTo(at)
        drawing = True
        points.append(at)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((style.theme.card, 4.2), (style.theme.text, 1.8)):
        painter.setPen(QPen(QColor(color), style.px(width), Qt.PenStyle.SolidLine,
                            Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path)
    # Wherever along it there is room.
    places = [points[int(share * (len(points) - 1))] for share in (0.3, 0.15, 0.5, 0.7, 0.02, 0.9)
              ] if points else []
    words = NAMES.get(optimizer.name, "stability border")
    return [Chip((words,), tuple(places), style.px(8))] if places else []


def _paint_spot(painter: QPainter, at: QPointF, rate: float, style: Style) -> Chip:
    """A target where theory is fastest, and how fast that is."""
    for color, width in ((style.theme.card, 4.4), (style.theme.text, 2.0)):
        painter.setPen(QPen(QColor(color), style.px(width)))
        painter.drawEllipse(at, style.px(8), style.px(8))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(dx * style.px(1), dy * style.px(1))
            painter.drawLine(at + 5 * way, at + 13 * way)
    return Chip(_words(rate), (at,), style.px(16))


def _words(rate: float) -> tuple[str, ...]:
    """A rate holds in the long run; the fullest shade is that of so many steps."""
    return (f"theory's best in the long run: error × {number(rate)} a step",
            f"best in the long run: × {number(rate)} a step", "best in the long run")


def theory_said(pixel: QPointF, body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer,
                quadratic: Quadratic, steps: int, style: Style) -> str:
    """What there is to say of theory's best where the mouse is on it: why it is not the fullest."""
    at = spot(body, axes, optimizer, quadratic, style)
    if at is None or max(abs(pixel.x() - at.x()), abs(pixel.y() - at.y())) > style.px(NEAR):
        return ""
    return f"best in the long run · in {steps:,} steps others can get further"
