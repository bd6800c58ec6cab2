"""Round heights for the upright axis of a relief, as far apart as their words need.

Where levels grow like logarithms, powers of ten are the round ones; where too few of them are
within the levels, others are taken until heights can be read off.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10

import numpy as np

from .field import Relief
from .sizes import HEIGHT

HIGHEST_POWER = 12
# Two numbers do not say how an axis grows between them.
ENOUGH = 3
# From the whole of the levels down to a thousandth of them, 1, 2 or 5 times a power of ten.
FINEST = 10


def height_ticks(relief: Relief, room: float) -> tuple[float, ...]:
    """Heights within the levels, at least `room` of the scene apart; three if there is room."""
    low, high = relief.levels.low, relief.levels.high
    if relief.levels.knee is None:
        return _even(low, high, room / HEIGHT)
    taken: list[float] = []
    chosen: list[float] = []
    for values in _rounder_first(low, high):
        for value, place in zip(values, relief.raised(np.array(values)).tolist(), strict=True):
            if all(abs(place - other) >= room for other in taken):
                taken.append(place)
                chosen.append(value)
        if len(chosen) >= ENOUGH:
            break
    return tuple(chosen)


def _even(low: float, high: float, least: float) -> tuple[float, ...]:
    """Multiples of a round number that is at least so much of the way from `low` to `high`."""
    least *= high - low
    decade = 10.0 ** floor(log10(least))
    step = next(times * decade for times in (1, 2, 5, 10) if times * decade >= least)
    return _multiples(low, high, step)


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    return tuple(k * step for k in range(ceil(low / step), floor(high / step) + 1))


def _rounder_first(low: float, high: float) -> Iterator[tuple[float, ...]]:
    """0 and powers of ten, what may stand between two of them, and then ever finer multiples.

    The largest powers come first: those of small numbers lie close to one another.
    """
    powers = [sign * times * 10.0**k for times in (1, 5, 2)
              for k in range(HIGHEST_POWER, -HIGHEST_POWER - 1, -1) for sign in (1, -1)]
    yield tuple(value for value in (0.0, *powers) if low <= value <= high)
    decade = 10.0 ** floor(log10(high - low))
    for k in range(FINEST):
        yield _multiples(low, high, (5, 2, 1)[k % 3] * decade / 10.0 ** (k // 3))
