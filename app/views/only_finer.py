"""Which pictures of a map are drawn while finer ones are made: what is seen never becomes coarser.

A new part of the plane is first known by a few runs only. Until its picture is as fine on the
screen as what was seen before, that stays, enlarged or moved to its place; and beyond its edges,
where nothing better is known, there is the coarse one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from .quiet_axes import Extent

P = TypeVar("P")
# So many of the pictures before are kept over a coarse one: more are hardly seen.
MOST_KEPT = 2
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Drawn(Generic[P]):
    """A picture with its opacity: what it `fills`, in shares of what is shown, and the size of a
    cell that is a run of its own. One that is `whole` has all that was asked for."""

    picture: P
    opacity: float
    fills: Extent
    cell: float
    whole: bool

    @property
    def covers(self) -> bool:
        """Whether it fills all that is shown."""
        left, right, bottom, top = self.fills
        return (max(left, bottom) <= ROUNDING) and min(right, top) >= 1 - ROUNDING

    @property
    def away(self) -> bool:
        """Whether nothing of it is shown."""
        left, right, bottom, top = self.fills
        return max(left, bottom) >= 1 or min(right, top) <= 0


def only_finer(asked: Sequence[Drawn[P]], before: Sequence[Drawn[P]]) -> list[Drawn[P]]:
    """What is drawn of the pictures `asked` for, from the lowest to the uppermost, and of those
    `before`."""
    if asked and asked[0].whole and asked[0].covers:
        # The best there can be; over it come those that are finer, or as fine as they will be.
        return [asked[0], *(one for one in asked[1:] if one.whole or one.cell < asked[0].cell)]
    ground = min((one for one in (*asked, *before) if one.covers), key=lambda one: one.cell,
                 default=None)
    coarsest = ground.cell if ground is not None else np.inf
    kept = sorted((one for one in before if one.cell < coarsest and not one.away),
                  key=lambda one: -one.cell)
    return [*([ground] if ground is not None else []), *kept[-MOST_KEPT:],
            *(one for one in asked if one.cell < coarsest)]
