"""Curves through the layers of networks on a logarithmic scale: their range, ticks and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np

from ..numbers import number, power_of_ten
from .small_axes import Array, SmallAxes
from .view import Appearance

# A chain of sigmoids fades by a decade a layer; what is smaller still lies on the bottom.
MOST_DECADES = 40


@dataclass(frozen=True)
class Curve:
    """A contestant's way through the layers; `heights` (B,) are logarithms, NaN where none is."""

    appearance: Appearance
    heights: Array
    zero: bool


def curve_of(appearance: Appearance, values: Array) -> Curve:
    """The curve of a contestant's values (B,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.log10(values)
    zero = bool((values == 0).any())
    return Curve(appearance, np.where(np.isposinf(heights), np.nan, heights), zero)


def range_of(curves: Sequence[Curve]) -> tuple[float, float]:
    """Round logarithms around all that is finite, at least a decade."""
    heights = np.concatenate([curve.heights for curve in curves])
    heights = heights[np.isfinite(heights)]
    if not len(heights):
        return -1.0, 0.0
    low, high = float(heights.min()), float(heights.max())
    low = max(low, high - MOST_DECADES)
    if high - low > 1.5:
        return floor(low + 0.02), ceil(high - 0.02)
    # From one of 1, 2 and 5 times a power of ten to another.
    low, high = _rounded(low + 0.01, floor), _rounded(high - 0.01, ceil)
    while high - low < 0.95:
        high = _rounded(high + 0.05, ceil)
        if high - low < 0.95:
            low = _rounded(low - 0.05, floor)
    return low, high


def _rounded(height: float, way: Any) -> float:
    """The next logarithm of 1, 2 or 5 times a power of ten, downwards (floor) or upwards (ceil)."""
    decade = floor(height)
    steps = [decade + log10(factor) for factor in (1, 2, 5, 10)]
    fitting = [step for step in steps if (step <= height) == (way is floor) or step == height]
    return max(fitting) if way is floor else min(fitting)


def ticks(low: float, high: float, most: int) -> tuple[list[float], list[str]]:
    """At most about `most` round values as logarithms, and how they are written."""
    if high - low > 2.05:
        spacing = max(1, ceil((high - low) / most))
        decades = range(ceil(low / spacing) * spacing, floor(high) + 1, spacing)
        return [float(decade) for decade in decades], [power_of_ten(d) for d in decades]
    factors = (1, 2, 5)
    found = [decade + log10(factor) for decade in range(floor(low), ceil(high) + 1)
             for factor in factors]
    inside = [value for value in found if low - 1e-9 <= value <= high + 1e-9]
    return inside, [number(float(f"{10**value:.3g}")) for value in inside]


def points_of(axes: SmallAxes, curve: Curve) -> Array:
    """Pixels (B, 2); zeros and what is below the range lie on its bottom, NaN has no place."""
    layers = np.arange(1, len(curve.heights) + 1, dtype=float)
    with np.errstate(invalid="ignore"):
        heights = np.maximum(curve.heights, axes.y[0])
    return axes.pixels(layers, heights)


def smaller_than_shown(curves: Sequence[Curve]) -> str:
    """What stands at the bottom where something lies there that is smaller, or nothing."""
    low, _ = range_of(curves)
    # A range that is rounded inwards is wider by its margin.
    smaller = any((curve.heights[np.isfinite(curve.heights)] < low - 0.05).any()
                  for curve in curves)
    return f"< {number(10.0**low, 1)}" if smaller else ""


def unbroken(points: Array) -> list[Array]:
    """The stretches of a line that are there."""
    gone = np.flatnonzero(~np.isfinite(points[:, 1]))
    return [part[np.isfinite(part[:, 1])] for part in np.split(points, gone)]
