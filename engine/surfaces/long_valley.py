"""The long valley of the classic animations: symmetry that only scaled methods break at once.

The walls' curvature is 10 and the valley floor's at its centre -0.02, a ratio of 500. Whatever
learning rate the walls allow (below 0.2), plain descent moves away from the centre by less than
0.4 % a step, and momentum first swings from wall to wall. Methods that divide each coordinate by
the size of its own gradient walk along the floor from the first step. The floor ends in a minimum
on either side, 0.08 below the centre, so that trails and losses stay in the picture.
"""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = x * x - 16
    grad[0] = a * x / 800
    grad[1] = 10 * y
    return a * a / 3200 + 5 * y * y


long_valley = Surface(
    name="long-valley",
    title="Long valley",
    doc="Steep walls, an almost level floor: plain descent gets nowhere, scaled methods walk off.",
    source="Teaching surface after Radford 2014, animations of optimization algorithms",
    kernel=value,
    tex=r"\frac{(x^2 - 16)^2}{3200} + 5y^2",
    domain=((-5.0, 5.0), (-1.25, 1.25)),
    minima=((-4.0, 0.0), (4.0, 0.0)),
    saddles=((0.0, 0.0),),
    start=(0.05, 1.0),
    log_levels=True,
)
