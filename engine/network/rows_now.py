"""Rows as they lie at one step: where a dataset drifts they are elsewhere at the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .material import Material

Array = NDArray[np.floating]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Points:
    """Preprocessed inputs (n, d) and targets (n,), a class being its number."""

    x: Array
    y: Array


class RowsNow:
    """The training and test rows at a step; of a regression's targets, the one at `target`."""

    def __init__(self, material: Material, step: int, target: int = 0) -> None:
        self._material, self._step, self._target = material, step, target

    @cached_property
    def train(self) -> Points:
        """The training rows."""
        return self._points("train")

    @cached_property
    def test(self) -> Points:
        """The test rows; there may be none."""
        return self._points("test")

    @cached_property
    def centre(self) -> Array:
        """The training rows' mean, (d,)."""
        return np.asarray(self.train.x.mean(0, dtype=np.float64))

    def reach(self, axes: Sequence[int]) -> Extent:
        """(left, right, bottom, top) of all rows along two inputs, or twice along the same one."""
        tables = [part.x for part in (self.train, self.test) if len(part.x)]
        low = [min(float(x[:, axis].min()) for x in tables) for axis in axes]
        high = [max(float(x[:, axis].max()) for x in tables) for axis in axes]
        return low[0], high[0], low[1], high[1]

    def _points(self, part: Literal["train", "test"]) -> Points:
        data = self._material.data
        y = getattr(data, f"{part}_y")
        return Points(self._material.at(getattr(data, f"{part}_x"), self._step),
                      y if y.ndim == 1 else y[:, self._target])
