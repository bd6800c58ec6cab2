"""What the colours of a map of basins mean, in words, in a row below the maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from engine.maps import DIVERGED, NOWHERE

from ..numbers import number
from ..theme import Style
from .basin_question import HUES, Maps
from .basin_shades import shade
from .map_legend import (
    APART,
    Entry,
    fitting,
    paint_row,
    paint_scale,
    scale_width,
)
from .outcomes import DIVERGES, UNCONVERGED, paint_ground
from .value_scale import Scale

BAR = 52.0
# More minima than that are counted, not named.
MOST_NAMED = 6
# Of so small a share of a map nobody sees the colour.
UNSEEN = 1e-3


def paint_legend(painter: QPainter, rect: QRectF, seen: Sequence[Maps], scale: Scale, style: Style
                 ) -> None:
    """What is on the maps, in as many words as there is room for, and the scale of steps.

    Those that are `seen` over each other have one list of minima.
    """
    maps, reached = seen[0], _reached(seen)
    row = fitting(trials_of(maps, reached, style), rect.width(), style)
    hue = next((int(maps.hues[place]) for place in reached if place >= 0), None)
    ends = scale.ends[0], f"{scale.ends[1]} steps"
    own = scale_width(ends, BAR, style)
    if hue is not None and row.width(style) + style.px(APART) + own <= rect.width():
        colors = np.array([shade(style.theme, hue, k / 51).rgba() for k in range(52)], np.uint32)
        paint_scale(painter, QRectF(rect.right() - own, rect.top(), own, rect.height()), ends,
                    colors, style)
    paint_row(painter, rect, row, style)


def trials_of(maps: Maps, reached: Sequence[int], style: Style) -> list[tuple[Entry, ...]]:
    """Entries of all that is reached, from the longest to the shortest; minima first."""
    minima = [place for place in reached if place >= 0]
    total = maps.question.races[0].steps
    lost = [_outcome(DIVERGED, DIVERGES, style)] if DIVERGED in reached else []
    nowhere, none = ([_outcome(NOWHERE, words, style)] if NOWHERE in reached else [] for words in (
        f"{UNCONVERGED} after {total:,} steps", UNCONVERGED))
    together = [_together(maps, minima, style)] if minima else []
    named = [_named(maps, place, place == minima[0], style) for place in minima]
    trials = [named] if len(minima) <= MOST_NAMED else []
    trials.append(together)
    return [(*trial, *lost, *nowhere) for trial in trials] + [
        (*together, *lost, *none),
        # Minima have marks on the map itself.
        *([(*lost, *none)] if lost or none else [])]


def _reached(seen: Sequence[Maps]) -> list[int]:
    """Every outcome on the maps, but for the rarest of a map that are next to nothing together."""
    found: set[int] = set()
    for picture in (picture for maps in seen for picture in maps.pictures):
        outcomes, counts = np.unique(picture.reached, return_counts=True)
        rarest = np.argsort(counts)
        few = np.cumsum(counts[rarest]) < UNSEEN * picture.reached.size
        found.update(outcomes[rarest[~few]].tolist())
    return sorted(found)


def _named(maps: Maps, place: int, first: bool, style: Style) -> Entry:
    picture = maps.pictures[0]
    x, y = (_round(float(value), picture.radius) for value in picture.minima[place])
    return Entry((_in_hue(maps, place, style),), f"{'minimum ' if first else ''}({x}, {y})")


def _together(maps: Maps, minima: Sequence[int], style: Style) -> Entry:
    """All minima in one entry, where there are too many or too little room to name them."""
    words = f"{len(minima):,} minima" if len(minima) > 1 else "minimum"
    repeating = ", hues repeat" if len(minima) > HUES else ""
    shown = {int(maps.hues[place]): place for place in reversed(minima)}
    grounds = tuple(_in_hue(maps, shown[hue], style) for hue in sorted(shown)[:MOST_NAMED])
    return Entry(grounds, words + repeating)


def _in_hue(maps: Maps, place: int, style: Style) -> Callable[[QPainter, QRectF], None]:
    color = shade(style.theme, int(maps.hues[place]), 0.0)
    return lambda painter, rect: painter.fillRect(rect, color)


def _outcome(outcome: int, words: str, style: Style) -> Entry:
    return Entry((partial(paint_ground, outcome=outcome, style=style),), words)


def _round(value: float, radius: float) -> str:
    """A coordinate with the digits that tell it from its neighbours."""
    digits = max(0, int(np.ceil(-np.log10(max(radius, 1e-12)))) + 1)
    return number(round(value, digits) + 0.0, 4)
