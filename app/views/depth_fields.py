"""What happened in every layer over a run, as a band a layer or as heat.

Of the spread, a band goes from one std below the mean to one above it, on one scale for all layers
and networks, and is paler where more is saturated. Of any other number it is a ridge that stands on
0. Where stds differ by powers of ten, or rows are too low, heat shows them on a logarithmic scale;
shares and means are shown in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.depth_series import DepthTable

from ..theme import Style
from .histogram_bars import PALE
from .trails import as_image, device_ratio

Exact = NDArray[np.float64]
ToX = Callable[[Exact], Exact]

# Bands of stds further apart than this would be lines.
DECADES_APART = 25.0
LEAST_BAND = 13.0
SHARES = ("saturated", "dead", "sparse")


@dataclass(frozen=True)
class FieldScale:
    """What is shown, and its range: of bands (low, high), or of what `heat` shows."""

    statistic: str
    heat: bool
    low: float
    high: float


def field_scale(tables: Sequence[DepthTable], row: float, style: Style, statistic: str = "spread",
                over_time: str | None = None) -> FieldScale:
    """One scale for all networks, whose rows are `row` pixels high; NaN is left out."""
    low_rows = row < style.px(LEAST_BAND)
    if statistic in SHARES:
        return FieldScale(statistic, over_time == "heat" or (over_time is None and low_rows),
                          0.0, 1.0)
    stds = np.concatenate([table.std.ravel() for table in tables] or [np.empty(0)])
    stds = stds[np.isfinite(stds) & (stds > 0)]
    smallest, largest = (float(stds.min()), float(stds.max())) if len(stds) else (1.0, 1.0)
    heat = over_time == "heat" or (over_time is None and (
        low_rows or statistic != "mean" and largest > DECADES_APART * smallest))
    if statistic == "std" or heat and statistic == "spread":
        return FieldScale(statistic, heat, smallest if heat else 0.0, largest)
    low = high = 0.0
    for table in tables:
        reach = table.std if statistic == "spread" else 0.0
        low = min(low, float(np.nanmin(table.mean - reach, initial=0.0)))
        high = max(high, float(np.nanmax(table.mean + reach, initial=0.0)))
    # Zero in the middle, where it nearly is.
    if 0 < -low < 2 * high < -4 * low:
        high = max(high, -low)
        low = -high
    return FieldScale(statistic, heat, low, high if high > low else low + 1.0)


def paint_field(painter: QPainter, style: Style, table: DepthTable, rect: QRectF, until: float,
                to_x: ToX, scale: FieldScale, color: QColor) -> None:
    """One network in `rect`, layer 1 at the top; the last look holds up to the pixel `until`."""
    rows = len(table.names)
    gap = style.px(3) if rect.height() / rows >= style.px(LEAST_BAND) else 0.0
    if scale.heat:
        _paint_heat(painter, style, table, rect, until, to_x, scale, color, gap)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    for place in range(rows):
        row = row_of(rect, rows, place, gap)
        painter.setBrush(QColor(style.theme.raised))
        painter.drawRoundedRect(row, style.px(3), style.px(3))
        _paint_band(painter, style, table, place, row, until, to_x, scale, color)


def row_of(rect: QRectF, rows: int, place: int, gap: float) -> QRectF:
    """Where a layer's row is."""
    share = rect.height() / rows
    return QRectF(rect.left(), rect.top() + place * share, rect.width(), share - gap)


def _paint_band(painter: QPainter, style: Style, table: DepthTable, place: int, row: QRectF,
                until: float, to_x: ToX, scale: FieldScale, color: QColor) -> None:
    """One layer's band, worked out pixel by pixel.

    A view of three networks takes 3 ms so, and 12 with polygons that Qt fills with gradients.
    """
    spread = scale.statistic == "spread"
    values = (table.mean if spread else getattr(table, scale.statistic))[:, place]
    reach = table.std[:, place] if spread else np.zeros(len(values))
    finite = np.isfinite(values) & np.isfinite(reach)
    if not finite.any():
        return
    known = to_x(table.steps[finite].astype(float))
    right = max(until, known[-1] + 1) if finite[-1] else known[-1]
    ratio = device_ratio(painter)
    columns = max(1, round((right - known[0]) * ratio))
    x = known[0] + (np.arange(columns) + 0.5) / ratio
    pale = table.saturated[:, place] if spread else np.zeros(len(values))
    middle, reach, pale = (np.interp(x, known, part[finite]) for part in (
        values, reach, np.nan_to_num(pale)))
    upper, lower = (middle + reach, middle - reach) if spread else (
        np.maximum(middle, 0), np.minimum(middle, 0))
    inner = row.adjusted(0, style.px(1), 0, -style.px(1))

    def height(values: Exact) -> Exact:
        share = (values - scale.low) / (scale.high - scale.low)
        return np.asarray((inner.bottom() - np.clip(share, 0, 1) * inner.height()) * ratio)

    top, foot = height(upper), height(lower)
    # Never thinner than a line.
    thin = np.maximum(style.px(1.4) * ratio - (foot - top), 0) / 2
    top, foot = top - thin, foot + thin
    first = int(np.floor(top.min()))
    y = np.arange(first, int(np.ceil(foot.max())), dtype=np.float32)[:, None]
    inked = _covered(y, top, foot)
    if spread and row.height() >= style.px(18):
        half = style.px(0.6) * ratio
        inked *= 1 - _covered(y, height(middle) - half, height(middle) + half)
    ground = np.array(QColor(style.theme.raised).getRgb()[:3], np.float32)
    ink = np.array(color.getRgb()[:3], np.float32)
    faded = ((1 - PALE / 2) * pale).astype(np.float32)
    words = np.full(inked.shape, 0xFF000000, np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        tint = (1 - faded) * (ink[channel] - ground[channel])
        words |= (ground[channel] + tint * inked + 0.5).astype(np.uint32) << np.uint32(shift)
    image = as_image(words)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(known[0], first / ratio), image)


def _covered(y: NDArray[np.float32], top: Exact, foot: Exact) -> NDArray[np.float32]:
    """How much of each pixel from y (h, 1) to y + 1 lies between tops and feet (w,), (h, w)."""
    top, foot = top.astype(np.float32), foot.astype(np.float32)
    return np.clip(np.minimum(y + 1, foot) - np.maximum(y, top), 0, 1)


def heat_share(std: Exact, scale: FieldScale) -> Exact:
    """How strong the colour of a std is, from 0.12 (the smallest) to 1; NaN of NaN, 0 of 0."""
    span = log(scale.high / scale.low) if scale.high > scale.low else inf
    with np.errstate(divide="ignore"):
        share = 0.12 + 0.88 * np.log(std / scale.low) / span if span < inf else np.ones_like(std)
    return np.where(std > 0, np.clip(share, 0.0, 1.0), np.where(np.isnan(std), np.nan, 0.0))


def strengths(table: DepthTable, scale: FieldScale) -> Exact:
    """How strong the colour of each look into each layer is, from −1 (negative) to 1, (K, B)."""
    if scale.statistic in SHARES:
        values: Exact = getattr(table, scale.statistic)
        return np.where(values > 0, 0.12 + 0.88 * values, 0.0)
    if scale.statistic == "mean":
        return np.clip(np.nan_to_num(table.mean) / max(-scale.low, scale.high), -1, 1)
    return np.nan_to_num(heat_share(table.std, scale))


def _paint_heat(painter: QPainter, style: Style, table: DepthTable, rect: QRectF, until: float,
                to_x: ToX, scale: FieldScale, color: QColor, gap: float) -> None:
    painter.fillRect(rect, QColor(style.theme.raised))
    starts = to_x(table.steps.astype(float))
    columns = max(1, round(until - rect.left()))
    centres = rect.left() + np.arange(columns) + 0.5
    looks = np.clip(np.searchsorted(starts, centres, side="right") - 1, 0, None)
    share = strengths(table, scale)[looks].T[..., None]
    ground = np.array(QColor(style.theme.raised).getRgb()[:3], float)
    ink = np.array(color.getRgb()[:3], float)
    grey = np.array(QColor(style.theme.quiet).getRgb()[:3], float)
    rgb = np.round(ground + (np.where(share < 0, grey, ink) - ground) * np.abs(share)
                   ).astype(np.uint32)
    image = as_image(np.ascontiguousarray(
        0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]))
    painter.drawImage(QRectF(rect.left(), rect.top(), columns, rect.height()), image)
    if gap:
        for place in range(1, len(table.names)):
            foot = rect.top() + place * rect.height() / len(table.names)
            painter.fillRect(QRectF(rect.left(), foot - gap, rect.width(), gap),
                             QColor(style.theme.card))
