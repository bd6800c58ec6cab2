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
    for point in surface.saddles:
        paint_saddle(painter, to_pixel(*point), style)
    for point in (*surface.minima, *surface.local_minima):
        paint_lowest(painter, to_pixel(*point), style)


def paint_saddle(painter: QPainter, at: QPointF, style: Style) -> None:
    """A small cross."""
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.2)))
    for turn in (-1, 1):
        tip = style.px(3.5) * QPointF(1, turn)
        painter.drawLine(at - tip, at + tip)


def paint_lowest(painter: QPainter, at: QPointF, style: Style) -> None:
    """A plus at a minimum."""
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.5)))
    for tip in (QPointF(style.px(5), 0), QPointF(0, style.px(5))):
        painter.drawLine(at - tip, at + tip)


def paint_point(painter: QPainter, at: QPointF, style: Style) -> None:
    """A small ring on the point that the mouse is on in another view."""
    painter.setPen(QPen(QColor(style.theme.accent), style.px(1.8)))
    painter.setBrush(QColor(style.theme.card))
    painter.drawEllipse(at, style.px(4), style.px(4))
