"""A graph's edges: coloured by the weights' signs, as thick as they are large, and what runs along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.edges import lay_edges

from ..theme import Style
from .graph_layout import NodeColumn
from .signed import signed
from .small_axes import Array
from .trails import as_image, device_ratio, is_raster, rgb

THIN, WIDE = 0.7, 3.4
FAINT, FULL = 0.16, 0.9
# A gap that the numbers are not passing, and edges that are not of the unit looked at.
ASIDE, OTHERS, OTHERS_PASSED = 0.3, 0.16, 0.5
DOT, LEAST_DOT = 5.0, 0.04


@dataclass(frozen=True, eq=False)
class Gap:
    """What joins two neighbouring columns.

    `weights` (t, s) are between the shown units, `drawn` (t, s) says which have an edge, and
    `strength` (t, s) is their size by that of the largest. `plain` edges have no sign.
    """

    before: NodeColumn
    after: NodeColumn
    weights: Array
    strength: Array
    drawn: NDArray[np.bool_]
    plain: bool = False


@dataclass(frozen=True, eq=False)
class Strand:
    """A gap's edges, the weakest first: `ends` (E, 4), which (t, s) they are, and how they look."""

    gap: Gap
    ends: Array
    targets: NDArray[np.intp]
    sources: NDArray[np.intp]
    widths: Array
    opacity: Array


def strand(style: Style, gap: Gap, presence: float, unit: tuple[int, int] | None,
           others: float = OTHERS) -> Strand:
    """How a gap is drawn; `unit` (column, unit) is the one whose edges stand out from `others`."""
    targets, sources = np.nonzero(gap.drawn)
    share = gap.strength[targets, sources]
    mine = np.ones(len(share), bool)
    if unit is not None:
        number, which = unit
        if number == gap.before.number and which in gap.before.units:
            mine = sources == gap.before.units.index(which)
        elif number == gap.after.number and which in gap.after.units:
            mine = targets == gap.after.units.index(which)
        else:
            unit = None
    order = np.lexsort((share, mine))
    targets, sources, share, mine = targets[order], sources[order], share[order], mine[order]
    left = np.array([[r.right(), r.center().y()] for r in gap.before.nodes]).reshape(-1, 2)
    right = np.array([[r.left(), r.center().y()] for r in gap.after.nodes]).reshape(-1, 2)
    ends = np.concatenate([left[sources], right[targets]], axis=1)
    opacity = (FAINT + (FULL - FAINT) * share) * presence
    if unit is not None:
        opacity = np.where(mine, np.maximum(opacity, 0.35 * presence), opacity * others)
    return Strand(gap, ends, targets, sources, style.px(THIN) + style.px(WIDE - THIN) * share,
                  opacity)


class Desk:
    """Memory for a picture, used again from frame to frame: new memory takes longer than edges do.
    """

    def __init__(self) -> None:
        self._pixels = np.empty((0, 0), np.uint32)

    def picture(self, rows: int, columns: int, color: int) -> NDArray[np.uint32]:
        """A picture of one colour, valid until the next one is asked for."""
        if self._pixels.shape != (rows, columns):
            self._pixels = np.empty((rows, columns), np.uint32)
        self._pixels.fill(color)
        return self._pixels


def paint_strands(painter: QPainter, style: Style, body: QRectF, strands: Sequence[Strand],
                  desk: Desk) -> None:
    """Draw all edges: as one picture on screens and in films, as paths where vectors are kept."""
    strands = [entry for entry in strands if len(entry.ends)]
    if not strands:
        return
    if is_raster(painter):
        _paint_picture(painter, style, body, strands, desk)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for entry in strands:
        colors = _colors(style, entry)
        for (x0, y0, x1, y1), width, color, opacity in zip(
                entry.ends.tolist(), entry.widths.tolist(), colors, entry.opacity.tolist(),
                strict=True):
            path = QPainterPath(QPointF(x0, y0))
            middle = (x1 - x0) / 3
            path.cubicTo(x0 + middle, y0, x1 - middle, y1, x1, y1)
            color.setAlphaF(min(opacity, 1.0))
            painter.setPen(QPen(color, width))
            painter.drawPath(path)


def _paint_picture(painter: QPainter, style: Style, body: QRectF, strands: Sequence[Strand],
                   desk: Desk) -> None:
    every = np.concatenate([entry.ends for entry in strands])
    left, right = float(every[:, 0].min()), float(every[:, 2].max())
    ratio = device_ratio(painter)
    box = QRectF(int(left), body.top(), int(right) + 1 - int(left), body.height())
    picture = desk.picture(max(round(box.height() * ratio), 1), max(round(box.width() * ratio), 1),
                           QColor(style.theme.card).rgba())
    origin = np.array([box.left(), box.top()])
    for entry in strands:
        ends = np.empty((len(entry.ends), 5))
        ends[:, :2] = (entry.ends[:, :2] - origin) * ratio
        ends[:, 2:4] = (entry.ends[:, 2:] - origin) * ratio
        ends[:, 4] = entry.widths * ratio
        colors = np.empty((len(ends), 4))
        negative, positive = (np.array(rgb(color)) for color in _pair(style, entry.gap))
        weights = entry.gap.weights[entry.targets, entry.sources]
        colors[:, :3] = np.where(weights[:, None] < 0, negative, positive)
        colors[:, 3] = np.minimum(entry.opacity, 1.0)
        wide = ends[:, 2] > ends[:, 0]
        lay_edges(ends[wide], colors[wide], picture)
    image = as_image(picture)
    painter.drawImage(box, image)


def _pair(style: Style, gap: Gap) -> tuple[QColor, QColor]:
    """The colours of a gap's negative and positive edges."""
    if gap.plain:
        return QColor(style.theme.quiet), QColor(style.theme.quiet)
    return signed(style.theme, -1), signed(style.theme, 1)


def _colors(style: Style, entry: Strand) -> list[QColor]:
    negative, positive = _pair(style, entry.gap)
    weights = entry.gap.weights[entry.targets, entry.sources]
    return [QColor(negative if weight < 0 else positive) for weight in weights.tolist()]


def paint_pulses(painter: QPainter, style: Style, entry: Strand, carried: Array, share: float
                 ) -> None:
    """Dots that carry `carried` (t, s), `share` of the way from the left ends to the right ones."""
    values = carried[entry.targets, entry.sources]
    values = np.where(np.isfinite(values), values, 0.0)
    most = float(np.abs(values).max(initial=0.0))
    if most == 0:
        return
    bend = share * share * (3 - 2 * share)
    x = entry.ends[:, 0] + (entry.ends[:, 2] - entry.ends[:, 0]) * share
    y = entry.ends[:, 1] + (entry.ends[:, 3] - entry.ends[:, 1]) * bend
    painter.setPen(Qt.PenStyle.NoPen)
    for place in np.argsort(np.abs(values)):
        strength = abs(float(values[place])) / most
        if strength < LEAST_DOT:
            continue
        painter.setBrush(QColor(style.theme.quiet) if entry.gap.plain
                         else signed(style.theme, float(values[place])))
        radius = style.px(1.2 + (DOT - 1.2) * strength**0.5)
        painter.drawEllipse(QPointF(float(x[place]), float(y[place])), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
