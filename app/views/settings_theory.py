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
# What the border is called, where it has a short name.
NAMES = {"sgd": "2/λₘₐₓ", "momentum": "2 (1 + μ)/λₘₐₓ"}


def paint_theory(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer,
                 hypers: Mapping[str, float], quadratic: Quadratic, style: Style) -> list[Chip]:
    """Both, as far as the axes show them; returns what is to be written beside them."""
    if "lr" not in (axes[0].name, axes[1].name):
        return []
    chips = _paint_border(painter, body, axes, optimizer, hypers, quadratic, style)
    fastest = best(optimizer, quadratic)
    if fastest is None:
        return chips
    if all(axis.name in fastest for axis in axes):
        return _paint_point(painter, body, axes, fastest, quadratic, style) + chips
    if set(fastest) == {"lr"}:
        return _paint_rate(painter, body, axes, fastest["lr"], quadratic, style) + chips
    return chips


def place(body: QRectF, axes: tuple[Hyper, Hyper], values: Mapping[str, float]) -> QPointF:
    """Where a pair of values is on a map."""
    x, y = (axis.position(values[axis.name]) for axis in axes)
    return QPointF(body.left() + x * body.width(), body.bottom() - y * body.height())


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


def _paint_point(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper],
                 fastest: Mapping[str, float], quadratic: Quadratic, style: Style) -> list[Chip]:
    """A target at the pair with which theory is fastest, and how fast that is."""
    if not all(inside(axis, fastest[axis.name]) for axis in axes):
        return []
    at = place(body, axes, fastest)
    for color, width in ((style.theme.card, 4.4), (style.theme.text, 2.0)):
        painter.setPen(QPen(QColor(color), style.px(width)))
        painter.drawEllipse(at, style.px(8), style.px(8))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(dx * style.px(1), dy * style.px(1))
            painter.drawLine(at + 5 * way, at + 13 * way)
    return [Chip(_words(quadratic.momentum_rate), (at,), style.px(16))]


def _paint_rate(painter: QPainter, body: QRectF, axes: tuple[Hyper, Hyper], lr: float,
                quadratic: Quadratic, style: Style) -> list[Chip]:
    """A dashed line at the learning rate with which plain descent is fastest."""
    rate = axes[0] if axes[0].name == "lr" else axes[1]
    if not inside(rate, lr):
        return []
    if axes[0].name == "lr":
        x = body.left() + rate.position(lr) * body.width()
        ends = QPointF(x, body.top()), QPointF(x, body.bottom())
    else:
        y = body.bottom() - rate.position(lr) * body.height()
        ends = QPointF(body.left(), y), QPointF(body.right(), y)
    for color, width, dash in ((style.theme.card, 4.2, Qt.PenStyle.SolidLine),
                               (style.theme.text, 1.8, Qt.PenStyle.DashLine)):
        painter.setPen(QPen(QColor(color), style.px(width), dash))
        painter.drawLine(*ends)
    places = tuple(ends[0] + share * (ends[1] - ends[0]) for share in (0.12, 0.3, 0.6, 0.8))
    return [Chip(_words(quadratic.descent_rate), places, style.px(8))]


def _words(rate: float) -> tuple[str, ...]:
    """A rate holds in the long run; the fullest shade is that of so many steps."""
    return (f"theory's best in the long run: error × {number(rate)} a step",
            f"best in the long run: × {number(rate)} a step", "best in the long run")


def theory_said(pixel: QPointF, body: QRectF, axes: tuple[Hyper, Hyper], optimizer: Optimizer,
                quadratic: Quadratic, steps: int, style: Style) -> str:
    """What there is to say of theory's best where the mouse is on it: why it is not the fullest."""
    fastest = best(optimizer, quadratic)
    if fastest is None or not {axis.name for axis in axes} & set(fastest):
        return ""
    reach = style.px(NEAR)
    away = [abs(length) for axis, length in zip(axes, (
        pixel.x() - body.left() - axes[0].position(fastest.get(axes[0].name, 0.0)) * body.width(),
        body.bottom() - pixel.y() - axes[1].position(fastest.get(axes[1].name, 0.0))
        * body.height()), strict=True) if axis.name in fastest]
    if len(away) < len(fastest) or max(away) > reach:
        return ""
    return f"best in the long run · in {steps:,} steps others can get further"
