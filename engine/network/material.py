"""What all contestants of a race learn from: the same rows in the same order, in one precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..data import Course, Data, Drift, prepare
from .order import Order
from .problem import wrong

if TYPE_CHECKING:
    from ..kernels import Precision
    from ..losses import Loss
    from .problem import NetworkProblem

Array = NDArray[np.floating]
Rows = NDArray[np.int64]

# What the batches of one call of the compiled loop may hold, row numbers or moved inputs.
MOST_CELLS = 4_000_000


def material(problem: NetworkProblem, seed: int) -> Material:
    """The data of a problem, prepared; raises ExperimentError or FileError."""
    raw = problem.dataset.raw(seed)
    loss = problem.loss.definition
    refusal = loss.refusal(raw.task, len(raw.classes) or len(raw.targets))
    if refusal is not None:
        raise wrong("loss", refusal)
    drift = problem.drift.drift() if problem.drift is not None else None
    refusal = drift.refusal(raw.x.shape[1]) if drift is not None else None
    if refusal is not None:
        raise wrong("drift", refusal)
    data = prepare(raw, problem.test_fraction, problem.preprocess, seed)
    rows = len(data.train_x)
    if problem.batch > rows:
        raise wrong("batch", f"must be at most {rows:,}, the number of training rows, not "
                             f"{problem.batch:,}; 0 takes them all at every step")
    order = Order(rows, problem.batch, seed)
    return Material(data, order, loss, drift, problem.precision)


class Material:
    """Data as the compiled passes take them.

    `train_x` (N, d) and `train_y` (N, t) are in the run's precision; a class is its number.
    """

    def __init__(self, data: Data, order: Order, loss: Loss, drift: Drift | None,
                 precision: Precision) -> None:
        self.data, self.order, self.drift, self.precision = data, order, drift, precision
        self.inputs = data.train_x.shape[1]
        cells = order.batch * (self.inputs if drift is not None else 1)
        self.most_steps = max(1, MOST_CELLS // cells)
        classes = data.task == "classes"
        self.targets = 1 if classes else data.train_y.shape[1]
        self.outputs = loss.outputs(len(data.classes) if classes else self.targets)
        self.train_x, self.train_y = self.taken(data.train_x, data.train_y)
        self.test_x, self.test_y = self.taken(data.test_x, data.test_y)

    def taken(self, x: NDArray, y: NDArray) -> tuple[Array, Array]:
        """Inputs (n, d) and targets (n,) or (n, t) as the passes take them."""
        x = np.ascontiguousarray(x, self.precision)
        y = np.ascontiguousarray(y[:, None] if y.ndim == 1 else y, self.precision)
        return x, y

    def batches(self, first: int, count: int) -> tuple[Array, Array, Rows]:
        """Inputs, targets, and which rows of them the steps from `first` on take, (count, B)."""
        rows = self.order.batches(first, count)
        if self.drift is None:
            return self.train_x, self.train_y, rows
        # The rows as they are at their step, one batch after another.
        moved = self.course(first, count).apply(self.data.train_x[rows])
        x = np.ascontiguousarray(moved.reshape(rows.size, -1), self.precision)
        y = self.train_y[rows.reshape(-1)]
        return x, y, np.arange(rows.size).reshape(rows.shape)

    def course(self, first: int, count: int) -> Course:
        """How the drift has moved the inputs at the steps from `first` on."""
        assert self.drift is not None
        return self.drift.in_prepared_many(self.data.transform, np.arange(first, first + count))

    def at(self, x: NDArray, step: int) -> Array:
        """Preprocessed inputs (n, d) as they are at `step`, in the run's precision."""
        if self.drift is not None:
            x = self.course(step, 1).apply(x[None])[0]
        return np.ascontiguousarray(x, self.precision)
