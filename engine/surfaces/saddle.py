"""A saddle that ends in two basins: who leaves the pass first.

Near the origin it is the textbook's x² - y². The pure hyperbolic paraboloid falls for ever, so
every trail would end as a divergence; Nesterov's quartic term, stretched to start bending at
|y| = 1, gives the two slopes a floor at y = ±2 and leaves the pass itself as it was.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    t = y * y
    grad[0] = 2 * x
    grad[1] = y * (0.5 * t - 2)
    return x * x + t * (0.125 * t - 1)


saddle = Surface(
    name="saddle",
    title="Saddle",
    doc="A pass between two basins; scaled methods leave it first, plain descent lingers.",
    source="Nesterov 2004, Introductory lectures on convex optimization, section 1.2.3 (rescaled)",
    kernel=value,
    tex=r"x^2 - y^2 + \frac{y^4}{8}",
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    minima=((0.0, -2.0), (0.0, 2.0)),
    saddles=((0.0, 0.0),),
    start=(-2.0, 0.001),
)
