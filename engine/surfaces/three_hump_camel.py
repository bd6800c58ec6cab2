"""The three-hump camel: one global minimum between two local ones."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    s = x * x
    grad[0] = x * (4 + s * (s - 4.2)) + y
    grad[1] = x + 2 * y
    return s * (2 + s * (s / 6 - 1.05)) + x * y + y * y


three_hump_camel = Surface(
    name="three-hump-camel",
    title="Three-hump camel",
    doc="Three basins in a row: which one a trail ends in depends on start, lr and momentum.",
    source="Jamil & Yang 2013, A literature survey of benchmark functions for global optimization "
           "problems",
    kernel=value,
    tex=r"2x^2 - 1.05x^4 + \frac{x^6}{6} + xy + y^2",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=((0.0, 0.0),),
    local_minima=(
        (-1.747552345830289, 0.8737761729151445),
        (1.747552345830289, -0.8737761729151445),
    ),
    saddles=(
        (-1.0705422918236598, 0.5352711459118299),
        (1.0705422918236598, -0.5352711459118299),
    ),
    start=(-2.2, -2.0),
    log_levels=True,
)
