"""How the numbers of every layer are spread at a step, for networks shown above each other.

All is as in training at the step that follows: batch norm normalises by the rows looked at (its
running statistics are far behind at first), and dropout drops what it will drop. Activations and
pre-activations are those of an even share of the training rows, since a batch is too small for a
smooth histogram; gradients are those of the step's batch, since they are what the step goes by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, isfinite, log10, nan
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..layers import Activation
from .activation_curves import curve, unused
from .architecture import Placed
from .blocks import Block
from .counting import Moments, moments, share_outside
from .even_rows import spread_rows
from .histogram import Histogram, bounds
from .probe import Probe

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Quantity = Literal["activation", "pre-activation", "gradient", "weight"]

# A histogram of so many numbers looks smooth at 40 bins: 400 a bin, give or take a twentieth.
SMOOTH = 16_384
FEWEST_ROWS, MOST_ROWS = 128, 1024
# A range ends at so many standard deviations, or nearer where there is nothing that far out.
REACH = 3.5
# One layer that explodes does not squeeze all others flat: it is cut at so many times the usual.
UNUSUAL = 20.0
# Where a function that is flat on both sides has come to its end.
FAR_OUT = 40.0
ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, eq=False)
class Column:
    """One layer (block) of one network; `flat` (bins,) counts those on its function's flat sides.

    `function` is the title of its activation function, "" without one; `rests` whether that has a
    value of rest, and outputs that are counted in `flat` are those of that value. `flat` is 0 for
    gradients and weights, and for outputs of functions that do not only rise (GELU, SiLU): theirs
    do not tell on which side they come from.
    """

    number: int
    name: str
    place: int
    function: str
    rests: bool
    histogram: Histogram
    flat: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many finite numbers there are, in the range or not."""
        return int(self.histogram.counts.sum()) + self.histogram.below + self.histogram.above


def rows_looked_at(state: NetworkState) -> int:
    """How many training rows a look takes: enough for smooth histograms, from 128 to 1,024."""
    layers = state.training.network.layers
    widest = max((layer.fan_out for layer in layers[:-1]), default=1)
    wanted = min(max(SMOOTH // widest, FEWEST_ROWS), MOST_ROWS)
    return min(wanted, len(state.training.material.train_x))


def look_into(state: NetworkState, what: Quantity, reuse: Probe | None = None) -> Probe:
    """The pass in which a quantity is looked at; see `NetworkState.probe` for `reuse`."""
    if what == "gradient":
        return state.probe("batch", reuse=reuse)
    material = state.training.material
    # Weights are the same on any row.
    count = 1 if what == "weight" else rows_looked_at(state)
    rows = spread_rows(len(material.train_x), count)
    # A batch norm cannot normalise by a single row.
    return Probe(state, material.at(material.data.train_x[rows], state.step),
                 material.train_y[rows], state.step + 1, count > 1, reuse)


def shown_blocks(probe: Probe, what: Quantity) -> tuple[Block, ...]:
    """The blocks that are compared: without the output's where activations are.

    What the output layer puts out is of another kind, and has another range.
    """
    hidden = what in ("activation", "pre-activation") and len(probe.blocks) > 1
    return probe.blocks[:-1] if hidden else probe.blocks


def block_values(probe: Probe, block: Block, what: Quantity) -> Array:
    """The numbers of a quantity in one block, (units, n), or (units, fan_in) for weights."""
    if what == "weight":
        return probe.weights(block.weights)
    if what == "gradient":
        return probe.gradient(block.activation)
    # What goes into an activation function is what the layer before it puts out.
    return probe.activation(block.activation if what == "activation" else block.pre_activation)


def common_range(probes: Sequence[Probe], what: Quantity) -> tuple[float, float]:
    """A range of round numbers for all blocks of all networks.

    It holds the whole range of functions that are flat on both sides, and otherwise 3.5 standard
    deviations about each mean, but for blocks that reach 20 times as far as half of them do. For
    gradients, weights and pre-activations it is symmetric. Networks that have diverged count only
    where all have.
    """
    return range_of([
        (probe.state.diverged is None,
         [(layer, None if what == "activation" and _ends(layer) is not None
           else moments(block_values(probe, block, what)))
          for block in shown_blocks(probe, what)
          for layer in (probe.layers[block.activation],)])
        for probe in probes], what)


def range_of(networks: Sequence[tuple[bool, Sequence[tuple[Placed, Moments | None]]]],
             what: Quantity, unusual: float = UNUSUAL) -> tuple[float, float]:
    """The range of `common_range`, from whether a network is sound, and its blocks' moments.

    Those of activations of a function that is flat on both sides are not looked at. Blocks that
    reach `unusual` times as far as half of all do not widen it.
    """
    lows, highs = [], []
    sound = [blocks for finite, blocks in networks if finite]
    for blocks in sound or [blocks for _, blocks in networks]:
        for layer, known in blocks:
            ends = _ends(layer) if what == "activation" else None
            if ends is None:
                assert known is not None
                reach = REACH * known.std
                ends = (max(known.minimum, known.mean - reach),
                        min(known.maximum, known.mean + reach))
            if isfinite(ends[0]) and isfinite(ends[1]):
                lows.append(ends[0])
                highs.append(ends[1])
    low, high = _usual_end([-low for low in lows], unusual), _usual_end(highs, unusual)
    low = -low
    if what != "activation":
        high = max(abs(low), abs(high))
        low = -high
    return bounds(-_rounded_up(max(-low, 0.0)), _rounded_up(max(high, 0.0)))


def columns(probe: Probe, what: Quantity, bins: int, span: tuple[float, float]
            ) -> tuple[Column, ...]:
    """The blocks of a network in order, counted in `bins` bins of a range (low, high)."""
    found = probe.histograms(what, bins, span)
    return tuple(_column(probe, block, entry, what)
                 for block, entry in zip(shown_blocks(probe, what), found, strict=False))


def flat_ends(layer: Placed) -> tuple[float, float]:
    """Inputs below and above which a layer is saturated; NaN for none, and where it is unknown."""
    function = layer.definition
    if not isinstance(function, Activation) or dict(layer.hypers) != function.defaults():
        return nan, nan
    low, high = function.flat_below, function.flat_above
    return nan if low is None else low, nan if high is None else high


def _column(probe: Probe, block: Block, entry: Histogram, what: Quantity) -> Column:
    layer = probe.layers[block.activation]
    function = layer.definition if isinstance(layer.definition, Activation) else None
    rest = function.at_rest if function is not None else None
    flat = np.zeros_like(entry.counts)
    width = (entry.high - entry.low) / len(flat)
    if what == "activation" and rest is not None:
        total = int(entry.counts.sum()) + entry.below + entry.above
        place = min(max(int((rest - entry.low) / width), 0), len(flat) - 1)
        flat[place] = min(round(entry.sparse * (total + entry.nonfinite)), entry.counts[place])
    elif what == "pre-activation":
        flat = _beyond(block_values(probe, block, what), entry, flat_ends(layer))
    elif what == "activation" and function is not None and _rises(function):
        ends = _put_out(function, flat_ends(layer))
        flat = _beyond(block_values(probe, block, what), entry, ends)
    return Column(block.number, block.name, entry.place, function.title if function else "",
                  rest is not None, entry, flat)


def _beyond(values: Array, entry: Histogram, ends: tuple[float, float]) -> NDArray[np.int64]:
    """How many numbers in each bin are at or below the lower end, or at or above the upper one."""
    counts, flat = entry.counts, np.zeros_like(entry.counts)
    for end, outside, order in ((ends[0], entry.below, 1), (ends[1], entry.above, -1)):
        if isfinite(end):
            share = share_outside(values, *((end, nan) if order == 1 else (nan, end)))
            there, side = round(share * values.size) - outside, counts[::order]
            # The bins from this side on hold them, whole ones and then a part of one.
            flat += np.clip(there - (np.cumsum(side) - side), 0, side)[::order]
    return np.minimum(flat, counts)


@lru_cache(maxsize=64)
def _rises(function: Activation) -> bool:
    """Whether a function with its defaults never falls."""
    values, _ = curve(unused(function), np.linspace(-FAR_OUT, FAR_OUT, 1601))
    return bool((np.diff(values) >= 0).all())


def _ends(layer: Placed) -> tuple[float, float] | None:
    """The lowest and highest output of a function that is flat on both sides."""
    low, high = flat_ends(layer)
    function = layer.definition
    if isfinite(low) and isfinite(high) and isinstance(function, Activation):
        return _put_out(function, (-FAR_OUT, FAR_OUT))
    return None


@lru_cache(maxsize=64)
def _put_out(function: Activation, inputs: tuple[float, float]) -> tuple[float, float]:
    """What a function with its defaults puts out for two inputs; NaN for NaN."""
    there = [end for end in inputs if isfinite(end)]
    values = iter(curve(unused(function), np.array(there))[0].tolist() if there else ())
    return tuple(next(values) if isfinite(end) else nan for end in inputs)  # type: ignore[return-value]


def _usual_end(ends: Sequence[float], unusual: float) -> float:
    """The farthest end but for unusual ones; 1 of none."""
    positive = sorted(end for end in ends if end > 0)
    farthest = max(ends, default=1.0)
    return min(farthest, unusual * positive[(len(positive) - 1) // 2]) if positive else farthest


def _rounded_up(size: float) -> float:
    """The next round number from `size` up, 0 for 0: 1, 1.5, 2, 3, 4, 6, 8 and their tenfolds."""
    if not size > 1e-300:
        return 0.0
    decade = 10.0 ** floor(log10(size))
    share = size / decade
    # Not to be pushed on by rounding: tanh(40) is 1.
    found = next((entry for entry in ROUND if share <= entry * (1 + 1e-9)), float(ceil(share)))
    return found * decade
