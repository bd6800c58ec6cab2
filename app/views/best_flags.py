"""Small flags where a contestant was best on its test rows: where one would have stopped early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ..theme import Style, mixed
from . import labels
from .view import Appearance

# A flag that is still to come, like the curve that it stands on.
TO_COME = 0.55
# What a text keeps from lines, in design pixels: the markers that run along them have this radius.
CLEAR = 5.0
# Between a ring and its text.
GAP = 9.0
# Lines are looked at in columns of so many pixels.
WIDE = 3
# So far from its ring only the first flag has its text, in design pixels.
REACH = 70.0
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Flag:
    """A ring at `at`, which time reaches at `step`, with a text; `above` says on which side."""

    appearance: Appearance
    step: int
    at: QPointF
    text: str
    above: bool


def fits(text: str, style: Style, room: float) -> bool:
    """Whether a flag's text is narrow enough."""
    return QFontMetricsF(style.font(12, 600)).horizontalAdvance(text) + style.px(GAP) <= room


def placed(flags: Sequence[Flag], style: Style, bounds: QRectF, taken: Sequence[QRectF],
           lines: Sequence[Array] = ()) -> list[QRectF | None]:
    """A rectangle for each flag's text, none over another or over what is taken by others.

    It lies as near to its ring as is free of `lines` (n, 2), or over as little of them as can be.
    None for what has no room, and for an empty text.
    """
    font = style.font(12, 600)
    metrics = QFontMetricsF(font)
    height, gap = metrics.height(), style.px(GAP)
    low, high = _columns(lines, bounds)
    rings = [_ring(flag, style) for flag in flags]
    found: list[QRectF | None] = []
    for flag in flags:
        width = metrics.horizontalAdvance(flag.text)
        if not flag.text or width + gap > bounds.width() or height > bounds.height():
            found.append(None)
            continue
        lefts, tops = _trials(flag, width, height, gap, bounds)
        sides = [_costs(left, width, tops, flag, height, low, high, bounds, style.px(CLEAR))
                 for left in lefts]
        obstacles = [*taken, *rings, *filter(None, found)]
        best = None
        reach = style.px(REACH) if found else np.inf
        for place in np.argsort(sides, axis=None, kind="stable"):
            side, line = divmod(int(place), len(tops))
            rect = QRectF(lefts[side], float(tops[line]), width, height)
            if not any(rect.intersects(other) for other in obstacles):
                far = max(rect.top() - flag.at.y(), flag.at.y() - rect.bottom())
                best = rect if far <= reach else None
                break
        found.append(best)
    _uncross(flags, found, [*taken, *rings])
    return found


def _uncross(flags: Sequence[Flag], rects: list[QRectF | None], obstacles: Sequence[QRectF]
             ) -> None:
    """Exchange the heights of two texts where each is nearer to the other's ring then."""
    for one, other in combinations([k for k, rect in enumerate(rects) if rect is not None], 2):
        here, there = rects[one], rects[other]
        assert here is not None and there is not None
        swapped = (here.translated(0, there.top() - here.top()),
                   there.translated(0, here.top() - there.top()))
        way = _away(flags[one], here) + _away(flags[other], there)
        nearer = _away(flags[one], swapped[0]) + _away(flags[other], swapped[1]) < way - 1
        others = [*obstacles, *(rect for k, rect in enumerate(rects)
                                if rect is not None and k not in (one, other))]
        if nearer and not any(rect.intersects(obstacle) for rect in swapped for obstacle in others):
            rects[one], rects[other] = swapped


def _away(flag: Flag, rect: QRectF) -> float:
    """How long the line from a ring to its text is."""
    return hypot(rect.center().x() - flag.at.x(), rect.center().y() - flag.at.y())


def _trials(flag: Flag, width: float, height: float, gap: float, bounds: QRectF
            ) -> tuple[list[float], Array]:
    """Left ends for a text: under its ring or to a side of it; and tops, from top to foot."""
    at, left = flag.at, bounds.left() + gap / 2
    right = max(bounds.right() - width - gap / 2, left)
    lefts = {min(max(wanted, left), right) for wanted in (
        at.x() - width / 2, at.x() - width - gap, at.x() + gap)}
    first, last = bounds.top(), bounds.bottom() - height
    near = np.array([at.y() + gap, at.y() - gap - height, at.y() - height / 2])
    tops = np.concatenate([near, np.arange(first, last, 0.7 * height), [last]])
    return sorted(lefts), tops[(tops >= first) & (tops <= last)]


def _columns(lines: Sequence[Array], bounds: QRectF) -> tuple[Array, Array]:
    """The lowest and highest y of each line in columns of `WIDE` pixels, (L, W); NaN beside it."""
    x = np.arange(int(bounds.left()), int(bounds.right()) + 2 * WIDE, WIDE, dtype=float)
    ys = np.array([np.interp(x, line[:, 0], line[:, 1], left=np.nan, right=np.nan)
                   for line in lines if len(line)]).reshape(-1, len(x))
    return np.fmin(ys[:, :-1], ys[:, 1:]), np.fmax(ys[:, :-1], ys[:, 1:])


def _costs(left: float, width: float, tops: Array, flag: Flag, height: float, low: Array,
           high: Array, bounds: QRectF, clear: float) -> Array:
    """How bad each top is: the columns in which lines are under the text, and then its distance."""
    first = max(int((left - bounds.left() - clear) / WIDE), 0)
    last = int((left + width - bounds.left() + clear) / WIDE) + 1
    above, below = tops[:, None, None] - clear, tops[:, None, None] + height + clear
    crossed = (high[:, first:last] > above) & (low[:, first:last] < below)
    over = crossed.any(axis=1).sum(axis=1)
    down = np.maximum(tops - flag.at.y(), flag.at.y() - tops - height).clip(0)
    across = abs(left + width / 2 - flag.at.x())
    wrong_side = (tops + height / 2 < flag.at.y()) != flag.above
    costs: Array = 20.0 * WIDE * over + down + 0.3 * across + 0.5 * height * wrong_side
    return costs


def paint(painter: QPainter, flags: Sequence[Flag], rects: Sequence[QRectF | None], style: Style,
          step: int) -> None:
    """Rings and texts on halos, faint where they are still to come."""
    ground = QColor(style.theme.card)
    font = style.font(12, 600)
    written = [(flag, rect) for flag, rect in zip(flags, rects, strict=True) if rect is not None]
    tags = [labels.Label(flag.text, flag.at, _ink(flag, style, step), flag.appearance.opacity)
            for flag, _ in written]
    labels.paint(painter, tags, [rect for _, rect in written], font, ground, style.px(3.5),
                 style.px(20))
    for flag in flags:
        painter.setOpacity(flag.appearance.opacity)
        painter.setPen(QPen(_ink(flag, style, step), style.px(2)))
        painter.setBrush(ground)
        painter.drawEllipse(flag.at, style.px(4), style.px(4))
    painter.setOpacity(1)


def _ink(flag: Flag, style: Style, step: int) -> QColor:
    """Its colour, or a faint one that still covers what is behind its halo."""
    share = 1.0 if flag.step <= step else TO_COME
    return mixed(style.theme.card, style.ink(flag.appearance.color).name(), share)


def _ring(flag: Flag, style: Style) -> QRectF:
    radius = style.px(6)
    return QRectF(flag.at.x() - radius, flag.at.y() - radius, 2 * radius, 2 * radius)
