"""How many rows a problem trains on and how many it keeps for the test, without preparing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..data.prepare import split

if TYPE_CHECKING:
    from .problem import NetworkProblem


def row_counts(problem: NetworkProblem, seed: int) -> tuple[int, int]:
    """Training rows and test rows; raises FileError where the data cannot be read."""
    train, test = split(problem.dataset.raw(seed), problem.test_fraction, seed)
    return len(train), len(test)
