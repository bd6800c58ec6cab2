"""Where a picture of the inputs shows raw ones, and which raw ones are shown at a place.

A picture has axes of raw inputs where preprocessing mixes none of them, else of prepared ones; and
where inputs drift, they have moved by the step that is shown. Both ways are exact inverses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data import Data, Drift

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Placing:
    """The inputs of some data as they lie at `step`."""

    data: Data
    drift: Drift | None = None
    step: int = 0

    @cached_property
    def _moved(self) -> tuple[Points, Points] | None:
        """x_t = x_0 @ A.T + b for prepared inputs, or None where nothing moves."""
        if self.drift is None:
            return None
        return self.drift.in_prepared(self.data.transform, self.step)

    def shown(self, raw: ArrayLike) -> Points:
        """Raw inputs (n, d) as a picture shows them, (n, d)."""
        transform = self.data.transform
        raw = np.asarray(raw, np.float64)
        if self._moved is None and transform.diagonal is not None:
            return raw
        x = transform.apply(raw)
        if self._moved is not None:
            matrix, offset = self._moved
            x = x @ matrix.T + offset
        return x if transform.diagonal is None else transform.inverse(x)

    def raw(self, shown: ArrayLike) -> Points:
        """The raw inputs (n, d) that are shown at places (n, d)."""
        transform = self.data.transform
        shown = np.asarray(shown, np.float64)
        if self._moved is None and transform.diagonal is not None:
            return shown
        x = shown if transform.diagonal is None else transform.apply(shown)
        if self._moved is not None:
            matrix, offset = self._moved
            x = np.linalg.solve(matrix, (x - offset).T).T
        return transform.inverse(x)
