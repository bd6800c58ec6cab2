"""A checkerboard: many separate regions of one class, which needs many units."""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, balanced, blurred, noise, samples, two_classes


def make(rng: Rng, hypers: Hypers) -> Made:
    squares = int(hypers["squares"])
    y = balanced(int(hypers["samples"]), 2)
    row, column = np.divmod(np.arange(squares**2), squares)
    cells = np.column_stack([column, row]).astype(np.float64)
    x = np.empty((y.size, 2))
    # A board of an odd number of squares has one more of class 0; the rows are balanced still.
    for label in (0, 1):
        mine = y == label
        x[mine] = rng.choice(cells[(row + column) % 2 == label], mine.sum())
    x = 2 * (x + rng.uniform(0, 1, x.shape)) / squares - 1
    return blurred(rng, x, hypers), y


checkerboard = Dataset(
    name="checkerboard",
    title="Checkerboard",
    doc="A board over [-1, 1] by [-1, 1]; its squares belong to the two classes by turns.",
    source="Ho & Kleinberg 1996, Building projectable classifiers of arbitrary complexity",
    task="classes",
    make=make,
    hypers=(
        samples(1000),
        noise(0.0, most=0.2),
        Hyper("squares", 4, 2, 10, doc="How many squares a side of the board has.", whole=True),
    ),
    class_names=two_classes,
)
