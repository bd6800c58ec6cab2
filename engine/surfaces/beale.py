"""Beale's function: a curved valley with steep walls at the corners of its domain.

Each of the three terms is squared once; a third term counted twice is a common slip.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = 1.5 - x + x * y
    b = 2.25 - x + x * y * y
    c = 2.625 - x + x * y * y * y
    grad[0] = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1))
    grad[1] = 2 * (a * x + 2 * b * x * y + 3 * c * x * y * y)
    return a * a + b * b + c * c


beale = Surface(
    name="beale",
    title="Beale's function",
    doc="A narrow curved valley; momentum overshoots its bend.",
    source="Beale 1958, On an iterative method for finding a local minimum of a function of more "
           "than one variable",
    kernel=value,
    tex=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    minima=((3.0, 0.5),),
    saddles=((0.0, 1.0), (0.10053793732415844, -2.644513585023124)),
    start=(1.0, 1.5),
    log_levels=True,
)
