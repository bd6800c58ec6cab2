"""Lines through the networks of a race: how the loss on training and test rows goes along them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from ..network.state import NetworkState
from ..snapshot import Snapshot
from .directions import hessian_plane, random_plane
from .loss import Of, WeightLoss
from .paths import alike
from .picture import Wanted
from .plane import Exact, Plane
from .slices import Slice, along, between

Lines = Literal["axes", "between"]
POINTS = 61


@dataclass(frozen=True, eq=False)
class Section:
    """The loss along one line through a contestant's newest network, which is at 0.

    With `other` the line leads to that one's network, at 1, and `axis` is 0; else it goes along the
    `axis` of a plane. `test` is None where there are no test rows.
    """

    contestant: int
    other: int | None
    axis: int
    train: Slice
    test: Slice | None


def sections(snapshot: Snapshot, wanted: Wanted, lines: Lines, plane: Plane | None = None, *,
             threads: int | None = None, cancelled: Callable[[], bool] = lambda: False
             ) -> Iterator[Section]:
    """Lines along two directions through every contestant, or from the wanted one to the others.

    Directions are, of a random plane, each network's own filter-normalised ones, so that widths can
    be compared (Li et al. 2018), and of a Hessian plane its own eigenvectors, from -1 to 1; else
    they are the axes of `plane`, as far as half of the norm of the wanted contestant's network, and
    contestants of another shape are left out. So are all that have diverged. Raises RunError, or
    Cancelled.
    """
    newest = snapshot if snapshot.series is None else snapshot.series(snapshot.computed)
    asked = range(len(newest.contestants)) if wanted.contestants is None else wanted.contestants
    if lines == "between":
        shown = alike(newest, wanted.contestant, asked)
        start = newest.contestants[wanted.contestant]
        for index in shown:
            if index != wanted.contestant and newest.contestants[index].diverged is None:
                end = newest.contestants[index]
                yield _section(start, wanted, index, 0, partial(
                    between, first=_params(start), second=_params(end), threads=threads,
                    cancelled=cancelled))
        return
    # On a plane that is shared, lines are of one length.
    own = plane is None or wanted.plane in ("random", "hessian")
    length = 0.5 * float(np.linalg.norm(_params(newest.contestants[wanted.contestant])))
    reach = 1.0 if own or length == 0 else length
    for index in asked if own else alike(newest, wanted.contestant, asked):
        state = newest.contestants[index]
        if state.diverged is not None:
            continue
        axes = _own_axes(state, wanted) if own or plane is None else plane.axes
        for axis in range(2):
            yield _section(state, wanted, None, axis, partial(
                along, origin=_params(state), direction=axes[axis],
                at=np.linspace(-reach, reach, POINTS), threads=threads, cancelled=cancelled))


def _section(state: NetworkState, wanted: Wanted, other: int | None, axis: int,
             line: Callable[[WeightLoss], Slice]) -> Section:
    def on(rows: Of) -> Slice:
        return line(WeightLoss(state, rows, penalty=wanted.penalty, statistics=wanted.statistics,
                               most_rows=wanted.most_rows))

    there = len(state.training.material.test_x)
    return Section(state.index, other, axis, on("train"), on("test") if there else None)


def _own_axes(state: NetworkState, wanted: Wanted) -> Exact:
    if wanted.plane != "hessian":
        return random_plane(state, biases=wanted.biases).axes
    loss = WeightLoss(state, "train", penalty=wanted.penalty, statistics=wanted.statistics,
                      most_rows=wanted.most_rows, exact=True)
    return hessian_plane(loss, _params(state)).axes


def _params(state: NetworkState) -> Exact:
    return state.training.split(state.state).params.astype(float)
