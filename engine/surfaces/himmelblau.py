"""Himmelblau's function: four minima of equal depth around one hill."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    a = x * x + y - 11
    b = x + y * y - 7
    grad[0] = 4 * a * x + 2 * b
    grad[1] = 2 * a + 4 * b * y
    return a * a + b * b


himmelblau = Surface(
    name="himmelblau",
    title="Himmelblau's function",
    doc="Four equal minima: a small change of start or learning rate chooses another one.",
    source="Himmelblau 1972, Applied nonlinear programming",
    kernel=value,
    tex=r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=(
        (3.0, 2.0),
        (3.5844283403304917, -1.8481265269644036),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
    ),
    saddles=(
        (3.385154183607021, 0.07385187983774928),
        (0.08667750455539634, 2.884254701174776),
        (-3.0730257507643897, -0.08135304428796751),
        (-0.12796134673068005, -1.9537149802445766),
    ),
    start=(-0.5, -1.5),
    log_levels=True,
)
