"""The arrows of the chosen contestant's next step at its ball, magnified until they can be read.

While a race plays, how many times they are magnified is to stay the same from step to step, or one
would see arrows jump that do not. So it follows from the steps around this one, in round numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.snapshot import Snapshot, StepAnatomy

from ..theme import Style
from .arrows import Arrow, arrows_of, draw_arrow, draw_scale_cross, magnification

Array = NDArray[np.float64]

# A step of fewer pixels is none.
AT_REST = 1e-6
# How long a step is drawn at least, if there is room for the others, and if there is none; and any
# arrow at most.
SHORTEST_STEP, LEAST_STEP, LONGEST_ARROW = 60.0, 16.0, 150.0
# To both sides of the step that is shown.
STEADY_STEPS = 8


def paint_step(painter: QPainter, snapshot: Snapshot, taken: StepAnatomy, color: QColor,
               style: Style, ball: QPointF, scale: Array, bounds: QRectF) -> None:
    """Paint a step's arrows at the `ball`; `scale` (2,) are the pixels of a unit along x and y."""
    arrows = arrows_of(taken, style.theme, color)
    if np.hypot(*(arrows[-1].change * scale)) < AT_REST:
        return
    factor = steady(snapshot, taken, arrows, style, ball, scale, bounds)
    scale_x, scale_y = taken.anatomy.scale
    if scale_x != scale_y:
        draw_scale_cross(painter, ball, taken.anatomy.scale, QColor(style.theme.quiet), style.unit)
    for arrow in arrows:
        dx, dy = arrow.change * scale * factor
        x, y = arrow.origin * scale * factor
        draw_arrow(painter, ball + QPointF(float(x), float(y)), float(dx), float(dy), arrow,
                   style.unit, style.px(LONGEST_ARROW))
    paint_magnification(painter, factor, style, bounds)


def paint_magnification(painter: QPainter, factor: float, style: Style, bounds: QRectF) -> None:
    """Say in a corner how many times arrows are magnified, if they are."""
    if factor <= 1:
        return
    text = f"arrows × {factor:,.0f}"
    font = style.font(12)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(
        bounds.right() - QFontMetricsF(font).horizontalAdvance(text) - style.px(10),
        bounds.bottom() - style.px(10)), text)


def steady(snapshot: Snapshot, taken: StepAnatomy, arrows: Sequence[Arrow], style: Style,
           ball: QPointF, scale: Array, bounds: QRectF) -> float:
    """How many times the arrows are magnified."""
    steps, gradients = _around(snapshot, taken.index, scale)
    steps = [*steps, float(np.hypot(*(arrows[-1].change * scale)))]
    shortest = style.px(SHORTEST_STEP)
    if any(arrow.kind == "direction" for arrow in arrows):
        # A method that scales its coordinates makes steps that have nothing of the gradient's
        # length.
        return magnification(steps, shortest=shortest)
    longest = style.px(LONGEST_ARROW)
    others = [taken.moment.hypers["lr"] * length for length in gradients]
    for arrow in arrows:
        others.append(float(np.hypot(*(arrow.change * scale))))
        # What would lead out of the picture counts as if it were too long.
        others.append(longest / _room(ball, (arrow.origin + arrow.change) * scale, bounds))
    return magnification(steps, others, shortest=shortest, longest=longest,
                         least=style.px(LEAST_STEP))


def _around(snapshot: Snapshot, index: int, scale: Array) -> tuple[list[float], list[float]]:
    """The lengths in pixels of a contestant's steps around the one shown, and of its gradients."""
    trail = snapshot.trails[index]
    ends = np.searchsorted(trail.steps, [snapshot.step - STEADY_STEPS,
                                         snapshot.step + STEADY_STEPS + 1])
    near = slice(max(int(ends[0]), 0), int(ends[1]))
    apart = np.diff(trail.steps[near])[:, None]
    with np.errstate(all="ignore"):
        steps = np.hypot(*(np.diff(trail.path[near], axis=0) / apart * scale).T)
        gradients = np.hypot(*(trail.gradient[near] * scale).T)
    return ([float(length) for length in steps if np.isfinite(length)],
            [float(length) for length in gradients if np.isfinite(length)])


def _room(ball: QPointF, change: Array, bounds: QRectF) -> float:
    """How many times a change in pixels fits into the picture, from the ball on; 1 at least."""
    ways = [inf]
    for at, way, low, high in ((ball.x(), change[0], bounds.left(), bounds.right()),
                               (ball.y(), change[1], bounds.top(), bounds.bottom())):
        if way:
            ways.append(((high if way > 0 else low) - at) / float(way))
    return max(min(ways), 1.0)
