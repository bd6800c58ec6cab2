"""A map on its way from one part of the plane to another: over it comes up what it comes to.

A map takes seconds, so it is not made anew for every frame: that of a part is enlarged until the
next one, a little way further, has come up in its middle and fills the picture. A few maps that
follow each other by equal factors are a long way.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

from engine.camera import between_zooms

from .quiet_axes import Extent

# No map is enlarged further than so many times before the next one is there.
MOST_ENLARGED = 2.2


@dataclass(frozen=True)
class Glide:
    """The part `now` of the plane, and the parts whose maps are seen, each with its opacity.

    `seen` is in the order of painting: the first has all others in it. `reached` is the one of
    them that the way has come to last, and `top` the share of the way that it is to the last one
    seen from the one below.
    """

    now: Extent
    seen: tuple[tuple[Extent, float], ...]
    reached: Extent
    top: float = 1.0


def resting(part: Extent) -> Glide:
    """No glide at all."""
    return Glide(part, ((part, 1.0),), part)


def glide(before: Extent, after: Extent, share: float) -> Glide:
    """A share of the way, 0 to 1: inwards or outwards by stages, or aside on a map of all of it."""
    now = _between(before, after, share)
    around = (min(before[0], after[0]), max(before[1], after[1]),
              min(before[2], after[2]), max(before[3], after[3]))
    if around not in (before, after):
        return Glide(now, ((around, 1.0), (before, 1 - share), (after, share)),
                     after if share == 1 else before, share)
    stages = stages_between(before, after)
    stage = min(int(share * stages), stages - 1)
    gone, places = share * stages - stage, (stage, stage + 1)
    if around == before:
        first, last = (_between(before, after, place / stages) for place in places)
        wide, narrow, near = first, last, gone
    else:
        # By the same numbers as the other way round, so that their maps are known.
        first, last = (_between(after, before, (stages - place) / stages) for place in places)
        wide, narrow, near = last, first, 1 - gone
    # The narrower one is full from half of the way on, for there the other's pixels are large.
    return Glide(now, ((wide, 1.0), (narrow, min(1.0, 2 * near))),
                 last if share == 1 else first, near)


def stages_between(before: Extent, after: Extent) -> int:
    """In how many stages one part becomes another, each enlarged by the same factor."""
    sides = [(part[1] - part[0], part[3] - part[2]) for part in (before, after)]
    factor = max(max(one / other, other / one) for one, other in zip(*sides, strict=True))
    return max(1, ceil(log(factor) / log(MOST_ENLARGED) - 1e-9))


def _between(before: Extent, after: Extent, share: float) -> Extent:
    """The rectangle at a share of the way; at its ends the very numbers of these."""
    if share in (0, 1):
        return after if share else before
    (left, right), (bottom, top) = between_zooms(
        (before[:2], before[2:]), (after[:2], after[2:]), share)
    return left, right, bottom, top
