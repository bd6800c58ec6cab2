"""An axis-aligned quadratic ravine of condition number κ = 100: why momentum helps.

√κ = 10, so the best plain descent shrinks the error by (κ-1)/(κ+1) = 0.980 a step and the best
momentum by (√κ-1)/(√κ+1) = 9/11 = 0.818; a smaller κ would hide the gain at the usual β = 0.9.
The axes are aligned so that "along" and "across" are the coordinates that the arrows show.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    grad[0] = x
    grad[1] = 100 * y
    return 0.5 * (x * x + 100 * y * y)


ravine = Surface(
    name="ravine",
    title="Ravine",
    doc="A quadratic 100 times steeper across than along; descent zigzags, momentum speeds up.",
    source="Teaching surface; the rates: Polyak 1964, Some methods of speeding up the convergence "
           "of iteration methods",
    kernel=value,
    tex=r"\frac{1}{2}\left(x^2 + 100\,y^2\right)",
    domain=((-4.0, 4.0), (-2.0, 2.0)),
    minima=((0.0, 0.0),),
    start=(-3.5, 1.2),
    log_levels=True,
)
