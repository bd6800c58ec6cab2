"""One pass through a network from which all its layers are seen: forward and backward together.

Views that stand beside each other show the same numbers of the same rows, and what one of them has
worked out the others need not. Rows are an even share of the training rows, and all is as in
training at the step that follows, as in `layer_spread`. Gradients are those of one row's own loss:
a batch's are their mean, and so smaller by the number of its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from ..at_once import at_once
from .counting import Moments, moments
from .even_rows import spread_rows
from .layer_spread import (
    UNUSUAL,
    Column,
    Quantity,
    block_values,
    columns,
    range_of,
    rows_looked_at,
    shown_blocks,
)
from .probe import Probe
from .signals import Signals, signals_of

if TYPE_CHECKING:
    from .state import NetworkState

MOST_ROWS, FEWEST_ROWS = 1024, 64
# A quick look goes over so many parameters times rows: ten layers of 500 units on 256 rows.
QUICK_PRODUCTS = 640_000_000
QUICK_NUMBERS = 131_072
# What the passes of all contestants may hold at once when all rows are looked at.
MOST_BYTES = 400_000_000
# Passes of fewer parameters times rows are made sooner than threads are started.
WORTH_THREADS = 20_000_000
KEPT_COLUMNS = 6


class LayerLook:
    """What the layers of a network put out and get back at a step, over `rows` training rows.

    Any thread may ask; what has been worked out is kept. Raises RunError where the pass needs more
    memory than is used.
    """

    def __init__(self, state: NetworkState, rows: int) -> None:
        self.state, self.rows = state, rows
        self._lock = RLock()
        self._probe: Probe | None = None
        self._moments: dict[Quantity, tuple[Moments, ...]] = {}
        self._columns: dict[tuple[Quantity, int, tuple[float, float]], tuple[Column, ...]] = {}
        self._signals: Signals | None = None

    @property
    def ready(self) -> bool:
        """Whether the pass has been made."""
        return self._probe is not None

    @property
    def work(self) -> int:
        """What the pass costs: its rows times the parameters."""
        return self.rows * self.state.training.network.params_size

    @property
    def probe(self) -> Probe:
        """The pass."""
        with self._lock:
            if self._probe is None:
                state = self.state
                material = state.training.material
                rows = spread_rows(len(material.train_x), self.rows)
                # A batch norm cannot normalise by a single row.
                self._probe = Probe(
                    state, material.at(material.data.train_x[rows], state.step),
                    material.train_y[rows], state.step + 1, len(rows) > 1)
            return self._probe

    def make(self) -> None:
        """Make the pass now."""
        assert self.probe is not None

    def depth(self, what: Quantity) -> int:
        """How many blocks there are of a quantity."""
        return len(shown_blocks(self.probe, what))

    def moments(self, what: Quantity) -> tuple[Moments, ...]:
        """The moments of the blocks in order, without the output's where activations are."""
        with self._lock:
            if what not in self._moments:
                factor = self._factor(what)
                self._moments[what] = tuple(
                    _scaled(moments(block_values(self.probe, block, what)), factor)
                    for block in shown_blocks(self.probe, what))
            return self._moments[what]

    def columns(self, what: Quantity, bins: int, span: tuple[float, float]) -> tuple[Column, ...]:
        """The blocks in order, counted in `bins` bins of a range (low, high)."""
        key = what, bins, span
        with self._lock:
            if key not in self._columns:
                factor = self._factor(what)
                found = columns(self.probe, what, bins, (span[0] / factor, span[1] / factor))
                while len(self._columns) >= KEPT_COLUMNS:
                    del self._columns[next(iter(self._columns))]
                self._columns[key] = tuple(_own(column, factor) for column in found)
            return self._columns[key]

    def signals(self) -> Signals:
        """How large activations and gradients are, block by block."""
        with self._lock:
            if self._signals is None:
                self._signals = signals_of(self.probe)
            return self._signals

    def _factor(self, what: Quantity) -> float:
        return float(self.rows) if what == "gradient" else 1.0


def look_rows(states: Sequence[NetworkState], thorough: bool) -> int:
    """Over how many rows networks that are compared are looked at, the same for all.

    A quick look has as many as make smooth histograms, from 64 to 1,024, fewer the larger the
    networks; a thorough one all training rows up to 1,024, as far as memory goes.
    """
    if not states:
        return 1
    count = len(states[0].training.material.train_x)
    rows = MOST_ROWS
    for state in states:
        network = state.training.network
        if thorough:
            # Each layer keeps what it put out and what came back to it.
            bytes_a_row = 2 * sum(layer.fan_out for layer in network.layers) * state.state.itemsize
            most = MOST_BYTES // (len(states) * bytes_a_row)
        else:
            widest = max((layer.fan_out for layer in network.layers[:-1]), default=1)
            most = max(rows_looked_at(state), min(QUICK_NUMBERS // widest, 256))
            most = min(most, QUICK_PRODUCTS // max(network.params_size, 1))
        rows = min(rows, max(most, FEWEST_ROWS))
    return min(rows, count)


def looks(states: Sequence[NetworkState], rows: int) -> list[LayerLook]:
    """Looks into networks that are compared, their passes made at once on the cores there are."""
    found = [state.look(rows) for state in states]
    missing = [look for look in found if not look.ready]
    if sum(look.work for look in missing) > WORTH_THREADS:
        at_once([look.make for look in missing])
    return found


def common_span(seen: Sequence[LayerLook], what: Quantity, unusual: float = UNUSUAL,
                hidden: bool = False) -> tuple[float, float]:
    """The range of round numbers of `layer_spread.common_range`, for looks.

    See `layer_spread.range_of` for `unusual`. With `hidden` the outputs' block does not count,
    where there are others.
    """
    networks = []
    for look in seen:
        layers = [look.probe.layers[block.activation] for block in shown_blocks(look.probe, what)]
        blocks = list(zip(layers, look.moments(what), strict=True))
        last = look.probe.layers[-1]
        shown = [entry for entry in blocks if not (hidden and entry[0] is last)]
        networks.append((look.state.diverged is None, shown or blocks))
    return range_of(networks, what, unusual)


def _scaled(known: Moments, factor: float) -> Moments:
    if factor == 1:
        return known
    with np.errstate(over="ignore"):
        return replace(known, mean=known.mean * factor, std=known.std * factor,
                       minimum=known.minimum * factor, maximum=known.maximum * factor)


def _own(column: Column, factor: float) -> Column:
    """A column of gradients of a mean as one of the gradients that it is the mean of."""
    if factor == 1:
        return column
    entry = column.histogram
    return replace(column, histogram=replace(
        entry, low=entry.low * factor, high=entry.high * factor, mean=entry.mean * factor,
        std=entry.std * factor, minimum=entry.minimum * factor, maximum=entry.maximum * factor))
