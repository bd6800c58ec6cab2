"""Where a layer's numbers lie at a step, and how far they have moved since the start.

While the layers before it learn, what a layer is given slides and widens: internal covariate shift
(Ioffe & Szegedy 2015, arXiv:1502.03167, whose figure 1 shows such quantiles). Where inputs drift,
their shift is in it too. All is as in training, over an even share of the rows as they lie at the
step: batch norm normalises by these rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..layers import Activation
from .blocks import Block
from .counting import counted, moments
from .even_rows import sampled_probe
from .looking_back import LookingBack

if TYPE_CHECKING:
    from .architecture import Architecture
    from .probe import Probe
    from .state import NetworkState

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that bands are drawn from."""
# A unit's own distribution is kept as so many quantiles, and of a wide layer so many units.
PARTS, UNITS = 16, 32


@dataclass(frozen=True, eq=False)
class Distribution:
    """A layer's numbers at a step, NaN after a divergence.

    `quantiles` (5,) are those of all looked at together, at LEVELS; `units` (u, 16) those of at
    most 32 units, evenly spread over the layer, each at the middles of sixteenths; `std` is the
    root mean square of the units' standard deviations.
    """

    quantiles: Exact
    units: Exact
    std: float


@dataclass(frozen=True, eq=False)
class ShiftTable:
    """A layer over a run: row k is step `steps[k]`.

    `quantiles` (K, 5) are at LEVELS, `centres` (K, u) the units' medians, and `moved` (K,) is how
    far the units have moved since step 0 (see `moved`), NaN where that is not known yet.
    """

    steps: NDArray[np.int64]
    quantiles: Exact
    centres: Exact
    moved: Exact


class ShiftSeries(LookingBack[tuple[Distribution, ...]]):
    """Every layer's distribution over a run, looked up as time allows."""

    def look(self, state: NetworkState) -> tuple[Distribution, ...]:
        if state.diverged is None:
            return distributions(state)
        blocks = len(state.training.network.layers)
        return (Distribution(np.full(5, np.nan), np.full((1, PARTS), np.nan), np.nan),) * blocks

    def table(self, contestant: int, block: int) -> ShiftTable | None:
        """What is known of a contestant's block, counted from 0; None if that is nothing."""
        looks = [(step, found[block]) for step, found in self.seen(contestant)]
        if not looks:
            return None
        first = looks[0]
        start = first[1] if first[0] == 0 else None
        units = len(first[1].units)
        centres = [found.units[:, PARTS // 2 - 1 : PARTS // 2 + 1].mean(1) for _, found in looks]
        away = [np.nan if start is None else moved(found.units, start) for _, found in looks]
        return ShiftTable(
            np.array([step for step, _ in looks]),
            np.array([found.quantiles for _, found in looks]),
            np.array([part if len(part) == units else np.full(units, np.nan) for part in centres]),
            np.array(away))


def seen_place(network: Architecture, block: Block) -> int:
    """The layer whose outputs are looked at: what goes into the block's activation function.

    Where a norm follows that function, it is what the norm puts out, since that is what the next
    layer is given.
    """
    behind = [place for place in block.places if place > block.activation
              and network.layers[place].definition.name.endswith("norm")]
    function = isinstance(network.layers[block.activation].definition, Activation)
    return behind[-1] if behind and function else block.pre_activation


def layer_values(probe: Probe, block: int) -> Array:
    """The numbers of a block, counted from 0, that are looked at, (units, n)."""
    network = probe.state.training.network
    return probe.activation(seen_place(network, probe.blocks[block]))


def distributions(state: NetworkState) -> tuple[Distribution, ...]:
    """Every block's distribution at a state's step."""
    probe = sampled_probe(state, "training")
    return tuple(distribution(layer_values(probe, block)) for block in range(len(probe.blocks)))


def distribution(values: Array) -> Distribution:
    """How the numbers (units, n) of a layer are distributed."""
    ranked = _ranked(values)
    with np.errstate(invalid="ignore", over="ignore"):
        return Distribution(_quantiles(np.sort(ranked, axis=None), LEVELS), unit_levels(values),
                            float(np.sqrt(ranked.var(1, dtype=np.float64).mean())))


def unit_levels(values: Array) -> Exact:
    """At most 32 units of numbers (units, n), each as sixteen quantiles, (u, 16)."""
    with np.errstate(invalid="ignore", over="ignore"):
        return _quantiles(_ranked(values), (np.arange(PARTS) + 0.5) / PARTS)


def moved(now: Exact, before: Distribution) -> float:
    """How far units have moved: the mean over units of the distance between now and before, in
    standard deviations of before; infinite where those were 0 and something has moved.

    `now` is as `unit_levels`. The distance is the earth mover's (Wasserstein's, of order 1): how
    far a number has to be taken on the average. A pure shift of all units by one standard deviation
    gives 1.
    """
    if now.shape != before.units.shape:
        return float("nan")
    away = float(np.abs(now - before.units).mean())
    if before.std > 0:
        return away / before.std
    return float("inf") if away > 0 else away


def shares(values: Array, bins: int, low: float, high: float) -> Exact:
    """The share of finite numbers in each of `bins` bins from low to high, (bins,)."""
    values = np.ascontiguousarray(values)
    known = moments(values)
    counts, _, _ = counted(values, known, bins, low, high)
    return counts / max(known.finite, 1)


def _ranked(values: Array) -> Array:
    """An even share of the units, each one's numbers in order, (u, n)."""
    count = min(len(values), UNITS)
    return np.sort(values[np.arange(count) * len(values) // count], axis=1)


def _quantiles(ranked: Array, levels: Sequence[float] | Exact) -> Exact:
    """Quantiles (…, q) of numbers (…, n) in order, between neighbours in proportion."""
    at = np.asarray(levels) * (ranked.shape[-1] - 1)
    below = np.floor(at).astype(int)
    above = np.minimum(below + 1, ranked.shape[-1] - 1)
    share = at - below
    return np.asarray((1 - share) * ranked[..., below] + share * ranked[..., above], np.float64)
