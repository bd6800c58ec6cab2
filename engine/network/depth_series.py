"""How every layer's numbers were spread over a run: mean, std and shares at many steps."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .counting import moments
from .layer_histograms import dead_share, saturation
from .layer_spread import Quantity, block_values, look_into, shown_blocks
from .looking_back import MOST, LookingBack
from .probe import Probe

if TYPE_CHECKING:
    from .state import NetworkState

Exact = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DepthTable:
    """One contestant over its run: row k is step `steps[k]`, column b block `names[b]`.

    What is known of the numbers is (K, B): their `mean` and `std`, the share of them that is
    `saturated` or exactly 0 (`sparse`), and the share of the units that are `dead`. `saturated` is
    NaN where nothing saturates, `dead` where the quantity is not activations or no unit can rest,
    and all of them from a divergence on.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    steps: NDArray[np.int64]
    mean: Exact
    std: Exact
    saturated: Exact
    dead: Exact
    sparse: Exact


@dataclass(frozen=True, eq=False)
class _Look:
    """What one look into one network found, (5, B): mean, std, and the three shares."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    values: Exact


class DepthSeries(LookingBack[_Look]):
    """A quantity's spread by layer over a run, looked up as time allows.

    `follow` raises RunError where a network is too large to be looked into.
    """

    def __init__(self, what: Quantity, most: int = MOST) -> None:
        super().__init__(most)
        self.what = what
        self._probe: Probe | None = None

    def table(self, contestant: int) -> DepthTable | None:
        """What is known of a contestant so far; None if that is nothing."""
        looks = self.seen(contestant)
        if not looks:
            return None
        first = looks[0][1]
        values = np.stack([look.values for _, look in looks], axis=1)
        return DepthTable(first.names, first.places, np.array([step for step, _ in looks]), *values)

    def look(self, state: NetworkState) -> _Look:
        probe = self._probe = look_into(state, self.what, self._probe)
        blocks = shown_blocks(probe, self.what)
        values = np.full((5, len(blocks)), nan)
        forward = self.what in ("activation", "pre-activation")
        if state.diverged is None:
            for k, block in enumerate(blocks):
                numbers = block_values(probe, block, self.what)
                known = moments(numbers)
                values[:2, k] = known.mean, known.std
                if isfinite(known.mean):
                    values[4, k] = known.zeros / numbers.size
                    if self.what == "activation":
                        values[3, k] = dead_share(probe.layers[block.activation], numbers)
                if forward and isfinite(known.mean):
                    values[2, k] = saturation(probe.layers[block.activation],
                                              probe.pre_activation(block.activation))
        places = [b.weights if self.what == "weight" else
                  b.pre_activation if self.what == "pre-activation" else b.activation
                  for b in blocks]
        return _Look(tuple(block.name for block in blocks), tuple(places), values)
