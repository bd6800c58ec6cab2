"""The loss along straight lines through weight space.

Along a plane's axis a line shows how steep a minimum is; from one network to another it shows
whether there is a barrier between them (Goodfellow, Vinyals & Saxe 2015, Qualitatively
characterizing neural network optimization problems).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..errors import RunError
from .loss import WeightLoss
from .plane import Exact

MOST_POINTS = 100_001


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss along a line: entry k of `loss` (n,) is that at `origin + at[k] · direction`."""

    at: Exact
    loss: Exact

    @property
    def barrier(self) -> float:
        """How far the loss rises above the straight line from its value at 0 to that at 1.

        That is the barrier between two solutions (Frankle et al. 2020, Linear mode connectivity and
        the lottery ticket hypothesis, there called instability); NaN without two finite ends.
        """
        inside = (self.at >= 0) & (self.at <= 1)
        if not (np.any(self.at == 0) and np.any(self.at == 1)):
            return float("nan")
        start, end = self.loss[self.at == 0][0], self.loss[self.at == 1][0]
        if not (np.isfinite(start) and np.isfinite(end)):
            return float("nan")
        straight = start + self.at[inside] * (end - start)
        return float(np.max(self.loss[inside] - straight))


def along(loss: WeightLoss, origin: ArrayLike, direction: ArrayLike, at: ArrayLike, *,
          threads: int | None = None, cancelled: Callable[[], bool] = lambda: False) -> Slice:
    """The loss with the parameters `origin` (P,) + at · `direction` (P,), for each of `at` (n,)."""
    places = np.array(at, float)
    if places.ndim != 1 or not 1 <= len(places) <= MOST_POINTS:
        raise RunError(f"a slice has from 1 to {MOST_POINTS:,} places in a row")
    way = np.asarray(direction, float)
    values = loss.on(np.asarray(origin, float), np.stack([way, np.zeros_like(way)]),
                     np.stack([places, np.zeros_like(places)], axis=1), threads=threads,
                     cancelled=cancelled)
    return Slice(places, values)


def between(loss: WeightLoss, first: ArrayLike, second: ArrayLike, at: ArrayLike | None = None, *,
            threads: int | None = None, cancelled: Callable[[], bool] = lambda: False) -> Slice:
    """The loss on the line from one network's parameters (P,), at 0, to another's, at 1.

    `at` are 91 places from -0.25 to 1.25 by default. Batch norms' statistics are those of `loss`,
    recomputed at every place unless it was told to keep them.
    """
    start = np.asarray(first, float)
    places = np.arange(-15, 76) / 60 if at is None else at
    return along(loss, start, np.asarray(second, float) - start, places, threads=threads,
                 cancelled=cancelled)
