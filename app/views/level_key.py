"""What the shades of a map of heights are worth: a strip of its bands, with heights under them.

Bands of a map with valleys and walls grow like a logarithm, which only numbers can say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.heights import Levels

from ..numbers import number, unpadded
from ..theme import Style, mixed
from .faces import face

NOWHERE = np.empty((0, 2))
WIDE, HIGH, MARGIN, PAD, SIZE = 150.0, 7.0, 10.0, 8.0, 11
# Smaller maps keep their pixels for themselves.
LEAST = (330.0, 190.0)
GROUND = 0.82


def paint_key(painter: QPainter, style: Style, body: QRectF, levels: Levels, word: str,
              points: NDArray[np.float64] = NOWHERE) -> QRectF:
    """Paint it into a corner of a map, the upper right one unless that has more of the `points`
    (n, 2) on it; returns where, empty where there is no room.
    """
    if body.width() < style.px(LEAST[0]) or body.height() < style.px(LEAST[1]):
        return QRectF()
    font, metrics = face(style, SIZE, 500, True)
    texts = _told([levels.height(share * levels.bands) for share in (0, 0.5, 1)])
    name = metrics.horizontalAdvance(word) + style.px(6)
    pad, wide = style.px(PAD), style.px(WIDE)
    box = QRectF(0, 0, name + wide + 2 * pad,
                 style.px(HIGH) + metrics.height() + 1.5 * pad)
    box = _freest(box, body.adjusted(*(style.px(side * MARGIN) for side in (1, 1, -1, -1))), points)
    ground = QColor(style.theme.card)
    ground.setAlphaF(GROUND)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, style.px(6), style.px(6))
    strip = QRectF(box.left() + pad + name, box.top() + 0.75 * pad, wide, style.px(HIGH))
    for band in range(levels.bands):
        left = strip.left() + band * wide / levels.bands
        shade = mixed(style.theme.surface_low, style.theme.surface_high, band / (levels.bands - 1))
        painter.fillRect(QRectF(left, strip.top(), wide / levels.bands + 0.5, strip.height()),
                         shade)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(QPointF(box.left() + pad, strip.bottom()), word)
    baseline = strip.bottom() + metrics.ascent() + style.px(2)
    painter.setPen(QColor(style.theme.quiet))
    for share, text in zip((0.0, 0.5, 1.0), texts, strict=True):
        at = strip.left() + share * (wide - metrics.horizontalAdvance(text))
        painter.drawText(QPointF(at, baseline), text)
    return box


def _freest(box: QRectF, body: QRectF, points: NDArray[np.float64]) -> QRectF:
    """The box in the corner of a body where fewest points are under it; the first of these."""
    x, y = points.T
    best, fewest = box, np.inf
    for left in (body.right() - box.width(), body.left()):
        for top in (body.top(), body.bottom() - box.height()):
            under = ((left <= x) & (x <= left + box.width())
                     & (top <= y) & (y <= top + box.height())).sum()
            if under < fewest:
                best, fewest = QRectF(left, top, box.width(), box.height()), under
    return best


def _told(heights: list[float]) -> list[str]:
    """Heights with as few digits as tell them apart."""
    for digits in (2, 3, 4):
        texts = [unpadded(number(height, digits)) for height in heights]
        if len(set(texts)) == len(texts):
            break
    return texts
