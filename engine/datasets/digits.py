"""Real images: 1,797 handwritten digits of 8×8 pixels, small enough to learn while one watches.

Pixels are divided by 16, so that paper is 0 and full ink is 1.
"""

from functools import cache
from importlib.resources import files

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Labels, Made, Rng, Table, blurred, noise, samples

ROWS = 1797
INK = 16
_HALVES = ((0, 9), (0, 4), (5, 9))


@cache
def _stored() -> tuple[Table, Labels]:
    """All images (1797, 64) from 0 to 1 and what they show (1797,), in the published order."""
    with (files("assets") / "datasets" / "digits.npz").open("rb") as file, \
            np.load(file, allow_pickle=False) as stored:
        x = stored["x"].reshape(ROWS, -1) / INK
        y = stored["y"].astype(np.int64)
    x.flags.writeable = y.flags.writeable = False
    return x, y


def shown_digits(hypers: Hypers) -> tuple[str, ...]:
    """The digits that `half` leaves, which are the names of the classes."""
    first, last = _HALVES[int(hypers["half"])]
    return tuple(str(digit) for digit in range(first, last + 1))


def make(rng: Rng, hypers: Hypers) -> Made:
    x, y = _stored()
    first, last = _HALVES[int(hypers["half"])]
    order = rng.permutation(ROWS)
    order = order[(first <= y[order]) & (y[order] <= last)]
    # Which one of its digit each image is, in this order: the first rows have all digits alike.
    turn = np.empty_like(order)
    for digit in range(first, last + 1):
        mine = y[order] == digit
        turn[mine] = np.arange(mine.sum())
    chosen = order[np.argsort(turn, kind="stable")[: int(hypers["samples"])]]
    return blurred(rng, x[chosen], hypers), y[chosen] - first


digits = Dataset(
    name="digits",
    title="Handwritten digits",
    doc="1,797 real images of 8×8 pixels, written by 13 people; inputs are from 0 (paper) to 1.",
    source="Alpaydin & Kaynak 1998, Optical recognition of handwritten digits, UCI machine "
           "learning repository, doi:10.24432/C50P49, CC BY 4.0 (its test part)",
    task="classes",
    make=make,
    hypers=(
        samples(ROWS, 10, ROWS, "How many images are drawn at random, as many of each digit as can "
                                "be; more than there are means all."),
        noise(0.0, "Standard deviation of what is added to each pixel; ink is 1."),
        Hyper("half", 0, 0, 2, whole=True,
              doc="Which digits: 0 for all ten, 1 for 0 to 4, 2 for 5 to 9."),
    ),
    columns=tuple(f"pixel {row},{column}" for row in range(1, 9) for column in range(1, 9)),
    class_names=shown_digits,
    image=(8, 8),
)
