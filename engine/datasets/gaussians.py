"""Round clouds around centres on a circle: what a linear classifier can do."""

import numpy as np

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

RADIUS = 0.7


def make(rng: Rng, hypers: Hypers) -> Made:
    classes = int(hypers["classes"])
    y = balanced(int(hypers["samples"]), classes)
    # Two clouds lie on a diagonal, so that both inputs tell them apart.
    angle = np.pi / 4 + 2 * np.pi * y / classes
    centres = RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])
    return blurred(rng, centres, hypers), y


gaussians = Dataset(
    name="gaussians",
    title="Gaussian clouds",
    doc="Two to eight round clouds, their centres evenly spaced on a circle of radius 0.7.",
    source="Fisher 1936, The use of multiple measurements in taxonomic problems, whose linear "
           "discriminant assumes clouds of one shape",
    task="classes",
    make=make,
    hypers=(
        samples(low=8),
        noise(0.2, "Standard deviation of each cloud, the same in every direction."),
        class_count(2, 8),
    ),
    class_names=counted_classes,
)
