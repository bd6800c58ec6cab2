"""Marker shapes: the second sign, next to colour, by which contestants are told apart."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPolygonF


def _polygon(corners: list[tuple[float, float]]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    return path


def _cross(turn: float) -> QPainterPath:
    arm, wide = 1.05, 0.36
    corners = [(-wide, -arm), (wide, -arm), (wide, -wide), (arm, -wide), (arm, wide), (wide, wide),
               (wide, arm), (-wide, arm), (-wide, wide), (-arm, wide), (-arm, -wide),
               (-wide, -wide)]
    c, s = cos(turn), sin(turn)
    return _polygon([(c * x - s * y, s * x + c * y) for x, y in corners])


def _star(points: int, inner: float) -> QPainterPath:
    corners = []
    for k in range(2 * points):
        radius = 1.15 if k % 2 == 0 else inner
        angle = pi * k / points - pi / 2
        corners.append((radius * cos(angle), radius * sin(angle)))
    return _polygon(corners)


@cache
def marker_path(name: str) -> QPainterPath:
    """The outline of a marker, of a size that fits a circle of radius 1."""
    if name == "circle":
        path = QPainterPath()
        path.addEllipse(QRectF(-0.92, -0.92, 1.84, 1.84))
        return path
    shapes = {
        "square": lambda: _polygon([(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]),
        "triangle": lambda: _polygon([(0, -1.1), (1.05, 0.8), (-1.05, 0.8)]),
        "down": lambda: _polygon([(0, 1.1), (1.05, -0.8), (-1.05, -0.8)]),
        "left": lambda: _polygon([(-1.1, 0), (0.8, 1.05), (0.8, -1.05)]),
        "right": lambda: _polygon([(1.1, 0), (-0.8, 1.05), (-0.8, -1.05)]),
        "bowtie": lambda: _polygon([(-1.05, -0.85), (1.05, 0.85), (1.05, -0.85), (-1.05, 0.85)]),
        "diamond": lambda: _polygon([(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)]),
        "cross": lambda: _cross(pi / 4),
        "plus": lambda: _cross(0),
        "star": lambda: _star(5, 0.5),
        "hexagon": lambda: _polygon([(cos(k * pi / 3), sin(k * pi / 3)) for k in range(6)]),
    }
    return shapes[name]()


@cache
def _halo_path(name: str) -> QPainterPath:
    """The outline widened on all sides; filling it is cheaper than stroking it each time."""
    stroker = QPainterPathStroker()
    stroker.setWidth(0.9)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(marker_path(name)).united(marker_path(name)).simplified()


def draw_marker(
    painter: QPainter, name: str, x: float, y: float, radius: float, color: QColor,
    halo: QColor | None = None,
) -> None:
    """A filled marker around (x, y), on a ring of `halo` where one is given."""
    painter.save()
    painter.translate(x, y)
    painter.scale(radius, radius)
    if halo is not None:
        painter.fillPath(_halo_path(name), halo)
    painter.fillPath(marker_path(name), color)
    painter.restore()
