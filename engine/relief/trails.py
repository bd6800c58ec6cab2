"""Trails on a relief: what of a line that lies on the surface is seen, and what a hill hides.

A line is tested, and not its pixels (`sight`). Where the surface is seen from below its trails are
hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..polyline import thinned
from .camera import Projection
from .field import Draped
from .lines import Line, joined
from .sight import Depths, Marks, has_none, looked_at
from .sizes import FLOOR

Array = NDArray[np.float64]

# Lines have a point in every so many pixels at most.
APART = 0.7
# Shadows this short, in units of the scene as it is seen, are crumbs and not drawn; twice as long
# ones are full, in so many steps.
CRUMB, SHADES = 0.14, 4
NOWHERE = -1e9


@dataclass(frozen=True, eq=False)
class Trail:
    """A line on the surface, and at which step each of its points is passed (n,).

    NaN in z is a gap. `color` has three numbers of 0 to 255.
    """

    line: Draped
    steps: Array
    color: tuple[float, float, float]
    opacity: float = 1.0


@dataclass(frozen=True)
class TrailLook:
    """Widths in pixels, and how much is seen of what is to come and of what a hill hides.

    `halo` and `shadow` are colours of three numbers of 0 to 255.
    """

    halo: tuple[float, float, float]
    shadow: tuple[float, float, float]
    width: float = 3.0
    faint_width: float = 2.0
    halo_width: float = 6.0
    future: float = 0.3
    hidden: float = 0.22
    darkness: float = 0.16


class TrailsSeen:
    """Trails as a camera sees them: what is worked out once, however many steps are then drawn."""

    def __init__(self, trails: Sequence[Trail], projection: Projection,
                 depths: Depths) -> None:
        self._laid = [_lay(trail, projection, depths) for trail in trails]

    def lines(self, step: int, look: TrailLook) -> list[Line]:
        """What is to be painted over the picture, the lowest first.

        Shadows straight below come first, where the floor is seen; then what is to come and what a
        hill hides, faint; then what is past.
        """
        below = [Line(joined([_where(laid.below, (laid.shade == shade) & (laid.steps <= step))
                              for laid in self._laid]), look.width, look.shadow,
                      look.darkness * shade)
                 for shade in sorted({shade for laid in self._laid for shade in laid.shades})]
        faint, full = [], []
        for laid in self._laid:
            color, opacity = laid.trail.color, laid.trail.opacity
            past = laid.steps <= step
            coming = ~past
            # The segment between now and what is to come belongs to the latter.
            coming[:-1] |= coming[1:]
            faint.append(Line(_where(laid.pixels, laid.visible & coming), look.faint_width, color,
                              look.future * opacity))
            faint.append(Line(_where(laid.pixels, laid.hidden & past), look.faint_width, color,
                              look.hidden * opacity))
            full.append(Line(laid.upto(step), look.width, color, opacity, look.halo_width,
                             look.halo))
        return below + faint + full


@dataclass(frozen=True, eq=False)
class _Laid:
    """A trail's points on the picture (n, 3), those below on the floor, and which of them are seen.
    """

    trail: Trail
    all_pixels: Array
    kept: NDArray[np.int64]
    pixels: Array
    below: Array
    steps: Array
    visible: Marks
    hidden: Marks
    shade: Array
    """How dark the shadow is, from 0 where the floor is not seen to 1."""

    @cached_property
    def shades(self) -> list[float]:
        """Those that there are."""
        return [float(shade) for shade in np.unique(self.shade) if shade]

    def upto(self, step: int) -> Array:
        """What is past and seen; it ends under its head, whatever thinning has left of it."""
        line = _where(self.pixels, self.visible & (self.steps <= step))
        now = int(np.searchsorted(self.trail.steps, step, side="right")) - 1
        last = int(np.searchsorted(self.steps, step, side="right")) - 1
        if last >= 0 and self.kept[last] < now and self.visible[last] and (
                self.all_pixels[now, 2] > 0):
            line = joined([line, np.stack([self.pixels[last, :2], self.all_pixels[now, :2]])])
        return line


def _lay(trail: Trail, projection: Projection, depths: Depths) -> _Laid:
    pixels = projection.project(trail.line.points)
    # A point that is not there is moved far out, where it parts two lines.
    pixels = np.where(np.isfinite(pixels[:, 2:]), pixels, NOWHERE)
    kept = thinned(pixels[:, :2], APART)
    line = Draped(trail.line.points[kept], trail.line.normals[kept], trail.line.along[kept])
    seen_pixels = pixels[kept]
    there = seen_pixels[:, 2] > 0
    in_front, above = looked_at(line, seen_pixels, projection, depths)
    visible = in_front & above
    floor = line.points.copy()
    floor[:, 2] = FLOOR
    below = projection.project(floor)
    free = has_none(below, depths) & there
    crumb = CRUMB * projection.focal / (projection.distance if projection.perspective else 1.0)
    shade = np.ceil(SHADES * np.clip(_lengths(below, free) / crumb - 1, 0, 1)) / SHADES
    return _Laid(trail, pixels, kept, seen_pixels, below, trail.steps[kept], visible,
                 _widened(~visible) & there, shade)


def rim_of(projection: Projection, depths: Depths, sides: Sequence[Draped]) -> Array:
    """The sides of a surface, where they are seen: pale hills end somewhere on a pale ground."""
    lines = []
    for side in sides:
        pixels = projection.project(side.points)
        # What is not finite is on no picture.
        lines.append(_where(pixels, looked_at(side, pixels, projection, depths)[0]))
    return joined(lines)


def _widened(marks: Marks) -> Marks:
    """The marks and their neighbours, so that a line goes on where another kind of it ends."""
    wide = marks.copy()
    wide[1:] |= marks[:-1]
    wide[:-1] |= marks[1:]
    return wide


def _lengths(pixels: Array, marks: Marks) -> Array:
    """For every point that is marked how long the line of its marked neighbours is, (n,)."""
    if not len(pixels):
        return np.empty(0)
    ways = np.hypot(*np.diff(pixels[:, :2], axis=0).T) * (marks[1:] & marks[:-1])
    along = np.concatenate([[0.0], np.cumsum(ways)])
    run = np.cumsum(np.diff(marks.astype(np.int8), prepend=0) == 1)
    first, last = (np.searchsorted(run, run, side) for side in ("left", "right"))
    return np.where(marks, along[last - 1] - along[first], 0.0)


def _where(pixels: Array, marks: Marks) -> Array:
    """The line (n, 2) through neighbouring points that are marked."""
    return np.where(marks[:, None], pixels[:, :2], np.nan)
