"""What a surface is: one kernel for value and gradient, and what is published about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]


class SurfaceKernel(Protocol):
    """A compiled or compilable `SURFACE`: a built-in one or a typed formula's."""

    @property
    def function(self) -> Any: ...

    def compiled(self, precision: Any = "float64") -> Any: ...


@dataclass(frozen=True)
class Surface:
    """A loss in two parameters, exact in value, gradient and Hessian.

    `domain` is the published box ((x low, x high), (y low, y high)); `minima` are the published
    global minimisers and `local_minima` the others inside the domain, where they are few.
    """

    name: str
    title: str
    doc: str
    source: str
    kernel: SurfaceKernel
    tex: str
    domain: tuple[tuple[float, float], tuple[float, float]]
    minima: tuple[Point, ...]
    start: Point
    local_minima: tuple[Point, ...] = ()
    saddles: tuple[Point, ...] = ()
    log_levels: bool = False
    """Whether contours read better spaced by factors above the minimum than evenly."""

    def value(self, x: float, y: float) -> float:
        """The loss at one point."""
        return float(self.kernel.compiled()(np.array([x, y], float), np.empty(2)))

    def gradient(self, x: float, y: float) -> NDArray[np.float64]:
        """The exact gradient at one point, (2,)."""
        grad = np.empty(2)
        self.kernel.compiled()(np.array([x, y], float), grad)
        return grad

    def hessian(self, x: float, y: float) -> NDArray[np.float64]:
        """The exact Hessian at one point, (2, 2), by second-order forward-mode differentiation."""
        from ..jets import hessian

        return hessian(self.kernel.function, x, y)
