"""The training rows after each step of preprocessing: points, their mean, and where they spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.data import Data
from engine.data.stages import Stage
from engine.network.even_rows import spread_rows

from ..numbers import number
from ..theme import Style, mixed
from .dots import Dots
from .faces import face, width_of
from .plot import Array, round_corners, tick_spacing

NAMES = {None: "Raw", "center": "Centred", "scale": "Scaled", "whiten": "Whitened"}
HEAD, FOOT = 22.0, 20.0
MOST_DOTS, DOT = 400, 2.1
# Ellipses hold what lies within so many standard deviations.
DEVIATIONS = 2.0
# Stages whose sizes differ more than so often are shown each in a unit of its own.
ONE_UNIT = 8.0
# Zero is in the picture where it is not farther from the points than so many of their radii.
NEAR = 6.0
# Colours of a regression's targets, from the first class's to the second's.
SHADES = 12


@dataclass(frozen=True, eq=False)
class Rows:
    """What is drawn of every stage: which rows (m,), the numbers of their colours (m,), and for a
    single input how high each lies (m,), from 0 to 1."""

    places: NDArray[np.int64]
    numbers: NDArray[np.int64]
    heights: Array
    classes: bool


def rows_of(data: Data) -> Rows:
    """An even share of the training rows."""
    places = spread_rows(len(data.train_x), MOST_DOTS)
    y = data.train_y[places]
    if data.task == "classes":
        # Rows of a class have a lane to themselves, in which they lie as they come.
        inside = (np.arange(len(y)) * 0.618034) % 1.0
        heights = (y + 0.15 + 0.7 * inside) / len(data.classes)
        return Rows(places, y.astype(np.int64), heights, True)
    y = (y[:, 0] if y.ndim > 1 else y).astype(float)
    share = (y - y.min()) / max(float(np.ptp(y)), 1e-300)
    return Rows(places, np.rint(share * (SHADES - 1)).astype(np.int64), share, False)


def colors_of(style: Style, rows: Rows) -> list[QColor]:
    """A colour a class, or the shades of a regression."""
    if rows.classes:
        return [style.class_color(k) for k in range(int(rows.numbers.max(initial=0)) + 1)]
    first, second = style.theme.classes[:2]
    return [mixed(first, second, place / (SHADES - 1)) for place in range(SHADES)]


@dataclass(frozen=True)
class CloudFrame:
    """What a stage's panel shows: its middle and how many pixels a unit has, (x, y) each."""

    body: QRectF
    middle: tuple[float, float]
    scale: tuple[float, float]
    near: bool
    """Whether 0 is in the picture."""

    def pixels(self, points: Array) -> Array:
        """Points (n, 2) as pixels (n, 2)."""
        centre = np.array([self.body.center().x(), self.body.center().y()])
        factors = np.array([self.scale[0], -self.scale[1]])
        return (points - np.array(self.middle)) * factors + centre


def frames(stages: Sequence[Stage], bodies: Sequence[QRectF], style: Style) -> list[CloudFrame]:
    """Panels with one unit for all stages and both axes, as far as their sizes allow."""
    extents = [_extent(stage) for stage in stages]
    sizes = [max(high[0] - low[0], high[1] - low[1]) for low, high, _ in extents]
    alike = max(sizes) <= ONE_UNIT * min(sizes)
    pad = style.px(10)
    scales = [min((body.width() - 2 * pad) / (high[0] - low[0]),
                  (body.height() - 2 * pad) / (high[1] - low[1]))
              for (low, high, _), body in zip(extents, bodies, strict=True)]
    found = []
    for stage, (low, high, near), body, own in zip(stages, extents, bodies, scales, strict=True):
        across = max(min(scales) if alike else own, 1e-290)
        # The height of a single input's rows is that of the panel.
        up = (body.height() - 2 * pad) if stage.points.shape[1] == 1 else across
        found.append(CloudFrame(body, ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2),
                                (across, max(up, 1.0)), near))
    return found


def _extent(stage: Stage) -> tuple[Array, Array, bool]:
    """The lowest and highest corner (2,) of what is shown, and whether 0 is in it."""
    points = stage.points
    # The ellipse may reach beyond the points.
    reach = DEVIATIONS * np.sqrt(np.diag(stage.covariance))
    low, high = np.minimum(points.min(0), stage.mean - reach), np.maximum(
        points.max(0), stage.mean + reach)
    half = max(float((high - low).max()) / 2, 1e-12)
    near = bool(np.abs((low + high) / 2).max() <= NEAR * half)
    if near:
        low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    if len(low) == 1:
        low, high = np.array([low[0], 0.0]), np.array([high[0], 1.0])
    flat = high - low < 1e-3 * half
    return np.where(flat, low - half, low), np.where(flat, high + half, high), near


def words_of(stage: Stage) -> tuple[str, ...]:
    """Spread and correlation in words, the longest first."""
    std = np.sqrt(np.diag(stage.covariance))
    mean = ", ".join(_plain(value) for value in stage.mean)
    spread = ", ".join(number(float(value), 2) for value in std)
    if len(std) == 1:
        return f"mean {mean}   std {spread}", f"{mean} ± {spread}"
    both = float(std[0] * std[1])
    r = f"r {_plain(float(stage.covariance[0, 1]) / both)}" if both > 0 else "r undefined"
    return (f"mean {mean}   std {spread}   {r}", f"std {spread}   {r}", r)


def _plain(value: float) -> str:
    """Two digits behind the point at most; what is nearly 0 is 0."""
    return number(round(float(value), 2) + 0.0, 2)


def paint_cloud(painter: QPainter, style: Style, frame: CloudFrame, stage: Stage, rows: Rows,
                dots: Dots) -> None:
    """A stage in its panel."""
    body = frame.body
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.raised))
    painter.drawRect(body)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if body.width() < style.px(24) or body.height() < style.px(24):
        return
    painter.save()
    painter.setClipRect(body, Qt.ClipOperation.IntersectClip)
    _paint_zero(painter, style, frame, stage)
    alone = stage.points.shape[1] == 1
    points = stage.points[rows.places]
    if alone:
        points = np.stack([points[:, 0], rows.heights], axis=1)
    dots.paint(painter, frame.pixels(points), rows.numbers, colors_of(style, rows),
               style.px(DOT), QColor(style.theme.raised))
    _paint_spread(painter, style, frame, stage)
    painter.restore()
    paint_scale_bar(painter, style, body, frame.scale[0], QColor(style.theme.raised))
    round_corners(painter, body, style.px(8), QColor(style.theme.card))


def paint_heading(painter: QPainter, style: Style, rect: QRectF, stage: Stage) -> None:
    """A panel's name above it, and the two inputs it shows where there is room."""
    font, metrics = face(style, 13, 600)
    name = NAMES[stage.step]
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    baseline = rect.top() + metrics.ascent()
    painter.drawText(QPointF(rect.left(), baseline), name)
    said = " and ".join(stage.names)
    if len(stage.names) == 2 and stage.step == "whiten":
        said = "turned and scaled"
    room = rect.width() - metrics.horizontalAdvance(name) - style.px(10)
    wide = width_of(style, said, 12, tabular=True)
    if wide <= room:
        painter.setFont(face(style, 12, tabular=True)[0])
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(rect.right() - wide, baseline), said)


def paint_footing(painter: QPainter, style: Style, body: QRectF, texts: Sequence[str]) -> None:
    """The longest of the texts that fits, in the middle below a panel."""
    font, metrics = face(style, 12, tabular=True)
    text = next((text for text in texts if metrics.horizontalAdvance(text) <= body.width()), "")
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    left = body.center().x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, body.bottom() + style.px(3) + metrics.ascent()), text)


def _paint_zero(painter: QPainter, style: Style, frame: CloudFrame, stage: Stage) -> None:
    """The axes through 0, or where that is far away a word for it."""
    body = frame.body
    if not frame.near:
        painter.setFont(face(style, 12)[0])
        painter.setPen(QColor(style.theme.quiet))
        corner = QPointF(style.px(7), style.px(5) + face(style, 12)[1].ascent())
        painter.drawText(body.topLeft() + corner, "0 is far off")
        return
    (x, y), = frame.pixels(np.zeros((1, 2))).tolist()
    painter.setPen(QPen(mixed(style.theme.raised, style.theme.quiet, 0.55), style.px(1)))
    painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom()))
    if stage.points.shape[1] == 2:
        painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))


def _paint_spread(painter: QPainter, style: Style, frame: CloudFrame, stage: Stage) -> None:
    """The mean as a dot, and an ellipse of two standard deviations with its axes."""
    ink, halo = QColor(style.theme.text), QColor(style.theme.raised)
    std, axes = stage.axes
    alone = len(std) == 1
    mean = np.array([stage.mean[0], 0.5]) if alone else stage.mean
    (x, y), = frame.pixels(mean[None]).tolist()
    reach = DEVIATIONS * std * frame.scale[0]
    for color, wide in ((halo, 4.0), (ink, 1.6)):
        painter.setPen(QPen(color, style.px(wide)))
        painter.save()
        painter.translate(x, y)
        painter.rotate(0.0 if alone else -float(np.degrees(np.arctan2(axes[0, 1], axes[0, 0]))))
        painter.drawLine(QPointF(-reach[0], 0), QPointF(reach[0], 0))
        if alone:
            for end in (-reach[0], reach[0]):
                painter.drawLine(QPointF(end, -style.px(4)), QPointF(end, style.px(4)))
        else:
            painter.drawLine(QPointF(0, -reach[1]), QPointF(0, reach[1]))
            painter.drawEllipse(QPointF(0, 0), reach[0], reach[1])
        painter.restore()
    painter.setPen(QPen(halo, style.px(1.5)))
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(x, y), style.px(4), style.px(4))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_scale_bar(painter: QPainter, style: Style, body: QRectF, scale: float, ground: QColor
                    ) -> None:
    """How long a round number is, in the lower right corner of a panel of a ground's colour."""
    if body.width() < style.px(96) or body.height() < style.px(72):
        return
    length = tick_spacing(0.0, body.width() / scale, body.width(), 0.13 * body.width())
    text, (font, metrics) = number(length), face(style, 12, tabular=True)
    wide, right = length * scale, body.right() - style.px(9)
    text_wide = metrics.horizontalAdvance(text)
    foot = body.bottom() - style.px(8)
    back = QRectF(right - max(wide, text_wide) - style.px(4), foot - metrics.height() - style.px(3),
                  max(wide, text_wide) + style.px(8), metrics.height() + style.px(7))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.setOpacity(0.8)
    painter.drawRoundedRect(back, style.px(4), style.px(4))
    painter.setOpacity(1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1.5)))
    painter.drawLine(QPointF(right - wide, foot), QPointF(right, foot))
    painter.setFont(font)
    painter.drawText(QPointF(right - wide / 2 - text_wide / 2 if wide >= text_wide else
                             right - text_wide, foot - style.px(4)), text)
