"""Inputs that move while they are learnt: covariate shift from outside the network.

A drift moves raw inputs, since it is the camera, the scale or the daylight that changes, and the
preprocessing stays as it was fitted. With s = step / 1000 and the rate r per 1,000 steps:

    shift       raw + r·s·u             u a unit vector, along the first input unless one is given
    rotation    R(2π·r·s) raw           of the first two inputs about the origin; r counts turns
    light       2^(r·s) · raw           every input; r counts photographic stops: -1 halves it

A training loop sees preprocessed inputs x = M (raw - m). There a drift is at every step a factor
and an update of rank 2 at most, whatever the number of inputs, and `Course` holds just that:

    x_t = gain_t · x_0 + out @ (mix_t @ (inn @ x_0) + offset_t)

It is exact, constant columns included, because preprocessing can always be inverted.

Source: Shimodaira 2000, Improving predictive inference under covariate shift by weighting the
log-likelihood function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError
from .affine import Affine, Matrix, identity

Kind = Literal["shift", "rotation", "light"]
MOST_STOPS = 10.0
"""Light is held there: 1,024 times as bright, or as dark, as at the start."""


@dataclass(frozen=True)
class Course:
    """How preprocessed inputs lie at each of n steps; see the formula above.

    `gain` (n,), `out` (d, k), `mix` (n, k, k), `inn` (k, d), `offset` (n, k), with k of 1 or 2;
    float64 in C order. For every step a row costs about 2·k·d multiplications.
    """

    gain: Matrix
    out: Matrix
    mix: Matrix
    inn: Matrix
    offset: Matrix

    def apply(self, x: ArrayLike) -> Matrix:
        """The inputs (n, b, d) of n steps with b rows each, or (b, d) the same at all, moved."""
        x = np.asarray(x, np.float64)
        inner = np.matmul(x @ self.inn.T, self.mix.transpose(0, 2, 1)) + self.offset[:, None]
        return self.gain[:, None, None] * x + inner @ self.out.T

    def at(self, place: int) -> tuple[Matrix, Matrix]:
        """The map of the step at `place` from 0 as x_t = x_0 @ A.T + b: A (d, d) and b (d,)."""
        inputs = len(self.out)
        matrix = self.gain[place] * np.eye(inputs) + self.out @ self.mix[place] @ self.inn
        return matrix, self.out @ self.offset[place]


@dataclass(frozen=True)
class Drift:
    """One kind of drift and its rate; `direction` (d,) is a shift's and of any length but 0.

    At step 0 nothing has moved. Methods that take data raise RunError where the drift does not fit
    the number of inputs.
    """

    kind: Kind
    per_1000_steps: float
    direction: tuple[float, ...] | None = None

    def refusal(self, inputs: int) -> str | None:
        """Why data of so many inputs cannot drift like this, as a sentence, or None."""
        if self.kind == "rotation" and inputs < 2:
            return "a rotation needs at least 2 inputs, and the data have 1"
        if self.direction is not None and len(self.direction) != inputs:
            count = len(self.direction)
            return (f"direction has {count} number{'s' * (count > 1)}, and the data have {inputs} "
                    f"input{'s' * (inputs > 1)}")
        return None

    def affine_at(self, step: float, inputs: int) -> tuple[Matrix, Matrix]:
        """The map of raw inputs at a step, raw_t = raw @ A.T + b: A (d, d) and b (d,)."""
        return self.in_prepared(identity(inputs), step)

    def composed(self, transform: Affine, step: float) -> tuple[Matrix, Matrix]:
        """Drift, then preprocessing: x_t = raw @ A.T + b with A (d, d) and b (d,)."""
        matrix, offset = self.affine_at(step, transform.inputs)
        return transform.matrix @ matrix, transform.matrix @ (offset - transform.mean)

    def in_prepared(self, transform: Affine, step: float) -> tuple[Matrix, Matrix]:
        """The map of preprocessed inputs at a step, x_t = x_0 @ A.T + b: A (d, d) and b (d,)."""
        return self.in_prepared_many(transform, [step]).at(0)

    def in_prepared_many(self, transform: Affine, steps: ArrayLike) -> Course:
        """How preprocessed inputs lie at each of `steps` (n,)."""
        refusal = self.refusal(transform.inputs)
        if refusal is not None:
            raise RunError(refusal)
        amount = np.asarray(steps, np.float64) * (self.per_1000_steps / 1000)
        if self.kind == "shift":
            return self._shift(transform, amount)
        if self.kind == "rotation":
            return _rotation(transform, amount)
        return _light(transform, amount)

    def _shift(self, transform: Affine, amount: Matrix) -> Course:
        unit = np.zeros(transform.inputs)
        unit[0] = 1
        if self.direction is not None:
            unit = np.array(self.direction, np.float64)
            # Twice: the length of a very large or very small vector does not fit into a float.
            unit /= np.abs(unit).max()
            unit /= np.linalg.norm(unit)
        return _course(transform.matrix @ unit[:, None], offset=amount[:, None])


def _rotation(transform: Affine, amount: Matrix) -> Course:
    # Whole turns are taken off first, so that the angle keeps its digits.
    angle = 2 * np.pi * (amount - np.round(amount))
    turn = np.empty((len(amount), 2, 2))
    turn[:, 0, 0] = turn[:, 1, 1] = np.cos(angle)
    turn[:, 1, 0] = np.sin(angle)
    turn[:, 0, 1] = -turn[:, 1, 0]
    # raw_t = raw + P (R - I) Pᵀ raw, and Pᵀ raw = (M⁻¹ x)₁₂ + m₁₂.
    change = turn - np.eye(2)
    return _course(transform.matrix[:, :2], mix=change, inn=_first_two(transform),
                   offset=change @ transform.mean[:2])


def _light(transform: Affine, amount: Matrix) -> Course:
    gain = np.exp2(np.clip(amount, -MOST_STOPS, MOST_STOPS))
    # M (g·(M⁻¹ x + m) - m) = g·x + (g - 1)·M m.
    return _course((transform.matrix @ transform.mean)[:, None], gain=gain,
                   offset=gain[:, None] - 1)


def _first_two(transform: Affine) -> Matrix:
    """The first two rows of the inverse matrix, (2, d)."""
    if transform.diagonal is not None:
        return np.eye(2, transform.inputs) / transform.diagonal
    return np.asarray(np.linalg.solve(transform.matrix.T, np.eye(transform.inputs, 2)).T, float)


def _course(out: Matrix, offset: Matrix, gain: Matrix | None = None, mix: Matrix | None = None,
            inn: Matrix | None = None) -> Course:
    steps, rank = offset.shape
    parts: Sequence[NDArray[np.float64]] = (
        np.ones(steps) if gain is None else gain,
        out,
        np.zeros((steps, rank, rank)) if mix is None else mix,
        np.zeros((rank, len(out))) if inn is None else inn,
        offset,
    )
    return Course(*map(np.ascontiguousarray, parts))
