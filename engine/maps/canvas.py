"""A map being filled in: the ends of all its runs, lattice by lattice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lattice import Lattice, lattices
from .minima import Minima
from .pool import Stop, in_pieces
from .sweep import NOWHERE, Runs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

# So many steps are one piece of work: some 20 ms, after which it can be called off.
PIECE_STEPS = 200_000


@dataclass(frozen=True, eq=False)
class Filled:
    """The ends of runs, flat arrays of which those on the lattice are known."""

    lattice: Lattice
    found: Minima
    radius: float
    points: Array
    loss: Array
    near: Whole
    since: Whole
    lost: Whole

    def maps(self, *arrays: NDArray[Any]) -> list[NDArray[Any]]:
        """Flat arrays as maps (rows, columns, …) in which every pixel has a value."""
        shape = (self.lattice.rows, self.lattice.columns)
        return [self.lattice.spread(array.reshape(*shape, *array.shape[1:])).copy()
                for array in arrays]

    @property
    def arrival(self) -> Whole:
        """The step from which on a run has been where it ends, or -1 where that is no minimum."""
        return np.where(self.near >= 0, self.since, -1)


def coarse_to_fine(runs: Runs, starts: Array, values: Array, size: tuple[int, int], found: Minima,
                   tolerance: float, stop: Stop, threads: int | None) -> Iterator[Filled]:
    """Follow every run, those of the coarsest lattice first; ends early if it is called off.

    `starts` (n, 2) and `values` (n, V) are those of the pixels of a map of `size` (columns, rows),
    row after row. What the first runs end at is `found`, too, if it is a minimum nobody knew of.
    """
    columns, rows = size
    count = rows * columns
    points, loss = np.full((count, 2), np.nan), np.full(count, np.nan)
    near, since = np.full(count, NOWHERE), np.zeros(count, np.int64)
    lost, known = np.full(count, -1), np.zeros(count, bool)

    def follow(places: Whole, radius: float) -> bool:
        def work(part: slice) -> None:
            here = places[part]
            ends = runs.ends(starts[here], values[here], found.points, radius)
            points[here], loss[here] = ends.points, ends.loss
            near[here], since[here], lost[here] = ends.near, ends.since, ends.lost

        return in_pieces(len(places), max(1, PIECE_STEPS // runs.steps), work, stop, threads)

    for lattice in lattices(rows, columns):
        places = lattice.places()
        places = places[~known[places]]
        if not follow(places, found.radius(tolerance)):
            return
        if not known.any():
            more = found.with_ends(points[places])
            if more is not found:
                # Runs that have ended at a minimum outside are followed again, now it is known.
                found = more
                if not follow(places, found.radius(tolerance)):
                    return
        known[places] = True
        yield Filled(lattice, found, found.radius(tolerance), points, loss, near, since, lost)
