"""Round heights for the upright axis of a relief, as far apart as their words need.

Where levels grow like logarithms, powers of ten are the round ones.
"""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np

from .field import Relief
from .sizes import HEIGHT

HIGHEST_POWER = 12


def height_ticks(relief: Relief, room: float) -> tuple[float, ...]:
    """Heights within the levels, at least `room` of the scene apart."""
    low, high = relief.levels.low, relief.levels.high
    if relief.levels.knee is None:
        return _even(low, high, room / HEIGHT)
    taken: list[float] = []
    chosen: list[float] = []
    for value in _powers(low, high):
        place = float(relief.raised(np.array([value]))[0])
        if all(abs(place - other) >= room for other in taken):
            taken.append(place)
            chosen.append(value)
    return tuple(chosen)


def _even(low: float, high: float, least: float) -> tuple[float, ...]:
    """Multiples of a round number that is at least so much of the way from `low` to `high`."""
    least *= high - low
    decade = 10.0 ** floor(log10(least))
    step = next(times * decade for times in (1, 2, 5, 10) if times * decade >= least)
    return tuple(k * step for k in range(ceil(low / step), floor(high / step) + 1))


def _powers(low: float, high: float) -> list[float]:
    """0, powers of ten, and what may stand between two of those that are far apart.

    The largest come first: powers of small numbers lie close to one another.
    """
    powers = [sign * times * 10.0**k for times in (1, 5, 2)
              for k in range(HIGHEST_POWER, -HIGHEST_POWER - 1, -1) for sign in (1, -1)]
    return [value for value in (0.0, *powers) if low <= value <= high]
