"""A typed formula in the shape of a surface, so that nothing else has to know the difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import Precision, import_numba
from ..surfaces.definition import Point, Surface
from .compile import compiled
from .differentiate import differentiate
from .read import read
from .tape import Tape
from .typeset import typeset

Domain = tuple[tuple[float, float], tuple[float, float]]

# A grid this coarse tells a valley from a bowl, and takes less than a millisecond.
COARSE = 33
# Where a descent likes to begin, as shares of the domain: off the axes, away from the middle.
CORNER = (0.15, 0.8)
# Above this ratio of the highest point to the lowest quarter, even contours leave the valley blank.
# It parts the built-in surfaces (at most 8.3, at least 12.0) just as their authors' eyes did.
STEEP = 10.0


class FormulaKernel:
    """A formula's `SURFACE` kernel: in plain Python as `function`, or compiled."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def function(self, point: Any, grad: Any) -> Any:
        """The loss at `point` (2,), which may hold floats, arrays or jets; fills `grad` (2,)."""
        value, grad[0], grad[1] = self._tape.run(point[0], point[1])
        return value

    def compiled(self, precision: Precision = "float64") -> Any:
        """The Numba dispatcher, compiled at first use; the same one for both precisions.

        Under NUMBA_DISABLE_JIT it is the plain function.
        """
        return self.function if import_numba().config.DISABLE_JIT else compiled(self._tape)


def check_formula(text: str) -> None:
    """Raise FormulaError, pointing at a character, unless `text` is a formula in x and y."""
    differentiate(read(text))


def surface_from_formula(
    text: str, domain: Domain = ((-2.0, 2.0), (-2.0, 2.0)), title: str = ""
) -> Surface:
    """The surface of a formula in x and y, such as `(1 - x)**2 + 100*(y - x**2)**2`.

    Raises FormulaError. Nothing is compiled yet, and minima are not looked for; the start is a
    point of the domain where loss and gradient are finite, if there is one.
    """
    formula = read(text)
    kernel = FormulaKernel(differentiate(formula))
    heights, slopes, points = _survey(kernel, domain)
    return Surface(
        name="formula",
        title=title or "Formula",
        doc=f"The typed formula {formula.line.strip()}",
        source="Typed formula",
        kernel=kernel,
        tex=typeset(formula),
        domain=domain,
        minima=(),
        start=_start(heights, slopes, points, domain),
        log_levels=_is_steep(heights),
    )


def _survey(kernel: FormulaKernel, domain: Domain) -> tuple[NDArray[np.float64], ...]:
    """Heights (n,), lengths of the gradient (n,) and points (n, 2) of a coarse grid."""
    axes = [np.linspace(low, high, COARSE) for low, high in domain]
    x, y = (axis.ravel() for axis in np.meshgrid(*axes))
    grad: list[Any] = [0.0, 0.0]
    heights = np.broadcast_to(np.asarray(kernel.function((x, y), grad), float), x.shape)
    with np.errstate(all="ignore"):
        slopes = np.broadcast_to(np.hypot(*grad), x.shape)
    return heights, slopes, np.column_stack([x, y])


def _start(
    heights: NDArray[np.float64], slopes: NDArray[np.float64], points: NDArray[np.float64],
    domain: Domain,
) -> Point:
    """The point of the grid nearest to CORNER where the loss is finite and not flat."""
    low, high = np.array(domain).T
    wanted = low + np.array(CORNER) * (high - low)
    distance = np.square((points - wanted) / (high - low)).sum(axis=1)
    finite = np.isfinite(heights) & np.isfinite(slopes)
    for fit in (finite & (slopes > 0), finite):
        if fit.any():
            x, y = points[np.where(fit, distance, np.inf).argmin()]
            return float(x), float(y)
    return float(wanted[0]), float(wanted[1])


def _is_steep(heights: NDArray[np.float64]) -> bool:
    """Whether the walls tower so far over the lowest quarter that even contours would hide it."""
    finite = heights[np.isfinite(heights)]
    if finite.size == 0:
        return False
    low, quarter, high = np.quantile(finite, [0.0, 0.25, 1.0])
    return bool(high - low > STEEP * (quarter - low))
