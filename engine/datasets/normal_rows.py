"""Rows of standard normal numbers, as lectures on inits send them through deep networks.

Forward they are all that is needed: every input has mean 0 and variance 1 and knows nothing of the
others. For the way back, and for training on from there, a row's class says in which slice of space
it lies along one direction drawn at random: with two classes, on which side of a plane. That can be
learnt, by a linear unit even; labels drawn at random could only be learnt by heart.
"""

import numpy as np

from ..hyper import Hyper
from .definition import (
    Dataset,
    Hypers,
    Made,
    Rng,
    class_count,
    counted_classes,
    noise,
    samples,
)

MOST_ROWS, MOST_INPUTS = 20_000, 1000


def columns(hypers: Hypers) -> tuple[str, ...]:
    """`x1`, `x2`, …"""
    return tuple(f"x{place}" for place in range(1, int(hypers["inputs"]) + 1))


def make(rng: Rng, hypers: Hypers) -> Made:
    n, d = int(hypers["samples"]), int(hypers["inputs"])
    x = rng.standard_normal((n, d))
    direction = rng.standard_normal(d)
    along = x @ (direction / np.linalg.norm(direction))
    told = along + hypers["noise"] * rng.standard_normal(n)
    # The k-th smallest of n: slices hold as many rows each, to one row.
    places = np.empty(n, np.int64)
    places[np.argsort(told, kind="stable")] = np.arange(n)
    return x, places * int(hypers["classes"]) // n


normal_rows = Dataset(
    name="normal-rows",
    title="Normal rows",
    doc="Rows of independent standard normal numbers; classes are slices of equal size along one "
        "direction drawn at random.",
    source="Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural "
           "networks, whose derivation assumes such inputs",
    task="classes",
    make=make,
    hypers=(
        samples(1000, 8, MOST_ROWS),
        Hyper("inputs", 500, 1, MOST_INPUTS, "log", whole=True,
              doc="How many numbers a row has."),
        noise(0.0, "Standard deviation of what is added to a row's place along the direction "
                   "before it is given its class.", most=2.0),
        class_count(2, 10),
    ),
    columns_for=columns,
    class_names=counted_classes,
)
