"""Interleaved spirals: the benchmark that early backpropagation found hard."""

import numpy as np

from ..hyper import Hyper
from .definition import (
    Dataset,
    Hypers,
    Made,
    Rng,
    balanced,
    blurred,
    class_count,
    counted_classes,
    noise,
    samples,
)


def make(rng: Rng, hypers: Hypers) -> Made:
    classes = int(hypers["classes"])
    y = balanced(int(hypers["samples"]), classes)
    # The root spreads the rows evenly along an arm, whose length grows with the radius squared.
    radius = np.sqrt(rng.uniform(0, 1, y.size))
    angle = 2 * np.pi * (hypers["turns"] * radius + y / classes)
    arms = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return blurred(rng, arms, hypers), y


spirals = Dataset(
    name="spirals",
    title="Spirals",
    doc="Archimedean arms from the origin to radius 1, one a class, turned evenly against another.",
    source="Lang & Witbrock 1988, Learning to tell two spirals apart",
    task="classes",
    make=make,
    hypers=(
        samples(low=5),
        noise(0.03, most=0.2),
        class_count(2, 5),
        Hyper("turns", 1.25, 0.0, 5.0, unit="turns", slider=(0.25, 3.0),
              doc="How many times an arm goes round the origin."),
    ),
    class_names=counted_classes,
)
