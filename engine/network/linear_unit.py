"""The loss of one linear unit on two inputs: a quadratic whose shape is that of the data.

With the mean squared error over n rows of inputs u (n, 2) and targets t (n,),

    L(w) = 1/n Σ (u·w - t)²        H = 2/n Σ u uᵀ        g(w) = H (w - w*)

so the contours are ellipses along the principal axes of the inputs about 0, and plain gradient
descent shrinks the distance along an axis of curvature λ by |1 - lr·λ| a step. How long the slowest
takes is set by κ = λmax / λmin. The unit has no bias, so that what centring does is seen; where
there is one input alone, its two weights are the weight and the bias.

Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, sections 4.3 and 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from ..data import Data
from ..data.stages import Stage, principal

Exact = NDArray[np.float64]

# A curvature below this part of the largest is rounding: there is nothing to descend.
FLAT = 1e-12
# Contours are so far apart in the root of the loss, the start's being 1.
APART = 1 / 3


@dataclass(frozen=True, eq=False)
class Quadratic:
    """L(w) = `least` + ½ (w - minimum)ᵀ hessian (w - minimum), w of (2,).

    `curvatures` (2,) are the Hessian's eigenvalues, the largest first, `axes` (2, 2) its
    eigenvectors as rows. `names` are those of the two weights.
    """

    names: tuple[str, str]
    hessian: Exact
    minimum: Exact
    least: float
    curvatures: Exact
    axes: Exact

    @property
    def condition(self) -> float:
        """κ = λmax / λmin, infinite where one direction is flat."""
        high, low = self.curvatures
        return float(high / low) if low > FLAT * high else inf

    @cached_property
    def start(self) -> Exact:
        """Where descents begin, (2,): as far from the minimum as 0 is, and half-way between the
        axes, so that both directions have equally far to go."""
        far = float(np.linalg.norm(self.minimum)) or 1.0
        turned = (self.axes[0] + self.axes[1]) / np.sqrt(2)
        # The side of the minimum on which 0 lies.
        side = -1.0 if turned @ self.minimum > 0 else 1.0
        return self.minimum + side * far * turned

    def loss(self, w: Exact) -> Exact:
        """The loss at points (…, 2)."""
        away = np.asarray(w) - self.minimum
        return np.asarray(self.least + 0.5 * np.einsum(
            "...i,ij,...j->...", away, self.hessian, away), np.float64)

    def half_axes(self, level: float) -> tuple[float, float]:
        """How far the ellipse L = least + level reaches along both axes, the shorter first."""
        long, short = (float(np.sqrt(2 * level / value)) if value > 0 else inf
                       for value in self.curvatures[::-1])
        return short, long

    def levels(self, reach: float) -> Exact:
        """Losses above the least, the lowest first, whose ellipses are evenly apart.

        They go on as long as an ellipse has a part within `reach` of the minimum, and at most to
        24; the third is the start's.
        """
        own = float(self.loss(self.start)) - self.least
        farthest = 0.5 * float(self.curvatures[0]) * reach**2
        count = int(np.clip(np.ceil(np.sqrt(farthest / own) / APART), 1, 24)) if own > 0 else 1
        return np.array([own * (APART * place) ** 2 for place in range(1, count + 1)])


def quadratic(stage: Stage, targets: Exact) -> Quadratic:
    """The loss of a linear unit on a stage's coordinates; `targets` (n,) as `unit_targets`."""
    u = stage.points
    alone = u.shape[1] == 1
    if alone:
        u = np.stack([u[:, 0], np.ones(len(u))], axis=1)
    names = ("weight", "bias") if alone else ("weight 1", "weight 2")
    hessian = 2 * u.T @ u / len(u)
    curvatures, axes = principal(hessian)
    curvatures[curvatures <= FLAT * curvatures[0]] = 0.0
    minimum = np.asarray(np.linalg.lstsq(u, targets, rcond=None)[0], float)
    least = float(np.mean((u @ minimum - targets) ** 2))
    return Quadratic(names, hessian, minimum, least, curvatures, axes)


def unit_targets(data: Data) -> Exact:
    """What the unit is to put out, (n,), without its mean, which a bias would learn at once.

    Of classes that is 1 for the first and -1 for the others, of a regression the first target.
    """
    y = data.train_y
    wanted = np.where(y == 0, 1.0, -1.0) if data.task == "classes" else np.asarray(
        y[:, 0] if y.ndim > 1 else y, float)
    return wanted - wanted.mean()
