"""Curves of a loss along lines through weight space: training rows solid, test rows dashed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen
from pyqtgraph.functions import arrayToQPath, arrayToQPolygonF

from engine.dashes import dashes
from engine.landscape.sections import Section

from ..numbers import number
from ..theme import Style
from .faces import face, width_of
from .heads import short
from .markers import draw_marker
from .plot import Array, tick_spacing
from .quiet_axes import ticks
from .slice_cuts import STRIP, paint_cuts
from .small_axes import SmallAxes, paint_bottom, paint_left, tick_height
from .view import Appearance

LEFT, CAPTION, LEGEND, GAP = 50.0, 24.0, 24.0, 18.0
# The share of a view that its legend may take.
MOST_LEGEND = 0.25
DASH, SPACE = 6.0, 4.0
WIDTH = 2.0


@dataclass(frozen=True, eq=False)
class Panel:
    """One plot: what is along it, in words from most to fewest, and the curves with whose they are.
    """

    captions: tuple[str, ...]
    curves: tuple[tuple[Appearance, Section], ...]

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the lines go."""
        lines = [section.train.at for _, section in self.curves]
        return min(float(at[0]) for at in lines), max(float(at[-1]) for at in lines)


def heights_of(panels: Sequence[Panel]) -> tuple[float, float]:
    """The losses that all panels show alike: from 0 up to where curves leave the middle part.

    What rises without end at the borders would squeeze flat what is between; it is cut, and marked.
    """
    found = [line.loss for panel in panels for _, section in panel.curves
             for line in (section.train, section.test) if line is not None]
    every = np.concatenate(found)
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.0, 1.0
    low, high = min(float(every.min()), 0.0), float(np.quantile(every, 0.93))
    high = max(high, low + 1e-6)
    unit = tick_spacing(low, high, 1.0, 0.2)
    return float(np.floor(low / unit) * unit), float(np.ceil(high / unit) * unit)


def paint_panels(painter: QPainter, style: Style, rect: QRectF, panels: Sequence[Panel],
                 scale: tuple[float, float] | None = None) -> tuple[SmallAxes, ...]:
    """All panels beside each other, or one below the other where that is narrow; their axes.

    `scale` are the lowest and highest loss, without it those of the curves.
    """
    y = scale or heights_of(panels)
    beside = rect.width() >= 1.1 * rect.height() or len(panels) == 1
    gap, count = style.px(GAP), len(panels)
    wide = (rect.width() - (count - 1) * gap) / count if beside else rect.width()
    high = rect.height() if beside else (rect.height() - (count - 1) * gap) / count
    placed, captions = [], _captions(style, panels, wide)
    for place, panel in enumerate(panels):
        left = rect.left() + (place * (wide + gap) if beside else 0)
        top = rect.top() + (0 if beside else place * (high + gap))
        outer = QRectF(left, top, wide, high)
        below = tick_height(style) + style.px(CAPTION - 4)
        body = QRectF(outer.adjusted(
            style.px(LEFT), style.px(STRIP), -style.px(8), -below).toRect())
        axes = SmallAxes(body, panel.span, y)
        if min(body.width(), body.height()) > style.px(30):
            _paint_panel(painter, style, outer, axes, panel, captions[place])
        placed.append(axes)
    return tuple(placed)


def _captions(style: Style, panels: Sequence[Panel], room: float) -> Sequence[str]:
    """The panels' captions, all in as many words as there is room for beside each other."""
    trials = list(zip(*(panel.captions for panel in panels), strict=True))
    return next((trial for trial in trials
                 if max(width_of(style, words, 12) for words in trial) <= room - style.px(8)),
                trials[-1])


def _paint_panel(painter: QPainter, style: Style, outer: QRectF, axes: SmallAxes, panel: Panel,
                 caption: str) -> None:
    body = axes.rect
    values = ticks(*axes.y, body.height(), style.px(42))
    paint_left(painter, style, axes, values, [number(value, 3) for value in values])
    places = ticks(*axes.x, body.width(), style.px(70))
    paint_bottom(painter, style, axes, places, [number(value, 3) for value in places], outer)
    font, metrics = face(style, 12)
    painter.setFont(font)
    painter.setPen(QColor(style.theme.quiet))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    caption = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, outer.width() - style.px(8))
    wide = metrics.horizontalAdvance(caption)
    left = min(max(body.center().x() - wide / 2, outer.left()),
               outer.right() - wide - style.px(8))
    painter.drawText(QPointF(left, outer.bottom() - style.px(2)), caption)
    painter.save()
    painter.setClipRect(body.adjusted(-1, -2, 1, 2), Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
    for place in (0.0, 1.0) if panel.curves[0][1].other is not None else (0.0,):
        at = axes.pixel(place, axes.y[0])
        painter.drawLine(at, QPointF(at.x(), body.top()))
    for appearance, section in panel.curves:
        painter.setOpacity(appearance.opacity)
        painter.setPen(QPen(appearance.color, style.px(WIDTH), Qt.PenStyle.SolidLine,
                            Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
        if section.test is not None:
            points = _points(axes, section.test.at, section.test.loss)
            painter.drawPath(_dashed(points, style, body))
        points = _points(axes, section.train.at, section.train.loss)
        painter.drawPolyline(arrayToQPolygonF(points[:, 0], points[:, 1]))
    painter.setOpacity(1)
    painter.restore()
    paint_cuts(painter, style, axes, panel.curves)


def _dashed(points: Array, style: Style, body: QRectF) -> QPainterPath:
    """A curve's dashes as one path: Qt's own dashes take far longer, and so do many lines.

    A curve that leaves the plot is many times as long outside of it as within.
    """
    beside = style.px(2 * WIDTH)
    pieces = dashes(points, style.px(DASH), style.px(SPACE),
                    (body.top() - beside, body.bottom() + beside))
    if not pieces:
        return QPainterPath()
    x, y = np.concatenate(pieces).T
    joined = np.ones(len(x), np.int32)
    joined[np.cumsum([len(piece) for piece in pieces]) - 1] = 0
    return arrayToQPath(x, y, connect=joined)


def _points(axes: SmallAxes, at: Array, loss: Array) -> Array:
    """A curve in pixels; what overflows is far above."""
    height = axes.y[1] - axes.y[0]
    return axes.pixels(at, np.clip(np.nan_to_num(loss, nan=np.inf), None, axes.y[1] + 20 * height))


def legend_rows(style: Style, rect: QRectF, entries: Sequence[tuple[Appearance, str]]) -> int:
    """In how many lines a legend is: one, or one for each entry in a narrow and high view whose
    words behind the names would have no room otherwise."""
    told = any(words for _, words in entries)
    high = len(entries) * style.px(LEGEND) <= MOST_LEGEND * rect.height()
    return len(entries) if told and high and _width(style, entries) > rect.width() else 1


def _width(style: Style, entries: Sequence[tuple[Appearance, str]]) -> float:
    """How wide a line with all words is."""
    return sum(width_of(style, short(a.name), 13, 600) + width_of(style, words, 13)
               + style.px(40) for a, words in entries)


def paint_legend(painter: QPainter, style: Style, rect: QRectF,
                 entries: Sequence[tuple[Appearance, str]]) -> None:
    """Whose curve is whose, in a line; words behind a name, where there is room for them."""
    font, metrics = face(style, 13, 600)
    small, quiet = face(style, 13)
    told = _width(style, entries) <= rect.width()
    room = rect.width() / max(len(entries), 1) - style.px(30)
    left, middle = rect.left(), rect.center().y()
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    for appearance, words in entries:
        name = short(appearance.name)
        if not told:
            name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setOpacity(appearance.opacity)
        draw_marker(painter, appearance.marker, left + style.px(6), middle, style.px(5),
                    appearance.color, QColor(style.theme.card))
        left += style.px(17)
        painter.setFont(font)
        painter.setPen(style.ink(appearance.color))
        painter.drawText(QPointF(left, baseline), name)
        left += metrics.horizontalAdvance(name)
        if told and words:
            painter.setFont(small)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(left + style.px(6), baseline), words)
            left += style.px(6) + quiet.horizontalAdvance(words)
        left += style.px(17)
    painter.setOpacity(1)
