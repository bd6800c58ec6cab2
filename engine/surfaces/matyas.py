"""Matyas's function: a tilted quadratic valley that is almost level along its diagonal."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    # On its own axes, the diagonals, the published form is a sum of squares: never below 0.
    u, v = point[0] + point[1], point[0] - point[1]
    grad[0] = 0.02 * u + 0.5 * v
    grad[1] = 0.02 * u - 0.5 * v
    return 0.01 * u * u + 0.25 * v * v


matyas = Surface(
    name="matyas",
    title="Matyas's function",
    doc="A diagonal valley (κ = 25): where coordinates are coupled, scaling each one helps little.",
    source="Jamil & Yang 2013, A literature survey of benchmark functions for global optimization "
           "problems",
    kernel=value,
    tex=r"0.26\,(x^2 + y^2) - 0.48\,xy",
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    minima=((0.0, 0.0),),
    start=(-9.0, -3.0),
    log_levels=True,
)
