"""What theory knows of descent on a quadratic: the fastest settings, and where it diverges.

On a loss ½ Σ λᵢ wᵢ² every coordinate is a linear recurrence of its own, so a method converges as
the largest root of all of them does. Polyak 1964; Goh 2017, Why momentum really works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from ..optimizers import Optimizer
from ..surfaces import Surface

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quadratic:
    """The least and the largest curvature of a quadratic with one minimum."""

    least: float
    largest: float

    def decayed(self, weight_decay: float) -> Quadratic:
        """The same with weight decay in the gradient, which adds to every curvature."""
        return Quadratic(self.least + weight_decay, self.largest + weight_decay)

    @property
    def condition(self) -> float:
        """κ, the ratio of the two."""
        return self.largest / self.least

    @property
    def descent_lr(self) -> float:
        """The learning rate at which plain descent is fastest."""
        return 2 / (self.least + self.largest)

    @property
    def descent_rate(self) -> float:
        """What is left of the error a step, at that rate: (κ - 1) / (κ + 1)."""
        return (self.condition - 1) / (self.condition + 1)

    @property
    def momentum_lr(self) -> float:
        """The learning rate at which momentum is fastest, with `momentum_beta`."""
        return (2 / (sqrt(self.least) + sqrt(self.largest))) ** 2

    @property
    def momentum_beta(self) -> float:
        """The momentum at which it is fastest, with `momentum_lr`."""
        return self.momentum_rate**2

    @property
    def momentum_rate(self) -> float:
        """What is left of the error a step, at those two: (√κ - 1) / (√κ + 1)."""
        return (sqrt(self.condition) - 1) / (sqrt(self.condition) + 1)

    def rate(self, lr: Array | float, beta: Array | float, *, nesterov: bool = False) -> Array:
        """What is left of the error a step in the long run: the largest root of z² - b z + c.

        Plain momentum has b = 1 + β - ηλ and c = β; Nesterov's takes both times 1 - ηλ, β apart.
        """
        rates = []
        for curvature in (self.least, self.largest):
            kept = 1 - np.asarray(lr, float) * curvature
            b, c = (1 + np.asarray(beta)) * kept, np.asarray(beta) * kept
            if not nesterov:
                b, c = kept + np.asarray(beta), np.asarray(beta) + 0 * kept
            root = np.sqrt(np.asarray(b * b - 4 * c, complex))
            rates.append(np.maximum(np.abs(b + root), np.abs(b - root)) / 2)
        return np.asarray(np.maximum(*rates))


def quadratic(surface: Surface) -> Quadratic | None:
    """The curvatures of a surface that is a quadratic with one minimum, else None.

    It is one if its Hessian is the same everywhere in its domain, to rounding.
    """
    places = [(low + share * (high - low) for (low, high), share in zip(surface.domain, shares,
                                                                        strict=True))
              for shares in ((0.0, 0.0), (1.0, 0.1), (0.3, 0.9), (0.55, 0.45), (0.77, 1.0))]
    hessians = np.array([surface.hessian(*place) for place in places])
    if not np.isfinite(hessians).all():
        return None
    size = np.abs(hessians).max()
    if np.abs(hessians - hessians[0]).max() > 1e-9 * size:
        return None
    least, largest = np.linalg.eigvalsh(hessians[0])
    return Quadratic(float(least), float(largest)) if least > 1e-12 * size else None


def best(optimizer: Optimizer, quadratic: Quadratic) -> dict[str, float] | None:
    """The hyperparameters at which theory knows an optimizer to be fastest, if it does."""
    if optimizer.name == "sgd":
        return {"lr": quadratic.descent_lr}
    if optimizer.name == "momentum":
        return {"lr": quadratic.momentum_lr, "momentum": quadratic.momentum_beta}
    return None


def border(optimizer: Optimizer, hypers: Mapping[str, float], quadratic: Quadratic) -> float | None:
    """The learning rate above which an optimizer diverges, where theory knows it.

    2/λmax for plain descent, 2 (1 + β)/λmax for momentum.
    """
    if optimizer.stable_lr is None:
        return None
    return optimizer.stable_lr(hypers) / quadratic.decayed(hypers.get("weight_decay", 0.0)).largest
