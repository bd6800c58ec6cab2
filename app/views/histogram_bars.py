"""Histograms as bars, and as strips of ridges where there are too many for bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen
from pyqtgraph.Qt.internals import PrimitiveArray

from engine.network.layer_spread import Column

from ..theme import Style, mixed
from .trails import as_image

Exact = NDArray[np.float64]

# How much of its colour a bar of saturated numbers keeps.
PALE = 0.5
# A flat distribution fills this part of a panel; what is higher than the panel is cut, and said so.
FLAT_LEVEL = 0.4
ROOM_ABOVE = 1.3


def shares(column: Column) -> tuple[Exact, Exact]:
    """The bins' shares of all finite numbers, and those of the saturated ones, (bins,) each."""
    total = max(column.total, 1)
    return column.histogram.counts / total, column.flat / total


def top_of(columns: Sequence[Column], logarithmic: bool) -> tuple[float, float]:
    """The shares at a panel's floor and at its top, one scale for all columns.

    Linear scales begin at 0, and end above the usual column: half of all have their highest bar
    lower (saturated numbers aside). Logarithmic ones go from half a number to the highest bar.
    """
    highest, usual, fewest = 0.0, [], 1.0
    for column in columns:
        every, flat = shares(column)
        highest = max(highest, float(every.max(initial=0.0)))
        usual.append(float((every - flat).max(initial=0.0)))
        fewest = min(fewest, 0.5 / max(column.total, 1))
    if logarithmic:
        return fewest, max(highest, 2 * fewest)
    bins = len(columns[0].histogram.counts) if columns else 1
    return 0.0, min(max(ROOM_ABOVE * float(np.median(usual)), 1 / (FLAT_LEVEL * bins)),
                    max(1.08 * highest, 1e-9))


def heights(values: Exact, scale: tuple[float, float], logarithmic: bool) -> Exact:
    """Shares as parts of a panel's height, above 1 where they are cut."""
    low, high = scale
    if not logarithmic:
        return np.asarray(values / high)
    with np.errstate(divide="ignore"):
        found = np.log(values / low) / np.log(high / low)
    return np.maximum(found, 0.0)


def paint_bars(painter: QPainter, style: Style, cells: Sequence[QRectF],
               columns: Sequence[Column], scale: tuple[float, float], color: QColor,
               logarithmic: bool, ratio: float) -> None:
    """One network's histograms, with saturated numbers on top of the others and paler."""
    pale, full, cuts = [], [], []
    for cell, column in zip(cells, columns, strict=True):
        every, flat = shares(column)
        whole, rest = (heights(part, scale, logarithmic) for part in (every, every - flat))
        inset = style.px(6) if cell.width() > style.px(40) else 0.0
        # Whole pixels a bar, where there is one to each.
        wide = (cell.width() - inset) * ratio / len(every)
        wide = max(wide if wide < 1 else np.floor(wide), 1e-6) / ratio
        left = cell.center().x() - wide * len(every) / 2
        edges = np.round(left * ratio) / ratio + wide * np.arange(len(every) + 1)
        between = 1 / ratio if wide * ratio >= 3 else 0.0
        pale.append(_bars(edges, between, np.where(flat > 0, whole, 0.0), cell, ratio))
        full.append(_bars(edges, between, rest, cell, ratio))
        cut = np.flatnonzero(whole > 1.0)
        cuts += [(edges[k], edges[k + 1], cell.top()) for k in cut]
    painter.setPen(Qt.PenStyle.NoPen)
    # Bars lie on whole pixels; with smooth polygons a frame took 4.8 ms and not 2.2.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for parts, ink in ((pale, mixed(style.theme.raised, color.name(), PALE)), (full, color)):
        found = np.concatenate(parts)
        rects = PrimitiveArray(QRectF, 4)
        rects.resize(len(found))
        rects.ndarray()[:] = found
        painter.setBrush(ink)
        painter.drawRects(*rects.drawargs())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    # A slanted gap says that a bar goes on.
    painter.setPen(QPen(QColor(style.theme.raised), style.px(2)))
    for left, right, top in cuts:
        painter.drawLine(QPointF(left - 1, top + style.px(9)),
                         QPointF(right + 1, top + style.px(5)))


def _bars(edges: Exact, between: float, tall: Exact, cell: QRectF, ratio: float) -> Exact:
    """The bars that are there: left, top, width and height, (n, 4)."""
    floor = round(cell.bottom() * ratio) / ratio
    high = np.clip(tall, 0.0, 1.0) * cell.height()
    # What is there is seen.
    high = np.where(tall > 0, np.maximum(np.round(high * ratio), 1.0) / ratio, 0.0)
    wide = np.diff(edges) - between
    return np.stack([edges[:-1], floor - high, wide, high], axis=1)[tall > 0]


def strip(columns: Sequence[Column], scale: tuple[float, float], color: QColor, style: Style,
          logarithmic: bool) -> QImage:
    """A network as a picture with a column a layer, large numbers at the top, dark where many are.
    """
    found = np.stack([heights(shares(column)[0], scale, logarithmic) for column in columns], axis=1)
    ground = np.array(QColor(style.theme.raised).getRgb()[:3], float)
    ink = np.array(color.getRgb()[:3], float)
    # The root shows thin sides as well as the ridge.
    share = np.sqrt(np.clip(found[::-1], 0.0, 1.0))[..., None]
    rgb = np.round(ground + (ink - ground) * share).astype(np.uint32)
    return as_image(0xFF000000 | rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2], alpha=False)


def paint_dead(painter: QPainter, style: Style, cell: QRectF, column: Column) -> None:
    """A line along the floor, as long as the share of dead units."""
    dead = column.histogram.dead / max(column.histogram.units, 1)
    if dead:
        thick = style.px(3) if cell.width() > style.px(20) else style.px(2)
        painter.fillRect(QRectF(cell.left(), cell.bottom() - thick, cell.width() * dead, thick),
                         QColor(style.theme.warning))
