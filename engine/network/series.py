"""How good a network was on the way: losses, accuracies and sizes at steps all over its training.

Every step's loss over its batch is kept as it is trained. What is measured here costs passes over
many rows, so it is done at some steps only, and only where somebody asks for it. The steps are
whole multiples of a power of two that doubles as a run grows, and its end: what comes out follows
from how far the run is, never from when it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Protocol
from weakref import proxy

import numpy as np
from numpy.typing import NDArray

from ..snapshot import Evaluations
from .measuring import Meter, Sample

if TYPE_CHECKING:
    from ..divergence import Divergence
    from .training import Training

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

MOST_POINTS = 200
# While a run of a known length is still short, its steps lie at most this many times closer than
# they will in the end. Closer ones would be measured to be thrown away.
FINER = 4
# States handed over by the training, waiting to be measured; others are trained once more.
HELD_BYTES = 32_000_000


def spacing(reached: int, steps: int) -> int:
    """How far apart the measured steps are in a run of `steps` steps that has `reached` one."""
    return max(_spacing(reached), _spacing(steps) // FINER)


def _spacing(steps: int) -> int:
    distance = 1
    while steps // distance + 1 > MOST_POINTS:
        distance *= 2
    return distance


class Trained(Protocol):
    """What is measured: one contestant's way so far."""

    diverged: Divergence | None

    @property
    def reached(self) -> int:
        """The last step computed."""

    def training_after(self, step: int) -> Training:
        """What takes the step after `step`."""

    def state_from(self, known: Mapping[int, Array], step: int) -> Array:
        """The state of a step, trained on from the nearest state that is known."""


class Series:
    """Measurements of one contestant. Any thread may extend it, and any may read `points`."""

    def __init__(self, lane: Trained, steps: int, sample: Sample) -> None:
        """`steps` is how long the run is to be."""
        # The lane owns this. Did both own each other, a run of 300 MB that nobody looks at any more
        # would stay until Python happens to look for such rings.
        self._lane: Trained = proxy(lane)
        self._steps, self._sample = steps, sample
        self._points: Evaluations | None = None
        self._table = np.empty((0, len(Evaluations.COLUMNS) + 1))
        self._held: dict[int, Array] = {}
        self._meter: Meter | None = None
        self._asked = False
        self._measuring, self._holding = Lock(), Lock()

    @property
    def points(self) -> Evaluations | None:
        """All that has been measured; None before the first measurement."""
        return self._points

    def extend(self, limit_seconds: float | None = None) -> bool:
        """Measure at more of the steps computed so far; whether all of them are measured.

        It ends after about `limit_seconds`, and takes one measurement at least; without a limit it
        takes as long as it must.
        """
        self._asked = True
        deadline = None if limit_seconds is None else perf_counter() + limit_seconds
        while True:
            with self._measuring:
                missing = self._missing()
                if missing:
                    self._measure(missing[0])
            if len(missing) <= 1:
                return True
            if deadline is not None and perf_counter() >= deadline:
                return False

    def next_after(self, step: int) -> int:
        """The next step whose state is of use here, or a very late one where nobody has asked."""
        if not self._asked:
            return 2**62
        apart = spacing(step, self._steps)
        return step - step % apart + apart

    def offer(self, step: int, state: Array) -> None:
        """Hold the state of a step until it is measured, which spares training it again."""
        if not self._asked or step % spacing(step, self._steps):
            return
        with self._holding:
            if (len(self._held) + 1) * state.nbytes <= HELD_BYTES:
                self._held = {**self._held, step: state}

    def forget(self, step: int) -> None:
        """Measure `step` and later ones anew: the steps taken from there on have changed."""
        with self._measuring:
            self._publish(self._table[self._table[:, 0] < step])

    def until(self, lane: Trained) -> Series:
        """The same of another lane that has come as far as it has in the same way."""
        branch = Series(lane, self._steps, self._sample)
        # The step taken from the last one in common may be another.
        branch._publish(self._table[self._table[:, 0] < lane.reached])
        branch._asked = self._asked
        return branch

    def _missing(self) -> list[int]:
        """The steps that are still to be measured, in order; those of no use any more are gone."""
        ended = self._lane.diverged is not None
        reached = self._lane.reached
        wanted = list(range(0, reached + 1, spacing(reached, self._steps)))
        if (ended or reached == self._steps) and wanted[-1] != reached:
            wanted.append(reached)
        known = self._table[:, 0]
        kept = np.isin(known, wanted)
        if not kept.all():
            self._publish(self._table[kept])
        measured = set(known.astype(np.int64).tolist())
        return [step for step in wanted if step not in measured]

    def _measure(self, step: int) -> None:
        state = self._lane.state_from(self._held, step)
        training = self._lane.training_after(step)
        if self._meter is None or self._meter.training is not training:
            self._meter = Meter(training, self._sample)
        row = [step, *self._meter.measured(state, step)]
        place = int(np.searchsorted(self._table[:, 0], step))
        self._publish(np.insert(self._table, place, row, axis=0))
        with self._holding:
            # This one is the nearest to go on from.
            later = {held: kept for held, kept in self._held.items() if held > step}
            self._held = {step: state, **later}

    def _publish(self, table: Exact) -> None:
        columns = np.ascontiguousarray(table.T)
        steps = columns[0].astype(np.int64)
        columns.flags.writeable = steps.flags.writeable = False
        self._table = table
        self._points = Evaluations(steps, *columns[1:]) if len(table) else None
