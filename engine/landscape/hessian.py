"""The largest eigenvalues of a network's Hessian and their eigenvectors, without the Hessian.

The Hessian times a vector is how the gradient changes along it (Pearlmutter 1994). Here that is a
difference of four gradients in float64, of fourth order: about eleven digits where the loss is
smooth. On a kink of ReLU a loss has no second derivative, and what comes out is the mean curvature
over the width of the difference.

From such products alone the Lanczos iteration (Lanczos 1950) builds a small tridiagonal matrix
whose outer eigenvalues come close to the Hessian's after a few dozen rounds. Rounding makes its
vectors lose their right angles, and finds eigenvalues twice then; so every new one is made
orthogonal to all before it, twice (Parlett 1998, The symmetric eigenvalue problem, §6.9, §13.8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

from ..errors import RunError
from ..streams import generator
from .loss import WeightLoss

Exact = NDArray[np.float64]

# Of the weights' norm, how far gradients are apart. In float64 the rounding of four gradients and
# what is left of the fifth derivative are both about 1e-12 there.
REACH, SHORTEST = 1e-4, 1e-4
MOST_ROUNDS, FEWEST_ROUNDS, MOST_KEPT = 200, 20, 50_000_000
"""Rounds at most; of large networks as many as keep so many numbers, but no fewer than these."""
# An eigenvector is good when Hessian · vector is within this share of the largest eigenvalue.
TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class Eigenpairs:
    """Eigenvalues (k,), the largest first, and their eigenvectors (k, P) of length 1.

    `residuals` (k,) are the norms of Hessian · vector - value · vector.
    """

    values: Exact
    vectors: Exact
    residuals: Exact


def hessian_product(loss: WeightLoss, params: Exact, direction: Exact) -> Exact:
    """The Hessian at the parameters (P,) times a direction (P,)."""
    length = float(np.linalg.norm(direction))
    if length == 0:
        return np.zeros_like(direction)
    step = REACH * max(float(np.linalg.norm(params)), SHORTEST / REACH) / length

    def slope(steps: float) -> Exact:
        return loss.gradient(params + steps * step * direction)[1]

    return (8 * (slope(1) - slope(-1)) - (slope(2) - slope(-2))) / (12 * step)


def leading(loss: WeightLoss, params: Exact, count: int = 2, *, rounds: int = MOST_ROUNDS
            ) -> Eigenpairs:
    """The `count` largest eigenvalues of the Hessian of `loss` at the parameters (P,).

    `loss` is to be in float64 (`exact`). The iteration begins with the seed's stream
    "landscape/hessian" and ends when the residuals are small, or after `rounds`; each round takes
    four gradients. Where an eigenvalue is had several times over, its eigenvectors are one choice
    of many. Raises RunError where gradients are not finite.
    """
    params = np.array(params, float)
    if not 1 <= count <= params.size:
        raise RunError(f"a network of {params.size:,} parameters has from 1 to {params.size:,} "
                       f"eigenvalues, not {count}")
    if loss.training.precision != "float64":
        raise RunError("a Hessian needs the loss in float64: WeightLoss(…, exact=True)")
    most = min(rounds, params.size, max(MOST_KEPT // params.size, FEWEST_ROUNDS))
    basis = np.empty((most, params.size))
    diagonal, beside = np.empty(most), np.empty(most)
    draw = generator(loss.training.seed, "landscape/hessian")
    vector = draw.standard_normal(params.size)
    vector /= np.linalg.norm(vector)
    for k in range(most):
        basis[k] = vector
        product = hessian_product(loss, params, vector)
        if not np.isfinite(product).all():
            raise RunError("the loss has no finite gradient here, so it has no Hessian either")
        diagonal[k] = vector @ product
        rest = _without(product, basis[: k + 1])
        beside[k] = np.linalg.norm(rest)
        size = float(np.abs(diagonal[: k + 1]).max() + beside[: k + 1].max())
        exhausted = beside[k] <= 1e-10 * max(size, 1e-300)
        if k + 1 >= count and (exhausted or k + 1 == most or k % 4 == 3):
            values, small = eigh_tridiagonal(diagonal[: k + 1], beside[:k])
            residuals = np.abs(beside[k] * small[-1])
            if exhausted or k + 1 == most or (
                    residuals[-count:] <= TOLERANCE * np.abs(values).max()).all():
                break
        # A space without a way out is left by a new random vector.
        vector = _fresh(draw, basis[: k + 1]) if exhausted else rest / beside[k]
        beside[k] = 0.0 if exhausted else beside[k]
    chosen = slice(None, -count - 1, -1)
    vectors = np.ascontiguousarray((small.T @ basis[: k + 1])[chosen])
    for one in vectors:
        # One of the two signs, by a rule.
        one *= np.sign(one[np.abs(one).argmax()]) / np.linalg.norm(one)
    return Eigenpairs(values[chosen].copy(), vectors, residuals[chosen].copy())


def _without(vector: Exact, basis: Exact) -> Exact:
    """A vector less what it has in the directions of a basis (k, P); twice is enough."""
    once: Exact = vector - (basis @ vector) @ basis
    return once - (basis @ once) @ basis


def _fresh(draw: np.random.Generator, basis: Exact) -> Exact:
    vector = _without(np.asarray(draw.standard_normal(basis.shape[1])), basis)
    return vector / np.linalg.norm(vector)
