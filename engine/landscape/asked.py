"""What a picture of a landscape is of, as asked for: the loss, the plane, and which piece of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import RunError
from ..network.state import NetworkState
from ..snapshot import Snapshot
from .directions import hessian_plane, pca_plane, plane_through, random_plane
from .field import Extent, around, shaped
from .loss import WeightLoss
from .paths import Place
from .picture import PathOnPlane, Wanted
from .plane import Exact, Plane

# A plane along eigenvectors ends where a parabola of their curvature has risen to so many times the
# loss in its middle, and to no less than so much.
RISE, LEAST_RISE = 4.0, 0.5


def steps_of(snapshot: Snapshot, wanted: Wanted) -> tuple[int, int, int]:
    """The three steps that a plane is put through, those computed so far."""
    computed = snapshot.computed
    first, second, third = wanted.steps or (0, computed // 2, computed)
    return min(first, computed), min(second, computed), min(third, computed)


def loss_of(snapshot: Snapshot, wanted: Wanted, step: int, **other: Any) -> WeightLoss:
    """The loss that is drawn of a run at a step; `other` options than the wanted ones go first."""
    state = _at(snapshot, min(step, snapshot.computed)).contestants[wanted.contestant]
    options = {"of": wanted.of, "penalty": wanted.penalty, "statistics": wanted.statistics,
               "most_rows": wanted.most_rows} | other
    return WeightLoss(state, **options)


def plane_key(wanted: Wanted) -> object:
    """What a plane follows from."""
    around_one = wanted.plane in ("random", "hessian", "steps")
    shown = wanted.contestants if wanted.plane in ("pca", "ends") else None
    hessian = (wanted.penalty, wanted.statistics, wanted.most_rows)
    return (wanted.plane, shown, wanted.contestant if around_one else None, wanted.steps,
            wanted.biases, hessian if wanted.plane == "hessian" else None)


def plane_of(snapshot: Snapshot, wanted: Wanted, shown: Sequence[int],
             seen: Callable[[int], Sequence[tuple[int, Place]]]) -> tuple[Plane, Exact | None]:
    """The plane of a run's `shown` contestants, and the points that it was put through.

    `seen` gives a contestant's states, evenly spread over its steps. Raises RunError.
    """
    if wanted.plane == "pca":
        # One that diverges would draw the plane after it.
        sound = [i for i in shown if snapshot.trails[i].diverged is None] or shown
        paths = [[place.params for _, place in seen(i)] for i in sound]
        # Descent goes to the right and upwards, as far as the first one does.
        way = paths[0][-1].astype(float) - paths[0][0]
        return pca_plane([params for path in paths for params in path], way), None
    if wanted.plane in ("random", "hessian"):
        state = _at(snapshot, snapshot.computed).contestants[wanted.contestant]
        if wanted.plane == "random":
            return random_plane(state, biases=wanted.biases), None
        loss = loss_of(snapshot, wanted, snapshot.computed, of="train", exact=True)
        return hessian_plane(loss, state.training.split(state.state).params), None
    if wanted.plane == "ends":
        if len(shown) < 3:
            raise RunError("a plane through ends needs three contestants of one shape; there "
                           f"{'is' if len(shown) == 1 else 'are'} {len(shown)}")
        ends = _at(snapshot, snapshot.computed).contestants
        points = [_params(ends[i]) for i in shown[:3]]
    else:
        points = [_params(_at(snapshot, step).contestants[wanted.contestant])
                  for step in steps_of(snapshot, wanted)]
    through = plane_through(*points)
    return through, through.feet(points).points


def extent_of(plane: Plane, snapshot: Snapshot, wanted: Wanted, paths: Sequence[PathOnPlane]
              ) -> Extent:
    """The piece of a plane that is looked at, unless another one is asked for."""
    if plane.kind == "random":
        return (-1.0, 1.0), (-1.0, 1.0)
    if plane.curvatures is not None:
        height = WeightLoss(snapshot.contestants[wanted.contestant], "train").at(plane.origin)
        rise = max(RISE * height, LEAST_RISE) if np.isfinite(height) else LEAST_RISE
        most = float(np.linalg.norm(plane.origin)) or 1.0
        x, y = (min(float(np.sqrt(2 * rise / abs(value))) if value else most, most)
                for value in plane.curvatures)
        return shaped(((-x, x), (-y, y)))
    sound = [path.points for path in paths
             if snapshot.trails[path.contestant].diverged is None]
    return shaped(around(np.concatenate(sound or [path.points for path in paths])))


def _params(state: NetworkState) -> Exact:
    return state.training.split(state.state).params.astype(float)


def _at(snapshot: Snapshot, step: int) -> Snapshot:
    if step == snapshot.step or snapshot.series is None:
        return snapshot
    return snapshot.series(step)
