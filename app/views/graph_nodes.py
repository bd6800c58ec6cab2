"""A graph's nodes: what each unit answers, as a map, a curve, an image of weights or a disc."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen
from pyqtgraph.functions import arrayToQPolygonF

from engine.decision_picture import shaded_each

from ..numbers import MINUS, number
from ..theme import Style, Theme, mixed
from .faces import face, width_of
from .signed import shades, tinted
from .trails import as_image

Grid = NDArray[np.float32]
CORNER = 5.0
CHIP, LONGEST = 11, 6
NOT_REACHED = 0.32


def scale_of(values: NDArray[np.floating]) -> float:
    """The value that has the full colour: the largest one, or less where few are as large."""
    finite = values[np.isfinite(values)]
    most = float(np.abs(finite).max(initial=0.0))
    if not 0 < most < 1e18:
        return 1.0
    return min(most, 2 * float(np.sqrt(np.mean(np.square(finite, dtype=np.float64)))))


def map_images(maps: Grid, size: int, theme: Theme, radius: float) -> list[QImage]:
    """Maps (u, r, c) as pictures of `size` pixels with round corners, all on one scale."""
    if not len(maps):
        return []
    scale = scale_of(maps)
    return _framed(shaded_each(maps, size, size, -scale, scale, shades(theme)), radius, theme)


def ink_image(values: NDArray[np.floating], low: float, high: float, size: int, theme: Theme,
              radius: float) -> QImage:
    """An image (h, w) of the data, its first row on top, from paper to ink."""
    ramp = np.array([mixed(theme.raised, theme.text, k / 254).rgba() for k in range(255)],
                    np.uint32)
    grid = np.ascontiguousarray(values[None, ::-1], np.float32)
    return _framed(shaded_each(grid, size, size, low, high, ramp), radius, theme)[0]


@lru_cache(maxsize=16)
def _edge(size: int, radius: float) -> tuple[NDArray[np.intp], Grid, Grid]:
    """Pixels of a square's rounded border: where they are, how full, and how much line they are."""
    middle = np.abs(np.arange(size) + 0.5 - size / 2)
    over = np.maximum(middle - (size / 2 - radius), 0.0)
    inside = radius - np.hypot(over[:, None], over[None])
    straight = size / 2 - np.maximum(middle[:, None], middle[None])
    inside = np.where((over[:, None] > 0) & (over[None] > 0), inside, straight)
    cover = np.clip(inside + 0.5, 0, 1).reshape(-1)
    line = np.clip(1.5 - inside, 0, 1).reshape(-1)
    at = np.flatnonzero((cover < 1) | (line > 0))
    return at, cover[at].astype(np.float32), line[at].astype(np.float32)


def _framed(pixels: NDArray[np.uint32], radius: float, theme: Theme) -> list[QImage]:
    """Opaque squares (u, s, s) in a hairline with round corners, premultiplied."""
    at, cover, line = _edge(pixels.shape[1], radius)
    flat = pixels.reshape(len(pixels), -1)
    channels = np.take(flat, at, axis=1).view(np.uint8).reshape(len(flat), len(at), 4).astype(
        np.float32)
    hairline = np.array([QColor(theme.hairline).rgba()], np.uint32).view(np.uint8)
    channels += (hairline - channels) * line[:, None]
    channels *= cover[:, None]
    channels += np.float32(0.5)
    flat[:, at] = channels.astype(np.uint8).view(np.uint32)[..., 0]
    return [as_image(picture, alpha=True) for picture in pixels]


def paint_ground(painter: QPainter, style: Style, rect: QRectF) -> None:
    """A node's quiet ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.raised))
    painter.drawRoundedRect(rect, style.px(CORNER), style.px(CORNER))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_curve(painter: QPainter, style: Style, rect: QRectF, values: NDArray[np.floating],
                scale: float, at: float | None) -> None:
    """What a unit answers along the only input, (n,), about a line at 0; a dot at a share of it."""
    paint_ground(painter, style, rect)
    painter.setPen(QPen(QColor(style.theme.quiet), 1, Qt.PenStyle.DotLine))
    middle = rect.center().y()
    painter.drawLine(QPointF(rect.left() + 2, middle), QPointF(rect.right() - 2, middle))
    pad = style.px(3)
    x = np.linspace(rect.left() + pad, rect.right() - pad, len(values))
    share = np.clip(np.nan_to_num(np.asarray(values, np.float64)) / scale, -1, 1)
    y = middle - share * (rect.height() / 2 - pad)
    painter.setPen(QPen(QColor(style.theme.text), max(1.0, style.px(1.3))))
    painter.drawPolyline(arrayToQPolygonF(x, y))
    if at is not None:
        height = float(np.interp(at * (len(y) - 1), np.arange(len(y)), y))
        paint_spot(painter, style, rect, (x[0] + at * (x[-1] - x[0]) - rect.left()) / rect.width(),
                   (height - rect.top()) / rect.height())


def paint_disc(painter: QPainter, style: Style, rect: QRectF, share: float) -> None:
    """A value by its share of the column's largest, as a disc in the colour of its sign."""
    paint_ground(painter, style, rect)
    painter.setBrush(tinted(style.theme, share, style.theme.raised))
    painter.setPen(QPen(QColor(style.theme.hairline), style.px(1)))
    radius = rect.width() / 2 - style.px(3)
    painter.drawEllipse(rect.center(), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_blank(painter: QPainter, style: Style, rect: QRectF) -> None:
    """A unit that this step's mask leaves out."""
    pen = QPen(QColor(style.theme.quiet), style.px(1))
    pen.setDashPattern([2.5, 2.5])
    painter.setPen(pen)
    painter.setBrush(QColor(style.theme.card))
    half = style.px(0.5)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), style.px(CORNER),
                            style.px(CORNER))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_frame(painter: QPainter, style: Style, rect: QRectF, color: QColor, width: float,
                out: float = 0.0) -> None:
    """A line around a node, `out` pixels outside it."""
    painter.setPen(QPen(color, width))
    reach = out - width / 2
    painter.drawRoundedRect(rect.adjusted(-reach, -reach, reach, reach), style.px(CORNER) + out,
                            style.px(CORNER) + out)


def paint_dead(painter: QPainter, style: Style, rect: QRectF) -> None:
    """A frame and a stroke through a unit that never answers."""
    warning = QColor(style.theme.warning)
    paint_frame(painter, style, rect, warning, style.px(1.6))
    inset = 0.2 * rect.width()
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.setPen(QPen(warning, style.px(1.6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(inner.bottomLeft(), inner.topRight())


def paint_spot(painter: QPainter, style: Style, rect: QRectF, across: float, down: float) -> None:
    """Where an example lies on a map."""
    painter.setPen(QPen(QColor(style.theme.card), style.px(1.2)))
    painter.setBrush(QColor(style.theme.text))
    radius = style.px(2.6)
    inner = rect.adjusted(radius, radius, -radius, -radius)
    painter.drawEllipse(QPointF(
        min(max(rect.left() + across * rect.width(), inner.left()), inner.right()),
        min(max(rect.top() + down * rect.height(), inner.top()), inner.bottom())), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def brief(value: float) -> str:
    """A number in the room that a chip has."""
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    for digits in (2, 1):
        text = number(value, digits)
        if len(text) <= LONGEST:
            return text
    return "≈ 0" if abs(value) < 1 else text


def paint_chips(painter: QPainter, style: Style, nodes: Sequence[QRectF],
                values: Sequence[float], scale: float, *, gradient: bool) -> None:
    """Each node's number at its right, on a chip in the colour of its sign; gradients in a frame.
    """
    font, metrics = face(style, CHIP, 500, True)
    painter.setFont(font)
    height = metrics.height()
    accent = QColor(style.theme.accent)
    for rect, value in zip(nodes, values, strict=True):
        text = brief(float(value))
        chip = QRectF(rect.right() + style.px(4), rect.center().y() - height / 2,
                      width_of(style, text, CHIP, 500, True) + style.px(8), height)
        share = 0.38 * min(max(value / scale, -1.0), 1.0) if value == value else 0.0
        painter.setPen(QPen(accent, style.px(1.4)) if gradient else Qt.PenStyle.NoPen)
        painter.setBrush(tinted(style.theme, share, style.theme.card))
        painter.drawRoundedRect(chip, style.px(4), style.px(4))
        painter.setPen(QColor(style.theme.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)

