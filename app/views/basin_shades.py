"""The colours of a map of basins: a hue a minimum, lighter the more steps it takes to get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from engine.maps import DIVERGED, NOWHERE, Basins

from ..theme import Style, Theme, mixed
from .quiet_axes import Extent

SHADES = 24
# How far the slowest starts are on the way from their minimum's colour to the card's.
FADED = 0.74
NOT_THERE, LOST = 0.16, 0.05
STRIPE, STRIPES_APART = 0.26, 7.0


@dataclass(frozen=True)
class Steps:
    """The fewest and the most steps that the shades tell apart."""

    fewest: float
    most: float

    def share(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """How slow, 0 to 1, on a logarithmic scale."""
        low, high = np.log(self.fewest), np.log(self.most)
        known = np.log(np.maximum(steps, 1)) - low
        return np.asarray(np.clip(known / max(high - low, 1e-9), 0, 1))


def steps_of(pictures: Sequence[Basins]) -> Steps:
    """The steps of nearly all starts that arrive; one scale for all maps beside each other."""
    arrived = [picture.steps[picture.reached >= 0] for picture in pictures]
    found = np.concatenate(arrived) if arrived else np.empty(0)
    if not len(found):
        return Steps(1, 1)
    fewest, most = np.quantile(np.maximum(found, 1), [0.01, 0.99])
    return Steps(float(fewest), float(most))


def hue(theme: Theme, minimum: int) -> QColor:
    """The colour of a minimum, by its place; there are as many as classes of data have."""
    return QColor(theme.classes[minimum % len(theme.classes)])


def shade(theme: Theme, minimum: int, share: float) -> QColor:
    """The colour of a start that comes to a minimum, `share` of the way to the slowest."""
    return mixed(hue(theme, minimum).name(), theme.card, FADED * share)


def ramp_of(theme: Theme, minimum: int) -> NDArray[np.int64]:
    """A minimum's colours from the fastest starts to the slowest, (SHADES, 3) of 0 to 255."""
    colors = [shade(theme, minimum, k / (SHADES - 1)) for k in range(SHADES)]
    return np.array([(color.red(), color.green(), color.blue()) for color in colors])


def unlike(theme: Theme, outcome: int) -> QColor:
    """The ground of starts that come to no minimum."""
    return mixed(theme.card, theme.quiet, {NOWHERE: NOT_THERE, DIVERGED: LOST}[outcome])


def stripe(theme: Theme) -> QColor:
    """The stripes over starts that diverge."""
    return mixed(theme.card, theme.quiet, LOST + STRIPE)


def striped(size: tuple[int, int], width: float) -> NDArray[np.bool_]:
    """Where the stripes of a picture of (columns, rows) are, each `width` wide and as far apart."""
    columns, rows = size
    along = np.add.outer(np.arange(rows), np.arange(columns))
    return np.asarray((along // max(width, 1.0)).astype(np.int64) % 2 == 0)


def ground(picture: Basins, cells: Extent, steps: Steps, shown: Extent, size: tuple[int, int],
           style: Style, ratio: float) -> NDArray[np.uint32]:
    """The map as pixels, (rows, columns) of a size in device pixels that shows the part `shown`.

    `cells` is the rectangle that the map's pixels fill; beyond it nothing is known.
    """
    theme = style.theme
    colors = _cell_colors(picture, steps, theme)
    across = _places(shown[:2], cells[:2], size[0], len(picture.x))
    up = _places(shown[2:], cells[2:], size[1], len(picture.y))[::-1]
    pixels = colors[np.ix_(np.maximum(up, 0), np.maximum(across, 0))]
    lost = picture.reached[np.ix_(np.maximum(up, 0), np.maximum(across, 0))] == DIVERGED
    if lost.any():
        pixels[lost & striped(size, style.px(STRIPES_APART) * ratio)] = stripe(theme).rgba()
    pixels[up < 0] = pixels[:, across < 0] = QColor(theme.card).rgba()
    return np.ascontiguousarray(pixels)


def _cell_colors(picture: Basins, steps: Steps, theme: Theme) -> NDArray[np.uint32]:
    count = max(len(picture.minima), 1)
    hues = np.array([ramp_of(theme, k) for k in range(min(count, len(theme.classes)))])
    table = (0xFF000000 + (hues @ [1 << 16, 1 << 8, 1])).astype(np.uint32)
    share = np.rint(steps.share(picture.steps) * (SHADES - 1)).astype(np.int64)
    colors = table[picture.reached % len(table), share]
    for outcome in (NOWHERE, DIVERGED):
        colors[picture.reached == outcome] = unlike(theme, outcome).rgba()
    return colors


def _places(shown: tuple[float, float], cells: tuple[float, float], pixels: int, count: int
            ) -> NDArray[np.int64]:
    """Which of `count` cells lies under each of the pixels, from low to high; -1 where none."""
    middles = shown[0] + (np.arange(pixels) + 0.5) / pixels * (shown[1] - shown[0])
    places = np.floor((middles - cells[0]) / (cells[1] - cells[0]) * count).astype(np.int64)
    return np.where((places >= 0) & (places < count), places, -1)
