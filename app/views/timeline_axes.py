"""The axes of curves over the steps: values, or their decimal logarithms, over whole steps."""

from __future__ import annotations

import numpy as np
from PyQt6.QtGui import QFontMetricsF

from ..numbers import number, power_of_ten
from .plot import NumberAxis, tick_spacing

# A logarithmic axis of at most this many decades may have ticks between powers of ten.
FEW_DECADES = 2.0


class ValueAxis(NumberAxis):
    """A left axis whose heights are values, shares in per cent, or decimal logarithms."""

    logarithmic = True
    percent = False
    fine = False
    """Whether a logarithmic axis has ticks at 1, 2 and 5 times powers of ten."""

    def state(self) -> tuple[bool, bool, bool]:
        """What ticks follow from, besides the range."""
        return self.logarithmic, self.percent, self.fine

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logarithmic:
            return super().tickValues(low, high, size)
        room = max(2, int(size / (3.0 * QFontMetricsF(self.style["tickFont"]).height())))
        between = rounded_between(low, high) if self.fine else []
        if 1 < len(between) <= room + 2:
            return [(1.0, between)]
        spacing = max(1, int(np.ceil((high - low) / room)))
        first = int(np.ceil(low / spacing)) * spacing
        decades = range(first, int(np.floor(high)) + 1, spacing)
        return [(float(spacing), [float(decade) for decade in decades])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic and self.fine:
            return [number(10**value) for value in values]
        if self.logarithmic:
            return [power_of_ten(round(value)) for value in values]
        if self.percent:
            return [f"{number(100 * round(value / spacing) * spacing, 4)} %" for value in values]
        return super().tickStrings(values, scale, spacing)


def rounded_between(low: float, high: float) -> list[float]:
    """The logarithms of 1, 2 and 5 times powers of ten from `low` to `high`, both included."""
    found = [decade + float(np.log10(digit)) for decade in range(int(np.floor(low)),
                                                                  int(np.floor(high)) + 1)
             for digit in (1, 2, 5)]
    return [value for value in found if low - 1e-9 <= value <= high + 1e-9]


def rounded_outwards(low: float, high: float) -> tuple[float, float]:
    """The nearest such logarithms about at or beyond both ends, apart from each other.

    Where there are many decades they are whole ones.
    """
    middle, half = (low + high) / 2, max((high - low) / 2, 0.1)
    low, high = middle - half, middle + half
    if high - low > FEW_DECADES:
        return float(np.floor(low + 0.02)), float(np.ceil(high - 0.02))
    low, high = low + 0.01, high - 0.01
    return rounded_between(low - 1, low)[-1], rounded_between(high, high + 1)[0]


class StepAxis(NumberAxis):
    """A bottom axis of steps, which never shows half a step or one beyond the last."""

    last = 0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        widest = QFontMetricsF(self.style["tickFont"]).horizontalAdvance(f"{self.last:,}")
        spacing = max(1, round(tick_spacing(low, high, size, 1.6 * widest)))
        return [(float(spacing), [float(v) for v in range(0, self.last + 1, spacing)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{round(value):,}" for value in values]
