"""A nearly round bowl: the plainest place to see what a learning rate does.

The curvatures are 1 and 2, so plain gradient descent diverges exactly above lr = 2/λmax = 1, and
trails bend a little instead of running straight to the centre as on a round bowl.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    grad[0] = x
    grad[1] = 2 * y
    return 0.5 * (x * x + 2 * y * y)


bowl = Surface(
    name="bowl",
    title="Bowl",
    doc="An almost round quadratic; plain descent diverges exactly above a learning rate of 1.",
    source="Teaching surface; the bound 2/λmax: Polyak 1987, Introduction to optimization",
    kernel=value,
    tex=r"\frac{1}{2}\left(x^2 + 2y^2\right)",
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    minima=((0.0, 0.0),),
    start=(-3.2, 2.4),
)
