"""What is marked on a surface in every view of it: its minima and saddles, a point."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.experiment import Experiment
from engine.surfaces import Surface

from ..kinds import surface_of
from ..numbers import number, written
from ..theme import Style

Place = tuple[float, float]


def surface_title(experiment: Experiment, surface: Surface) -> str:
    """What a surface is called on its card: its formula, if it was typed."""
    formula = surface_of(experiment).formula
    return written(formula) if formula else surface.title


def told(surface: Surface, x: float, y: float) -> str:
    """What there is to say of a point of a surface."""
    value, slope = surface.value(x, y), surface.gradient(x, y)
    return (f"({number(x)}, {number(y)})   loss {number(value)}   "
            f"gradient ({number(slope[0])}, {number(slope[1])})")


def paint_minima(painter: QPainter, surface: Surface, to_pixel: Callable[[float, float], QPointF],
                 style: Style) -> None:
    """A plus at each minimum, a cross at each saddle."""
    quiet = QColor(style.theme.quiet)
    arm = style.px(5)
    for x, y in surface.saddles:
        at = to_pixel(x, y)
        painter.setPen(QPen(quiet, style.px(1.2)))
        for turn in (-1, 1):
            tip = QPointF(0.7 * arm, 0.7 * arm * turn)
            painter.drawLine(at - tip, at + tip)
    for x, y in (*surface.minima, *surface.local_minima):
        at = to_pixel(x, y)
        painter.setPen(QPen(quiet, style.px(1.5)))
        painter.drawLine(QPointF(at.x() - arm, at.y()), QPointF(at.x() + arm, at.y()))
        painter.drawLine(QPointF(at.x(), at.y() - arm), QPointF(at.x(), at.y() + arm))


def paint_point(painter: QPainter, at: QPointF, style: Style) -> None:
    """A small ring on the point that the mouse is on in another view."""
    painter.setPen(QPen(QColor(style.theme.accent), style.px(1.8)))
    painter.setBrush(QColor(style.theme.card))
    painter.drawEllipse(at, style.px(4), style.px(4))
