"""Hills and hollows over a plane: a smooth target that no single unit can follow."""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, noise, samples

# (x1, x2, height): hills and hollows by turns on a circle of radius 0.6.
BUMPS = np.array([
    (0.6 * np.cos(np.pi * k / 3), 0.6 * np.sin(np.pi * k / 3), (-1.0) ** k) for k in range(6)
])


def make(rng: Rng, hypers: Hypers) -> Made:
    x = rng.uniform(-1, 1, (int(hypers["samples"]), 2))
    squares = np.sum((x[:, None] - BUMPS[:, :2]) ** 2, axis=2)
    y = np.exp(-squares / (2 * hypers["width"] ** 2)) @ BUMPS[:, 2]
    return x, (y + hypers["noise"] * rng.standard_normal(y.size))[:, None]


bumps = Dataset(
    name="bumps",
    title="Bumps",
    doc="Three Gaussian hills and three hollows, by turns on a circle of radius 0.6.",
    source="Broomhead & Lowe 1988, Multivariable functional interpolation and adaptive networks (a "
           "sum of Gaussian bumps)",
    task="regression",
    make=make,
    hypers=(
        samples(1000),
        noise(0.05, "Standard deviation of what is added to the target."),
        Hyper("width", 0.25, 0.02, 2.0, "log", slider=(0.1, 1.0), symbol="σ",
              doc="How wide a bump is: its Gaussian's standard deviation."),
    ),
    targets=("y",),
)
