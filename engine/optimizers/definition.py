"""What an optimizer is: an update kernel, its hyperparameters, and its step taken apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..hyper import Hyper
from ..kernels import Kernel

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """One step as the optimizer saw it: all vectors are (P,), slots are (S, P)."""

    step: int
    w: Vector
    g: Vector
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    hypers: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        return self.hypers[name]


@dataclass(frozen=True)
class Anatomy:
    """A step taken apart: step = -lr · direction / scale - decay, coordinate by coordinate.

    `direction` is what the gradient has become (a velocity, a first moment), `scale` the divisor
    of each coordinate, `decay` what decoupled weight decay takes off. `terms` holds the quantities
    that the typeset rule names, as vectors (P,) or plain numbers.
    """

    direction: Vector
    scale: Vector
    decay: Vector
    terms: Mapping[str, Vector | float]

    def step(self, lr: float) -> Vector:
        """The change of the parameters, (P,)."""
        return -lr * self.direction / self.scale - self.decay


@dataclass(frozen=True)
class Part:
    """A piece of the typeset rule (LaTeX); `term` names the number that is shown with it."""

    tex: str
    term: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Optimizer:
    """A published optimizer: `hypers[0]` is always `lr`, and `slots` names its state vectors."""

    name: str
    title: str
    doc: str
    source: str
    kernel: Kernel
    hypers: tuple[Hyper, ...]
    rule: tuple[Part, ...]
    anatomy: Callable[[Moment], Anatomy]
    slots: tuple[str, ...] = ()
    stable_lr: Callable[[Mapping[str, float]], float] | None = field(default=None)
    """lr · λmax up to which the optimizer is stable on a quadratic, where theory knows it."""

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default, in the kernel's order."""
        return {hyper.name: hyper.default for hyper in self.hypers}
