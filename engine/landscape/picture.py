"""A landscape as it is drawn: a field on a plane, and where the contestants go on it.

Plain numbers for any picture, flat or in three dimensions. A trail lies on the field at
`plane_loss`, the loss of the foot of its perpendicular; `true_loss` is the network's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..heights import Levels, levels_of
from .field import Extent, Field
from .loss import Of, Statistics, WeightLoss
from .plane import Exact, Plane

PlaneChoice = Literal["pca", "random", "hessian", "ends", "steps"]
PLANES: tuple[PlaneChoice, ...] = ("pca", "random", "hessian", "ends", "steps")
USUAL_SIZE = 65
# A loss that varies by less than this share of itself is drawn as flat as it is.
FLAT, FLAT_BANDS = 5e-3, 17
# Bands of a scale that is given, and the share of it above which they grow like a logarithm.
BANDS, KNEE = 18, 0.05


@dataclass(frozen=True)
class Wanted:
    """What a landscape is to show.

    `plane`: "pca" of all paths; "random" or "hessian", around `contestant` at the run's newest
    step; "ends" of the first three contestants; or three `steps` of `contestant`, by default its
    first, middle and newest one. The loss is that of `contestant`'s network on the rows that `of`
    names, and for "batch" those of the step after `step`. `contestants` are those whose paths are
    shown, as far as they are of one shape with it; all without any. `extent` is the piece of the
    plane; by default all paths are on it. `scale` are the losses between which contours go, by
    default those of the field: only landscapes of one scale can be compared by their shades.
    """

    plane: PlaneChoice = "pca"
    of: Of = "train"
    contestant: int = 0
    contestants: tuple[int, ...] | None = None
    steps: tuple[int, int, int] | None = None
    step: int = 0
    biases: bool = False
    penalty: bool = False
    statistics: Statistics = "recomputed"
    most_rows: int | None = None
    size: int = USUAL_SIZE
    extent: Extent | None = None
    scale: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class PathOnPlane:
    """One contestant's way, entry k belonging to step `steps[k]`.

    `points` (n, 2) are coordinates on the plane and `distance` (n,) how far the network is from
    there, in weight space.
    """

    contestant: int
    steps: NDArray[np.int64]
    points: Exact
    distance: Exact
    measure: Callable[[], tuple[Exact, Exact]] = field(repr=False)
    """Works out the losses, which cost a pass over all rows for every step."""

    @property
    def plane_loss(self) -> Exact:
        """The loss at each point of the plane, (n,)."""
        return self._losses[0]

    @property
    def true_loss(self) -> Exact:
        """The network's own loss, (n,)."""
        return self._losses[1]

    @cached_property
    def _losses(self) -> tuple[Exact, Exact]:
        return self.measure()


@dataclass(frozen=True)
class Head:
    """Where one contestant is at one step, as in `PathOnPlane`."""

    contestant: int
    point: tuple[float, float]
    distance: float
    plane_loss: float
    true_loss: float


@dataclass(frozen=True, eq=False)
class LandscapePicture:
    """A landscape: `left_out` are contestants whose weights have no place on it.

    `marks` (3, 2) are the points that a plane was put through, if it was. `complete` says whether
    field and paths are as fine as they come.
    """

    wanted: Wanted
    plane: Plane
    loss: WeightLoss
    field: Field
    paths: tuple[PathOnPlane, ...]
    left_out: tuple[int, ...]
    levels: Levels
    marks: Exact | None
    complete: bool


def landscape_levels(field: Field, low: float | None = None) -> Levels:
    """Contour bands for a loss: fine on a valley's floor, and wide where it is high.

    What is flat to the third digit looks flat, in the middle of its bands, and not like mountains
    of rounding or like a valley's floor.
    """
    known = field.heights[np.isfinite(field.heights)]
    floor = float(known.min(initial=np.inf))
    if low is None and 0 < floor < np.inf and np.quantile(known, 0.985) < (1 + FLAT) * floor:
        # An odd number of bands: no contour goes through the middle.
        return Levels(0.0, 2 * floor, FLAT_BANDS)
    return levels_of(field.heights, low)


def levels_between(low: float, high: float) -> Levels:
    """The same bands for whatever is shown, from one loss to another."""
    return Levels(low, high, BANDS, (high - low) * KNEE)
