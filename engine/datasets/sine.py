"""A sine wave with noise: the classic picture of a curve fitted too loosely or too closely."""

import numpy as np

from ..hyper import Hyper
from .definition import Dataset, Hypers, Made, Rng, noise, samples


def make(rng: Rng, hypers: Hypers) -> Made:
    x = rng.uniform(-1, 1, (int(hypers["samples"]), 1))
    y = np.sin(np.pi * hypers["periods"] * x)
    return x, y + hypers["noise"] * rng.standard_normal(y.shape)


sine = Dataset(
    name="sine",
    title="Sine",
    doc="y = sin(π · periods · x) for x from -1 to 1, with noise on y.",
    source="Bishop 2006, Pattern recognition and machine learning, section 1.1",
    task="regression",
    make=make,
    hypers=(
        samples(200),
        noise(0.2, "Standard deviation of what is added to the target.", most=1.0),
        Hyper("periods", 1.0, 0.1, 20.0, slider=(0.5, 5.0),
              doc="How many periods there are from -1 to 1."),
    ),
    columns=("x",),
    targets=("y",),
)
