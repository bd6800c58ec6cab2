"""Planes through weight space, each with what it can show and what it leaves out.

- `random_plane`: around one network, along two random directions. Each unit's incoming weights are
  scaled to the norm of the network's own (Li, Xu, Taylor, Studer & Goldstein 2018, Visualizing the
  loss landscape of neural nets), so that networks of different weights' sizes can be compared.
  Paths of a training hardly show on it: two random directions are nearly at right angles to any
  other one in a space of so many dimensions.
- `pca_plane`: the plane that holds most of the variance of given points, those of the contestants'
  paths together; how much that is stands with it.
- `plane_through`: three networks lie on it exactly (Garipov et al. 2018, Loss surfaces, mode
  connectivity and fast ensembling of DNNs).
- `hessian_plane`: around one network, along the two directions in which its loss curves most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError
from ..network.architecture import Architecture
from ..network.state import NetworkState
from ..streams import generator
from .hessian import leading
from .loss import WeightLoss
from .plane import Exact, Plane, orthonormal


def random_plane(state: NetworkState, *, biases: bool = False) -> Plane:
    """Around a state's network, along two filter-normalised random directions.

    They are drawn from the experiment's seed, streams "landscape/0" and "landscape/1", and are the
    same for all contestants of one shape, but for the norms. Biases and the parameters of batch and
    layer norms stay, or, if `biases`, move too: along a vector of the norm that they have. The
    directions are the units of coordinates: at (1, 0) each unit is its own weights' length away.
    """
    training = state.training
    params = training.split(state.state).params.astype(float)
    axes = np.stack([
        filter_normalised(generator(training.seed, f"landscape/{k}").standard_normal(params.size),
                          params, training.network, biases=biases)
        for k in range(2)])
    if not axes.any(axis=1).all():
        raise RunError("all weights are 0: no direction can be scaled to them")
    return Plane("random", params, axes)


def filter_normalised(direction: Exact, params: ArrayLike, network: Architecture, *,
                      biases: bool = False) -> Exact:
    """A direction (P,) of which each unit's incoming weights have the norm of those in `params`.

    The parts of biases, gamma, beta and PReLU's slopes are 0, or, if `biases`, have their norm as a
    vector of the layer.
    """
    given, scaled = np.asarray(params, float), np.zeros(len(direction))
    for layer in network.layers:
        at = layer.params_at
        for tensor in layer.form.params:
            part = slice(at, at + tensor.size)
            at += tensor.size
            weights = tensor.start is None
            if weights or biases:
                shape = (tensor.shape[0], -1) if weights else (1, -1)
                scaled[part] = _to_norms(direction[part].reshape(shape),
                                         given[part].reshape(shape)).reshape(-1)
    return scaled


def _to_norms(rows: Exact, like: Exact) -> Exact:
    """Rows (n, d) scaled to the norms of the rows of `like`."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    wanted = np.linalg.norm(like, axis=1, keepdims=True)
    return rows * np.divide(wanted, lengths, out=np.zeros_like(wanted), where=lengths > 0)


def pca_plane(points: Sequence[ArrayLike] | NDArray[np.floating],
              towards: ArrayLike | None = None) -> Plane:
    """The plane through the mean of points (n, P) along their two principal components.

    Axes have length 1, and each is turned to the side to which `towards` (P,) leads, or else so
    that the point farthest along it, to either side, is at a positive coordinate. `explained` are
    shares of the variance. Raises RunError where all points lie on a line.
    """
    rows = np.array(points, float)
    if rows.ndim != 2 or len(rows) < 3:
        raise RunError("principal components need three points or more")
    middle = rows.mean(0)
    rows -= middle
    if not np.isfinite(rows).all():
        raise RunError("weights that are not finite span no plane")
    lengths, axes = _two_components(rows)
    if lengths[1] <= 1e-12 * lengths[0] or lengths[0] == 0:
        raise RunError("all points of the paths lie on a line, which spans no plane")
    for axis in axes:
        along = rows @ axis
        side = float(axis @ np.asarray(towards, float)) if towards is not None else 0.0
        axis *= 1 if (side or along[np.abs(along).argmax()]) >= 0 else -1
    share = lengths**2 / float(np.vdot(rows, rows))
    return Plane("pca", middle, axes, explained=(float(share[0]), float(share[1])))


def _two_components(rows: Exact) -> tuple[Exact, Exact]:
    """The two largest singular values (2,) of centred rows (n, P) and their directions (2, P).

    Of few rows of very many numbers the products of rows with each other say enough to begin with:
    a singular value decomposition of all of it takes ten times as long. Two rounds of subspace
    iteration give back the digits that squaring has lost.
    """
    if rows.shape[0] >= rows.shape[1]:
        _, lengths, directions = np.linalg.svd(rows, full_matrices=False)
        return lengths[:2], directions[:2].copy()
    _, combined = np.linalg.eigh(rows @ rows.T)
    basis = rows.T @ combined[:, -2:]
    for _ in range(2):
        basis, _ = np.linalg.qr(basis)
        basis = rows.T @ (rows @ basis)
    basis, _ = np.linalg.qr(basis)
    _, lengths, turn = np.linalg.svd(rows @ basis, full_matrices=False)
    return lengths, np.ascontiguousarray((basis @ turn.T).T)


def plane_through(first: ArrayLike, second: ArrayLike, third: ArrayLike) -> Plane:
    """The plane on which three networks' parameters (P,) lie, with the first as its origin.

    The first axis leads to the second one; axes have length 1 and are at right angles. Raises
    RunError for three points on a line.
    """
    start, along, other = (np.array(point, float) for point in (first, second, third))
    return Plane("points", start, orthonormal(along - start, other - start))


def hessian_plane(loss: WeightLoss, params: ArrayLike) -> Plane:
    """Around the parameters (P,), along the Hessian's two leading eigenvectors, of length 1.

    The Hessian is that of `loss`, which had better be in float64, and its leading eigenvalues are
    the largest ones; see `hessian.leading`. Raises RunError.
    """
    middle = np.array(params, float)
    if middle.size < 2:
        raise RunError("a network of one parameter has no plane")
    found = leading(loss, middle, 2)
    return Plane("hessian", middle, found.vectors,
                 curvatures=(float(found.values[0]), float(found.values[1])))
