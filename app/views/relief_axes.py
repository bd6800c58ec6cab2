"""The words around a relief: numbers at its ticks and names of its axes, none over another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.relief import BoxPicture, Projection, Relief, box_picture, height_ticks
from engine.relief.sizes import FLOOR, HEIGHT

from ..numbers import number
from ..theme import Style
from . import labels
from .plot import tick_spacing

# Room that a tick of the plane and one of the heights has at least, in design pixels.
ROOM, HEIGHT_ROOM = 58.0, 24.0


def ticked_box(relief: Relief, projection: Projection, style: Style, ratio: float) -> BoxPicture:
    """The box with as many ticks as there is room for, in device pixels."""
    (hx, hy) = relief.half
    corners = np.array([[-hx, -hy, FLOOR], [hx, -hy, FLOOR], [-hx, hy, FLOOR], [0, 0, 0],
                        [0, 0, HEIGHT]])
    at = projection.project(corners)[:, :2] / ratio
    unit = style.px(1)
    upright = float(np.hypot(*(at[4] - at[3]))) / HEIGHT
    room = HEIGHT_ROOM * unit / max(upright, 1e-9)
    return box_picture(
        relief, projection, _round(relief.x_range, at[1] - at[0], ROOM * unit),
        _round(relief.y_range, at[2] - at[0], ROOM * unit), height_ticks(relief, room))


def _round(ends: tuple[float, float], along: NDArray[np.float64], room: float) -> list[float]:
    length = float(np.hypot(*along))
    if length < room:
        return []
    spacing = tick_spacing(*ends, length, room)
    places = range(int(np.ceil(ends[0] / spacing)), int(np.floor(ends[1] / spacing)) + 1)
    return [place * spacing for place in places]


def paint_words(painter: QPainter, box: BoxPicture, names: Sequence[str], style: Style,
                ratio: float, bounds: QRectF) -> list[QRectF]:
    """Numbers at the ticks and the three axes' names, as far as they are within the bounds.

    They have halos: a surface that is near may lie before its box. Returns where they stand.
    """
    name_font, tick_font = style.font(13, 500), style.font(12, tabular=True)
    axes = (box.x, box.y, box.z)
    words = _Words(bounds)
    for axis, name in zip(axes, names, strict=True):
        ends, metrics = axis.ends / ratio, QFontMetricsF(name_font)
        if np.hypot(*(ends[1] - ends[0])) < style.px(HEIGHT_ROOM):
            continue
        if axis is box.z:
            words.add(name, metrics, ends[1], np.array([0.0, -1.0]), style.px(8))
        else:
            words.add(name, metrics, ends.mean(axis=0), axis.outwards, style.px(25))
    _paint(painter, words, 0, name_font, style)
    named = len(words.texts)
    for axis in axes:
        for place, value in zip(axis.ticks / ratio, axis.values, strict=True):
            words.add(number(value, 4), QFontMetricsF(tick_font), place, axis.outwards, style.px(7))
    _paint(painter, words, named, tick_font, style)
    return words.rects


def _paint(painter: QPainter, words: _Words, first: int, font: QFont, style: Style) -> None:
    """The texts from the `first` on."""
    rects, quiet = words.rects[first:], QColor(style.theme.quiet)
    found = [labels.Label(text, rect.center(), quiet)
             for text, rect in zip(words.texts[first:], rects, strict=True)]
    labels.paint(painter, found, rects, font, QColor(style.theme.card), style.px(3), style.px(99))


class _Words:
    """Texts in places, none of them over another."""

    def __init__(self, bounds: QRectF) -> None:
        self._bounds = bounds
        self.texts: list[str] = []
        self.rects: list[QRectF] = []

    def add(self, text: str, metrics: QFontMetricsF, place: NDArray[np.float64],
            outwards: NDArray[np.float64], gap: float) -> None:
        """Write a text beside a place, unless another one is there already."""
        width, height = metrics.horizontalAdvance(text), metrics.height()
        away = gap + abs(outwards[0]) * width / 2 + abs(outwards[1]) * height / 2
        middle = place + outwards * away
        rect = QRectF(middle[0] - width / 2, middle[1] - height / 2, width, height)
        near = rect.adjusted(-gap / 3, 0, gap / 3, 0)
        if self._bounds.contains(rect) and not any(near.intersects(one) for one in self.rects):
            self.texts.append(text)
            self.rects.append(rect)
