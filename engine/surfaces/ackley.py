"""Ackley's function: a pitted plain around a funnel that ends in a point.

The published box is ±32.768 or ±5; the smaller one shows the pits. At the origin the surface is a
cone: its gradient jumps there, the kernel answers 0 as the middle of all slopes, and the Hessian
is infinite.
"""

import numpy as np

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    s, t = np.sin(np.pi * x), np.sin(np.pi * y)
    r = np.sqrt(0.5 * (x * x + y * y))
    funnel = 2 * np.exp(-0.2 * r) / r if r > 0 else 0.0
    # 0.5 (cos 2πx + cos 2πy) = 1 - sin² πx - sin² πy keeps the digits near the minimum.
    waves = np.pi * np.exp(1 - s * s - t * t)
    grad[0] = funnel * x + waves * np.sin(2 * np.pi * x)
    grad[1] = funnel * y + waves * np.sin(2 * np.pi * y)
    return -20 * np.expm1(-0.2 * r) - np.e * np.expm1(-s * s - t * t)


ackley = Surface(
    name="ackley",
    title="Ackley's function",
    doc="A plain full of pits around one deep funnel: only large steps or luck cross it.",
    source="Ackley 1987, A connectionist machine for genetic hillclimbing",
    kernel=value,
    tex=(
        r"-20\exp\left(-0.2\sqrt{\tfrac{1}{2}(x^2 + y^2)}\right)"
        r" - \exp\left(\tfrac{1}{2}(\cos 2\pi x + \cos 2\pi y)\right) + e + 20"
    ),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=((0.0, 0.0),),
    start=(-2.7, 1.6),
)
