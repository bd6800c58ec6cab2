"""The loss of one network as a function of its weights, at a few of them or at very many.

    loss = WeightLoss(state, "train")
    loss.at(params)                            the loss with those weights, a float
    loss.on(origin, axes, points)              its values on a plane through weights

Nothing else of the network changes: dropout is off, and the rows are the same ones. Batch norms
need a decision, since running statistics belong to the weights that left them. "recomputed", the
default, takes at every point the statistics of the training rows with those very weights, as a
running average with momentum 1 would have them after one pass over all of these rows: each point
is then a network that could be used, and two networks can be compared along a line (Izmailov et
al. 2018, Averaging weights leads to wider optima, §3.2, recompute them so). "kept" leaves the
state's own running statistics everywhere. Without a batch norm the two are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..at_once import at_once, cores
from ..errors import RunError
from ..network import passes
from ..network.even_rows import spread_rows
from ..network.plan import Plan
from ..network.state import NetworkState
from ..network.training import Parts, Training

Array = NDArray[np.floating]
Exact = NDArray[np.float64]
Of = Literal["train", "test", "batch"]
Statistics = Literal["recomputed", "kept"]
ROWS: tuple[Of, ...] = ("train", "test", "batch")
STATISTICS: tuple[Statistics, ...] = ("recomputed", "kept")

# A piece of rows goes through all layers before the next one does. Its numbers are to stay in a
# core's own cache, and there must be enough of them for a product to be worth its call.
PIECE_BYTES, FEWEST_ROWS, MOST_ROWS_A_PIECE = 400_000, 32, 512
# Rows whose statistics batch norms get at every point.
MOST_GAUGE_ROWS = 2000
# Multiplications between two looks at whether to go on, about 4 ms on one core.
MULTIPLICATIONS_A_TURN = 100_000_000


class Cancelled(Exception):
    """Whoever asked wants it no more."""


class WeightLoss:
    """The loss as a function of the weights of a state's network.

    `of` says on which rows: "train" or "test", all of them or evenly spread `most_rows`, as they
    are at the state's step; or "batch", those of the step that follows, whose own statistics a
    recomputed batch norm takes. `penalty` adds the contestant's l1 and l2. It is computed in the
    run's precision, or in float64 if `exact`. Raises RunError.
    """

    def __init__(self, state: NetworkState, of: Of = "train", *, penalty: bool = False,
                 statistics: Statistics = "recomputed", most_rows: int | None = None,
                 exact: bool = False) -> None:
        if of not in ROWS:
            raise RunError(f'a loss is of "train", "test" or "batch" rows, not of {of!r}')
        if statistics not in STATISTICS:
            raise RunError(f'statistics are "recomputed" or "kept", not {statistics!r}')
        if most_rows is not None and most_rows < 1:
            raise RunError(f"most_rows must be from 1 up, not {most_rows}")
        training = state.training
        if exact and training.precision != "float64":
            training = training.in_float64()
        self.training: Training = training
        self.of, self.penalty, self.statistics, self.step = of, penalty, statistics, state.step
        self.size = training.network.params_size
        """How many weights there are, P."""
        self._memory = training.split(state.state.astype(training.precision)).memory
        normed = any(layer.definition.name == "batch-norm" for layer in training.network.layers)
        self._gauged = normed and statistics == "recomputed"
        self._inputs, self._targets = self._rows(of, most_rows)
        if not len(self._inputs):
            raise RunError(f"there are no {of} rows: problem.test_fraction is 0")
        self._desks: list[_Desk] = []
        self._lock = Lock()

    @property
    def rows(self) -> int:
        """How many rows the loss is the mean over."""
        return len(self._inputs)

    @property
    def of_rows(self) -> int:
        """How many such rows there are in all."""
        material = self.training.material
        return material.order.batch if self.of == "batch" else len(
            getattr(material, f"{self.of}_y"))

    def at(self, params: Array, memory: Array | None = None) -> float:
        """The loss with the parameters (P,).

        `memory` (R,) are running statistics to be used, where those are kept.
        """
        return float(self._values(np.asarray(params, float), np.zeros((2, self.size)),
                                  np.zeros((1, 2)), memory)[0])

    def on(self, origin: Exact, axes: Exact, points: Exact, *, threads: int | None = None,
           cancelled: Callable[[], bool] = lambda: False) -> Exact:
        """The loss at `points` (n, 2): with the parameters `origin` (P,) + point · `axes` (2, P).

        Parameters are put together in float64 and rounded once. It runs on `threads` threads,
        without the interpreter's lock; by default on as many as there are cores. What comes out
        does not hang on them. Raises Cancelled soon after `cancelled()` says so.
        """
        points = np.ascontiguousarray(points, float).reshape(-1, 2)
        origin, axes = np.ascontiguousarray(origin, float), np.ascontiguousarray(axes, float)
        if origin.shape != (self.size,) or axes.shape != (2, self.size):
            raise RunError(f"the network has {self.size:,} parameters; the plane's origin and axes "
                           f"have the shapes {origin.shape} and {axes.shape}")
        values = np.empty(len(points))
        a_turn = max(1, MULTIPLICATIONS_A_TURN // max(self.size * self.rows, 1))
        turns = iter(range(0, len(points), a_turn))

        def work() -> None:
            while not cancelled():
                with self._lock:
                    first = next(turns, None)
                if first is None:
                    return
                part = slice(first, first + a_turn)
                values[part] = self._values(origin, axes, points[part])
            raise Cancelled

        # What threads share is made before there are any.
        _ = self.training.kernels, self._columns, self._gauge_columns, self._gauge_hypers
        count = min(threads or cores(), -(-len(points) // a_turn))
        at_once([work] * max(count, 1))
        return values

    # ---- one piece of work

    def _values(self, origin: Exact, axes: Exact, points: Exact, memory: Array | None = None
                ) -> Exact:
        training, kernels = self.training, self.training.kernels
        desk = self._taken()
        values = np.empty(len(points))
        desk.memory[:] = self._memory if memory is None else memory
        passes.compiled(passes.at_points, training.precision)(
            kernels.forwards, kernels.losses, self._plan.table, self._plan.target_at,
            self._plan.rows, *self._columns, points, origin, axes, desk.params, desk.memory,
            desk.workspace, training.layer_hypers, training.loss_hyper, self._gauge.table,
            self._gauge_columns, desk.gauge, self._gauge_hypers, values)
        with self._lock:
            self._desks.append(desk)
        if self.penalty:
            values += self._penalties(origin, axes, points)
        return values

    def _taken(self) -> _Desk:
        with self._lock:
            if self._desks:
                return self._desks.pop()
        precision = self.training.precision
        return _Desk(np.empty(self.size, precision), np.empty_like(self._memory),
                     self._plan.workspace(),
                     self._gauge.workspace() if self._gauged else np.empty(1, precision))

    def _penalties(self, origin: Exact, axes: Exact, points: Exact) -> Exact:
        """l1·Σ|W| + l2/2·ΣW² over weight matrices at points (n, 2), (n,)."""
        contestant, found = self.training.contestant, np.zeros(len(points))
        if not (contestant.l1 or contestant.l2):
            return found
        for part in self.weights:
            start, (u, v) = origin[part], axes[:, part]
            for k, (a, b) in enumerate(points):
                weights = start + a * u + b * v
                found[k] += (contestant.l1 * np.abs(weights).sum()
                             + contestant.l2 / 2 * (weights @ weights))
        return found

    # ---- the slope

    def gradient(self, params: Array) -> tuple[float, Exact]:
        """The loss with the parameters (P,) and its gradient (P,).

        A recomputed batch norm's statistics are part of the function: they are those of the rows
        themselves, so that they can be recomputed on training rows and on a batch alone.
        """
        if self._gauged and self.of == "test":
            raise RunError('a gradient on test rows needs statistics = "kept": the recomputed ones '
                           "are those of other rows")
        training = self.training
        # A copy: the pass takes arrays that may be written to, and a snapshot's may not.
        weights = np.array(params, training.precision, order="C")
        total, slope = 0.0, np.zeros(self.size)
        size = len(self._inputs) if self._gauged else self._plan.rows
        grads = np.empty(self.size, training.precision)
        for first in range(0, len(self._inputs), size):
            rows = np.arange(first, min(first + size, len(self._inputs)))
            layout = training.plan_for(len(rows))
            parts = Parts(weights, weights[:0], np.array(self._memory))
            arguments = training.pass_arguments(
                layout, self._inputs, self._targets, rows, parts, grads, layout.workspace(), 0,
                self._gauged, hypers=self._gauge_hypers)
            loss = passes.compiled(passes.there_and_back, training.precision)(*arguments)
            total += loss * len(rows)
            slope += grads.astype(float) * len(rows)
        total, slope = total / len(self._inputs), slope / len(self._inputs)
        if self.penalty:
            contestant = training.contestant
            exact = weights.astype(float)
            for part in self.weights:
                slope[part] += contestant.l2 * exact[part] + contestant.l1 * np.sign(exact[part])
            total += float(self._penalties(exact, np.zeros((2, self.size)), np.zeros((1, 2)))[0])
        return total, slope

    # ---- what stays the same

    @cached_property
    def weights(self) -> Sequence[slice]:
        """Where weight matrices lie among the parameters."""
        return tuple(slice(layer.params_at, layer.params_at + layer.weights_size)
                     for layer in self.training.network.layers if layer.weights_size)

    @cached_property
    def _plan(self) -> Plan:
        training, rows = self.training, len(self._inputs)
        itemsize = np.dtype(training.precision).itemsize
        a_row = training.plan_for(FEWEST_ROWS).size * itemsize / FEWEST_ROWS
        piece = int(min(max(PIECE_BYTES / a_row, FEWEST_ROWS), MOST_ROWS_A_PIECE))
        # Pieces of about one size: a short last one would be slower by the row.
        pieces = -(-rows // piece)
        return training.plan_for(-(-rows // pieces))

    @cached_property
    def _columns(self) -> tuple[Array, Array]:
        size = self._plan.rows
        return _in_pieces(self._inputs, size), _in_pieces(self._targets, size)

    @cached_property
    def _gauge(self) -> Plan:
        return self.training.plan_for(len(self._gauge_inputs)) if self._gauged else self._plan

    @cached_property
    def _gauge_inputs(self) -> Array:
        if self.of == "batch":
            return self._inputs
        return self._rows("train", MOST_GAUGE_ROWS)[0]

    @cached_property
    def _gauge_columns(self) -> Array:
        empty = np.empty(0, self.training.precision)
        return _in_pieces(self._gauge_inputs, len(self._gauge_inputs)) if self._gauged else empty

    @cached_property
    def _gauge_hypers(self) -> Exact:
        """Hyperparameters by which a pass in training leaves the rows' own statistics."""
        return self.training.network.hypers({
            "batch-norm": {"momentum": 1.0}, "dropout": {"rate": 0.0}})

    def _rows(self, of: Of, most: int | None) -> tuple[Array, Array]:
        material = self.training.material
        if of == "batch":
            inputs, targets, rows = material.batches(self.step + 1, 1)
            return np.ascontiguousarray(inputs[rows[0]]), np.ascontiguousarray(targets[rows[0]])
        x, y = getattr(material.data, f"{of}_x"), getattr(material, f"{of}_y")
        rows = spread_rows(len(x), most or len(x))
        return material.at(x[rows], self.step), np.ascontiguousarray(y[rows])


class _Desk:
    """Scratch arrays of one thread."""

    def __init__(self, params: Array, memory: Array, workspace: Array, gauge: Array) -> None:
        self.params, self.memory = params, memory
        self.workspace, self.gauge = workspace, gauge


def _in_pieces(rows: Array, size: int) -> Array:
    """Rows (n, d) as columns of pieces (d, size) after one another, flat."""
    pieces: list[Any] = [rows[first : first + size].T.reshape(-1)
                         for first in range(0, len(rows), size)]
    return np.ascontiguousarray(np.concatenate(pieces))
