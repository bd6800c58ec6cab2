"""Names at the heads of trails, moved apart so that none lies over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QTransform,
)

from ..typefaces import DESIGN_SIZE, is_plain
from .leaders import outside
from .trails import device_ratio, is_raster


@dataclass(frozen=True)
class Label:
    """A text that belongs to the point `at`."""

    text: str
    at: QPointF
    color: QColor
    opacity: float = 1.0


def place(labels: Sequence[Label], font: QFont, bounds: QRectF, gap: float,
          obstacles: Sequence[QRectF] = ()) -> list[QRectF]:
    """A rectangle for each label: above its point, as much higher as is free, or else below it.

    Earlier labels keep their places, so that a label moves only for those before it.
    """
    metrics = QFontMetricsF(font)
    height = metrics.height()
    taken = [_span(rect) for rect in obstacles]
    low, high = bounds.top() + gap / 2, bounds.bottom() - height - gap / 2
    placed = []
    for label in labels:
        width = metrics.horizontalAdvance(label.text)
        left = min(max(label.at.x() - width / 2, bounds.left() + gap), bounds.right() - width - gap)
        # Only what shares columns with the label can be in its way.
        beside = [(top, bottom) for start, end, top, bottom in taken
                  if start < left + width and left < end]
        top = _free(label.at.y() - gap - height, height, beside, low, high, gap)
        taken.append((left - gap / 2, left + width + gap / 2, top, top + height))
        placed.append(QRectF(left, top, width, height))
    return placed


def _span(rect: QRectF) -> tuple[float, float, float, float]:
    """Left, right, top, bottom: plain numbers, since placing names is done for every frame."""
    return rect.left(), rect.right(), rect.top(), rect.bottom()


def _free(wanted: float, height: float, taken: Sequence[tuple[float, float]], low: float,
          high: float, gap: float) -> float:
    """The nearest free top upwards from `wanted`, not above `low`, else downwards to `high`."""
    above = [wanted, *(top - height for top, _ in taken)]
    below = [wanted + height + 2 * gap, *(bottom for _, bottom in taken)]
    upwards = sorted((top for top in above if low <= top <= wanted), reverse=True)
    downwards = sorted(top for top in below if wanted < top <= high)
    for trial in (*upwards, *downwards):
        foot = trial + height
        if all(trial >= bottom - 0.5 or foot <= top + 0.5 for top, bottom in taken):
            return trial
    return min(max(wanted, low), max(low, high))


def apart(rects: Sequence[QRectF], bounds: QRectF, obstacles: Sequence[QRectF] = ()
          ) -> list[QRectF]:
    """The rectangles, each moved up or down as little as keeps it off those before it."""
    settled = list(obstacles)
    for rect in rects:
        tops = [rect.top(), *(other.top() - rect.height() for other in settled),
                *(other.bottom() for other in settled)]
        highest = bounds.bottom() - rect.height()
        inside = [top for top in tops if bounds.top() <= top <= highest]
        for top in sorted(inside, key=lambda top: abs(top - rect.top())):
            trial = QRectF(rect.left(), top, rect.width(), rect.height())
            if not any(trial.intersects(other.adjusted(0, 0.5, 0, -0.5)) for other in settled):
                settled.append(trial)
                break
        else:
            settled.append(rect)
    return settled[len(obstacles):]


def paint(painter: QPainter, labels: Sequence[Label], rects: Sequence[QRectF], font: QFont,
          halo: QColor, halo_width: float, reach: float) -> None:
    """Paint the labels on halos, with thin lines that cross no label to points that lie
    further than `reach`."""
    ascent, key = QFontMetricsF(font).ascent(), font.key()
    raster = is_raster(painter)
    ratio = device_ratio(painter) if raster else 1.0
    written = [rect for label, rect in zip(labels, rects, strict=True) if label.opacity > 0]
    for label, rect in zip(labels, rects, strict=True):
        foot = QPointF(rect.center().x(), rect.bottom())
        if label.at.y() < rect.top():
            foot.setY(rect.top())
        if label.opacity > 0 and abs(label.at.y() - foot.y()) > reach:
            painter.setOpacity(label.opacity)
            painter.setPen(QPen(label.color, 0.35 * halo_width))
            for piece in outside(QLineF(foot, label.at), written):
                painter.drawLine(piece)
    for label, rect in zip(labels, rects, strict=True):
        if label.opacity <= 0:
            continue
        painter.setOpacity(label.opacity)
        # Whole pixels, so that letters keep their shapes while they move.
        at = QPointF(round(rect.left()), round(rect.top() + ascent))
        if raster:
            picture, corner = _picture(label.text, key, halo_width, label.color.rgba(),
                                       halo.rgba(), ratio)
            painter.drawImage(at + corner, picture)
        else:
            _paint_text(painter, at, label.text, font, halo_width, label.color, halo)
    painter.setOpacity(1)


def _paint_text(painter: QPainter, at: QPointF, text: str, font: QFont, halo_width: float,
                color: QColor, halo: QColor) -> None:
    """A text on its halo, from its baseline's beginning."""
    path, stroked = _outlines(text, font.key(), halo_width)
    painter.save()
    painter.translate(at)
    painter.fillPath(stroked, halo)
    if is_plain(font):
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QPointF(0, 0), text)
    else:
        painter.fillPath(path, color)
    painter.restore()


@lru_cache(maxsize=256)
def _picture(text: str, font_key: str, halo_width: float, color: int, halo: int, ratio: float
             ) -> tuple[QImage, QPointF]:
    """A text on its halo as pixels, and where its corner lies from the baseline's beginning.

    Filling the outlines of a dozen names took 9 ms of a frame; copying pixels takes 0.1.
    """
    font = QFont()
    font.fromString(font_key)
    _, stroked = _outlines(text, font_key, halo_width)
    box = stroked.boundingRect().adjusted(-1, -1, 1, 1).toAlignedRect()
    picture = QImage(max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio)),
                     QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_text(painter, QPointF(-box.left(), -box.top()), text, font, halo_width,
                    QColor.fromRgba(color), QColor.fromRgba(halo))
    return picture, QPointF(box.topLeft())


# A halo's curves are long: 100 kB a text.
@lru_cache(maxsize=32)
def _outlines(text: str, font_key: str, halo_width: float) -> tuple[QPainterPath, QPainterPath]:
    """A text's outline from its baseline, and the same widened to a halo."""
    font = QFont()
    font.fromString(font_key)
    # Qt rounds a small glyph's outline in one of several ways, by what was drawn with it before;
    # at the size in which the font is designed there is nothing to round.
    shrunk = font.pixelSize() / DESIGN_SIZE
    font.setPixelSize(DESIGN_SIZE)
    large = QPainterPath()
    large.addText(0, 0, font, text)
    path = QTransform.fromScale(shrunk, shrunk).map(large)
    stroker = QPainterPathStroker()
    stroker.setWidth(halo_width)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    # The halo lies under the text, so its inside may stay open; to unite the two took 6 ms.
    halo = stroker.createStroke(path)
    halo.setFillRule(Qt.FillRule.WindingFill)
    return path, halo


def stack(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Middles for texts of `height` near the wanted ones, none over another, in the bounds."""
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    middles = [min(max(value, top + height / 2), bottom - height / 2) for value in wanted]
    floor = top - height / 2
    for k in order:
        middles[k] = max(middles[k], floor + height)
        floor = middles[k]
    ceiling = bottom + height / 2
    for k in reversed(order):
        middles[k] = min(middles[k], ceiling - height)
        ceiling = middles[k]
    return middles
