"""Two pits of different depth with a pass between them: where a start ends is not where is best.

Along the curve y = x/2 the slope is (x + 2)(x - 1/2)(x - 2)/4, which puts the deep pit, the pass
and the shallow pit at round numbers: losses 0, 1.790 and 4/3. The shear makes the border between
the two basins a curve instead of a straight line.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = y - 0.5 * x
    grad[0] = 0.25 * (x + 2) * (x - 0.5) * (x - 2) - a
    grad[1] = 2 * a
    return (x + 2) * (x + 2) * (3 * x * x - 14 * x + 20) / 48 + a * a


two_pits = Surface(
    name="two-pits",
    title="Two pits",
    doc="A shallow and a deep minimum; plain descent keeps to its basin, momentum can leave it.",
    source="Teaching surface: the tilted double well",
    kernel=value,
    tex=r"\frac{(x + 2)^2 (3x^2 - 14x + 20)}{48} + \left(y - \frac{x}{2}\right)^2",
    domain=((-4.0, 4.0), (-3.0, 3.0)),
    minima=((-2.0, -1.0),),
    local_minima=((2.0, 1.0),),
    saddles=((0.5, 0.25),),
    start=(3.5, 2.6),
    log_levels=True,
)
