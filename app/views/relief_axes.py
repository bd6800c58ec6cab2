"""The words around a relief: numbers at its ticks and names of its axes, none over another.

Where they stand, and how much of them is seen, follows smoothly from the camera: a word that comes
near another fades, and comes up again behind it, so that nothing leaps while a film goes round. How
far apart ticks are follows from the picture's size and the zoom alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, prod, radians, sin

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.camera import USUAL_CAMERA
from engine.relief import Axis, BoxPicture, Camera, Projection, Relief, box_picture, height_ticks

from ..numbers import number
from ..theme import Style
from . import labels
from .fading import Span, apart, kept_within, legible, span
from .plot import tick_spacing

# Room that a tick of the plane has sideways and up and down, and one of the heights, in design
# pixels.
ROOM, ROW, HEIGHT_ROOM = 40.0, 16.0, 17.0
# From an axis to its numbers, and from those to its name.
GAP, NAME_GAP = 7.0, 6.0
# A number that would be outside of the picture by more than the first fades, by the second it is
# gone; and a name.
OUTSIDE, NAME_OUTSIDE = (4.0, 16.0), (60.0, 120.0)
# So far words keep from the view's edge, where a line says that keys go here; in design pixels.
INSET = 5.0
# Less of a word is nothing.
UNSEEN = 0.01
# How far an axis must go sideways until its name slides along it all the way that it lacks room, in
# design pixels. Down it goes the quicker, the less words stand below their axis, up to so much.
SLIDING, STEEPEST = 20.0, 0.1
# A name nearer to its axis than the first fades, over it by the second it is gone: so far within
# its rectangle letters begin; in design pixels.
ON_THE_BOX = (0.5, -4.5)
# Names that share so much of their width and height lie one under the other; in design pixels.
MEETING = 12.0
# An axis this short is seen from its end.
SHORTEST = 18.0
Margins = tuple[float, float, float]
Array = NDArray[np.float64]


def ticked_box(relief: Relief, projection: Projection, style: Style, ratio: float,
               size: tuple[int, int], margins: Margins, zoom: float) -> BoxPicture:
    """The box on a picture of `size` device pixels, with as many ticks as there is room for."""
    elevation = USUAL_CAMERA[1]
    usual = Camera(elevation=elevation, zoom=zoom).onto(*size, relief.radius, margins)
    unit = usual.focal / Camera().distance / ratio / style.px(1)
    # From wherever the floor is seen, a tick has that room to a side or upwards.
    room = hypot(ROOM / usual.stretch, ROW / sin(radians(elevation)))
    along_x, along_y = (_round(ends, 2 * half * unit, room) for ends, half in zip(
        (relief.x_range, relief.y_range), relief.half, strict=True))
    upright = height_ticks(relief, HEIGHT_ROOM / (unit * cos(radians(elevation))))
    return box_picture(relief, projection, along_x, along_y, upright)


def _round(ends: tuple[float, float], length: float, room: float) -> list[float]:
    if length < room:
        return []
    spacing = tick_spacing(*ends, length, room)
    places = range(int(np.ceil(ends[0] / spacing)), int(np.floor(ends[1] / spacing)) + 1)
    return [place * spacing for place in places]


def heights_name(name: str, relief: Relief) -> str:
    """What the upright axis is called, with its scale: linear at the lowest level and logarithmic
    far above, as plots call symlog, where levels are so."""
    return name if relief.levels.knee is None else f"{name} (symlog)"


def paint_words(painter: QPainter, box: BoxPicture, names: Sequence[str], style: Style,
                ratio: float, bounds: QRectF, taken: Sequence[QRectF] = ()) -> list[QRectF]:
    """The three axes' names and numbers at the ticks, within the bounds and off what is taken.

    A name after a comma goes on in another line. All have halos: a surface that is near may lie
    before its box. Returns where those stand that are seen.
    """
    inset = style.px(INSET)
    words = _Words(bounds.adjusted(inset, inset, -inset, -inset), style, taken)
    name_font, tick_font = style.font(13, 500), style.font(12, tabular=True)
    strengths = [axis.strength * _length_seen(axis, style, ratio) for axis in box.axes]
    for axis, strength in zip(box.axes, strengths, strict=True):
        name = names["xyz".index(axis.name)]
        words.add_name(axis, name, name_font, tick_font, ratio, strength)
    for axis, strength in zip(box.axes, strengths, strict=True):
        for place, value in zip(axis.ticks / ratio, axis.values, strict=True):
            words.add((number(value, 4),), tick_font, place, axis.outwards, style.px(GAP),
                      strength)
    return words.paint(painter)


def _length_seen(axis: Axis, style: Style, ratio: float) -> float:
    """0 for an axis that is seen from its end, 1 for one as long as its words need."""
    length = float(np.hypot(*(axis.ends[1] - axis.ends[0]))) / ratio
    return min(max(length / style.px(SHORTEST) - 1, 0.0), 1.0)


def _under(one: Span, other: Span, unit: float) -> float:
    """How far down a name goes to be under another one: the further, the more it is over it."""
    aside = min(one[1], other[1]) - max(one[0], other[0])
    above = one[3] - other[2]
    both = (min(max(met / (MEETING * unit), 0.0), 1.0) for met in (aside, above))
    return prod(both) * max(other[3] - one[2], 0.0)


class _Words:
    """Texts in places; those that come near others before them fade."""

    def __init__(self, bounds: QRectF, style: Style, taken: Sequence[QRectF]) -> None:
        self._bounds, self._style = bounds, style
        self._words: list[tuple[tuple[str, ...], QFont, QRectF, float]] = []
        self._spans: list[tuple[Span, float]] = [(span(rect), 1.0) for rect in taken]
        self._taken = len(taken)
        self._fonts: list[tuple[QFont, QFontMetricsF]] = []

    def add_name(self, axis: Axis, name: str, font: QFont, tick_font: QFont, ratio: float,
                 strength: float) -> None:
        """An axis's name, beyond its numbers; that of an upright one on its top."""
        ends = axis.ends / ratio
        if axis.name == "z":
            self.add((name,), font, ends[1], np.array([0.0, -1.0]), self._style.px(8), strength,
                     NAME_OUTSIDE)
            return
        metrics = self._metrics(tick_font)
        wide = max((metrics.horizontalAdvance(number(value, 4)) for value in axis.values),
                   default=0.0)
        gap = (self._style.px(GAP + NAME_GAP) + abs(axis.outwards[0]) * wide
               + abs(axis.outwards[1]) * metrics.height())
        self._add_beyond(tuple(name.split(", ")), font, ends, axis.outwards, gap, strength)

    def _add_beyond(self, lines: tuple[str, ...], font: QFont, ends: Array, outwards: Array,
                    gap: float, strength: float) -> None:
        """Write a name so far beyond an axis, where it lies neither on the box nor outside of the
        picture.

        Where there is no room at the axis's middle it slides along it, and then goes down, also
        under another axis's name.
        """
        size = self._size(lines, font)
        half = size / 2
        low = np.array([self._bounds.left(), self._bounds.top()]) + half
        high = np.array([self._bounds.right(), self._bounds.bottom()]) - half
        along, unit = ends[1] - ends[0], self._style.px(1)
        middle = ends.mean(axis=0) + outwards * (gap + np.abs(outwards) @ half)
        lacking = float(np.clip(middle[0], low[0], high[0]) - middle[0])
        share = lacking * along[0] / (along[0] ** 2 + (SLIDING * unit) ** 2)
        middle += along * min(max(share, -0.5), 0.5)
        lacking = float(np.clip(middle[0], low[0], high[0]) - middle[0])
        middle[0] += lacking
        down = max(-lacking * outwards[0], 0.0)
        # The lower end is the box's lowest corner: below that there is nothing of it.
        lowest = ends[:, 1].max()
        middle[1] = min(middle[1] + down / max(outwards[1], STEEPEST),
                        max(middle[1], lowest + gap + half[1]))
        for other, opacity in self._spans[self._taken :]:
            middle[1] += opacity * _under(span(QRectF(*(middle - half), *size)), other, unit)
        middle = np.clip(middle, low, high)
        away = max(float((middle - ends[0]) @ outwards - np.abs(outwards) @ half),
                   middle[1] - half[1] - lowest) / unit
        strength *= min(max((away - ON_THE_BOX[1]) / (ON_THE_BOX[0] - ON_THE_BOX[1]), 0.0), 1.0)
        self._put(lines, font, QRectF(*(middle - half), *size), strength)

    def add(self, lines: tuple[str, ...], font: QFont, place: Array, outwards: Array,
            gap: float, strength: float,
            outside: tuple[float, float] = OUTSIDE) -> None:
        """Write a text beside a place, as much of it as others leave."""
        width, height = self._size(lines, font)
        middle = place + outwards * (gap + abs(outwards[0]) * width / 2
                                     + abs(outwards[1]) * height / 2)
        rect = QRectF(middle[0] - width / 2, middle[1] - height / 2, width, height)
        rect, wanted = kept_within(rect, self._bounds), rect
        moved = (rect.topLeft() - wanted.topLeft()).manhattanLength() / self._style.px(1)
        strength *= min(max((outside[1] - moved) / (outside[1] - outside[0]), 0.0), 1.0)
        self._put(lines, font, rect, strength)

    def _put(self, lines: tuple[str, ...], font: QFont, rect: QRectF, strength: float) -> None:
        here, unit = span(rect), self._style.px(1)
        for other, opacity in self._spans:
            if strength <= UNSEEN:
                return
            strength *= 1 - opacity * (1 - apart(here, other, unit))
        strength = legible(strength)
        if strength > UNSEEN:
            self._words.append((lines, font, rect, strength))
            self._spans.append((here, strength))

    def paint(self, painter: QPainter) -> list[QRectF]:
        """Paint them; returns where those stand that are seen."""
        style, quiet = self._style, QColor(self._style.theme.quiet)
        card = QColor(style.theme.card)
        for font, metrics in self._fonts:
            rows, tags = [], []
            for lines, written, rect, strength in self._words:
                if written is not font:
                    continue
                height = rect.height() / len(lines)
                for k, line in enumerate(lines):
                    wide = metrics.horizontalAdvance(line)
                    row = QRectF(rect.center().x() - wide / 2, rect.top() + k * height, wide,
                                 height)
                    rows.append(row)
                    tags.append(labels.Label(line, row.center(), quiet, strength))
            labels.paint(painter, tags, rows, font, card, style.px(3), style.px(99))
        return [word[2] for word in self._words]

    def _size(self, lines: tuple[str, ...], font: QFont) -> Array:
        """How wide and high lines of text are."""
        metrics = self._metrics(font)
        return np.array([max(metrics.horizontalAdvance(line) for line in lines),
                         len(lines) * metrics.height()])

    def _metrics(self, font: QFont) -> QFontMetricsF:
        """A font's measures, taken once."""
        for known, metrics in self._fonts:
            if known is font:
                return metrics
        self._fonts.append((font, QFontMetricsF(font)))
        return self._fonts[-1][1]
