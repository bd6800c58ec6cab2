"""A map on its way from one part of the plane to another: both are seen, the nearer one fuller.

A map takes seconds, so none is made for what lies between: the one of both ends, or of what has
both in it, is enlarged, and an end that lies in it comes up at its place, or fades there.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.camera import between_zooms

from .quiet_axes import Extent


@dataclass(frozen=True)
class Glide:
    """The part `now` of the plane, and the parts whose maps are seen, each with its opacity.

    `seen` is in the order of painting: the first has all others in it. `end` is the part to come,
    and `top` the share of the way that it is to the last one seen from the one below.
    """

    now: Extent
    seen: tuple[tuple[Extent, float], ...]
    end: Extent
    top: float = 1.0


def resting(part: Extent) -> Glide:
    """No glide at all."""
    return Glide(part, ((part, 1.0),), part)


def glide(before: Extent, after: Extent, share: float) -> Glide:
    """A share of the way, 0 to 1, at which both ends' maps have crossed over as far.

    One that lies within the other is full from half of the way on: there the other's pixels are
    large.
    """
    (left, right), (bottom, top) = between_zooms(
        (before[:2], before[2:]), (after[:2], after[2:]), share)
    around = (min(before[0], after[0]), max(before[1], after[1]),
              min(before[2], after[2]), max(before[3], after[3]))
    nested = 2.0 if around in (before, after) else 1.0
    over = [(part, min(1.0, nested * nearness))
            for part, nearness in ((before, 1 - share), (after, share)) if part != around]
    return Glide((left, right, bottom, top), ((around, 1.0), *over), after,
                 1 - share if after == around else share)
