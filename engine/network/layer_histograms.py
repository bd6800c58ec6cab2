"""Histograms of all layers at once, side by side as lectures show them, and what follows from them.

By block a column is what a lecture calls a layer; by layer every one of them is a column, so that
what a batch norm or a dropout does can be seen too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..layers import Activation
from .architecture import Placed
from .counting import Moments, counted, moments, resting_units, share_outside
from .histogram import Histogram, Range, bounds, checked

if TYPE_CHECKING:
    from .probe import Probe

Array = NDArray[np.floating]
Exact = NDArray[np.float64]
What = Literal["activation", "pre-activation", "gradient", "weight", "weight-gradient"]
By = Literal["block", "layer"]


@dataclass(frozen=True, eq=False)
class Depth:
    """Spread of activations (forward) and of their gradients (backward) by block, (B,) each.

    `…_std` is about the mean, `…_moment` the mean square about 0, which is what inits are made to
    keep (He et al. 2015).
    """

    names: tuple[str, ...]
    forward_std: Exact
    forward_moment: Exact
    backward_std: Exact
    backward_moment: Exact


@dataclass(frozen=True)
class _Column:
    """An array to be counted; `place` is the layer whose array it is."""

    place: int
    name: str
    values: Array


def histograms(probe: Probe, what: What, bins: int, span: Range, by: By) -> tuple[Histogram, ...]:
    """See `Probe.histograms`."""
    checked(bins, span)
    columns = tuple(_columns(probe, what, by))
    known = [moments(column.values) for column in columns]
    ranges = _ranges(known, span)
    found = []
    for column, spread, (low, high) in zip(columns, known, ranges, strict=True):
        counts, below, above = counted(column.values, spread, bins, low, high)
        entry = Histogram(
            column.place, column.name, counts, low, high, below, above,
            spread.nans + sum(spread.infinite), spread.mean, spread.std, spread.minimum,
            spread.maximum, len(column.values))
        found.append(_said(entry, spread, probe, column) if what == "activation" else entry)
    return tuple(found)


def depth(probe: Probe) -> Depth:
    """See `Probe.depth`."""
    there = [moments(probe.activation(block.activation)) for block in probe.blocks]
    back = [moments(probe.gradient(block.activation)) for block in probe.blocks]
    rows = [np.array(row) for row in (
        [entry.std for entry in there], [entry.second_moment for entry in there],
        [entry.std for entry in back], [entry.second_moment for entry in back])]
    return Depth(tuple(block.name for block in probe.blocks), *rows)


def saturation(layer: Placed, inputs: Array) -> float:
    """The share of an activation function's inputs that lie on its flat sides.

    NaN where it has none, and where its hyperparameters are not the defaults, for which its flat
    sides are known.
    """
    function = layer.definition
    if not isinstance(function, Activation) or dict(layer.hypers) != function.defaults():
        return nan
    low, high = function.flat_below, function.flat_above
    if low is None and high is None:
        return nan
    return share_outside(inputs, nan if low is None else low, nan if high is None else high)


def dead_share(layer: Placed, outputs: Array) -> float:
    """The share of a layer's units (U, n) that put out their activation's value at rest everywhere.

    NaN where it has none.
    """
    function = layer.definition
    if not isinstance(function, Activation) or function.at_rest is None:
        return nan
    return float(np.mean(resting_units(outputs, function.at_rest)))


def _said(entry: Histogram, known: Moments, probe: Probe, column: _Column) -> Histogram:
    """A histogram of activations with what else they say."""
    layer = probe.layers[column.place]
    function, dead = layer.definition, 0
    if isinstance(function, Activation) and function.at_rest is not None:
        dead = int(np.count_nonzero(resting_units(column.values, function.at_rest)))
    return replace(entry, sparse=known.zeros / column.values.size, dead=dead,
                   saturated=saturation(layer, probe.pre_activation(column.place)))


def _columns(probe: Probe, what: What, by: By) -> Iterator[_Column]:
    """What there is to be counted, in order."""
    if what not in get_args(What):
        raise RunError(f"histograms are those of {', '.join(get_args(What))}, not of {what!r}")
    if by not in get_args(By):
        raise RunError(f'histograms are by "block" or by "layer", not by {by!r}')
    if by == "block":
        for block in probe.blocks:
            if what in ("weight", "weight-gradient"):
                place = block.weights
            else:
                place = block.pre_activation if what == "pre-activation" else block.activation
            yield _Column(place, block.name, _values(probe, what, by, place))
        return
    for layer in probe.layers:
        if layer.weights_size or what not in ("weight", "weight-gradient"):
            yield _Column(layer.place, f"{layer.place} {layer.definition.name}",
                          _values(probe, what, by, layer.place))


def _values(probe: Probe, what: What, by: By, place: int) -> Array:
    if what == "weight":
        return probe.weights(place)
    if what == "weight-gradient":
        return probe.weight_gradient(place)
    if what == "gradient":
        return probe.gradient(place)
    # A block's pre-activation is what the layer before its activation function puts out.
    if what == "pre-activation" and by == "layer":
        return probe.pre_activation(place)
    return probe.activation(place)


def _ranges(known: list[Moments], span: Range) -> list[tuple[float, float]]:
    if span is None:
        return [bounds(entry.minimum, entry.maximum) for entry in known]
    if span == "shared":
        low = min((entry.minimum for entry in known if entry.finite), default=nan)
        high = max((entry.maximum for entry in known if entry.finite), default=nan)
        return [bounds(low, high)] * len(known)
    low, high = span
    return [(float(low), float(high))] * len(known)
