"""A network's map of settings: each pixel is a training, from the same weights on the same batches.

A pixel takes as long as a training does, so these maps are small, and their first lattice is one of
a handful of trainings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..experiment import Experiment
from ..hyper import Hyper
from ..network.spacing import seconds_a_step
from ..network.state import NetworkState
from ..run import Run
from .alone import alone
from .lattice import lattices
from .pool import Stop, in_pieces
from .settings import Array, Settings, Whole

# A network has converged once its loss is this share of the first one.
GOAL = 0.1
# What a run may keep of its way: nobody goes back in it.
MEMORY = 4_000_000
# Losses of single batches are noisy: the mean of so many is what must be below the goal.
SMOOTHED = 16
# What a run costs before its first step: tables, data, plans.
SECONDS_TO_BEGIN = 0.015
# Trainings along a side of the first lattice.
BLOCKS = 4
# Between two of them a training can be called off.
STEPS = 200


def trained(experiment: Experiment, contestant: int, axes: tuple[Hyper, Hyper], x: Array, y: Array,
            values: Array, stop: Stop, threads: int | None) -> Iterator[Settings]:
    """Train the contestant with every pair of `values` (n, 2), coarse to fine."""
    count = len(values)
    loss, first = np.full(count, np.nan), np.full(count, np.nan)
    steps, lost = np.full(count, -1), np.full(count, -1)
    known = np.zeros(count, bool)
    own = alone(experiment, contestant)

    def train(place: int) -> None:
        one = own
        for axis, value in zip(axes, values[place], strict=True):
            one = one.with_hyper(0, axis.name, int(value) if axis.whole else float(value))
        run = Run(one, MEMORY)
        while not run.done:
            if stop():
                return
            run.advance(STEPS)
        row = run.summary()[0]
        loss[place], lost[place] = row["loss"], row["diverged_at"]
        curve = run.snapshot().trails[0]
        first[place] = curve.loss[0] if len(curve.loss) else np.nan
        if lost[place] < 0:
            steps[place] = converged(curve.loss, curve.steps)

    for lattice in lattices(len(y), len(x), BLOCKS):
        places = lattice.places()
        places = places[~known[places]]

        def work(part: slice, places: NDArray[np.int64] = places) -> None:
            for place in places[part]:
                train(int(place))

        if not in_pieces(len(places), 1, work, stop, threads) or stop():
            return
        known[places] = True
        shape = len(y), len(x)
        picture = [lattice.spread(array.reshape(shape)).copy() for array in (loss, steps, lost)]
        yield Settings(axes, x, y, picture[0], picture[1], picture[2],
                       float(np.nanmax(first, initial=0.0)), 0.0, lattice.stride)


def converged(losses: Array, steps: Whole) -> int:
    """The step from which on the mean of SMOOTHED losses stays below the goal, or -1."""
    if len(losses) < SMOOTHED:
        return -1
    sums = np.cumsum(np.concatenate([[0.0], losses]))
    means = (sums[SMOOTHED:] - sums[:-SMOOTHED]) / SMOOTHED
    above = np.flatnonzero(~(means <= GOAL * losses[0]))
    last = above[-1] + 1 if len(above) else 0
    return int(steps[last + SMOOTHED - 1]) if last < len(means) else -1


def seconds_of(experiment: Experiment, contestant: int) -> float:
    """About how long a training takes, as counted and not as measured: the same everywhere."""
    state = Run(alone(experiment, contestant), MEMORY).snapshot().contestants[0]
    assert isinstance(state, NetworkState)
    return SECONDS_TO_BEGIN + experiment.steps * seconds_a_step(state.training)
