"""The monkey saddle: three slopes, one for the tail, and no curvature at all where they meet.

At the origin gradient and Hessian are both 0, so neither descent nor Newton's method learns from
them. The surface falls without bound: a trail that leaves the pass speeds up and diverges.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    grad[0] = 3 * (x * x - y * y)
    grad[1] = -6 * x * y
    return x * (x * x - 3 * y * y)


monkey_saddle = Surface(
    name="monkey-saddle",
    title="Monkey saddle",
    doc="A degenerate saddle: its pass has neither slope nor curvature, so everything slows there.",
    source="Hilbert & Cohn-Vossen 1932, Anschauliche Geometrie",
    kernel=value,
    tex=r"x^3 - 3xy^2",
    domain=((-1.5, 1.5), (-1.5, 1.5)),
    minima=(),
    saddles=((0.0, 0.0),),
    start=(1.2, 0.02),
)
