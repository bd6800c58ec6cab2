"""A contestant's part of a race of networks: losses and checkpoints that any step comes back from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..race import Lane, Named, Phases
from ..snapshot import Curves, StepAnatomy
from ..trace import Kept, Trace
from .checkpoints import Checkpoints
from .divergence import explain
from .lately import Lately
from .measuring import Sample
from .series import Series
from .spacing import MOST_APART, stride
from .state import NetworkState
from .training import Training

if TYPE_CHECKING:
    from .contestant import NetworkContestant

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

# Losses may take this part of the memory, a loss and a penalty of 16 bytes a step.
CURVES_SHARE = 0.25
# States at which the last calls of `advance` ended: whoever watches a run asks for those, while it
# is a call or two further by then.
ENDS, ENDS_BYTES = 4, 64_000_000


class NetworkLane(Lane):
    """One contestant's part of a run: how it is trained, its losses, and its checkpoints."""

    def __init__(self, first: Training, make: Callable[[NetworkContestant], Training],
                 memory: int, steps: int, sample: Sample, draw: Callable[[], Array] | None,
                 contestants: int = 1) -> None:
        """`memory` in bytes bounds what is kept of `steps` steps; `sample` is what is measured.

        `draw` draws the state of step 0, when that is first asked for; without it the lane has to
        `take_over` another one's. `contestants` is how many go back together.
        """
        self.name = first.contestant.name
        self.size = first.network.params_size
        self._make = make
        self._phases = Phases(first)
        # One attribute: whoever reads it finds a step and the state that belongs to it.
        self._newest: tuple[int, Array] | None = None
        self._ends: tuple[tuple[int, Array], ...] = ()
        self._counted = np.empty(0, np.int64)
        self._draw, self._drawing = draw, Lock()
        self.start: Array | None = None
        """The state of step 0, once it is known."""
        curves = int(memory * CURVES_SHARE) // 16
        self._curves = Trace(2, max(curves, 2), min(steps, 2**16))
        self._checkpoint_memory = memory - min(curves, steps) * 16
        self._checkpoints: Checkpoints | None = None
        self._contestants = contestants
        self._lately = Lately()
        self._shown: tuple[object, NetworkState] | None = None
        self.series = Series(self, steps, sample)

    @property
    def beginning(self) -> Training:
        """What takes the first step."""
        return self._phases.first

    @property
    def reached(self) -> int:
        return self._newest[0] if self._newest is not None else 0

    @property
    def checkpoints(self) -> Checkpoints:
        """The states that are kept."""
        self._begin()
        assert self._checkpoints is not None
        return self._checkpoints

    @checkpoints.setter
    def checkpoints(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints

    @property
    def _now(self) -> tuple[int, Array]:
        self._begin()
        assert self._newest is not None
        return self._newest

    @_now.setter
    def _now(self, newest: tuple[int, Array]) -> None:
        self._newest = newest

    def _begin(self) -> None:
        """Draw the state of step 0, if that has not been done."""
        if self._newest is not None:
            return
        with self._drawing:
            if self._newest is None:
                if self.start is None:
                    assert self._draw is not None
                    self.start = self._draw()
                self._checkpoints = Checkpoints(
                    self.start, self._checkpoint_memory,
                    stride(self.beginning, self._contestants))
                self._newest = 0, self.start

    def advance(self, count: int) -> None:
        while count > 0 and self.diverged is None:
            step, before = self._now
            training, most = self._phases.after(step)
            to_checkpoint = self.checkpoints.stride - step % self.checkpoints.stride
            to_measure = self.series.next_after(step) - step
            taken = min(count, most, to_checkpoint, to_measure, training.material.most_steps)
            after, rows, diverged = training.segment(before, step, taken)
            if not diverged and not np.isfinite(training.split(after).params).all():
                diverged = True
            if diverged:
                self._diverge(training, before, step, taken)
                return
            self._curves.extend(rows)
            after.flags.writeable = False
            self._now = (step + taken, after)
            self.checkpoints.offer(step + taken, after)
            self.series.offer(step + taken, after)
            count -= taken
        most_ends = min(ENDS, ENDS_BYTES // max(self._now[1].nbytes, 1))
        self._ends = (*self._ends, self._now)[-most_ends:] if most_ends else ()

    def change(self, step: int, contestant: Any) -> None:
        self._phases.change(step, self._make(contestant))
        self._shown = None
        self.series.forget(step)

    def take_over(self, other: NetworkLane) -> None:
        """Begin as a lane has begun that is the same so far, with what has been found out of it."""
        self.start, self._shown = other.start, other._shown

    def until(self, step: int) -> NetworkLane:
        branch = copy(self)
        if self.diverged is not None and self.diverged.step > step:
            branch.diverged = None
        step = min(step, self.reached)
        branch._now = (step, self.state_at(step))
        branch._phases = self._phases.until(step)
        branch._curves = self._curves.until(min(step, self._curves.length))
        branch.checkpoints = self.checkpoints.until(step)
        branch._lately, branch._ends = Lately(), ()
        branch._shown = None
        branch.series = self.series.until(branch)
        return branch

    def state_at(self, step: int) -> Array:
        """The state of any step up to `reached`, (width,), read-only."""
        reached, newest = self._now
        if step > reached:
            raise RunError(f"step must be from 0 to {reached:,} (computed so far), not {step:,}")
        for end, state in ((reached, newest), *self._ends):
            if end == step:
                return state
        return self._lately.of(step, self.state_from)

    def state_from(self, known: Mapping[int, Array], step: int) -> Array:
        """The state of a step up to `reached`, trained on from the nearest that is kept or `known`.
        """
        kept, state = self.checkpoints.before(step)
        for other in known:
            if kept < other <= step:
                kept, state = other, known[other]
        while kept < step:
            training, most = self._phases.after(kept)
            count = min(step - kept, most, training.material.most_steps)
            state, _, _ = training.segment(state, kept, count)
            kept += count
        state.flags.writeable = False
        return state

    def training_after(self, step: int) -> Training:
        """What takes the step after `step`."""
        return self._phases.after(step)[0]

    def measure(self, limit_seconds: float | None) -> bool:
        return self.series.extend(limit_seconds)

    def state(self, index: int, step: int) -> NetworkState:
        training, _ = self._phases.after(step)
        diverged = self.diverged if self.diverged and self.diverged.step <= step else None
        rate = float(training.rates(np.array([step + 1]))[0])
        # A diverged contestant is shown as it was at its last finite step.
        last = min(step, self.reached)
        # The same object while the same step is shown: what has been found out of it is kept in it.
        key, shown = (index, last, training, diverged, rate), self._shown
        if shown is None or shown[0] != key:
            shown = self._shown = key, NetworkState(
                index, self.name, rate, diverged, training, last, self.state_at(last))
        return shown[1]

    def trail(self) -> Curves:
        kept = self._curves.kept
        return Curves(self._steps(kept), kept.rows[:, 0], kept.rows[:, 1], self.diverged,
                      self.series.points)

    def _steps(self, kept: Kept) -> NDArray[np.int64]:
        """The steps of the kept losses, counted from 1: a part of as many as were ever counted.

        They are asked for in every frame, and there may be a million.
        """
        counted, size = self._counted, len(kept.rows)
        if len(counted) < size or (size > 1 and counted[1] - counted[0] != kept.stride):
            counted = np.arange(max(2 * size, 2)) * kept.stride + 1
            counted.flags.writeable = False
            self._counted = counted
        return counted[:size]

    def anatomy(self, index: int, step: int) -> StepAnatomy | None:
        """None: a step in thousands of dimensions is shown by other views."""
        return None

    def summary(self) -> dict[str, Any]:
        """A diverged contestant's numbers are those of its last finite step."""
        state = self.state(0, self.reached)
        train, test = state.evaluate("train"), state.evaluate("test")
        training = self._phases.last
        return {
            "optimizer": training.optimizer.name, "parameters": training.network.params_size,
            "loss": train.loss, "test_loss": test.loss,
            "accuracy": train.accuracy, "test_accuracy": test.accuracy,
        }

    def arrays(self, steps: int) -> Iterator[Named]:
        training = self._phases.last
        yield "batches", training.material.order.recorded(steps)
        rows = self.rows(steps)
        yield "loss", np.ascontiguousarray(rows[:, 0])
        yield "penalty", np.ascontiguousarray(rows[:, 1])
        last = min(steps, self.reached)
        for when, state in (("initial", self.state_at(0)), ("final", self.state_at(last))):
            if when == "final" and self.diverged and self.diverged.step <= steps:
                state = np.full_like(state, np.nan)
            parts = training.split(state)
            for name, tensor in training.network.tensors(parts.params, parts.memory):
                yield f"{when}/{name}", np.array(tensor)

    def rows(self, steps: int) -> Exact:
        """Loss and penalty of the steps 1 to `steps`, (steps, 2), NaN from a divergence on."""
        filled = np.full((steps, 2), np.nan)
        known = min(steps, self.reached)
        kept = self._curves.kept
        if kept.stride == 1:
            filled[:known] = kept.rows[:known]
            return filled
        state, step = self.state_at(0), 0
        while step < known:
            training, most = self._phases.after(step)
            count = min(known - step, most, training.material.most_steps, MOST_APART)
            state, rows, _ = training.segment(state, step, count)
            filled[step : step + count] = rows
            step += count
        return filled

    def _diverge(self, training: Training, before: Array, step: int, count: int) -> None:
        """Go up to the last finite step of a stretch in which one was not, and say why it was."""
        _, rows, _ = training.segment(before, step, count, careful=True)
        finite = len(rows) - 1
        if finite:
            before, rows, _ = training.segment(before, step, finite)
            self._curves.extend(rows)
        before.flags.writeable = False
        self._now = (step + finite, before)
        self.diverged = explain(training, before, step + finite, self._curves.kept)
