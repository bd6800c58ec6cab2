"""The arrows of a step taken apart, drawn at the ball and explained in the anatomy card.

All of them are changes of the parameters, drawn to one scale: what plain gradient descent would
do with this learning rate; then what earlier steps have left, added to its end, or, for a method
that scales its coordinates, the direction before it is scaled; decoupled weight decay where there
is any; and the step itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, cos, hypot, inf, isfinite, log10, sin

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from engine.snapshot import StepAnatomy

from ..theme import Theme

Array = NDArray[np.float64]
DASHES: dict[str, list[float]] = {"gradient": [2.2, 1.8], "direction": [6.0, 2.0],
                                  "carried": [6.0, 2.0],
                                  "decay": [1.0, 1.2], "step": []}
# How long an arrow's head is, and the longer of the two arms that tell of a scale.
HEAD, ARM = 9.0, 34.0


@dataclass(frozen=True)
class Arrow:
    """One arrow: its kind, its change of the parameters (2,), its colour."""

    kind: str
    change: Array
    color: QColor
    width: float
    origin: Array = field(default_factory=lambda: np.zeros(2))
    """Where it begins, as a change of the parameters from the ball."""


def arrows_of(taken: StepAnatomy, theme: Theme, color: QColor) -> list[Arrow]:
    """What a step is made of, in drawing order, the step itself last."""
    lr = taken.moment.hypers["lr"]
    quiet, accent = QColor(theme.quiet), QColor(theme.accent)
    gradient = Arrow("gradient", -lr * taken.descended, quiet, 2.0)
    parts = [gradient]
    direction = -lr * taken.anatomy.direction
    if np.all(taken.anatomy.scale == 1):
        # Unscaled, the step is the gradient's part and what earlier steps have left, end to end.
        carried = direction - gradient.change
        if np.any(np.abs(carried) > 1e-12 * np.abs(direction).max()):
            parts.append(Arrow("carried", carried, accent, 2.0, gradient.change))
    else:
        parts.append(Arrow("direction", direction, accent, 2.0))
    if np.any(taken.anatomy.decay):
        parts.append(Arrow("decay", -taken.anatomy.decay, quiet, 3.0))
    return [*parts, Arrow("step", taken.step, color, 3.0)]


def magnification(steps: Sequence[float], others: Sequence[float] = (), *, shortest: float,
                  longest: float = inf, least: float = 0.0) -> float:
    """A round factor (1, 2, 5, 10, …) for arrows of these lengths in pixels.

    It makes the longest of `steps` at least `shortest`, or as long as leaves all `others` at most
    `longest`, as far as that step is not shorter than `least` then.
    """
    step = max(steps, default=0.0)
    if not step > 0 or not isfinite(step):
        return 1.0
    wanted = _round_factor(shortest / step, up=True)
    fitting = _round_factor(longest / max(*others, step), up=False) if others else wanted
    visible = _round_factor(least / step, up=True) if least else 1.0
    return max(min(wanted, max(fitting, visible)), 1.0)


def _round_factor(factor: float, *, up: bool) -> float:
    """The next of 1, 2, 5, 10, 20, … above or below a factor."""
    if not factor > 1 or not isfinite(factor):
        return 1.0
    decade = 10.0 ** np.floor(log10(factor))
    near = [f * decade for f in (1, 2, 5, 10)]
    return float(next(f for f in near if f >= 0.999 * factor) if up else
                 next(f for f in reversed(near) if f <= 1.001 * factor))


def draw_arrow(painter: QPainter, tail: QPointF, dx: float, dy: float, arrow: Arrow, unit: float,
               longest: float) -> None:
    """An arrow of (dx, dy) pixels; one longer than `longest` is cut and ends in two heads."""
    length = hypot(dx, dy)
    if length < 1.5 * unit:
        return
    cut = length > longest
    shown = min(length, longest)
    ux, uy = dx / length, dy / length
    head = min(HEAD * unit, 0.6 * shown)
    tip = QPointF(tail.x() + ux * shown, tail.y() + uy * shown)
    neck = QPointF(tip.x() - ux * head * 0.8, tip.y() - uy * head * 0.8)
    pen = QPen(arrow.color, arrow.width * unit)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[arrow.kind]:
        pen.setDashPattern(DASHES[arrow.kind])
    painter.setPen(pen)
    painter.drawLine(tail, neck)
    draw_head(painter, tip, atan2(uy, ux), head, arrow.color)
    if cut:
        behind = QPointF(tip.x() - ux * head * 0.9, tip.y() - uy * head * 0.9)
        draw_head(painter, behind, atan2(uy, ux), head, arrow.color)


def draw_head(painter: QPainter, tip: QPointF, angle: float, size: float, color: QColor) -> None:
    """An arrow's head that points to `angle`."""
    corners = [tip]
    for turn in (2.72, -2.72):
        corners.append(tip + size * QPointF(cos(angle + turn), sin(angle + turn)))
    path = QPainterPath()
    path.addPolygon(QPolygonF(corners))
    path.closeSubpath()
    painter.fillPath(path, color)


def scale_arms(scale: Array, unit: float) -> Array:
    """How much each coordinate is let through, 1/scale, as the lengths (2,) of two arms."""
    passed = 1 / np.maximum(np.abs(scale), 1e-300)
    return np.asarray(ARM * unit * passed / passed.max())


def draw_scale_cross(painter: QPainter, at: QPointF, scale: Array, color: QColor,
                     unit: float) -> None:
    """How much each coordinate is let through, as arms along x and y."""
    arms = scale_arms(scale, unit)
    painter.setPen(QPen(color, 1.6 * unit))
    for dx, dy in ((arms[0], 0.0), (0.0, arms[1])):
        painter.drawLine(QPointF(at.x() - dx, at.y() - dy), QPointF(at.x() + dx, at.y() + dy))
        # Ends across the arms, as on a measure.
        tx, ty = (0.0, 4 * unit) if dx else (4 * unit, 0.0)
        for sign in (-1, 1):
            end = QPointF(at.x() + sign * dx, at.y() + sign * dy)
            painter.drawLine(end - QPointF(tx, ty), end + QPointF(tx, ty))
