"""Divergence as an event: which contestant, step and quantity, why, and what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray

from .optimizers import Optimizer
from .surfaces import Surface


@dataclass(frozen=True)
class Divergence:
    """The first step whose loss or parameters are not finite.

    `quantity` names what was lost and how ("the loss overflowed"). `curvature` is λmax of the
    Hessian at the blamed point, `limit` the largest stable learning rate there (2/λmax for plain
    gradient descent), both None where theory does not know them. `layer` is the place of the
    network's layer in which it began, None where it is no layer's.
    """

    contestant: str
    step: int
    quantity: str
    cause: str
    advice: str
    curvature: float | None = None
    limit: float | None = None
    layer: int | None = None

    def __str__(self) -> str:
        return (
            f"{self.contestant} diverged at step {self.step:,}: {self.quantity}. "
            f"{self.cause} {self.advice}"
        )


def explain(
    contestant: str,
    optimizer: Optimizer,
    hypers: Mapping[str, float],
    surface: Surface,
    rate: float,
    step: int,
    last: NDArray[np.float64],
    suspects: Sequence[tuple[int, NDArray[np.float64]]],
) -> Divergence:
    """Say why a contestant left the finite numbers at `step`.

    `last` is the row that is not finite; `suspects` are steps and points that it may have begun at,
    of which the most curved one is blamed; `rate` is the largest learning rate so far.
    """
    quantity = _lost(last)
    if step == 0:
        return Divergence(contestant, 0, quantity, "The surface has no value at the start.",
                          "Move the start to where the surface is finite.")
    if "undefined" in quantity and hypers.get("eps") == 0.0:
        return Divergence(contestant, step, quantity,
                          "With eps = 0 a coordinate without gradient is divided 0 by 0.",
                          "Take eps above 0.")
    curvature, from_step, point = max(
        (_curvature(surface, point), step, tuple(point)) for step, point in suspects
    )
    where = f"At step {from_step:,}, ({point[0]:.3g}, {point[1]:.3g}),"
    if optimizer.stable_lr is not None and curvature > 0:
        bound = optimizer.stable_lr(hypers)
        limit = bound / curvature
        cause = (
            f"{where} the surface's largest curvature is λmax = {curvature:.4g}, so "
            f"{optimizer.title} is stable up to lr = {bound:.3g}/λmax = {limit:.3g}"
        )
        if rate > limit:
            cause += f"; lr was {rate:.3g}, {rate / limit:.3g} times that."
            advice = f"Take lr below {limit:.2g}, or clip the gradient."
        else:
            cause += f"; lr was {rate:.3g}, but the curvature rises along the way."
            advice = f"Take lr below {rate / 10:.2g}, start elsewhere, or clip the gradient."
        return Divergence(contestant, step, quantity, cause, advice, curvature, limit)
    if curvature <= 0:
        cause = f"{where} the surface falls without end; lr was {rate:.3g}."
    else:
        cause = (f"{where} the surface's largest curvature is λmax = {curvature:.4g}, and from "
                 f"there each step led to a larger one; lr was {rate:.3g}.")
    return Divergence(
        contestant, step, quantity, cause,
        f"Take lr below {rate / 10:.2g}, or clip the gradient.", curvature,
    )


def _curvature(surface: Surface, point: NDArray[np.float64]) -> float:
    """λmax of the Hessian, or 0 where it is not finite."""
    hessian = surface.hessian(float(point[0]), float(point[1]))
    return float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0


def _lost(row: NDArray[np.float64]) -> str:
    """The first quantity of a row that is not finite, and what became of it."""
    for index, name in ((0, "the parameter x"), (1, "the parameter y"), (-3, "the loss")):
        if not isfinite(row[index]):
            return f"{name} {'is undefined' if isnan(row[index]) else 'overflowed'}"
    return "the loss overflowed"
