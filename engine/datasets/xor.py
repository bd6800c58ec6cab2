"""Exclusive or: what one layer provably cannot learn, and one hidden layer can."""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, balanced, blurred, noise, samples, two_classes


def make(rng: Rng, hypers: Hypers) -> Made:
    n = int(hypers["samples"])
    y = balanced(n, 2)
    right = rng.integers(0, 2, n).astype(bool)
    # Class 1 is where the signs differ.
    up = right ^ (y == 1)
    size = rng.uniform(hypers["gap"], 1, (n, 2))
    return blurred(rng, size * np.where(np.column_stack([right, up]), 1.0, -1.0), hypers), y


xor = Dataset(
    name="xor",
    title="Exclusive or",
    doc="Four squares around the origin; class 1 where the two inputs have different signs.",
    source="Minsky & Papert 1969, Perceptrons; Rumelhart, Hinton & Williams 1986, Learning "
           "internal representations by error propagation",
    task="classes",
    make=make,
    hypers=(
        samples(),
        noise(0.0),
        Hyper("gap", 0.1, 0.0, 0.9, doc="Half the width of the empty cross between the squares."),
    ),
    class_names=two_classes,
)
