"""Rastrigin's function: a bowl covered with a regular grid of 121 minima.

They are too many to list; only the global one is published with coordinates.
"""

import numpy as np

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    s, t = np.sin(np.pi * x), np.sin(np.pi * y)
    grad[0] = 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)
    grad[1] = 2 * y + 20 * np.pi * np.sin(2 * np.pi * y)
    # 10 (1 - cos 2πx) as 20 sin² πx, which keeps its digits near the minimum.
    return x * x + y * y + 20 * (s * s + t * t)


rastrigin = Surface(
    name="rastrigin",
    title="Rastrigin's function",
    doc="An egg box on a bowl: descent stops in the nearest dent, noise and momentum carry on.",
    source="Rastrigin 1974, Systems of extremal control",
    kernel=value,
    tex=r"20 + x^2 - 10\cos 2\pi x + y^2 - 10\cos 2\pi y",
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    minima=((0.0, 0.0),),
    start=(-3.3, 2.6),
)
