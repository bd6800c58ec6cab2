"""Styblinski and Tang's function: four basins of three different depths, one in each quadrant."""

from ..kernels import SURFACE, kernel
from .definition import Surface


@kernel(SURFACE)
def value(point, grad):
    x, y = point[0], point[1]
    s, t = x * x, y * y
    grad[0] = 2 * x * s - 16 * x + 2.5
    grad[1] = 2 * y * t - 16 * y + 2.5
    return 0.5 * (s * (s - 16) + 5 * x + t * (t - 16) + 5 * y)


styblinski_tang = Surface(
    name="styblinski-tang",
    title="Styblinski–Tang function",
    doc="Four wide basins of different depth: a map of starts shows a quadrant for each.",
    source="Styblinski & Tang 1990, Experiments in nonconvex optimization: stochastic "
           "approximation with function smoothing and simulated annealing",
    kernel=value,
    tex=r"\frac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)",
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=((-2.903534027771177, -2.903534027771177),),
    local_minima=(
        (-2.903534027771177, 2.746802770990837),
        (2.746802770990837, -2.903534027771177),
        (2.746802770990837, 2.746802770990837),
    ),
    saddles=(
        (0.1567312567803401, -2.903534027771177),
        (-2.903534027771177, 0.1567312567803401),
        (2.746802770990837, 0.1567312567803401),
        (0.1567312567803401, 2.746802770990837),
    ),
    start=(4.0, 0.8),
)
