"""A distribution over the run as bands of quantiles, and beside them where it lies now and lay at
the start, on the same axis."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from pyqtgraph.functions import arrayToQPolygonF

from engine.network.batch_histograms import rounded_up

from ..numbers import number
from ..theme import Style, mixed
from .faces import face, width_of
from .kept import Kept, Same
from .small_axes import Array, SmallAxes, paint_bottom, paint_left, tick_height
from .trails import FAINT, device_ratio, draw_polyline, is_raster

# Strength of the bands from the 5th to the 95th percentile and of the middle half.
OUTER, INNER = 0.22, 0.45
# Histograms take this share of a panel's width, and at most so much.
ASIDE, MOST_ASIDE, LEAST_BANDS = 0.26, 150.0, 60.0
# Of a layer's units, so many medians are drawn as thin lines.
MOST_LINES = 8
BIN = 5.0
# A panel's head, with what a number at the upper end of the axis needs.
PANEL_HEAD = 30.0
# Bands that reach so many times as far as the narrowest are cut.
UNUSUAL = 30.0


@dataclass(frozen=True, eq=False)
class Course:
    """What is known of a distribution over a run: row k is step `steps[k]`.

    `quantiles` (K, 5); `centres` (K, u) are single units' medians. `until` is the step up to which
    the last row holds.
    """

    steps: NDArray[np.int64]
    quantiles: Array
    centres: Array
    until: int


@dataclass(frozen=True)
class BandPanel:
    """Where bands and histograms are, x being steps; `shares` is where histograms end."""

    bands: SmallAxes
    aside: QRectF

    @property
    def body(self) -> QRectF:
        """Both together."""
        return self.bands.rect.united(self.aside)


@dataclass(frozen=True)
class Ground:
    """A panel with what is written below it, within `foot`; None for nothing. `outlined`: whether a
    line stands for step 0."""

    panel: BandPanel
    foot: QRectF | None
    outlined: bool


def band_panel(rect: QRectF, style: Style, span: tuple[float, float], last: int, foot: bool
               ) -> BandPanel:
    """A panel in `rect`, with room for numbers at its left and, with a `foot`, below it."""
    left = max(width_of(style, number(end), 12, tabular=True) for end in (*span, 0.0))
    left += style.px(8)
    height = max(rect.height() - (tick_height(style) if foot else 0.0), 8.0)
    room = max(rect.width() - left, 8.0)
    gap = style.px(8)
    aside = min(ASIDE * room, style.px(MOST_ASIDE))
    if room - aside - gap < style.px(LEAST_BANDS):
        aside, gap = 0.0, 0.0
    bands = QRectF(rect.left() + left, rect.top(), room - aside - gap, height)
    return BandPanel(SmallAxes(bands, (0.0, float(max(last, 1))), span),
                     QRectF(bands.right() + gap, rect.top(), aside, height))


def bins_of(panel: BandPanel, style: Style) -> int:
    """How many bins a panel's histograms have."""
    return int(min(max(panel.aside.height() / style.px(BIN), 12), 48))


def span_of(courses: Sequence[Course], most: float) -> tuple[float, float]:
    """A range of round numbers for bands on equal axes, 0 in it where it is near.

    What reaches more than `most` times as far as the least is cut.
    """
    ends = [(float(np.nanmin(course.quantiles)), float(np.nanmax(course.quantiles)))
            for course in courses if np.isfinite(course.quantiles).any()]
    if not ends:
        return -1.0, 1.0
    reach = most * min(max(abs(low), abs(high), 1e-9) for low, high in ends)
    low = max(min(low for low, _ in ends), -reach)
    high = min(max(high for _, high in ends), reach)
    pad = 0.12 * max(high - low, 1e-9)
    low, high = low - pad, high + pad
    if low > 0 and low < 2 * (high - low):
        low = 0.0
    if high < 0 and -high < 2 * (high - low):
        high = 0.0
    if low <= 0 <= high:
        # From a round number to a round one; where 0 is far, to a grid that is round itself.
        return (-rounded_up(-low) if low < 0 else 0.0), (rounded_up(high) if high > 0 else 0.0)
    step = rounded_up((high - low) / 4)
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


def paint_grounds(painter: QPainter, style: Style, rect: QRectF, grounds: tuple[Ground, ...],
                  last: int, kept: Kept) -> None:
    """What stays the same from frame to frame: the panels' grounds and all numbers around them."""

    def paint(inner: QPainter) -> None:
        for ground in grounds:
            inner.setPen(Qt.PenStyle.NoPen)
            inner.setBrush(QColor(style.theme.raised))
            for part in (ground.panel.bands.rect, ground.panel.aside):
                if part.width() >= style.px(16):
                    inner.drawRoundedRect(part, style.px(5), style.px(5))
            inner.setBrush(Qt.BrushStyle.NoBrush)
            _paint_numbers(inner, style, ground.panel.bands)
            if ground.foot is not None:
                _paint_foot(inner, style, ground.panel, last, ground.foot, ground.outlined)

    if not is_raster(painter):
        paint(painter)
        return
    ratio = device_ratio(painter)
    key = (grounds, style, last, ratio, rect.width(), rect.height())
    painter.drawImage(QPointF(0, 0), kept.of("grounds", key, lambda: _drawn(rect, ratio, paint)))


def paint_course(painter: QPainter, style: Style, panel: BandPanel, course: Course | None,
                 now: int, color: QColor, kept: Kept, slot: Hashable) -> None:
    """The bands, full up to now and faint from there, with a cursor at now.

    Their picture is kept in a slot of its own until something else is known.
    """
    axes, rect = panel.bands, panel.bands.rect
    at = axes.pixel(now, axes.y[0]).x()
    if course is not None and len(course.steps):
        shapes = _shapes(axes, course)
        picture = None
        if is_raster(painter) and len(shapes.x):
            ratio = device_ratio(painter)
            key = (Same(course.quantiles), panel, style, ratio, color.rgba(), round(shapes.x[-1]))
            picture = kept.of(("bands", slot), key,
                              lambda: _drawn(
                rect, ratio, lambda inner: _paint_shapes(inner, style, shapes, color)))
        opacity = painter.opacity()
        for first, second, strength in ((rect.left(), at, 1.0), (at, rect.right(), FAINT)):
            if second - first <= 0.5:
                continue
            painter.save()
            painter.setOpacity(strength * opacity)
            if picture is not None:
                painter.setClipRect(QRectF(first, rect.top(), second - first, rect.height()),
                                    Qt.ClipOperation.IntersectClip)
                painter.drawImage(rect.topLeft(), picture)
            else:
                _paint_shapes(painter, style, shapes.within(first, second, rect), color)
            painter.restore()
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
    painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))


def _drawn(rect: QRectF, ratio: float, paint: Callable[[QPainter], None]) -> QImage:
    """What is painted over a rectangle's pixels, else transparent."""
    image = QImage(max(1, ceil(rect.width() * ratio)), max(1, ceil(rect.height() * ratio)),
                   QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-rect.topLeft())
        paint(painter)
    return image


def _paint_numbers(painter: QPainter, style: Style, axes: SmallAxes) -> None:
    low, high = axes.y
    ticks = [high, low] if axes.rect.height() > style.px(28) else [high]
    if low < 0 < high:
        ticks = [0.0, *ticks]
    paint_left(painter, style, axes, ticks, [number(tick) for tick in ticks])


@dataclass(frozen=True, eq=False)
class _Shapes:
    """In pixels: quantiles (K, 5) over x (K,), and lines (K, u)."""

    x: Array
    quantiles: Array
    lines: Array

    def within(self, left: float, right: float, rect: QRectF) -> _Shapes:
        """The part between two x, no higher and no lower than a rectangle: files of vectors know no
        clipping."""
        if not len(self.x) or self.x[-1] <= left or self.x[0] >= right:
            return _Shapes(self.x[:0], self.quantiles[:0], self.lines[:0])
        inside = (self.x > left) & (self.x < right)
        ends = max(left, float(self.x[0])), min(right, float(self.x[-1]))
        x = np.unique([ends[0], *self.x[inside], ends[1]])
        quantiles, lines = (np.clip(
            np.stack([np.interp(x, self.x, column) for column in part.T], axis=1),
            rect.top(), rect.bottom()) for part in (self.quantiles, self.lines))
        return _Shapes(x, quantiles, lines)


def _shapes(axes: SmallAxes, course: Course) -> _Shapes:
    """The last row holds up to `until`; rows without numbers are left out."""
    known = np.flatnonzero(np.isfinite(course.quantiles).all(1))
    steps, quantiles = course.steps[known].astype(float), course.quantiles[known]
    units = course.centres.shape[1]
    lines = course.centres[known][:, np.arange(min(units, MOST_LINES)) * units
                                  // min(units, MOST_LINES)]
    if len(known) and known[-1] == len(course.steps) - 1 and course.until > steps[-1]:
        steps = np.append(steps, course.until)
        quantiles, lines = (np.concatenate([part, part[-1:]]) for part in (quantiles, lines))
    low, high = axes.y
    # Painters lose their way with what is very far outside.
    far = 20 * (high - low)

    def up(values: Array) -> Array:
        share = (np.clip(values, low - far, high + far) - low) / (high - low)
        return np.asarray(axes.rect.bottom() - axes.rect.height() * share)

    x = axes.rect.left() + axes.rect.width() * steps / axes.x[1]
    return _Shapes(np.asarray(x, float), up(quantiles), up(lines))


def _paint_shapes(painter: QPainter, style: Style, shapes: _Shapes, color: QColor) -> None:
    x = shapes.x
    if len(x) < 2:
        # One look is no course yet: a short stroke at its place.
        if len(x) == 1:
            top, foot = shapes.quantiles[0, 4], shapes.quantiles[0, 0]
            painter.fillRect(QRectF(x[0], top, style.px(3), foot - top), color)
        return
    ground = style.theme.raised
    painter.setPen(Qt.PenStyle.NoPen)
    for low, high, strength in ((0, 4, OUTER), (1, 3, INNER)):
        painter.setBrush(mixed(ground, color.name(), strength))
        painter.drawPolygon(arrayToQPolygonF(
            np.concatenate([x, x[::-1]]),
            np.concatenate([shapes.quantiles[:, low], shapes.quantiles[::-1, high]])))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shapes.lines.shape[1] > 1:
        pen = QPen(mixed(color.name(), style.theme.text, 0.35), 1.0 if style.unit < 1.4 else
                   style.px(0.8))
        painter.setPen(pen)
        for line in shapes.lines.T:
            painter.drawPolyline(arrayToQPolygonF(x, np.ascontiguousarray(line)))
    draw_polyline(painter, np.stack([x, shapes.quantiles[:, 2]], axis=1), color, style.px(2))


def paint_histograms(painter: QPainter, style: Style, panel: BandPanel, now: Array | None,
                     start: Array | None, end: Array | None, highest: float, color: QColor
                     ) -> None:
    """Shares (bins,) along the bands' axis: now as bars, the start as a line, the end as a faint
    one; `highest` is the share that fills the width."""
    rect = panel.aside
    if rect.width() < style.px(16):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    width = rect.width() - style.px(5)
    if now is not None:
        edges = np.round(np.linspace(rect.bottom(), rect.top(), len(now) + 1))
        gap = 1.0 if rect.height() >= 4 * len(now) else 0.0
        lengths = np.minimum(now / highest, 1.0) * width
        painter.setBrush(color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawRects([  # type: ignore[call-overload]
            QRectF(rect.left(), top, length, foot - top - gap) for foot, top, length in
            zip(edges[:-1].tolist(), edges[1:].tolist(), lengths.tolist(), strict=True)
            if length > 0.3])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shares, ink in ((end, mixed(style.theme.raised, style.theme.text, 0.4)),
                        (start, QColor(style.theme.text))):
        if shares is not None:
            painter.setPen(QPen(ink, style.px(1.3)))
            painter.drawPolyline(_outline(shares, rect, width, highest))


def _outline(shares: Array, rect: QRectF, width: float, highest: float) -> QPolygonF:
    """A histogram's contour from its lowest bin to its highest."""
    there = np.flatnonzero(shares)
    first, stop = (int(there[0]), int(there[-1]) + 1) if len(there) else (0, 0)
    edges = np.linspace(rect.bottom(), rect.top(), len(shares) + 1)[first : stop + 1]
    along = rect.left() + np.minimum(shares[first:stop] / highest, 1.0) * width
    return arrayToQPolygonF(np.concatenate([[rect.left()], np.repeat(along, 2), [rect.left()]]),
                            np.repeat(edges, 2) if len(along) else edges[[0, 0]])


def _paint_foot(painter: QPainter, style: Style, panel: BandPanel, last: int, bounds: QRectF,
               outlined: bool) -> None:
    """First and last step under the bands, and what the histograms are under those."""
    wide = panel.bands.rect.width() > style.px(110)
    room = QRectF(bounds.left(), bounds.top(), panel.bands.rect.right() - bounds.left(),
                  bounds.height())
    paint_bottom(painter, style, panel.bands, [0, last],
                 ["step 0" if wide else "0", f"{last:,}"], room)
    font, metrics = face(style, 12, tabular=True)
    for text in (("now, line: step 0", "now, step 0") if outlined else ("now",)):
        left = panel.aside.center().x() - metrics.horizontalAdvance(text) / 2
        if metrics.horizontalAdvance(text) <= panel.aside.width():
            painter.setFont(font)
            painter.setPen(QColor(style.theme.quiet))
            painter.drawText(QPointF(left, panel.aside.bottom() + style.px(4) + metrics.ascent()),
                             text)
            break


def said_moved(sigmas: float) -> str:
    """A distance in standard deviations as it is written; nothing where it is not known."""
    if np.isnan(sigmas):
        return ""
    if np.isinf(sigmas):
        return "∞"
    return number(sigmas if sigmas >= 0.1 else round(sigmas, 2) + 0.0, 2)
