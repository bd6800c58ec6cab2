"""One activation function as it is plotted: its curve, its slope, its name in signs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.network.activation_curves import Inputs, Use, sampled

from ..equations import Equation
from ..numbers import number
from ..theme import Style, mixed
from .small_axes import Array, SmallAxes, paint_bottom, paint_left
from .trails import draw_polyline
from .view import Appearance

SAMPLES = 161
FUNCTION, SLOPE = 2.6, 1.8


@dataclass(frozen=True)
class Panel:
    """One function: its curve within `axes`, and below them in `strip` what comes in."""

    use: Use
    bounds: QRectF
    axes: SmallAxes
    strip: QRectF
    shown: tuple[tuple[Appearance, Inputs], ...]

    @property
    def saturated(self) -> tuple[float, float]:
        """The largest share of a contestant's inputs on the lower and on the upper flat side."""
        below = [seen.saturated_below for _, seen in self.shown]
        above = [seen.saturated_above for _, seen in self.shown]
        return float(np.nanmax([0.0, *below])), float(np.nanmax([0.0, *above]))


def paint_ticks(painter: QPainter, style: Style, panel: Panel) -> None:
    """Hairlines and numbers, and the lines of 0."""
    axes = panel.axes
    step = _spacing(axes.y[1] - axes.y[0], axes.rect.height() / style.px(34))
    first, last = ceil(axes.y[0] / step), int(np.floor(axes.y[1] / step))
    values = [place * step for place in range(first, last + 1)]
    values.sort(key=lambda value: value != 0)
    paint_left(painter, style, axes, values, [number(round(v, 9)) for v in values])
    zero = axes.pixel(0, 0)
    painter.setPen(QPen(QColor(style.theme.quiet), style.px(1)))
    painter.drawLine(QPointF(axes.rect.left(), zero.y()), QPointF(axes.rect.right(), zero.y()))
    painter.drawLine(QPointF(zero.x(), axes.rect.top()),
                     QPointF(zero.x(), axes.rect.bottom() + panel.strip.height()))
    foot = SmallAxes(axes.rect.united(panel.strip), axes.x, axes.y)
    step = _spacing(axes.x[1] - axes.x[0], axes.rect.width() / style.px(42))
    reach = int(np.floor(axes.x[1] / step))
    marks = [place * step for place in range(-reach, reach + 1)]
    paint_bottom(painter, style, foot, marks, [number(round(v, 9)) for v in marks],
                 panel.bounds)


def paint_curves(painter: QPainter, style: Style, panel: Panel) -> None:
    """The function, its slope, and a letter at each."""
    axes = panel.axes
    x, values, slopes = sampled(panel.use, *axes.x, SAMPLES)
    painter.save()
    painter.setClipRect(axes.rect, Qt.ClipOperation.IntersectClip)
    accent, text = QColor(style.theme.accent), QColor(style.theme.text)
    for heights, color, width in ((slopes, accent, SLOPE), (values, text, FUNCTION)):
        for part in _steps(x, heights, axes.y[1] - axes.y[0]):
            draw_polyline(painter, axes.pixels(*part), color, style.px(width))
    painter.restore()
    _paint_names(painter, style, axes, x, (values, text, "f"),
                 (slopes, mixed(style.theme.accent, style.theme.text, 0.25), "f′"))


def _paint_names(painter: QPainter, style: Style, axes: SmallAxes, x: Array,
                 *curves: tuple[Array, QColor, str]) -> None:
    """The letters of function and slope where the two are well apart."""
    font = style.font(13, 600)
    metrics = QFontMetricsF(font)
    (values, *_), (slopes, *_) = curves
    inside = (np.abs(x) < 0.86 * axes.x[1]) & (x > 0.12 * axes.x[1])
    for heights in (values, slopes):
        inside &= (heights < axes.y[1] - 0.1 * (axes.y[1] - axes.y[0]))
        inside &= heights > axes.y[0]
    apart = np.where(inside, np.abs(values - slopes), -1.0)
    place = int(apart.argmax())
    if apart[place] < 0.12 * (axes.y[1] - axes.y[0]):
        return
    painter.setFont(font)
    # Nothing may be written above this: the head, and then the letter before.
    highest = axes.rect.top()
    for heights, color, name in curves:
        at = axes.pixel(float(x[place]), float(heights[place]))
        # Above the curve and on the side where it is lower; below it where something is in the way.
        lean = np.sign(np.round(heights[min(place + 3, len(x) - 1)] - heights[place], 3))
        baseline = at.y() - style.px(6)
        if baseline - metrics.ascent() < highest:
            baseline, lean = at.y() + metrics.ascent() + style.px(3), -lean
            highest = baseline
        left = at.x() - (1 + lean) / 2 * metrics.horizontalAdvance(name) - lean * style.px(4)
        painter.setPen(color)
        painter.drawText(QPointF(float(left), baseline), name)


def paint_head(painter: QPainter, style: Style, panel: Panel) -> None:
    """The name at the left, the formula at the right, as large as there is room."""
    use, bounds = panel.use, panel.bounds
    height = panel.axes.rect.top() - bounds.top()
    font = style.font(14, 600)
    metrics = QFontMetricsF(font)
    title = use.definition.title
    if use.params and use.places:
        title = f"{title}, a = {number(use.params[0])}"
    title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, bounds.width())
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text if use.places else style.theme.quiet))
    middle = bounds.top() + (height - style.px(4)) / 2
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(bounds.left(), baseline), title)
    equation = Equation(use.definition.tex)
    room = bounds.width() - metrics.horizontalAdvance(title) - style.px(16)
    size = equation.size(1000.0)
    px = min(style.px(17), 1000 * room / size.width(),
             1000 * (height - style.px(4)) / size.height())
    if px >= style.px(10):
        drawn = equation.size(px)
        # One line stands on the title's, a tall one is centred beside it.
        flat = drawn.height() < 1.5 * px
        equation.draw(painter, bounds.right() - drawn.width() - style.px(2),
                      baseline if flat else middle - drawn.height() / 2 + equation.ascent(px),
                      px, QColor(style.theme.quiet))


def _spacing(span: float, most: float) -> float:
    """A round distance with at most about `most` ticks in a span."""
    least = span / max(most, 1.0)
    decade = 10.0 ** np.floor(np.log10(least))
    return float(next(n * decade for n in (1, 2, 5, 10) if n * decade >= least * 0.999))


def _steps(x: Array, heights: Array, span: float) -> list[tuple[Array, Array]]:
    """A curve in the pieces between its jumps: a slope that jumps has nothing in between."""
    jumps = np.flatnonzero(np.abs(np.diff(heights)) > 0.12 * span) + 1
    steep = [place for place in jumps.tolist() if not _bent(heights, place)]
    return list(zip(np.split(x, steep), np.split(heights, steep), strict=True))


def _bent(heights: Array, place: int) -> bool:
    """Whether a large difference goes on beside it, as on a steep curve and not at a jump."""
    before = abs(heights[place - 1] - heights[max(place - 2, 0)])
    after = abs(heights[min(place + 1, len(heights) - 1)] - heights[place])
    return bool(max(before, after) > 0.25 * abs(heights[place] - heights[place - 1]))
