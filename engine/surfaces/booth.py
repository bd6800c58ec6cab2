"""Booth's function: a quadratic whose axes lie at 45° to the coordinates."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = x + 2 * y - 7
    b = 2 * x + y - 5
    grad[0] = 2 * a + 4 * b
    grad[1] = 4 * a + 2 * b
    return a * a + b * b


booth = Surface(
    name="booth",
    title="Booth's function",
    doc="A tilted quadratic valley (κ = 9): scaling each coordinate alone cannot straighten it.",
    source="Jamil & Yang 2013, A literature survey of benchmark functions for global optimization "
           "problems",
    kernel=value,
    tex=r"(x + 2y - 7)^2 + (2x + y - 5)^2",
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    minima=((1.0, 3.0),),
    start=(-8.0, -5.0),
    log_levels=True,
)
