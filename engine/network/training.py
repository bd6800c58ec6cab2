"""One contestant's training: from a state to the states of later steps, again and again the same.

A state is one flat array: parameters (P,), the optimizer's slots (S·P,), and what layers remember
(R,). Nothing here remembers anything between calls: any stretch can be trained again from any kept
state, on any thread, and comes out bit for bit as it did the first time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ExperimentError, Mistake, RunError
from ..loop import CLIP_CODES
from . import passes
from .architecture import Architecture, architecture
from .kernel_lists import listed
from .material import Material
from .one_thread import hold_blas_to_one_thread
from .plan import Plan, plan
from .starts import starts

if TYPE_CHECKING:
    from .contestant import NetworkContestant
    from .problem import NetworkProblem

Array = NDArray[np.floating]
Exact = NDArray[np.float64]
Batch = tuple[Array, Array, NDArray[np.int64]]

# Plans that are remembered, one for each number of rows in a pass; making one takes 0.2 ms.
MOST_PLANS = 16


@dataclass(frozen=True)
class Parts:
    """A state's parts, as views: (P,), (S, P) and (R,)."""

    params: Array
    slots: Array
    memory: Array


class Training:
    """A contestant's network, loss and optimizer on a problem's data, as a pure function."""

    def __init__(self, problem: NetworkProblem, material: Material, contestant: NetworkContestant,
                 seed: int, place: str = "contestants[0]") -> None:
        """Lays everything out; raises ExperimentError or RunError for a network too large."""
        self.problem, self.material, self.contestant = problem, material, contestant
        self.seed = seed
        self.precision = problem.precision
        self.loss = problem.loss.definition
        self.network: Architecture = architecture(
            contestant.layers, contestant.init, material.inputs, material.outputs,
            f"{place}.layers")
        self._plans: dict[int, Plan] = {}
        rows = material.order.batch
        if rows < 2 and any(layer.definition.name == "batch-norm" for layer in self.network.layers):
            raise ExperimentError([Mistake(f"{place}.layers", (
                f"batch-norm needs batches of at least 2 rows, and problem.batch is {rows}"
                if problem.batch else "batch-norm needs at least 2 training rows, and there is 1"
            ))])
        try:
            self.plan = self.plan_for(rows)
        except RunError as error:
            raise ExperimentError([Mistake(f"{place}.layers", str(error))]) from None
        self.optimizer = contestant.optimizer.definition
        self.slot_count = len(self.optimizer.slots)
        self.width = self.network.params_size * (1 + self.slot_count) + self.network.state_size
        self.loss_hyper = np.array(list(problem.loss.hypers().values()), float)
        self._hyper = np.array(list(contestant.optimizer.hypers().values()), float)
        self.layer_hypers = self.network.hypers()
        clip = contestant.clip
        self._clip = (CLIP_CODES[clip.by if clip else None], clip.limit if clip else 0.0)
        self._groups, self._factors = self._rate_groups()
        # Scratch arrays of one call each; taking and giving back is safe between threads.
        self._desks: deque[tuple[Array, Array]] = deque(maxlen=2)

    def __reduce__(self) -> tuple[Any, ...]:
        # Pointers to kernels hold in this process alone.
        return Training, (self.problem, self.material, self.contestant, self.seed)

    @cached_property
    def kernels(self) -> Kernels:
        """Pointers to the kernels, compiled or read from the cache at first use."""
        hold_blas_to_one_thread()
        definitions = [layer.definition for layer in self.network.layers]
        return Kernels(
            listed([entry.forward for entry in definitions], self.precision),
            listed([entry.backward for entry in definitions], self.precision),
            listed([self.loss.kernel], self.precision),
            listed([self.optimizer.kernel], self.precision),
        )

    def start(self) -> Array:
        """The state of step 0, (width,)."""
        return starts([self])[0]

    def split(self, state: Array) -> Parts:
        """Views of a state's parts."""
        size = self.network.params_size
        slots_end = size * (1 + self.slot_count)
        slots = state[size:slots_end]
        return Parts(state[:size], slots, state[slots_end:])

    def in_float64(self) -> Training:
        """The same training in the precision of proof."""
        given = self.material
        material = Material(given.data, given.order, self.loss, given.drift, "float64")
        return Training(self.problem.replaced(precision="float64"), material, self.contestant,
                        self.seed)

    def plan_for(self, rows: int) -> Plan:
        """The plan of a pass over `rows` rows; a frame asks for the same few again and again."""
        known = self._plans.get(rows)
        if known is None:
            known = plan(self.network, rows, self.material.targets, self.precision, self.seed)
            if len(self._plans) >= MOST_PLANS:
                self._plans = {}
            self._plans[rows] = known
        return known

    def segment(self, state: Array, step: int, count: int, careful: bool = False
                ) -> tuple[Array, Exact, bool]:
        """Take the `count` steps after `step`, whose state is `state`.

        Returns the state after them, their losses and penalties (n, 2), and whether it diverged:
        then the last row is that of the first step whose loss or (if `careful`) whose parameters
        are not finite, and the state is that after it.
        """
        after = np.array(state)
        parts = self.split(after)
        rows = np.empty((count, 2))
        inputs, targets, batches = self.material.batches(step + 1, count)
        workspace, grads = self._desk()
        kernels = self.kernels
        code, limit = self._clip
        done = passes.compiled(passes.train, self.precision)(
            kernels.forwards, kernels.backwards, kernels.losses, kernels.updates, self.plan.table,
            self.plan.target_at, self._groups, self._factors, inputs, targets, batches,
            parts.params, parts.slots, parts.memory, grads, workspace, self.layer_hypers,
            self.loss_hyper, self._hyper.copy(), self.rates(np.arange(step + 1, step + count + 1)),
            self.contestant.l1, self.contestant.l2, code, limit, step + 1, careful, rows,
        )
        self._desks.append((workspace, grads))
        return after, rows[: done + 1], done < count

    def evaluated(self, state: Array, x: Array, targets: Array, rows: NDArray[np.int64]
                  ) -> tuple[float, Array]:
        """The mean loss on `rows` (n,) of a table of inputs and targets, and the outputs (K, n).

        As in use: dropout off, batch norm on its running statistics.
        """
        parts = self.split(state)
        layout = self.plan_for(len(rows))
        outputs = np.empty((self.network.outputs, len(rows)), self.precision)
        kernels = self.kernels
        loss = passes.compiled(passes.evaluate, self.precision)(
            kernels.forwards, kernels.losses, layout.table, layout.target_at, rows, x, targets,
            parts.params, parts.memory, layout.workspace(), self.layer_hypers, self.loss_hyper,
            outputs,
        )
        return loss, outputs

    def gradient(self, state: Array, step: int, batch: Batch | None = None
                 ) -> tuple[float, float, Array]:
        """Loss, penalty, and the gradient (P,) of their sum, as the step after `step` sees them.

        That is in training and before any clipping; `batch` takes the place of the step's own.
        """
        parts = self.split(np.array(state))
        inputs, targets, rows = batch or self.material.batches(step + 1, 1)
        grads, record = np.empty(self.network.params_size, self.precision), np.empty((1, 2))
        layout, kernels = self.plan_for(rows.shape[1]), self.kernels
        workspace = layout.workspace()
        # All factors are 0: every layer is frozen, and the training loop takes no step.
        passes.compiled(passes.train, self.precision)(
            kernels.forwards, kernels.backwards, kernels.losses, kernels.updates, layout.table,
            layout.target_at, self._groups, np.zeros_like(self._factors), inputs, targets, rows,
            parts.params, parts.slots, parts.memory, grads, workspace, self.layer_hypers,
            self.loss_hyper, self._hyper.copy(), np.zeros(1), self.contestant.l1,
            self.contestant.l2, CLIP_CODES[None], 0.0, step + 1, False, record,
        )
        return float(record[0, 0]), float(record[0, 1]), grads

    def pass_arguments(
        self, layout: Plan, inputs: Array, targets: Array, rows: NDArray[np.int64], parts: Parts,
        grads: Array, workspace: Array, step: int, learning: bool = True, backwards: Any = None,
        hypers: Exact | None = None,
    ) -> tuple[Any, ...]:
        """What `passes.there_and_back` takes for one pass over `rows` (n,) at the step `step`.

        `parts` are read and its memory is written to; other `backwards` and
        `hypers` may replace the layers'.
        """
        kernels = self.kernels
        return (
            kernels.forwards, kernels.backwards if backwards is None else backwards, kernels.losses,
            layout.table, layout.target_at, rows, inputs, targets, parts.params, parts.memory,
            grads, workspace, self.layer_hypers if hypers is None else hypers, self.loss_hyper,
            step, learning,
        )

    def forward(self, table: NDArray[np.int64], size: int, inputs: Array, params: Array,
                memory: Array, workspace: Array, step: int, learning: bool,
                units: NDArray[np.int64] | None = None, outputs: Array | None = None) -> None:
        """Go through the layers of a plan's `table`, `size` of the rows of `inputs` at a time.

        `memory` (R,) changes, if `learning`. See `passes.through` for `units` and `outputs`.
        """
        if units is None or outputs is None:
            units, outputs = np.empty(0, np.int64), np.empty((len(inputs), 0), self.precision)
        passes.compiled(passes.through, self.precision)(
            self.kernels.forwards, table, size, inputs, step, params, memory, workspace,
            self.layer_hypers, learning, units, outputs)

    def backward(self, table: NDArray[np.int64], rows: int, params: Array, grads: Array,
                 workspace: Array, learning: bool) -> None:
        """Go back from the outputs' gradient, which the workspace holds, to `grads` (P,)."""
        passes.compiled(passes.back, self.precision)(
            self.kernels.backwards, table, rows, params, grads, workspace, self.layer_hypers,
            learning)

    def loss_of(self, outputs: Array, targets: Array, gradient: Array) -> float:
        """The mean loss of outputs (K, n) for targets (t, n); fills its gradient (K, n)."""
        measure = self.loss.kernel.compiled(self.precision)
        return float(measure(outputs, targets, gradient, self.loss_hyper))

    def rates(self, steps: NDArray[np.int64]) -> Exact:
        """The scheduled learning rate of each step, (n,)."""
        return self.contestant.rates(steps)

    def _desk(self) -> tuple[Array, Array]:
        try:
            return self._desks.pop()
        except IndexError:
            return self.plan.workspace(), np.empty(self.network.params_size, self.precision)

    def _rate_groups(self) -> tuple[NDArray[np.int64], Exact]:
        """Neighbouring layers of one learning-rate factor as one run of parameters.

        Rows are (first, size, first slot, slots): a run's slots (S, size) lie together.
        """
        groups: list[list[int]] = []
        factors: list[float] = []
        for layer in self.network.layers:
            if not layer.params_size:
                continue
            if factors and factors[-1] == layer.rate_factor:
                groups[-1][1] += layer.params_size
            else:
                groups.append([layer.params_at, layer.params_size, 0, self.slot_count])
                factors.append(layer.rate_factor)
        for group in groups:
            group[2] = group[0] * self.slot_count
        return np.array(groups, np.int64).reshape(-1, 4), np.array(factors)


@dataclass(frozen=True)
class Kernels:
    """Pointers as the compiled passes take them."""

    forwards: Any
    backwards: Any
    losses: Any
    updates: Any
