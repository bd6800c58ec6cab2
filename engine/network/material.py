"""What all contestants of a race learn from: the same rows in the same order, in one precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..data import Course, Data, Drift, prepare
from .one_thread import hold_blas_to_one_thread
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
    # Before the first product: whitened data and orthogonal weights would else hang on how many
    # threads BLAS had, and a second run of one process would differ from the first.
    hold_blas_to_one_thread()
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
    made = Material(data, order, loss, drift, problem.precision)
    _check_range(made)
    return made


def _check_range(made: Material) -> None:
    """Raise ExperimentError where prepared data have become infinite in float32."""
    parts = {"inputs": (made.train_x, made.test_x), "targets": (made.train_y, made.test_y)}
    for what, arrays in parts.items():
        if any(array.size and np.isinf([array.min(), array.max()]).any() for array in arrays):
            way = '; preprocess = ["center", "scale"] helps, too' if what == "inputs" else ""
            raise wrong("precision", "must be float64 for data as large as these: float32 ends at "
                                     f"3.4e38, and the {what} go beyond it{way}")


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
        return self._rounded(x), self._rounded(y[:, None] if y.ndim == 1 else y)

    def batches(self, first: int, count: int) -> tuple[Array, Array, Rows]:
        """Inputs, targets, and which rows of them the steps from `first` on take, (count, B)."""
        rows = self.order.batches(first, count)
        if self.drift is None:
            return self.train_x, self.train_y, rows
        # The rows as they are at their step, one batch after another.
        moved = self.course(first, count).apply(self.data.train_x[rows])
        x = self._rounded(moved.reshape(rows.size, -1))
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
        return self._rounded(x)

    def _rounded(self, numbers: NDArray) -> Array:
        """Numbers in the run's precision; what float32 has no room for is infinite."""
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(numbers, self.precision)
