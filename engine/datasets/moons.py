"""Two half-circles that reach into each other: the usual first curved boundary."""

import numpy as np

from .definition import Dataset, Hypers, Made, Rng, balanced, blurred, noise, samples, two_classes


def make(rng: Rng, hypers: Hypers) -> Made:
    y = balanced(int(hypers["samples"]), 2)
    angle = rng.uniform(0, np.pi, y.size)
    x1 = np.where(y == 0, np.cos(angle), 1 - np.cos(angle))
    x2 = np.where(y == 0, np.sin(angle), 0.5 - np.sin(angle))
    # scikit-learn's moons span [-1, 2] by [-0.5, 1]; these span [-1, 1] by [-0.5, 0.5].
    return blurred(rng, np.column_stack([(x1 - 0.5) / 1.5, (x2 - 0.25) / 1.5]), hypers), y


moons = Dataset(
    name="moons",
    title="Moons",
    doc="Two half-circles of radius 2/3 that reach into each other.",
    source="Pedregosa et al. 2011, Scikit-learn: machine learning in Python (make_moons), centred "
           "and divided by 1.5",
    task="classes",
    make=make,
    hypers=(samples(), noise(0.08)),
    class_names=two_classes,
)
