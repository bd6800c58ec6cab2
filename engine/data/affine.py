"""Preprocessing as one affine map, fitted on the training rows: centre, scale, whiten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .raw import Array, read_only

Matrix = NDArray[np.float64]
Step = Literal["center", "scale", "whiten"]
STEPS: tuple[Step, ...] = ("center", "scale", "whiten")

# Spreads below this fraction of a column's size are rounding, not data.
_FLAT = 1e-12
# The same for a principal axis: its variance as a fraction of the largest one's.
_THIN = 1e-10


@dataclass(frozen=True, eq=False)
class Affine:
    """x = (raw - mean) @ matrix.T, with `matrix` (d, d) invertible and `mean` (d,)."""

    matrix: Matrix
    mean: Matrix

    def __post_init__(self) -> None:
        for name in ("matrix", "mean"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def inputs(self) -> int:
        """How many inputs there are, d."""
        return len(self.mean)

    @cached_property
    def diagonal(self) -> Matrix | None:
        """The factor of each input (d,) where the matrix mixes none, or None."""
        diagonal = np.diagonal(self.matrix)
        mixes = np.count_nonzero(self.matrix) > np.count_nonzero(diagonal)
        return None if mixes else diagonal

    def apply(self, raw: Array) -> Matrix:
        """Raw inputs (n, d) preprocessed, (n, d) float64; always a new array."""
        x = np.array(raw, np.float64)
        x -= self.mean
        if self.diagonal is None:
            return x @ self.matrix.T
        x *= self.diagonal
        return x

    def inverse(self, x: Array) -> Matrix:
        """Preprocessed inputs (n, d) back as they were, for display, (n, d)."""
        if self.diagonal is None:
            return np.linalg.solve(self.matrix, np.asarray(x, np.float64).T).T + self.mean
        return x / self.diagonal + self.mean


def identity(inputs: int) -> Affine:
    """The map that leaves `inputs` inputs as they are."""
    return Affine(np.eye(inputs), np.zeros(inputs))


def fitted(raw: Array, steps: Sequence[Step]) -> Affine:
    """The map of `steps` to training rows (n, d); n is at least 1.

    - `center` subtracts each column's mean.
    - `scale` divides each column by its standard deviation.
    - `whiten` turns to the principal axes, the widest first, and divides by the standard deviation
      along each (PCA whitening), so that the covariance is I.

    Deviations divide by n, not n - 1. A constant column is centred and not scaled, and a principal
    axis along which the data do not spread keeps the scale it has: nothing is divided by 0 and
    nothing is dropped, so the map can always be inverted.

    Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp; Kessy, Lewin & Strimmer 2018,
    Optimal whitening and decorrelation, arXiv:1512.00809.
    """
    x = np.array(raw, np.float64)
    inputs = x.shape[1]
    center = x.mean(axis=0)
    largest = np.abs(x).max(axis=0)
    x -= center
    matrix = np.eye(inputs)
    if "scale" in steps:
        factors = 1 / _deviations(x, largest)
        x *= factors
        matrix = np.diag(factors)
    if "whiten" in steps:
        matrix = _whitening(x) @ matrix
    return Affine(matrix, center if "center" in steps else np.zeros(inputs))


def _deviations(x: Matrix, largest: Matrix) -> Matrix:
    """The standard deviation of each centred column; 1 for those that are constant."""
    deviations = np.sqrt(np.einsum("ij,ij->j", x, x) / len(x))
    return np.where(deviations > _FLAT * largest, deviations, 1.0)


def _whitening(x: Matrix) -> Matrix:
    """The matrix (d, d) that whitens centred rows."""
    matrix, variances = _principal(x.T @ x / len(x))
    wide = variances > _THIN * max(variances[0], np.finfo(float).tiny)
    matrix[wide] /= np.sqrt(variances[wide])[:, None]
    if wide.any() and variances[wide][-1] < 1e-4 * variances[0]:
        # A small variance found beside large ones has lost digits; measured anew it has them all.
        white = x @ matrix[wide].T
        values, vectors = np.linalg.eigh(white.T @ white / len(x))
        matrix[wide] = (vectors / np.sqrt(values)) @ vectors.T @ matrix[wide]
    return matrix


def _principal(covariance: Matrix) -> tuple[Matrix, Matrix]:
    """Principal axes as rows (d, d), the widest first, and the variances along them (d,)."""
    variances, axes = np.linalg.eigh(covariance)
    axes = axes.T[::-1].copy()
    # An axis has no direction of its own: the largest component is made positive.
    largest = np.abs(axes).argmax(axis=1)
    axes *= np.sign(axes[np.arange(len(axes)), largest])[:, None]
    return axes, variances[::-1]
