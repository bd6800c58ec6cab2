"""A round well in a plateau: a gradient that is right in direction and far too small in size.

The start is 4.5 widths from the well, where the gradient is 0.0002: plain descent at lr = 0.1 needs
more than ten thousand steps to fall in, while methods that normalise the gradient cross at their
own pace. It is what a saturated unit does to a loss, in two parameters.
"""

import numpy as np

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    u, v = point[0] - 1.5, point[1] - 1
    half = 0.5 * (u * u + v * v)
    depth = np.exp(-half)
    grad[0] = u * depth
    grad[1] = v * depth
    # 1 - exp(-half), without losing the digits near the minimum.
    return -np.expm1(-half)


plateau = Surface(
    name="plateau",
    title="Plateau",
    doc="A well in a flat plain: where the gradient fades, fixed step lengths stand still.",
    source="Teaching surface; its profile is Welsch's loss (Holland & Welsch 1977, Robust "
           "regression using iteratively reweighted least-squares)",
    kernel=value,
    tex=r"1 - \exp\left(-\frac{(x - 1.5)^2 + (y - 1)^2}{2}\right)",
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    minima=((1.5, 1.0),),
    start=(-2.1, -1.7),
)
