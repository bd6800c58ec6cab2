"""Many runs of one contestant on a surface, from many starts or with many settings.

Runs of different settings are taken by the very loop that `Run` uses, reached through a pointer;
those of one setting by a loop that takes a block of them at a time (`blocks.py`). Either way a
pixel of a map and a run of its start and settings are the same numbers, bit for bit. What is kept
of a run is where it ends and since when it has been near the minimum that it ends at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..changes import turns
from ..descent import PRECISION, Descent
from ..experiment import Contestant, Experiment, SurfaceProblem
from ..kernels import SURFACE, UPDATE, compile_function, import_numba, pointer_type
from ..loop import compiled_descend
from .blocks import compiled_march

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

NOWHERE = -1
# Rows at a time: the cost of a call is spread over them, and they stay in the first cache.
CHUNK = 32
# A run has arrived that has stayed near a minimum for so many of its last steps.
STAY = 10
# Rates and noise are made for so many steps at once.
STRETCH = 8192


def sweep(descend, surface, update, rows, slot_count, hypers, rates, rate_of, noise, clip, limit,
          first, minima, radius, near, since, lost, buffer):
    """Take the steps from `first` on, as many as `rates` has, for every row (n, width) in place.

    `hypers` (n, H); a row's learning rates are rates[rate_of]; `noise` (steps, 2) or empty. `near`
    is the minimum (of `minima`, (M, 2)) within `radius` of which a row stands, or -1, `since` the
    step from which on it has stayed there; `lost` is the first step that was not finite, or -1,
    and such a row keeps its last finite numbers. `buffer` (chunk, width).
    """
    count = rates.shape[1]
    reach = radius * radius
    for i in range(rows.shape[0]):
        if lost[i] >= 0:
            continue
        row, hyper = rows[i], hypers[i].copy()
        done = 0
        while done < count:
            n = min(buffer.shape[0], count - done)
            part = noise[done : done + n] if noise.shape[0] > 0 else noise
            finite = descend(surface, update, row, slot_count, hyper,
                             rates[rate_of[i], done : done + n], part, clip, limit, first + done,
                             buffer[:n])
            if finite > 0:
                row[:] = buffer[finite - 1]
            if finite < n:
                lost[i] = first + done + finite
                near[i] = -1
                break
            last, found = buffer[n - 1], -1
            for m in range(minima.shape[0]):
                dx, dy = last[0] - minima[m, 0], last[1] - minima[m, 1]
                if dx * dx + dy * dy <= reach:
                    found = m
                    break
            if found >= 0:
                k = n - 1
                while k >= 0:
                    dx, dy = buffer[k, 0] - minima[found, 0], buffer[k, 1] - minima[found, 1]
                    if dx * dx + dy * dy > reach:
                        break
                    k -= 1
                # Where all n stand there, the row before them stood there as well, or elsewhere.
                if k >= 0 or found != near[i]:
                    since[i] = first + done + k + 1
            near[i] = found
            done += n


def begin(surface, rows):
    """Fill in loss and gradient of rows (n, width) that have their parameters."""
    width = rows.shape[1]
    for i in range(rows.shape[0]):
        rows[i, width - 3] = surface(rows[i, :2], rows[i, width - 2 :])


@cache
def compiled_sweep() -> Any:
    """`sweep` with its types spelled out, compiled or read from the cache once."""
    types = import_numba().types
    real, whole = types.float64, types.int64
    vector, table, wholes = real[::1], real[:, ::1], whole[::1]
    surface, update = pointer_type(SURFACE), pointer_type(UPDATE)
    descend = types.FunctionType(whole(surface, update, vector, whole, vector, vector, table,
                                       whole, real, whole, table))
    signature = types.void(descend, surface, update, table, whole, table, table, wholes, table,
                           whole, real, whole, table, real, wholes, wholes, wholes, table)
    return compile_function(sweep, signature, PRECISION)


@cache
def compiled_begin() -> Any:
    """`begin`, compiled or read from the cache once."""
    types = import_numba().types
    signature = types.void(pointer_type(SURFACE), types.float64[:, ::1])
    return compile_function(begin, signature, PRECISION)


@dataclass(frozen=True, eq=False)
class Ends:
    """Where n runs end: `points` (n, 2), `loss` (n,), of a lost one those of its last finite step.

    `near` is the minimum that a run has stood at for its last STAY steps or more, or NOWHERE,
    `since` the step from which on it has, `lost` the first step that was not finite, or -1.
    """

    points: Array
    loss: Array
    near: Whole
    since: Whole
    lost: Whole


@dataclass(frozen=True)
class Stretch:
    """A part of a run in which nothing changes: `count` steps from `first` on."""

    descent: Descent
    first: int
    count: int
    free: tuple[bool, ...]
    """Of each setting that is varied, whether no change has set it meanwhile."""


class Runs:
    """The runs of one contestant of an experiment on a surface.

    `vary` names hyperparameters that are given anew for every run; changes on the way
    (`[[changes]]`) come on top, as they do in a `Run`.
    """

    def __init__(self, experiment: Experiment, index: int, vary: Sequence[str] = ()) -> None:
        problem = experiment.problem
        assert isinstance(problem, SurfaceProblem)
        self.surface = problem.resolve()
        self.steps = experiment.steps
        self._names = list(experiment.contestants[index].optimizer.hyper_names)
        self._vary = [self._names.index(name) for name in vary]
        self._stretches = list(_stretches(experiment, index, vary))
        self.width = self._stretches[0].descent.width

    def ends(self, starts: Array, values: Array, minima: Array, radius: float) -> Ends:
        """Where runs from `starts` (n, 2) end, with `values` (n, V) for what is varied."""
        count = len(starts)
        rows = np.zeros((count, self.width))
        rows[:, :2] = starts
        compiled_begin()(self.surface.kernel.compiled(PRECISION), rows)
        finite = np.isfinite(rows[:, [0, 1, -3]]).all(axis=1)
        lost = np.where(finite, -1, 0)
        near = np.full(count, NOWHERE)
        if len(minima):
            away = np.hypot(*(starts[:, None, :] - minima).transpose(2, 0, 1))
            place = away.argmin(axis=1)
            near = np.where(finite & (away.min(axis=1) <= radius), place, NOWHERE)
        since = np.zeros(count, np.int64)
        for stretch in self._stretches:
            self._take(stretch, rows, values, minima, radius, near, since, lost)
        # A run that happens to pass by in the end has not arrived.
        near[self.steps - since < min(STAY, self.steps)] = NOWHERE
        return Ends(rows[:, :2], rows[:, -3], near, since, lost)

    def _take(self, stretch: Stretch, rows: Array, values: Array, minima: Array, radius: float,
              near: Whole, since: Whole, lost: Whole) -> None:
        descent = stretch.descent
        if not self._vary:
            self._march(stretch, rows, minima, radius, near, since, lost)
            return
        hypers = np.tile(descent.hyper, (len(rows), 1))
        for column, (place, free) in enumerate(zip(self._vary, stretch.free, strict=True)):
            if free:
                hypers[:, place] = values[:, column]
        lrs, rate_of = np.unique(hypers[:, 0], return_inverse=True)
        code, limit = descent.clip
        for first in range(stretch.first, stretch.first + stretch.count, STRETCH):
            count = min(STRETCH, stretch.first + stretch.count - first)
            steps = np.arange(first, first + count)
            rates = np.array([_rates(descent.contestant, lr, steps) for lr in lrs])
            compiled_sweep()(
                compiled_descend(), self.surface.kernel.compiled(PRECISION),
                descent.definition.kernel.compiled(PRECISION), rows, descent.slot_count, hypers,
                rates, rate_of.astype(np.int64), descent.noise(first - 1, count), code, limit,
                first, minima, radius, near, since, lost, np.empty((CHUNK, self.width)))


    def _march(self, stretch: Stretch, rows: Array, minima: Array, radius: float, near: Whole,
               since: Whole, lost: Whole) -> None:
        """The same for runs that have all settings in common."""
        descent, (code, limit) = stretch.descent, stretch.descent.clip
        for first in range(stretch.first, stretch.first + stretch.count, STRETCH):
            count = min(STRETCH, stretch.first + stretch.count - first)
            compiled_march()(
                self.surface.kernel.compiled(PRECISION),
                descent.definition.kernel.compiled(PRECISION), rows, descent.slot_count,
                descent.hyper.copy(), descent.rates(np.arange(first, first + count)),
                descent.noise(first - 1, count), code, limit, first, minima, radius, near, since,
                lost, CHUNK)


def _rates(contestant: Contestant, lr: float, steps: Whole) -> Array:
    """The contestant's learning rates at `steps`, if its own were `lr`."""
    if contestant.schedule is None:
        return np.full(len(steps), lr)
    return contestant.schedule.rates(float(lr), steps)


def _stretches(experiment: Experiment, index: int, vary: Sequence[str]) -> Iterator[Stretch]:
    problem = experiment.problem
    assert isinstance(problem, SurfaceProblem)
    surface = problem.resolve()
    phases = _phases(experiment, index)
    # What a change sets is the same whatever the contestant has begun with.
    others = [_phases(_moved(experiment, index, name), index) for name in vary]
    ends = [first for first, _ in phases[1:]] + [experiment.steps + 1]
    for place, ((first, contestant), end) in enumerate(zip(phases, ends, strict=True)):
        free = tuple(getattr(other[place][1].optimizer, name) != getattr(
            contestant.optimizer, name) for other, name in zip(others, vary, strict=True))
        yield Stretch(Descent(problem, surface, contestant, experiment.seed), first, end - first,
                      free)


def _phases(experiment: Experiment, index: int) -> list[tuple[int, Contestant]]:
    """From which step on the contestant is which."""
    phases = {1: experiment.contestants[index]}
    for step, _, after in turns(experiment, 1):
        phases[step] = after[index]
    return list(phases.items())


def _moved(experiment: Experiment, index: int, name: str) -> Experiment:
    """The same experiment but for another value of one hyperparameter."""
    optimizer = experiment.contestants[index].optimizer
    hyper = next(entry for entry in optimizer.definition.hypers if entry.name == name)
    value = hyper.low if getattr(optimizer, name) != hyper.low else hyper.high
    return experiment.with_hyper(index, name, value)
