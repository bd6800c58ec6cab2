"""Trails on a relief: what of a line that lies on the surface is seen, and what a hill hides.

A line is tested, and not its pixels (`sight`). Where the surface is seen from below its trails are
hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .camera import NOWHERE, Projection
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
    """Trails as a camera sees them: what is worked out once, however many steps are then drawn.

    All points that are drawn are in one table, so that most is worked out for all trails at once;
    after each trail comes a point that is nowhere.
    """

    def __init__(self, trails: Sequence[Trail], projection: Projection,
                 depths: Depths) -> None:
        self._trails, self._projection = trails, projection
        found = [projection.project_apart(trail.line.points, APART) for trail in trails]
        self._kept = [kept for kept, _ in found]
        ends = np.cumsum([len(kept) + 1 for kept in self._kept]).tolist()
        self._parts = [slice(end - 1 - len(kept), end - 1)
                       for end, kept in zip(ends, self._kept, strict=True)]
        size = ends[-1] if ends else 0
        line = Draped(np.zeros((size, 3)), np.zeros((size, 3)), np.zeros(size))
        self._pixels, self._steps = np.full((size, 3), NOWHERE), np.full(size, -np.inf)
        for trail, part, (kept, pixels) in zip(trails, self._parts, found, strict=True):
            line.points[part], line.normals[part] = trail.line.points[kept], trail.line.normals[
                kept]
            self._pixels[part], self._steps[part] = pixels, trail.steps[kept]
        there = self._pixels[:, 2] > 0
        in_front, above = looked_at(line, self._pixels, projection, depths)
        self._visible = in_front & above
        unseen = ~self._visible
        unseen[[end - 1 for end in ends]] = False
        self._hidden = _widened(unseen) & there
        line.points[:, 2] = FLOOR
        self._below = projection.project(line.points)
        free = has_none(self._below, depths) & there
        crumb = CRUMB * projection.focal / (projection.distance if projection.perspective else 1.0)
        # How dark the shadow is, from 0 where the floor is not seen to 1.
        self._shade = np.ceil(
            SHADES * np.clip(_lengths(self._below, free) / crumb - 1, 0, 1)) / SHADES
        self._shades = [float(shade) for shade in np.unique(self._shade) if shade]

    def lines(self, step: int, look: TrailLook) -> list[Line]:
        """What is to be painted over the picture, the lowest first.

        Shadows straight below come first, where the floor is seen; then what is to come and what a
        hill hides, faint; then what is past.
        """
        past = self._steps <= step
        coming = ~past
        # The segment between now and what is to come belongs to the latter.
        coming[:-1] |= coming[1:]
        below = [Line(_where(self._below, (self._shade == shade) & past), look.width, look.shadow,
                      look.darkness * shade) for shade in self._shades]
        ahead, behind, passed = (_where(self._pixels, marks) for marks in (
            self._visible & coming, self._hidden & past, self._visible & past))
        faint, full = [], []
        for place, (trail, part) in enumerate(zip(self._trails, self._parts, strict=True)):
            color, opacity = trail.color, trail.opacity
            faint.append(Line(ahead[part], look.faint_width, color, look.future * opacity))
            faint.append(Line(behind[part], look.faint_width, color, look.hidden * opacity))
            line = joined([passed[part], *self._end(place, step)])
            full.append(Line(line, look.width, color, opacity, look.halo_width, look.halo))
        return below + faint + full

    def _end(self, place: int, step: int) -> list[Array]:
        """The piece by which a trail ends under its head, whatever thinning has left of it."""
        trail, kept, part = self._trails[place], self._kept[place], self._parts[place]
        now = int(np.searchsorted(trail.steps, step, side="right")) - 1
        last = int(np.searchsorted(self._steps[part], step, side="right")) - 1
        if last < 0 or kept[last] >= now or not self._visible[part][last]:
            return []
        (head,) = self._projection.project(trail.line.points[now : now + 1])
        return [np.stack([self._pixels[part][last, :2], head[:2]])] if head[2] > 0 else []


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
    ways = np.hypot(*np.diff(pixels[:, :2], axis=0).T) * (marks[1:] & marks[:-1])
    along = np.concatenate([[0.0], np.cumsum(ways)])
    turns = np.diff(marks.astype(np.int8), prepend=0, append=0)
    firsts, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    lengths = np.zeros(len(pixels))
    lengths[marks] = np.repeat(along[ends - 1] - along[firsts], ends - firsts)
    return lengths


def _where(pixels: Array, marks: Marks) -> Array:
    """The line (n, 2) through neighbouring points that are marked."""
    return np.where(marks[:, None], pixels[:, :2], np.nan)
