"""Which minimum each start reaches, and in how many steps: every pixel a run.

    from engine.maps import basins
    for picture in basins(experiment, contestant=0, size=(200, 200)):
        ...                                    # coarse to fine; the last one is whole
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..experiment import Experiment, SurfaceProblem
from ..table import Box
from .canvas import coarse_to_fine
from .minima import minima_of
from .plane import along
from .pool import Stop, never
from .sweep import NOWHERE, Runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

__all__ = ["DIVERGED", "NOWHERE", "TOLERANCE", "Basins", "basins", "with_one_list"]

DIVERGED = -2
TOLERANCE = 0.01


@dataclass(frozen=True, eq=False)
class Basins:
    """A map of starts, (rows, columns): row r and column c belong to the start (x[c], y[r]).

    `reached` is the place of a minimum in `minima` (M, 2), NOWHERE (-1) where a run is near none
    after the last step, and DIVERGED (-2). `steps` is the step from which on a run has stayed
    within `radius` of its minimum, that of the divergence, or -1. `loss` is the last finite one.
    Of a map that is not `complete` only every `stride`-th row and column was computed.
    """

    x: Array
    y: Array
    minima: Array
    minima_loss: Array
    radius: float
    reached: Whole
    steps: Whole
    loss: Array
    ends: Array
    stride: int

    @property
    def complete(self) -> bool:
        """Whether every pixel is a run of its own."""
        return self.stride == 1

    def share(self, outcome: int) -> float:
        """The share of the starts with that outcome: a minimum's place, NOWHERE or DIVERGED."""
        return float((self.reached == outcome).mean())

    def within(self, box: Box) -> Basins:
        """The part of it whose starts lie in `box`, ((x low, x high), (y low, y high))."""
        (left, right), (bottom, top) = box
        columns = np.flatnonzero((self.x >= left) & (self.x <= right))
        rows = np.flatnonzero((self.y >= bottom) & (self.y <= top))
        part = np.ix_(rows, columns)
        return replace(self, x=self.x[columns], y=self.y[rows], reached=self.reached[part],
                       steps=self.steps[part], loss=self.loss[part], ends=self.ends[part])


def basins(
    experiment: Experiment, contestant: int = 0, *, size: tuple[int, int] = (200, 200),
    box: Box | None = None, tolerance: float = TOLERANCE, stop: Stop = never,
    threads: int | None = None,
) -> Iterator[Basins]:
    """The map of a contestant's starts in `box` (None: the surface's domain), coarse to fine.

    `size` is (columns, rows). A run has arrived if it stays within `tolerance`, a share of the
    domain's shorter side, of a minimum for its last ten steps at least. Everything else is the
    experiment's: steps, schedule, clipping, noise, changes. `stop` is asked every 20 ms or so
    whether to call it off. Raises RunError for a network, which has no plane of starts.
    """
    problem = experiment.problem
    if not isinstance(problem, SurfaceProblem):
        raise RunError("a map of basins needs a surface; a network has no plane of starts")
    surface = problem.resolve()
    box = box or surface.domain
    x, y = (along(ends, count) for ends, count in zip(box, size, strict=True))
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    runs, nothing = Runs(experiment, contestant), np.empty((len(starts), 0))
    for filled in coarse_to_fine(runs, starts, nothing, size, minima_of(surface, box), tolerance,
                                 stop, threads):
        lost = filled.lost >= 0
        reached, steps, loss, ends = filled.maps(
            np.where(lost, DIVERGED, filled.near), np.where(lost, filled.lost, filled.arrival),
            filled.loss, filled.points)
        yield Basins(x, y, filled.found.points, filled.found.losses, filled.radius, reached, steps,
                     loss, ends, filled.lattice.stride)


def with_one_list(pictures: Sequence[Basins]) -> list[Basins]:
    """The same maps with one common list of minima, so that a number means one place in all."""
    points, losses = np.empty((0, 2)), np.empty(0)
    for picture in pictures:
        # Those that two maps have in common are the same to rounding, and apart from all others.
        new = [k for k, point in enumerate(picture.minima)
               if np.hypot(*(points - point).T).min(initial=np.inf) > picture.radius]
        points = np.concatenate([points, picture.minima[new]])
        losses = np.concatenate([losses, picture.minima_loss[new]])
    renumbered = []
    for picture in pictures:
        places = np.array([np.hypot(*(points - point).T).argmin() for point in picture.minima],
                          np.int64)
        reached = picture.reached.copy()
        reached[reached >= 0] = places[reached[reached >= 0]]
        renumbered.append(replace(picture, minima=points, minima_loss=losses, reached=reached))
    return renumbered
