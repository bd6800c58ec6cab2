"""What the shades of a map of heights are worth: a strip of its bands, with heights under them.

Bands of a map with valleys and walls grow like a logarithm, which only numbers can say.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QColor, QImage, QPainter

from engine.heights import Levels

from ..numbers import number, unpadded
from ..theme import Style, mixed
from .faces import face
from .trails import device_ratio, is_raster

NOWHERE = np.empty((0, 2))
WIDE, HIGH, MARGIN, PAD, SIZE = 150.0, 7.0, 10.0, 8.0, 11
# Smaller maps have a key of half the width, with the two ends of it only; and still smaller ones
# keep their pixels for themselves.
LEAST, LEAST_FOR_HALF, HALF, NAME = (330.0, 190.0), (170.0, 90.0), 76.0, 26.0
GROUND = 0.82


def place_of_key(style: Style, body: QRectF, word: str, levels: Levels,
                 points: NDArray[np.float64] = NOWHERE) -> QRectF:
    """Where a key goes on a map: in the corner that has fewest of the `points` (n, 2) on it.

    Of several that is the upper right one. It is empty where there is no room.
    """
    if not _at_least(style, body, LEAST_FOR_HALF):
        return QRectF()
    _, metrics = face(style, SIZE, 500, True)
    pad = style.px(PAD)
    whole = _at_least(style, body, LEAST)
    named = _names_width(style, levels, word) + style.px(WIDE)
    wide = (named if whole else style.px(HALF)) + 2 * pad
    high = style.px(HIGH) + metrics.height() + 1.5 * pad
    edge = style.px(MARGIN if whole else MARGIN / 2)
    # On a small map a name above or below a way's end would lie under it, too.
    return _freest(round(wide), round(high), body.adjusted(edge, edge, -edge, -edge), points,
                   0.0 if whole else style.px(NAME))


def paint_key(painter: QPainter, style: Style, box: QRectF, levels: Levels, word: str) -> None:
    """Paint it where it goes; pixels are kept, since it stays while a race plays."""
    if box.isEmpty():
        return
    if not is_raster(painter):
        painter.translate(box.topLeft())
        _paint(painter, style, box.size(), levels, word)
        painter.translate(-box.topLeft())
        return
    size = round(box.width()), round(box.height())
    painter.drawImage(box.topLeft(), _image(style, size, device_ratio(painter), levels, word))


@lru_cache(16)
def _image(style: Style, size: tuple[int, int], ratio: float, levels: Levels, word: str) -> QImage:
    image = QImage(round(size[0] * ratio), round(size[1] * ratio),
                   QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, style, QSizeF(*size), levels, word)
    return image


def _paint(painter: QPainter, style: Style, size: QSizeF, levels: Levels, word: str) -> None:
    font, metrics = face(style, SIZE, 500, True)
    texts = _told([levels.height(share * levels.bands) for share in (0, 0.5, 1)])
    pad = style.px(PAD)
    name, wide = _names_width(style, levels, word), style.px(WIDE)
    whole = size.width() >= name + wide
    if not whole:
        name, wide = 0.0, style.px(HALF)
    ground = QColor(style.theme.card)
    ground.setAlphaF(GROUND)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(QPointF(0, 0), size), style.px(6), style.px(6))
    strip = QRectF(pad + name, 0.75 * pad, wide, style.px(HIGH))
    for band in range(levels.bands):
        left = strip.left() + band * wide / levels.bands
        shade = mixed(style.theme.surface_low, style.theme.surface_high, band / (levels.bands - 1))
        painter.fillRect(QRectF(left, strip.top(), wide / levels.bands + 0.5, strip.height()),
                         shade)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    if whole:
        painter.drawText(QPointF(pad, strip.bottom()), word)
    baseline = strip.bottom() + metrics.ascent() + style.px(2)
    painter.setPen(QColor(style.theme.quiet))
    if whole:
        painter.drawText(QPointF(pad, baseline), growth(levels))
    for share, text in zip((0.0, 0.5, 1.0), texts, strict=True):
        if share == 0.5 and not whole:
            continue
        at = strip.left() + share * (wide - metrics.horizontalAdvance(text))
        painter.drawText(QPointF(at, baseline), text)


def growth(levels: Levels) -> str:
    """How bands grow where they are not even, in the word that reliefs have for it."""
    return "symlog" if levels.knee else ""


def _names_width(style: Style, levels: Levels, word: str) -> float:
    """The room that the words left of the strip take."""
    _, metrics = face(style, SIZE, 500, True)
    return max(map(metrics.horizontalAdvance, (word, growth(levels)))) + style.px(8)


def _at_least(style: Style, body: QRectF, least: tuple[float, float]) -> bool:
    return body.width() >= style.px(least[0]) and body.height() >= style.px(least[1])


def _freest(wide: float, high: float, body: QRectF, points: NDArray[np.float64], over: float
            ) -> QRectF:
    """A box in the corner of a body where fewest points are under it; the first of these.

    Points `over` pixels above or below it count, too.
    """
    x, y = points.T
    best, fewest = QRectF(), np.inf
    for left in (round(body.right() - wide), round(body.left())):
        for top in (round(body.top()), round(body.bottom() - high)):
            under = ((left <= x) & (x <= left + wide) &
                     (top - over <= y) & (y <= top + high + over)).sum()
            if under < fewest:
                best, fewest = QRectF(left, top, wide, high), under
    return best


def _told(heights: list[float]) -> list[str]:
    """Heights with as few digits as tell them apart."""
    for digits in (2, 3, 4):
        texts = [unpadded(number(height, digits)) for height in heights]
        if len(set(texts)) == len(texts):
            break
    return texts
