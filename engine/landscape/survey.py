"""Landscapes of a run: planes, fields, and everyone's path on them, coarse first and then finer.

    picture = Survey().picture(run.snapshot())
    for picture in Survey().pictures(run.snapshot(), Wanted("random", size=101)): …

A survey remembers what it has found of a run, so that another look at it costs what is new: the
paths when a run has grown, the field where it is another piece of the same plane, and nothing but
heads at another step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import nan
from typing import Any, TypeVar

import numpy as np

from ..at_once import at_once, cores
from ..errors import RunError
from ..network.state import NetworkState
from ..snapshot import Snapshot
from .asked import extent_of, loss_of, plane_key, plane_of
from .field import COARSEST, Extent, Field, refined
from .loss import WeightLoss
from .paths import Place, WeightPaths, alike
from .picture import (
    PLANES,
    Head,
    LandscapePicture,
    PathOnPlane,
    Wanted,
    landscape_levels,
    levels_between,
)
from .plane import Exact, Plane

T = TypeVar("T")
Going = Callable[[], bool]

# Neighbouring points of a way are looked at more closely where they are farther apart than this
# share of the plane's sides.
APART = 0.02
# The field by which the contours of a batch's landscape are chosen: they are to stand still.
LEVELS_SIZE = 33
USUAL = Wanted()


class Survey:
    """The landscapes of runs, one after another; one thread at a time makes pictures."""

    def __init__(self) -> None:
        self._paths = WeightPaths()
        self._kept: dict[str, tuple[object, Any]] = {}
        self._true: dict[tuple[int, int], float] = {}
        self._true_of: WeightLoss | None = None

    def picture(self, snapshot: Snapshot, wanted: Wanted = USUAL) -> LandscapePicture:
        """The landscape of a run as far as a snapshot has it computed; raises RunError."""
        return list(self.pictures(snapshot, wanted, coarsest=wanted.size))[-1]

    def pictures(self, snapshot: Snapshot, wanted: Wanted = USUAL, *,
                 threads: int | None = None, cancelled: Going = lambda: False,
                 coarsest: int = COARSEST, hasty: bool = False) -> Iterator[LandscapePicture]:
        """The same, first on a grid of `coarsest` points a side and then on finer ones.

        At last the ways are drawn through more of their steps, where those are far apart. With
        `hasty` the plane and the ways follow from few steps, which costs little of a large network.
        Raises RunError where there is nothing to see, and Cancelled soon after `cancelled()`.
        """
        shown, left_out = self._shown(snapshot, wanted)
        plane, marks = self._plane_of(snapshot, wanted, shown, cancelled, hasty)
        run = (snapshot.experiment, snapshot.computed)
        loss = self._loss(snapshot, wanted, run)
        paths = self._paths_on(plane, loss, shown)
        whole = self._keep("extent", plane, lambda: extent_of(plane, snapshot, wanted, paths))
        extent = wanted.extent or whole
        key = (plane, loss, extent, wanted.size)
        found: Field | None = self._known("field", key)
        steps = iter([found]) if found is not None else refined(
            loss, plane, extent, wanted.size, threads=threads, cancelled=cancelled,
            coarsest=coarsest)
        for field in steps:
            if len(field.x) == wanted.size:
                self._kept["field"] = key, field
            levels = self._levels(snapshot, wanted, run, plane, extent, field, threads, cancelled)
            picture = LandscapePicture(wanted, plane, loss, field, paths, left_out, levels, marks,
                                       False)
            yield picture
        self._fill_in(snapshot, plane, shown, whole, cancelled)
        yield replace(picture, paths=self._paths_on(plane, loss, shown), complete=True)

    def plane(self, snapshot: Snapshot, wanted: Wanted = USUAL, cancelled: Going = lambda: False
              ) -> Plane:
        """The plane of a picture alone; raises as `pictures` does."""
        shown, _ = self._shown(snapshot, wanted)
        return self._plane_of(snapshot, wanted, shown, cancelled)[0]

    def heads(self, picture: LandscapePicture, snapshot: Snapshot, *, quick: bool = False
              ) -> tuple[Head, ...]:
        """Where the picture's contestants are at the step of a snapshot, exactly.

        Where large networks are looked at between two frames, `quick` ones have their places and
        distances exactly, but the plane's loss from the picture's field, and NaN for their own:
        `own_losses` tells it.
        """
        loss = picture.loss
        states = [snapshot.contestants[path.contestant] for path in picture.paths]
        params = [state.training.split(state.state).params for state in states]
        if not states:
            return ()
        feet = picture.plane.feet(params)
        if quick:
            losses = picture.field.within(feet.points)
            own: Sequence[float] = [nan] * len(states)
        else:
            losses = loss.on(picture.plane.origin, picture.plane.axes, feet.points, threads=1)
            own = own_losses(picture, snapshot)
        return tuple(Head(state.index, (float(x), float(y)), float(distance), float(height), true)
                     for state, (x, y), distance, height, true in zip(
                         states, feet.points, feet.distance, losses, own, strict=True))

    # ---- parts

    def _shown(self, snapshot: Snapshot, wanted: Wanted) -> tuple[Sequence[int], tuple[int, ...]]:
        """Whose paths are shown, the wanted contestant first, and whose cannot be."""
        if wanted.plane not in PLANES:
            raise RunError(f"a plane is one of {', '.join(PLANES)}, not {wanted.plane!r}")
        count = len(snapshot.contestants)
        if not 0 <= wanted.contestant < count:
            raise RunError(f"contestant must be from 0 to {count - 1}, not {wanted.contestant}")
        if not isinstance(snapshot.contestants[wanted.contestant], NetworkState):
            raise RunError("a surface is a landscape itself: this is for networks")
        asked = range(count) if wanted.contestants is None else wanted.contestants
        shown = alike(snapshot, wanted.contestant, asked)
        return shown, tuple(i for i in asked if i not in shown)

    def _loss(self, snapshot: Snapshot, wanted: Wanted, run: object) -> WeightLoss:
        """The loss that is drawn; that of a batch is another one at every step."""
        drifts = snapshot.contestants[wanted.contestant].training.material.drift is not None
        at = wanted.step if wanted.of == "batch" else snapshot.computed if drifts else 0
        key = (snapshot.experiment, wanted.contestant, wanted.of, wanted.penalty,
               wanted.statistics, wanted.most_rows, at,
               run if wanted.statistics == "kept" else None)
        return self._keep("loss", key, lambda: loss_of(
            snapshot, wanted, snapshot.computed if wanted.of != "batch" else wanted.step))

    def _plane_of(self, snapshot: Snapshot, wanted: Wanted, shown: Sequence[int],
                  cancelled: Going, hasty: bool = False) -> tuple[Plane, Exact | None]:
        self._paths.gather(snapshot, shown, cancelled, hasty=hasty)
        key = (snapshot.experiment, snapshot.computed, plane_key(wanted), hasty)
        return self._keep("plane", key, lambda: plane_of(
            snapshot, wanted, shown, self._paths.seen))

    def _fill_in(self, snapshot: Snapshot, plane: Plane, shown: Sequence[int], extent: Extent,
                 cancelled: Going) -> None:
        """Look at more steps of ways, wherever they are far apart on a plane."""
        low, high = np.array(extent).T

        def points(places: Sequence[Place]) -> Exact:
            # What is outside is not seen, however far it goes.
            feet = plane.feet([place.params for place in places]).points
            return (np.clip(feet, low, high) - low) / (high - low)

        def look() -> tuple[int, ...]:
            self._paths.fill_in(snapshot, shown, points, APART, cancelled)
            return tuple(shown)

        self._keep("filled", plane, look)

    def _paths_on(self, plane: Plane, loss: WeightLoss, shown: Sequence[int]
                  ) -> tuple[PathOnPlane, ...]:
        filled = self._known("filled", plane) == tuple(shown)
        return self._keep("paths", (plane, loss, filled),
                          lambda: self._on_plane(plane, loss, shown, filled))

    def _on_plane(self, plane: Plane, loss: WeightLoss, shown: Sequence[int], filled: bool
                  ) -> tuple[PathOnPlane, ...]:
        if self._true_of is not loss:
            self._true_of, self._true = loss, {}
        found = []
        for contestant in shown:
            seen = (self._paths.ways if filled else self._paths.seen)(contestant)
            feet = plane.feet([place.params for _, place in seen])
            found.append(PathOnPlane(
                contestant, np.array([step for step, _ in seen]), feet.points, feet.distance,
                partial(_losses, plane, loss, contestant, seen, feet.points, self._true)))
        return tuple(found)

    def _levels(self, snapshot: Snapshot, wanted: Wanted, run: object, plane: Plane,
                extent: Extent, field: Field, threads: int | None, cancelled: Going) -> Any:
        if wanted.scale is not None:
            return levels_between(*wanted.scale)
        if wanted.of != "batch":
            return landscape_levels(field)

        def of_all_rows() -> Any:
            loss = loss_of(snapshot, replace(wanted, of="train"), snapshot.computed)
            fields = refined(loss, plane, extent, LEVELS_SIZE, threads=threads,
                             cancelled=cancelled, coarsest=LEVELS_SIZE)
            whole = list(fields)[-1]
            levels = landscape_levels(whole, 0.0)
            lowest = float(np.min(whole.heights, initial=levels.high, where=np.isfinite(
                whole.heights)))
            # No loss is below 0, and a batch's may be anywhere above, so the bands begin there;
            # but most of them are for where all rows' valley is.
            return replace(levels, knee=max(levels.knee or 0.0, 2 * lowest))

        return self._keep("levels", (plane, extent, wanted.penalty, wanted.statistics),
                          of_all_rows)

    # ---- memory

    def _known(self, slot: str, key: object) -> Any:
        kept = self._kept.get(slot)
        return kept[1] if kept is not None and kept[0] == key else None

    def _keep(self, slot: str, key: object, make: Callable[[], T]) -> T:
        found: T | None = self._known(slot, key)
        if found is None:
            found = make()
            self._kept[slot] = key, found
        return found


def _losses(plane: Plane, loss: WeightLoss, contestant: int, seen: Sequence[tuple[int, Place]],
            points: Exact, known: dict[tuple[int, int], float]) -> tuple[Exact, Exact]:
    """The losses at a path's feet, and the networks' own, of which those `known` are not new."""
    missing = [(step, place) for step, place in seen if (contestant, step) not in known]

    def work(part: Sequence[tuple[int, Place]]) -> None:
        for step, place in part:
            known[contestant, step] = _true_loss(loss, place)

    count = cores()
    at_once([partial(work, missing[k::count]) for k in range(count)])
    return (loss.on(plane.origin, plane.axes, points),
            np.array([known[contestant, step] for step, _ in seen]))


def own_losses(picture: LandscapePicture, snapshot: Snapshot) -> tuple[float, ...]:
    """The networks' own losses at the step of a snapshot, of those on a picture, in their order.

    A pass over the rows for each.
    """
    states = [snapshot.contestants[path.contestant] for path in picture.paths]
    parts = [state.training.split(state.state) for state in states]
    return tuple(_true_loss(picture.loss, Place(part.params, part.memory)) for part in parts)


def _true_loss(loss: WeightLoss, place: Place) -> float:
    return loss.at(place.params, place.memory)
