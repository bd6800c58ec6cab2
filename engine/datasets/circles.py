"""A ring inside a ring: no straight line parts them, one new feature (the radius) does."""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, balanced, blurred, noise, samples, two_classes

OUTER = 0.9


def make(rng: Rng, hypers: Hypers) -> Made:
    y = balanced(int(hypers["samples"]), 2)
    angle = rng.uniform(0, 2 * np.pi, y.size)
    radius = np.where(y == 0, OUTER, OUTER * hypers["factor"])
    ring = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return blurred(rng, ring, hypers), y


circles = Dataset(
    name="circles",
    title="Circles",
    doc="Class 0 on a circle of radius 0.9, class 1 on a smaller one inside it.",
    source="Pedregosa et al. 2011, Scikit-learn: machine learning in Python (make_circles)",
    task="classes",
    make=make,
    hypers=(
        samples(),
        noise(0.07),
        Hyper("factor", 0.5, 0.0, 0.99,
              doc="Radius of the inner circle as a fraction of the outer one's."),
    ),
    class_names=two_classes,
)
