"""What the shades of a map stand for: from the best value to the worst, and what lies outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers import number

# So many of the fewest steps, and of the most, do not stretch the scale.
TAIL = 0.025
STEPS = "steps"


@dataclass(frozen=True)
class Scale:
    """Values by what they are above an `offset`; `below` and `above` say that some lie outside."""

    best: float
    worst: float
    what: str
    logarithmic: bool = True
    offset: float = 0.0
    below: bool = False
    above: bool = False

    def share(self, values: NDArray) -> NDArray[np.float64]:
        """How bad, 0 to 1."""
        best, worst = map(float, self._warp(np.array([self.best, self.worst])))
        return np.asarray(np.clip((self._warp(values) - best) / max(worst - best, 1e-12), 0, 1))

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends in words."""
        ends = (self.best - self.offset, self.worst - self.offset)
        best, worst = (number(round(end) if self.what == STEPS else end, 2) for end in ends)
        return f"≤ {best}" if self.below else best, f"≥ {worst}" if self.above else worst

    def towards(self, other: Scale, share: float) -> Scale:
        """The scale at a share of the way to another one; the nearer one if they are of two kinds.
        """
        kinds = [(scale.logarithmic, scale.offset, scale.what) for scale in (self, other)]
        nearer = self if share < 0.5 else other
        if kinds[0] != kinds[1] or share in (0, 1):
            return nearer
        first, last = (self._warp(np.array([scale.best, scale.worst])) for scale in (self, other))
        way = first + share * (last - first)
        best, worst = (10**way + self.offset if self.logarithmic else way).tolist()
        return Scale(best, worst, self.what, self.logarithmic, self.offset, nearer.below,
                     nearer.above)

    def _warp(self, values: NDArray) -> NDArray[np.float64]:
        if not self.logarithmic:
            return np.asarray(values, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(np.maximum(values - self.offset, 1e-300)))


def on_the_way(scales: Sequence[Scale], share: float) -> Scale:
    """The scale of maps that lie over each other, a share of the way to that of the top one."""
    if len(scales) < 2:
        return scales[0] if scales else steps_scale(np.empty(0))
    below, top = scales[-2:]
    return below.towards(top, share)


def steps_scale(steps: NDArray) -> Scale:
    """The scale of numbers of steps (n,): that of nearly all of them, by factors."""
    known = np.maximum(steps, 1)
    if not len(known):
        return Scale(1.0, 1.0, STEPS)
    fewest, most = np.rint(np.quantile(known, [TAIL, 1 - TAIL])).tolist()
    return Scale(fewest, most, STEPS, below=bool((known < fewest).any()),
                 above=bool((known > most).any()))
