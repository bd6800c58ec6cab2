"""A landscape and lines through it while three networks train: how smooth the picture is.

The race plays at 300 steps a second and is trained as fast as it goes; paths, plane, field and
lines are made anew on a thread of their own whenever it has grown by a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..benchmark import Benchmark, Figure, Goal, Quantity
from ..lab import open_lab
from ..live import landscapes
from .lab_training import smoothness, watched

BOUTS, STEPS_PER_SECOND = 5, 300.0


def measure() -> Sequence[Figure]:
    """The 99th percentile of all frames and its range over the bouts."""
    with open_lab(landscapes(1)) as lab:
        bouts = [watched(lab, landscapes, seed, STEPS_PER_SECOND) for seed in range(BOUTS)]
    return [smoothness(bouts, "a landscape and lines")]


lab_landscape = Benchmark("lab-landscape", (
    Quantity("Frame of a live landscape, 99 %", "ms", Goal(at_most=16.7)),), measure)
