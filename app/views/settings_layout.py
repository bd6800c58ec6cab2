"""Where a map of settings and its words lie on a card, and which part of its axes it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QFontMetricsF

from ..theme import Style
from . import hyper_axis
from .gliding import Glide, glide, resting
from .map_legend import LINE
from .quantity_choice import HEIGHT, Segment
from .quiet_axes import BOTTOM, Extent
from .settings_question import Axes, zoomed
from .view import Look, Zoom
from .word_choice import word_choice

LEFT, HEAD, LEAST = 52.0, 24.0, 40.0
# In a narrower card the legend has two rows, if the map stays as high as that.
LEAST_FOR_ROW, LEAST_ABOVE, ROW = 580.0, 56.0, 20.0
VALUES = ({"loss": "final loss", "steps": "steps to converge"}, {"loss": "loss", "steps": "steps"})
ALL: Extent = (0.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True)
class Layout:
    """The map, the legend, and what can be clicked beside them."""

    body: QRectF = field(default_factory=QRectF)
    legend: QRectF = field(default_factory=QRectF)
    below: QRectF | None = None
    """The legend's second row, if it has one."""
    segments: tuple[Segment, ...] = ()

    @classmethod
    def of(cls, rect: QRectF, axes: Axes, known: Sequence[str], value: str, style: Style, *,
           live: bool) -> Layout:
        """Of two of the `known` hyperparameters; without a body where there is no room for one."""
        px, (x, y) = style.px, (axis.name for axis in axes)
        body = rect.adjusted(round(px(LEFT)), round(px(HEAD)), 0, -round(px(BOTTOM + LINE)))
        if min(body.width(), body.height()) < px(LEAST):
            return cls()
        two = rect.width() < px(LEAST_FOR_ROW) and body.height() - px(ROW) >= px(LEAST_ABOVE)
        if two:
            body.adjust(0, 0, 0, -round(px(ROW)))
        metrics = QFontMetricsF(style.font(12, 600))
        bottom = rect.bottom() - px(LINE) + px(4)
        up, across = (QRectF(0, 0, metrics.horizontalAdvance(word) + px(12), px(HEIGHT))
                      for word in (f"{y} ↑", f"{x} →"))
        up.moveTopLeft(QPointF(body.left(), 0))
        across.moveTopRight(QPointF(body.right(), bottom))
        values = word_choice(style, "settings_value", VALUES, value, rect.right(),
                             rect.right() - up.right()) if live else ()
        first = rect.left() if two else body.left()
        legend = QRectF(first, bottom, across.left() - first, px(LINE) - px(4))
        below = legend if two else None
        if two:
            legend = QRectF(first, bottom - px(ROW), rect.width(), legend.height())
        return cls(body, legend, below, (
            Segment("settings_y", following(known, y, x), f"{y} ↑", False, up),
            Segment("settings_x", following(known, x, y), f"{x} →", False, across), *values))


def following(known: Sequence[str], own: str, other: str) -> str:
    """The hyperparameter that a click on an axis's name puts there; the other axis keeps its own.
    """
    rest = [name for name in known if name != other]
    return rest[(rest.index(own) + 1) % len(rest)]


def glide_of(full: Axes, look: Look) -> tuple[Glide, Callable[[Extent], Axes]]:
    """What is seen, in shares of two axes that have all of it, and how these become axes."""
    slide = look.slide
    zooms = slide.settings_zoom if slide is not None else (look.settings_zoom,) * 2
    before, after = (zoomed(full, zoom) for zoom in zooms)
    if slide is None or before == after:
        return resting(ALL), lambda _: _between(full, after)
    whole = _between(full, (
        (min(before[0][0], after[0][0]), max(before[0][1], after[0][1])),
        (min(before[1][0], after[1][0]), max(before[1][1], after[1][1]))))
    # Of the ends the very numbers, so that they are asked as they are at rest.
    ends = {_shares(whole, box): _between(full, box) for box in (before, after)}
    return (glide(_shares(whole, before), _shares(whole, after), slide.share),
            lambda part: ends.get(part) or _part(whole, part))


def _between(axes: Axes, box: Zoom) -> Axes:
    return hyper_axis.between(axes[0], box[0]), hyper_axis.between(axes[1], box[1])


def _shares(axes: Axes, box: Zoom) -> Extent:
    (left, right), (bottom, top) = (
        (axis.position(low), axis.position(high))
        for axis, (low, high) in zip(axes, box, strict=True))
    return left, right, bottom, top


def _part(axes: Axes, part: Extent) -> Axes:
    (x, y), (left, right, bottom, top) = axes, part
    return _between(axes, ((x.value(left), x.value(right)), (y.value(bottom), y.value(top))))
