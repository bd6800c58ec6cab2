"""The loss of a linear unit as nested ellipses, with each contestant's way down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from engine.network.linear_unit import Quadratic
from engine.network.unit_descent import Way

from ..numbers import number
from ..theme import Style, mixed
from .faces import face
from .kept import Kept
from .markers import draw_marker
from .plot import Array, round_corners
from .stage_clouds import paint_scale_bar
from .trails import (
    Line,
    TrailPicture,
    device_ratio,
    is_raster,
    make_line,
)
from .view import Appearance

# The start is so far from the middle, in parts of half of the shorter side.
START = 0.8
# Trails are thinner than on a surface that has a card to itself.
THIN = 0.72
# Device pixels to a pixel where there are no pixels.
FINE = 3.0


@dataclass(frozen=True)
class LossFrame:
    """A panel around a minimum, and how many pixels a weight of 1 has on both axes."""

    body: QRectF
    middle: tuple[float, float]
    scale: float

    def pixels(self, points: Array) -> Array:
        """Weights (n, 2) as pixels (n, 2)."""
        centre = np.array([self.body.center().x(), self.body.center().y()])
        with np.errstate(over="ignore", invalid="ignore"):
            return (points - np.array(self.middle)) * np.array([self.scale, -self.scale]) + centre

    def weights(self, pixel: QPointF) -> Array:
        """The weights (2,) at a pixel."""
        away = pixel - self.body.center()
        return np.array([self.middle[0] + away.x() / self.scale,
                         self.middle[1] - away.y() / self.scale])


def loss_frame(found: Quadratic, body: QRectF) -> LossFrame:
    """The minimum in the middle; the start equally far from it in every such panel."""
    far = float(np.linalg.norm(found.start - found.minimum))
    scale = START * min(body.width(), body.height()) / 2 / far
    return LossFrame(body, (float(found.minimum[0]), float(found.minimum[1])), max(scale, 1e-290))


def paint_loss(painter: QPainter, style: Style, frame: LossFrame, found: Quadratic,
               ways: Sequence[tuple[Appearance, Way]], step: int, kept: Kept, slot: int,
               key: object) -> None:
    """Ellipses, trails up to `step` and faint from there, start, minimum and heads.

    What `key` says is the same is not made anew.
    """
    body = frame.body
    if body.width() < style.px(24) or body.height() < style.px(24):
        return
    thin = Style(style.theme, THIN * style.unit)
    # Files of vectors know no clipping: there the picture is a fine one.
    ratio = device_ratio(painter) if is_raster(painter) else FINE
    picture = kept.of(("trails", slot), (key, frame, style, ratio), lambda: TrailPicture(
        _ground(style, frame, found, ratio), _lines(frame, ways, ratio), thin, ratio))
    painter.drawImage(body, picture.at(step))
    _paint_ends(painter, style, frame, found)
    for appearance, way in ways:
        at = way.at(step)
        (x, y), = frame.pixels(way.points[at : at + 1]).tolist()
        if isfinite(x) and isfinite(y) and body.contains(QPointF(x, y)):
            painter.setOpacity(appearance.opacity)
            draw_marker(painter, appearance.marker, x, y, style.px(5.5), appearance.color,
                        QColor(style.theme.surface_high))
    painter.setOpacity(1)
    paint_scale_bar(painter, style, body, frame.scale, QColor(style.theme.surface_high))
    _paint_weights(painter, style, body, found)
    round_corners(painter, body, style.px(8), QColor(style.theme.card))


def paint_loss_heading(painter: QPainter, style: Style, rect: QRectF, name: str,
                       found: Quadratic) -> None:
    """A panel's name above it, and at the right its condition."""
    font, metrics = face(style, 13, 600)
    baseline = rect.top() + metrics.ascent()
    kappa = f"κ {condition(found)}"
    figures, tabular = face(style, 13, 600, tabular=True)
    wide = tabular.horizontalAdvance(kappa)
    painter.setFont(figures)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(QPointF(rect.right() - wide, baseline), kappa)
    painter.setFont(font)
    room = rect.width() - wide - style.px(10)
    for text in (f"Loss, {name} inputs", f"Loss, {name}", name.capitalize()):
        if metrics.horizontalAdvance(text) <= room:
            painter.drawText(QPointF(rect.left(), baseline), text)
            break


def condition(found: Quadratic) -> str:
    """κ as it is written."""
    kappa = found.condition
    return number(kappa) if isfinite(kappa) else "∞"


def arrival(way: Way) -> str:
    """When a way has come to within a hundredth of its distance, in words."""
    if way.arrived is not None:
        return f"{way.arrived:,}"
    return "diverges" if way.lost is not None else f"> {way.length:,}"


def paint_arrivals(painter: QPainter, style: Style, body: QRectF,
                   ways: Sequence[tuple[Appearance, Way]]) -> None:
    """Below a panel: after how many steps each contestant is there, as many as there is room for.
    """
    font, metrics = face(style, 12, tabular=True)
    words, sign, gap = "steps to 1 %", style.px(14), style.px(12)
    lead = metrics.horizontalAdvance(words) + gap

    def wide_of(texts: list[str]) -> list[float]:
        return [sign + metrics.horizontalAdvance(text) + gap for text in texts]

    texts = [arrival(way) for _, way in ways]
    if sum(wide_of(texts)) - gap > body.width():
        texts = ["∞" if way.lost is not None else text
                 for text, (_, way) in zip(texts, ways, strict=True)]
    wide = wide_of(texts)
    if lead + sum(wide) - gap > body.width():
        lead = 0.0
    while wide and lead + sum(wide) - gap > body.width():
        wide.pop()
    total = sum(wide) - gap
    baseline = body.bottom() + style.px(4) + metrics.ascent()
    left = body.center().x() - (lead + total) / 2
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    if lead:
        painter.drawText(QPointF(left, baseline), words)
    left += lead
    middle = baseline - (metrics.ascent() - metrics.descent()) / 2
    for (appearance, way), text, width in zip(ways, texts, wide, strict=False):
        painter.setOpacity(appearance.opacity)
        draw_marker(painter, appearance.marker, left + style.px(5), middle, style.px(4.2),
                    appearance.color)
        painter.setPen(QColor(style.theme.warning if way.lost is not None else style.theme.text))
        painter.drawText(QPointF(left + sign, baseline), text)
        left += width
    painter.setOpacity(1)


def _lines(frame: LossFrame, ways: Sequence[tuple[Appearance, Way]], ratio: float
           ) -> list[Line]:
    """Trails in pixels from the panel's corner."""
    corner = np.array([frame.body.left(), frame.body.top()])
    return [make_line(appearance, (frame.pixels(way.points) - corner) * ratio, way.steps, 0.7)
            for appearance, way in ways]


def _ground(style: Style, frame: LossFrame, found: Quadratic, ratio: float
            ) -> NDArray[np.uint32]:
    """The ellipses in device pixels (rows, columns), as 0xffRRGGBB."""
    wide, high = (max(1, round(side * ratio)) for side in (frame.body.width(), frame.body.height()))
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor(style.theme.surface_high))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ratio, ratio)
        painter.translate(-frame.body.topLeft())
        _paint_ellipses(painter, style, frame, found)
    bits: Any = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint32).reshape(high, -1)[:, :wide].copy()


def _paint_ellipses(painter: QPainter, style: Style, frame: LossFrame, found: Quadratic) -> None:
    """Level sets evenly apart, the lower the stronger in colour."""
    theme, body = style.theme, frame.body
    corner = float(np.hypot(body.width(), body.height())) / 2 / frame.scale
    levels = found.levels(corner)
    painter.fillRect(body, QColor(theme.surface_high))
    (x, y), = frame.pixels(found.minimum[None]).tolist()
    # The short axis is that of the largest curvature.
    painter.save()
    painter.translate(x, y)
    painter.rotate(-float(np.degrees(np.arctan2(found.axes[0, 1], found.axes[0, 0]))))
    painter.setPen(QPen(mixed(theme.surface_high, theme.isoline, 0.75), style.px(1)))
    for place, level in enumerate(levels[::-1].tolist()):
        short, long = (min(half * frame.scale, 40 * corner * frame.scale)
                       for half in found.half_axes(level))
        share = (place + 1) / (len(levels) + 1)
        painter.setBrush(mixed(theme.surface_high, theme.surface_low, share**1.3))
        painter.drawEllipse(QPointF(0, 0), short, long)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.restore()


def _paint_ends(painter: QPainter, style: Style, frame: LossFrame, found: Quadratic) -> None:
    """A cross at the minimum, a ring at the start."""
    (x, y), (sx, sy) = frame.pixels(np.stack([found.minimum, found.start])).tolist()
    arm = style.px(4)
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.4)))
    painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
    painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))
    painter.setPen(QPen(QColor(style.theme.text), style.px(1.6)))
    painter.setBrush(QColor(style.theme.card))
    painter.drawEllipse(QPointF(sx, sy), style.px(4), style.px(4))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_weights(painter: QPainter, style: Style, body: QRectF, found: Quadratic) -> None:
    """What the two axes are, in the corners where they end."""
    font, metrics = face(style, 12)
    if body.width() < style.px(150) or body.height() < style.px(96):
        return
    across, up = found.names
    painter.setFont(font)
    # On the darkest of the surface, too.
    painter.setPen(mixed(style.theme.quiet, style.theme.text, 0.5))
    painter.drawText(QPointF(body.left() + style.px(8), body.top() + style.px(6)
                             + metrics.ascent()), f"{up} ↑")
    painter.drawText(QPointF(body.left() + style.px(8), body.bottom() - style.px(8)), f"{across} →")
