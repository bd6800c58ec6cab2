"""Rosenbrock's function: a curved valley whose floor falls much more gently than its walls."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = 1 - x
    b = y - x * x
    grad[0] = -2 * a - 400 * x * b
    grad[1] = 200 * b
    return a * a + 100 * b * b


rosenbrock = Surface(
    name="rosenbrock",
    title="Rosenbrock's function",
    doc="A curved valley that is easy to find and slow to follow.",
    source="Rosenbrock 1960, An automatic method for finding the greatest or least value of a "
           "function; domain: De Jong 1975",
    kernel=value,
    tex=r"(1 - x)^2 + 100\,(y - x^2)^2",
    domain=((-2.048, 2.048), (-2.048, 2.048)),
    minima=((1.0, 1.0),),
    start=(-1.2, 1.0),
    log_levels=True,
)
