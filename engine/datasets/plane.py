"""A linear function of two inputs, whose cloud can be moved, stretched and slanted.

Its squared error is exactly a quadratic in the weights, with the inputs' second moments as its
Hessian: what centring, scaling and whitening do to the loss can be computed and seen.
"""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, noise, samples

SPREAD = 0.5
SLOPES = np.array([0.8, -0.6])
HEIGHT = 0.3


def make(rng: Rng, hypers: Hypers) -> Made:
    n, slant = int(hypers["samples"]), hypers["correlation"]
    z = rng.standard_normal((n, 2))
    # The Cholesky factor of [[1, slant], [slant, 1]].
    z[:, 1] = slant * z[:, 0] + np.sqrt(1 - slant**2) * z[:, 1]
    x = SPREAD * z * np.array([hypers["stretch"], 1.0]) + hypers["offset"]
    y = x @ SLOPES + HEIGHT + hypers["noise"] * rng.standard_normal(n)
    return x, y[:, None]


plane = Dataset(
    name="plane",
    title="Plane",
    doc="y = 0.8 x1 - 0.6 x2 + 0.3, over a normal cloud of standard deviation 0.5.",
    source="Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes (least "
           "squares); LeCun, Bottou, Orr & Müller 1998, Efficient BackProp (the inputs' cloud and "
           "the Hessian)",
    task="regression",
    make=make,
    hypers=(
        samples(),
        noise(0.1, "Standard deviation of what is added to the target."),
        Hyper("correlation", 0.0, -0.999, 0.999, symbol="ρ", doc="Correlation of the two inputs."),
        Hyper("stretch", 1.0, 0.01, 100.0, "log", "×", slider=(0.1, 10.0),
              doc="How many times wider the first input spreads than the second."),
        Hyper("offset", 0.0, -100.0, 100.0, slider=(-3.0, 3.0), doc="Mean of both inputs."),
    ),
    targets=("y",),
)
