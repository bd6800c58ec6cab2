"""What the colours of a map of basins mean, in words, in a row below the maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
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
    Row,
    fitting,
    paint_row,
    paint_scale,
    scale_width,
)
from .outcomes import DIVERGES, UNCONVERGED, paint_ground
from .trails import as_image
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
    words, room = Words.of(seen, style), rect.width()
    ends = scale.ends[0], f"{scale.ends[1]} steps"
    own = scale_width(ends, BAR, style) if words.hue is not None else -style.px(APART)
    beside = next((row for row in map(Row, words.trials)
                   if row.width(style) + style.px(APART) + own <= room), None)
    if beside is None:
        ramp = Entry((partial(_paint_ramp, hue=words.hue or 0, style=style),), " to ".join(ends))
        beside = words.narrow((ramp,) if words.hue is not None else (), room, style)
    elif words.hue is not None:
        paint_scale(painter, QRectF(rect.right() - own, rect.top(), own, rect.height()), ends,
                    _ramp(words.hue, style), style)
    paint_row(painter, rect, beside, style)


@dataclass(frozen=True)
class Words:
    """Entries of all that is on maps: minima one by one and together, and what comes to none.

    What does not converge is said with the number of steps, and without. `hue` is that of the
    first minimum.
    """

    named: tuple[Entry, ...]
    together: tuple[Entry, ...]
    lost: tuple[Entry, ...]
    nowhere: tuple[Entry, ...]
    briefly: tuple[Entry, ...]
    hue: int | None

    @classmethod
    def of(cls, seen: Sequence[Maps], style: Style) -> Words:
        """Those of maps that lie over each other."""
        maps, reached = seen[0], _reached(seen)
        minima = [place for place in reached if place >= 0]
        total = maps.question.races[0].steps
        lost, nowhere, briefly = (
            (_outcome(outcome, words, style),) if outcome in reached else ()
            for outcome, words in ((DIVERGED, DIVERGES),
                                   (NOWHERE, f"{UNCONVERGED} after {total:,} steps"),
                                   (NOWHERE, UNCONVERGED)))
        together = (_together(maps, minima, style),) if minima else ()
        named = tuple(_named(maps, place, place == minima[0], style) for place in minima)
        return cls(named if len(minima) <= MOST_NAMED else together, together, lost, nowhere,
                   briefly, int(maps.hues[minima[0]]) if minima else None)

    @property
    def trials(self) -> list[tuple[Entry, ...]]:
        """All of it in a row, from the longest to the shortest."""
        return [(*self.named, *self.lost, *self.nowhere),
                (*self.together, *self.lost, *self.nowhere),
                (*self.together, *self.lost, *self.briefly)]

    def narrow(self, ramp: tuple[Entry, ...], room: float, style: Style) -> Row:
        """The shortest row, with what shades stand for; what gives way first has other marks.

        Minima have theirs on the map itself.
        """
        rows = [(*self.together, *ramp, *self.lost, *self.briefly),
                (*ramp, *self.lost, *self.briefly), (*self.lost, *self.briefly)]
        found = [fitting([entries], room, style) for entries in rows]
        return next((row for row, entries in zip(found, rows, strict=True)
                     if row.entries == entries), found[1])


def _ramp(hue: int, style: Style) -> NDArray[np.uint32]:
    """A minimum's shades, from the fewest steps to the most, (52,)."""
    return np.array([shade(style.theme, hue, k / 51).rgba() for k in range(52)], np.uint32)


def _paint_ramp(painter: QPainter, rect: QRectF, hue: int, style: Style) -> None:
    painter.drawImage(rect, as_image(np.ascontiguousarray(_ramp(hue, style)[None])))


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
