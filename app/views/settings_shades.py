"""The colours of a map of settings: the lower the loss, or the fewer steps, the fuller."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from engine.maps import DIVERGED, NOWHERE, Settings

from ..numbers import number
from ..theme import Style, Theme, mixed
from .basin_shades import stripe, striped, unlike
from .trails import as_image

SHADES = 256
# Losses further below the start than so many decades are all the same.
DECADES = 12.0
SIZE, BAR, GAP, APART, STRIPES_APART = 12.0, 84.0, 7.0, 18.0, 7.0


@dataclass(frozen=True)
class Scale:
    """What the shades stand for, from the fullest to the palest, and how it is written."""

    best: float
    worst: float
    logarithmic: bool
    offset: float
    what: str

    def share(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How bad, 0 to 1."""
        best, worst = map(float, self._warp(np.array([self.best, self.worst])))
        return np.asarray(np.clip((self._warp(values) - best) / max(worst - best, 1e-12), 0, 1))

    def _warp(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self.logarithmic:
            return np.asarray(values, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(np.maximum(values - self.offset, 1e-300)))


def scale_of(picture: Settings, value: str, logarithmic: bool) -> Scale:
    """What a map's shades stand for: `value` is "loss" or "steps"."""
    if value == "steps":
        steps = picture.steps[(picture.steps >= 0) & (picture.diverged_at < 0)]
        fewest, most = (float(steps.min()), float(steps.max())) if len(steps) else (1.0, 1.0)
        return Scale(max(fewest, 1.0), max(most, 2.0), True, 0.0, "steps")
    found = picture.loss[~picture.rises]
    start, lowest = picture.start_loss, picture.lowest
    least = float(found.min()) if len(found) else start
    if not logarithmic or not start > lowest or least < lowest - 1e-9 * abs(lowest):
        return Scale(least, start, False, 0.0, "final loss")
    floor = lowest + (start - lowest) * 10.0**-DECADES
    what = "loss above the minimum" if lowest else "final loss"
    return Scale(max(least, floor), start, True, lowest, what)


def pixels(picture: Settings, scale: Scale, value: str, size: tuple[int, int], style: Style,
           ratio: float) -> NDArray[np.uint32]:
    """The map as pixels, (rows, columns) of a size in device pixels."""
    theme = style.theme
    rises = picture.rises
    shown = picture.steps.astype(float) if value == "steps" else picture.loss
    share = np.nan_to_num(scale.share(shown), nan=1.0)
    colors = ramp(theme)[np.rint(share * (SHADES - 1)).astype(np.int64)]
    if value == "steps":
        colors[(picture.steps < 0) & ~rises] = unlike(theme, NOWHERE).rgba()
    colors[rises] = unlike(theme, DIVERGED).rgba()
    up = (np.arange(size[1])[::-1] + 0.5) * len(picture.y) / size[1]
    across = (np.arange(size[0]) + 0.5) * len(picture.x) / size[0]
    grid = np.ix_(up.astype(np.int64), across.astype(np.int64))
    found = np.ascontiguousarray(colors[grid])
    found[rises[grid] & striped(size, style.px(STRIPES_APART) * ratio)] = stripe(theme).rgba()
    return found


@lru_cache(maxsize=8)
def ramp(theme: Theme) -> NDArray[np.uint32]:
    """The shades from the best value to the worst, (SHADES,): none is like the card's ground."""
    deep = mixed(theme.accent, theme.text, 0.62).name()
    stops = [deep, theme.accent, mixed(theme.accent, theme.surface_low, 0.75).name(),
             mixed(theme.surface_low, theme.surface_high, 0.72).name()]
    places = np.linspace(0, len(stops) - 1, SHADES)
    return np.array([mixed(stops[min(int(place), len(stops) - 2)],
                           stops[min(int(place), len(stops) - 2) + 1],
                           place - min(int(place), len(stops) - 2)).rgba() for place in places],
                    np.uint32)


def paint_legend(painter: QPainter, rect: QRectF, picture: Settings, scale: Scale, value: str,
                 style: Style) -> None:
    """A bar of the shades between its two numbers, and what has a ground of its own."""
    painter.setFont(style.font(SIZE, tabular=True))
    metrics = QFontMetricsF(style.font(SIZE, tabular=True))
    baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
    best, worst = number(scale.best - scale.offset, 2), number(scale.worst - scale.offset, 2)
    ends = metrics.horizontalAdvance(worst) + style.px(BAR + 2 * GAP)
    if ends > rect.width():
        return
    first = next((words for words in (f"{scale.what} {best}", best)
                  if metrics.horizontalAdvance(words) + ends <= rect.width()), "")
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(rect.left(), baseline), first)
    left = rect.left() + metrics.horizontalAdvance(first) + style.px(GAP)
    bar = QRectF(left, rect.center().y() - style.px(5), style.px(BAR), style.px(10))
    painter.drawImage(bar, as_image(np.ascontiguousarray(ramp(style.theme)[None])))
    painter.drawText(QPointF(bar.right() + style.px(GAP), baseline), worst)
    left += ends + style.px(APART) - style.px(GAP)
    rises = picture.rises
    grounds = [(NOWHERE, "has not converged", value == "steps" and bool(
        ((picture.steps < 0) & ~rises).any())), (DIVERGED, "loss rises", bool(rises.any()))]
    for outcome, words, there in grounds:
        swatch = QRectF(left, rect.center().y() - style.px(6), style.px(22), style.px(12))
        if not there or swatch.right() + style.px(GAP) + metrics.horizontalAdvance(
                words) > rect.right():
            continue
        _paint_swatch(painter, swatch, outcome, style)
        painter.setPen(QColor(style.theme.quiet))
        painter.drawText(QPointF(swatch.right() + style.px(GAP), baseline), words)
        left = swatch.right() + style.px(GAP + APART) + metrics.horizontalAdvance(words)


def _paint_swatch(painter: QPainter, rect: QRectF, outcome: int, style: Style) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, style.px(3), style.px(3))
    painter.save()
    painter.setClipPath(path)
    painter.fillRect(rect, unlike(style.theme, outcome))
    if outcome == DIVERGED:
        size = (max(1, round(rect.width())), max(1, round(rect.height())))
        colors = np.where(striped(size, style.px(3.5)), stripe(style.theme).rgba(),
                          unlike(style.theme, outcome).rgba()).astype(np.uint32)
        painter.drawImage(rect.topLeft(), as_image(colors))
    painter.restore()
