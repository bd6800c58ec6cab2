"""A plane through the space of weights: where it lies, and how far anything is from it.

Weights are the flat vector of all that a network learns, P numbers. A plane's point (a, b) are the
weights `origin + a · axes[0] + b · axes[1]`. Distances are Euclidean in that space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError

Exact = NDArray[np.float64]
Kind = Literal["random", "pca", "points", "hessian"]

# Vectors that are taken off the plane's at once while many are projected: a few megabytes.
NUMBERS_A_PIECE = 2_000_000


@dataclass(frozen=True, eq=False)
class Feet:
    """Where perpendiculars from n weight vectors meet a plane.

    `points` (n, 2) are the feet's coordinates, `distance` (n,) the perpendiculars' lengths.
    """

    points: Exact
    distance: Exact


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through weight space: `origin` (P,) and `axes` (2, P), read-only.

    `explained` are, of a plane by principal components, the shares of the paths' variance that lie
    along each axis, and `curvatures`, of one along eigenvectors, the Hessian's eigenvalues.
    """

    kind: Kind
    origin: Exact
    axes: Exact
    explained: tuple[float, float] | None = None
    curvatures: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for array in (self.origin, self.axes):
            array.flags.writeable = False
        if not np.isfinite(self.axes).all() or not np.isfinite(self.origin).all():
            raise RunError("weights that are not finite span no plane")

    def weights(self, a: float, b: float) -> Exact:
        """The parameters (P,) at a point of the plane."""
        return self.origin + a * self.axes[0] + b * self.axes[1]

    def feet(self, params: Sequence[ArrayLike] | ArrayLike) -> Feet:
        """Where parameters (n, P) lie on the plane, and how far off it they are."""
        rows = np.asarray(params)
        points, distance = np.empty((len(rows), 2)), np.empty(len(rows))
        # Of axes that are not at right angles to each other, too.
        inverse = np.linalg.inv(self.axes @ self.axes.T)
        size = max(1, NUMBERS_A_PIECE // self.origin.size)
        for first in range(0, len(rows), size):
            part = slice(first, first + size)
            # The weights of one that diverges may be beyond any square.
            with np.errstate(over="ignore", invalid="ignore"):
                away = rows[part].astype(float) - self.origin
                points[part] = away @ self.axes.T @ inverse
                distance[part] = np.linalg.norm(away - points[part] @ self.axes, axis=1)
        return Feet(points, distance)


def orthonormal(first: Exact, second: Exact) -> Exact:
    """Two axes (2, P) of length 1 at right angles that span what two vectors span.

    Raises RunError where those are parallel or 0.
    """
    length = float(np.linalg.norm(first))
    along = first / length if length else first
    across = second - (second @ along) * along
    # Once more: what rounding has left of it.
    across -= (across @ along) * along
    height = float(np.linalg.norm(across))
    if not length or height <= 1e-12 * float(np.linalg.norm(second)):
        raise RunError("the three points lie on a line, which spans no plane")
    return np.stack([along, across / height])
