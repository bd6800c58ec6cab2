"""Curves painted once, faint and full, so that a frame only copies a part of each picture.

While a run is computed its curves grow at their ends. What has been painted stays, and only what
is new is stroked: coverage is joined by its maximum, so the picture is the same as if it had been
painted at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from engine.dashes import dashes
from engine.strokes import Box, Ink, stroke, tint

from ..theme import Style
from .plot import Array
from .trails import FAINT, as_image, draw_polyline, ink_of
from .view import Appearance

WIDTH = 2.2
DASH, GAP = 4.5, 5.5


@dataclass(frozen=True, eq=False)
class Curve:
    """One contestant's curve in pixels, NaN-free; `strength` is its share of full colour."""

    appearance: Appearance
    points: Array
    width: float = WIDTH
    strength: float = 1.0
    dashed: bool = False

    def pieces(self, style: Style) -> list[Array]:
        """The lines that it is drawn with, each (n, 2)."""
        if self.dashed:
            return dashes(self.points, style.px(DASH), style.px(GAP))
        return [self.points]


class CurveLayers:
    """The pictures of some curves at one size, in device pixels."""

    def __init__(self, curves: Sequence[Curve], style: Style, size: tuple[float, float],
                 ratio: float) -> None:
        self._style, self._ratio = style, ratio
        columns, rows = (max(1, round(length * ratio)) for length in size)
        # What is of one colour and strength lies in one layer.
        self._groups = list(dict.fromkeys(map(_group, curves)))
        first = {_group(curve): curve for curve in reversed(curves)}
        found = [first[group] for group in self._groups]
        ink = ink_of([curve.appearance for curve in found])
        self._ink = Ink(ink.colors, ink.opacity * np.array([curve.strength for curve in found]))
        self._core = np.zeros((len(found), rows, columns), np.uint8)
        self._pictures = [np.zeros((rows, columns), np.uint32) for _ in range(2)]
        self._curves: Sequence[Curve] = [Curve(c.appearance, c.points[:0], c.width, c.strength,
                                               c.dashed) for c in curves]
        self.grow(curves)

    def grow(self, curves: Sequence[Curve]) -> bool:
        """Paint what the curves have more than before; False if they are others than before."""
        if len(curves) != len(self._curves) or not all(map(_continues, curves, self._curves)):
            return False
        boxes = [self._stroke(curve, len(before.points))
                 for curve, before in zip(curves, self._curves, strict=True)]
        self._curves = curves
        boxes = [box for box in boxes if box[2] > box[0]]
        if boxes:
            left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
            part = np.ascontiguousarray(self._core[:, :, left:right])
            for picture, share in zip(self._pictures, (FAINT, 1.0), strict=True):
                picture[:, left:right] = tint(part, Ink(self._ink.colors,
                                                        self._ink.opacity * share))
        return True

    def paint(self, painter: QPainter, now: float) -> None:
        """Paint the past, left of `now`, full and the rest faint."""
        faint, full = (self._image(picture) for picture in self._pictures)
        edge = round(now * self._ratio)
        # Qt takes a part of width 0 for the whole image.
        if edge < faint.width():
            painter.drawImage(QPointF(edge / self._ratio, 0), faint,
                              QRectF(edge, 0, faint.width() - edge, faint.height()))
        if edge > 0:
            painter.drawImage(QPointF(0, 0), full, QRectF(0, 0, edge, full.height()))

    def _image(self, picture: NDArray[np.uint32]) -> QImage:
        image = as_image(picture, alpha=True)
        image.setDevicePixelRatio(self._ratio)
        return image

    def _stroke(self, curve: Curve, known: int) -> Box:
        """Stroke a curve of which `known` points are there already; the box that changed."""
        if len(curve.points) == known:
            return 0, 0, 0, 0
        core = self._core[self._groups.index(_group(curve))]
        width, box = self._style.px(curve.width) * self._ratio, (core.shape[1], core.shape[0], 0, 0)
        first = max(known - 1, 0)
        pieces = curve.pieces(self._style)
        if curve.dashed:
            # Dashes are counted from the beginning; the last one may have become longer.
            before = Curve(curve.appearance, curve.points[:known], dashed=True)
            pieces, first = pieces[max(len(before.pieces(self._style)) - 1, 0):], 0
        for piece in pieces:
            points = np.ascontiguousarray(piece[first:] * self._ratio)
            found = stroke(points, 0, len(points), width, core)
            if found[2] > found[0]:
                box = (min(box[0], found[0]), min(box[1], found[1]),
                       max(box[2], found[2]), max(box[3], found[3]))
        return box


def draw_as_vectors(painter: QPainter, curves: Sequence[Curve], style: Style, now: float,
                    height: float) -> None:
    """The same curves as painter paths, for files that keep vectors."""
    for share in (FAINT, 1.0):
        painter.save()
        if share == 1.0:
            painter.setClipRect(QRectF(0, 0, now, height), Qt.ClipOperation.IntersectClip)
        for curve in curves:
            painter.setOpacity(share * curve.strength * curve.appearance.opacity)
            for piece in curve.pieces(style):
                draw_polyline(painter, piece, curve.appearance.color, style.px(curve.width))
        painter.restore()


def _group(curve: Curve) -> tuple[int, float]:
    return curve.appearance.index, curve.strength


def _continues(curve: Curve, before: Curve) -> bool:
    """Whether a curve is the one before, with or without more points at its end."""
    known = len(before.points)
    same = (curve.appearance, curve.width, curve.strength, curve.dashed) == (
        before.appearance, before.width, before.strength, before.dashed)
    return same and np.array_equal(curve.points[:known], before.points)
