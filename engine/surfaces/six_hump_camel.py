"""The six-hump camel: two global minima and four local ones."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    s, t = x * x, y * y
    grad[0] = x * (8 + s * (2 * s - 8.4)) + y
    grad[1] = x + y * (16 * t - 8)
    return s * (4 + s * (s / 3 - 2.1)) + x * y + t * (4 * t - 4)


six_hump_camel = Surface(
    name="six-hump-camel",
    title="Six-hump camel",
    doc="Six basins, two of them equally deep: neighbouring starts part at the saddles.",
    source="Dixon & Szegő 1978, The global optimization problem: an introduction",
    kernel=value,
    tex=r"\left(4 - 2.1x^2 + \frac{x^4}{3}\right)x^2 + xy + (4y^2 - 4)\,y^2",
    domain=((-3.0, 3.0), (-2.0, 2.0)),
    minima=(
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
    ),
    local_minima=(
        (-1.7036067149699807, 0.7960835686726252),
        (1.7036067149699807, -0.7960835686726252),
        (-1.6071047529201972, -0.5686514548841314),
        (1.6071047529201972, 0.5686514548841314),
    ),
    saddles=(
        (0.0, 0.0),
        (-1.1092053368047863, 0.7682680925095398),
        (1.1092053368047863, -0.7682680925095398),
        (-1.638067984189779, -0.2286740690443941),
        (1.638067984189779, 0.2286740690443941),
        (-1.2960702671671092, -0.6050843880386585),
        (1.2960702671671092, 0.6050843880386585),
    ),
    start=(-2.2, 1.3),
    log_levels=True,
)
