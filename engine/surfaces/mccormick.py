"""McCormick's function: a tilted parabolic trough with a wave along it.

With u = x + y and v = x - y the gradient vanishes where v = 1 and cos u = -1/2, which gives the
stationary points in closed form: u = -2π/3 (the minimum), 2π/3 (a saddle), 4π/3 (a second minimum).
"""

import numpy as np

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    wave = np.cos(x + y)
    v = x - y
    grad[0] = wave + 2 * v - 1.5
    grad[1] = wave - 2 * v + 2.5
    return np.sin(x + y) + v * v - 1.5 * x + 2.5 * y + 1


mccormick = Surface(
    name="mccormick",
    title="McCormick's function",
    doc="A trough with a wave along it: a trail that comes from above must roll over the hump.",
    source="McCormick in Lootsma (ed.) 1972, Numerical methods for non-linear optimization",
    kernel=value,
    tex=r"\sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
    domain=((-1.5, 4.0), (-3.0, 4.0)),
    minima=((0.5 - np.pi / 3, -0.5 - np.pi / 3),),
    local_minima=((0.5 + 2 * np.pi / 3, -0.5 + 2 * np.pi / 3),),
    saddles=((0.5 + np.pi / 3, -0.5 + np.pi / 3),),
    start=(3.5, 3.5),
    log_levels=True,
)
