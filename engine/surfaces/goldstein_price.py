"""Goldstein and Price's function: heights from 3 to a million and four minima among them."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    # The published factors depend on x and y through one combination each.
    u, v = point[0] + point[1], 2 * point[0] - 3 * point[1]
    a = u + 1
    b = 19 + u * (3 * u - 14)
    c = 18 + v * (3 * v - 16)
    p = 1 + a * a * b
    q = 30 + v * v * c
    p_slope = 2 * a * b + a * a * (6 * u - 14)
    q_slope = 2 * v * c + v * v * (6 * v - 16)
    grad[0] = p_slope * q + 2 * p * q_slope
    grad[1] = p_slope * q - 3 * p * q_slope
    return p * q


goldstein_price = Surface(
    name="goldstein-price",
    title="Goldstein–Price function",
    doc="Six decades of height: one learning rate cannot suit both the walls and the floor.",
    source="Goldstein & Price 1971, On descent from local minima",
    kernel=value,
    tex=(
        r"\left[1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)\right]"
        r"\left[30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2)\right]"
    ),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    minima=((0.0, -1.0),),
    local_minima=((-0.6, -0.4), (1.2, 0.8), (1.8, 0.2)),
    saddles=((-0.4, -0.6), (1.2, -0.2), (1.4, 0.6), (0.6, 0.4)),
    start=(-1.5, 0.5),
    log_levels=True,
)
