"""The rows that are learnt from and tested on, as points over a map: filled, and as rings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from ..theme import Style, marker_of
from .markers import draw_marker, marker_path

# More would be a blot; those left out are said in the note.
MOST_TRAIN, MOST_TEST = 1500, 1000
# What part of a map its points cover, if they are neither too small to see nor larger than needed.
COVERED = 0.11
SMALLEST, LARGEST = 1.7, 4.6
RING, HALO = 0.78, 0.42
# An outlined point's line, and the dot in its middle that makes it a test row.
THIN, DOT = 0.3, 0.34
# A stored marker lies on the pixels in one of so many places along each axis.
PLACES = 4


@dataclass(frozen=True)
class Cloud:
    """Points (n, 2) in pixels and, for each, the number of its colour; training rows or not."""

    points: NDArray[np.float64]
    kinds: NDArray[np.intp]
    train: bool


@dataclass
class Inks:
    """The colour and the marker of each kind of point."""

    colors: tuple[QColor, ...]
    markers: tuple[str, ...]
    outline: QColor | None = None
    """Drawn around points whose own colour may be as pale as the map's."""
    _sprites: dict[tuple[int, bool, float, float, int, int], QImage] = field(default_factory=dict)

    def sprite(self, kind: int, train: bool, radius: float, ratio: float, dx: int, dy: int,
               card: QColor) -> QImage:
        """A marker as a picture, `dx` and `dy` of PLACES parts of a pixel off its middle."""
        key = (kind, train, radius, ratio, dx, dy)
        if key not in self._sprites:
            half = reach(radius * ratio)
            image = QImage(2 * half + 1, 2 * half + 1, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            with QPainter(image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                at = QPointF(half + dx / PLACES, half + dy / PLACES)
                self.paint(painter, at, radius * ratio, kind, train, card)
            self._sprites[key] = image
        return self._sprites[key]

    def paint(self, painter: QPainter, at: QPointF, radius: float, kind: int, train: bool,
              card: QColor) -> None:
        """A training row filled, on a thin halo of the ground; a test row as a smaller ring."""
        color, marker = self.colors[kind], self.markers[kind]
        if train and self.outline is None:
            draw_marker(painter, marker, at.x(), at.y(), radius, color, card)
            return
        size = radius if train else RING * radius
        painter.save()
        painter.translate(at)
        painter.scale(size, size)
        if self.outline is not None:
            painter.setPen(QPen(self.outline, THIN))
            painter.setBrush(color)
            painter.drawPath(marker_path(marker))
            if not train:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.outline)
                painter.drawEllipse(QPointF(0, 0), DOT, DOT)
        else:
            painter.setPen(QPen(color, 1.5 * HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap,
                                Qt.PenJoinStyle.MiterJoin))
            painter.setBrush(card)
            painter.drawPath(marker_path(marker))
        painter.restore()


def reach(radius: float) -> int:
    """Pixels from a stored marker's middle to its border."""
    return int(radius * (1.2 + HALO)) + 3


def class_inks(style: Style, count: int) -> Inks:
    """The colours and markers of classes."""
    return Inks(tuple(style.class_color(k) for k in range(count)),
                tuple(marker_of(k) for k in range(count)))


def point_radius(rect: QRectF, count: int, style: Style) -> float:
    """A radius that leaves most of the map to be seen."""
    fair = sqrt(COVERED * rect.width() * rect.height() / (pi * max(count, 1)))
    return min(max(fair, style.px(SMALLEST)), style.px(LARGEST))


def paint_vectors(painter: QPainter, clouds: list[Cloud], inks: Inks, radius: float, rect: QRectF,
                  card: QColor) -> None:
    """All points as shapes, for files that keep vectors."""
    for cloud in clouds:
        for at, kind in _visible(cloud, rect):
            inks.paint(painter, QPointF(*at), radius, kind, cloud.train, card)


def layer(clouds: list[Cloud], inks: Inks, radius: float, rect: QRectF, ratio: float, card: QColor
          ) -> QImage:
    """All points over the pixels of `rect`, else transparent.

    Each is a copy of a stored marker: a path takes ten times as long to fill.
    """
    image = QImage(round(rect.width() * ratio), round(rect.height() * ratio),
                   QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    half = reach(radius * ratio)
    with QPainter(image) as painter:
        for cloud in clouds:
            for (x, y), kind in _visible(cloud, rect):
                fine_x = round((x - rect.left()) * ratio * PLACES)
                fine_y = round((y - rect.top()) * ratio * PLACES)
                (column, dx), (row, dy) = divmod(fine_x, PLACES), divmod(fine_y, PLACES)
                stored = inks.sprite(kind, cloud.train, radius, ratio, dx, dy, card)
                painter.drawImage(column - half, row - half, stored)
    image.setDevicePixelRatio(ratio)
    return image


def _visible(cloud: Cloud, rect: QRectF) -> Iterator[tuple[list[float], int]]:
    inside = ((cloud.points >= (rect.left() - 8, rect.top() - 8))
              & (cloud.points <= (rect.right() + 8, rect.bottom() + 8))).all(1)
    return zip(cloud.points[inside].tolist(), cloud.kinds[inside].tolist(), strict=True)
