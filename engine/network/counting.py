"""Kernels that count a layer's numbers where they lie: nothing is copied.

Numbers that are not finite are counted apart and spoil nothing: moments and bins are those of the
finite ones. Two passes over the numbers, blocks of which stay in the fastest cache: one for the
moments and the extremes, and one for the bins, whose range the first one may decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import Precision, compile_function, import_numba

Array = NDArray[np.floating]

BLOCK = 1024
# Neighbours count into tables of their own, a power of two of them: where many numbers are the same
# (ReLU's 0), one would wait for the other's count to be written (1.4 against 0.8 ns a number).
LANES = 4
# A dtype's own name is put together anew whenever it is asked for, several times a histogram.
NAMES: dict[int, Precision] = {4: "float32", 8: "float64"}
# What `_gather` fills.
FINITE, MEAN, SQUARES, ZEROS, NANS, FALLEN, RISEN = range(7)


@dataclass(frozen=True)
class Moments:
    """What is known of a layer's numbers before they are counted; NaN where none is finite.

    `std` divides by their number and not by one less. `finite` counts finite ones, `zeros` those
    that are exactly 0, `nans` and `infinite` (negative, positive) the rest.
    """

    finite: int
    mean: float
    std: float
    minimum: float
    maximum: float
    zeros: int
    nans: int
    infinite: tuple[int, int]

    @property
    def second_moment(self) -> float:
        """The mean square of the finite numbers, about 0 and not about their mean."""
        return self.mean**2 + self.std**2


def moments(values: Array) -> Moments:
    """The moments of a contiguous array."""
    whole = np.dtype(f"int{8 * values.itemsize}")
    flat = values.reshape(-1)
    top = np.iinfo(whole).max
    found, extremes = np.zeros(7), np.array([top, -top], whole)
    _compiled(_gather, NAMES[values.itemsize])(
        flat, flat.view(whole), whole.type(top), found, extremes)
    finite = int(found[FINITE])
    # Back from whole numbers in the order of the numbers that they stand for.
    bits = extremes ^ ((extremes >> whole.type(8 * whole.itemsize - 1)) & whole.type(top))
    low, high = (float(end) for end in bits.view(values.dtype)) if finite else (nan, nan)
    return Moments(
        finite, float(found[MEAN]) if finite else nan,
        sqrt(max(found[SQUARES], 0.0) / finite) if finite else nan, low, high,
        int(found[ZEROS]), int(found[NANS]), (int(found[FALLEN]), int(found[RISEN])))


def counted(values: Array, known: Moments, bins: int, low: float, high: float
            ) -> tuple[NDArray[np.int64], int, int]:
    """Counts (bins,) of a contiguous array, and how many finite numbers are below and above."""
    # A workspace holds no more numbers than 32 bits count (plan.MOST_BYTES).
    lanes = np.zeros((bins + 2, LANES), np.uint32)
    flat = values.reshape(-1)
    beyond = _compiled(_count, NAMES[values.itemsize])(
        flat, low, high, known.maximum > high, lanes.reshape(-1))
    slots = lanes.sum(1, dtype=np.int64)
    counts = slots[1:-1].copy()
    # What the last edge sent above, rounded as it is, but `high` itself does not.
    fallen, risen = known.infinite
    counts[-1] += int(slots[-1]) - risen - beyond
    return counts, int(slots[0]) - known.nans - fallen, beyond


def warm() -> None:
    """Compile what counts in the precision of speed, or read it from the cache."""
    for function in (_gather, _count, _outside, _resting):
        _compiled(function, "float32")


def share_outside(values: Array, low: float, high: float) -> float:
    """The share of numbers at or below `low`, or at or above `high`; NaN is no bound."""
    flat = values.reshape(-1)
    return int(_compiled(_outside, NAMES[values.itemsize])(flat, low, high)) / max(values.size, 1)


def resting_units(values: Array, at_rest: float) -> NDArray[np.bool_]:
    """Which units of an array (U, n) put out `at_rest` on every row, (U,)."""
    found = np.zeros(len(values), bool)
    _compiled(_resting, NAMES[values.itemsize])(values, at_rest, found)
    return found


def _gather(values, bits, top, found, extremes):
    """Moments of `values` (N,); `bits` are the same numbers read as whole ones.

    Read so, and with the lower bits of negative ones turned round, whole numbers are in the order
    of the numbers themselves: their extremes are found several at a time, and NaN and infinity lie
    outside of the finite ones. Squares are those of distances from a number of the same block,
    so that their sum loses no digits that matter (Chan, Golub & LeVeque 1983).
    """
    whole = bits.dtype.type
    zero = values.dtype.type(0)
    sign = whole(8 * values.itemsize - 1)
    infinite = whole(0x7F800000) if values.itemsize == 4 else whole(0x7FF0000000000000)
    n, mean, squares = 0.0, 0.0, 0.0
    lowest, highest = extremes[0], extremes[1]
    for first in range(0, values.size, BLOCK):
        stop = min(first + BLOCK, values.size)
        block, read = values[first:stop], bits[first:stop]
        shift = np.float64(block[0])
        total, away_squares = 0.0, 0.0
        for i in range(block.size):
            away = np.float64(block[i]) - shift
            total += away
            away_squares += away * away
        low, high, zeros = top, -top, whole(0)
        for i in range(block.size):
            order = read[i] ^ ((read[i] >> sign) & top)
            low = order if order < low else low
            high = order if order > high else high
            zeros += whole(block[i] == zero)
        count = float(block.size)
        if high >= infinite or low <= -infinite - 1:
            # Something in the block is not finite: the same again, one number at a time.
            low, high, shift = top, -top, 0.0
            total, away_squares, count = 0.0, 0.0, 0.0
            for i in range(block.size):
                value = np.float64(block[i])
                if isfinite(value):
                    order = read[i] ^ ((read[i] >> sign) & top)
                    low, high = min(low, order), max(high, order)
                    shift = value if count == 0 else shift
                    total += value - shift
                    away_squares += (value - shift) ** 2
                    count += 1
                elif value > 0:
                    found[RISEN] += 1
                elif value < 0:
                    found[FALLEN] += 1
                else:
                    found[NANS] += 1
        found[ZEROS] += zeros
        if count == 0:
            continue
        lowest, highest = min(lowest, low), max(highest, high)
        away = shift + total / count - mean
        squares += away_squares - total * total / count + away * away * n * count / (n + count)
        n += count
        mean += away * count / n
    found[FINITE], found[MEAN], found[SQUARES] = n, mean, squares
    extremes[0], extremes[1] = lowest, highest


def _count(values, low, high, outside, slots):
    """Count `values` (N,) into `slots` ((bins + 2)·LANES,), the first for what is below or NaN.

    The number of a bin is guessed, too low by one where an edge is near, and put right by one
    comparison with the edge, which is computed as `np.linspace` does. Returns how many are above
    `high`; only if `outside` is anything there.
    """
    bins = slots.size // LANES - 2
    step, scale, last = (high - low) / bins, bins / (high - low), float(bins)
    one = slots.dtype.type(1)
    places = np.empty(BLOCK, np.uint32)
    beyond = 0
    for first in range(0, values.size, BLOCK):
        block = values[first : min(first + BLOCK, values.size)]
        for i in range(block.size):
            value = np.float64(block[i])
            guess = (value - low) * scale + 0.999
            guess = guess if guess > 0.0 else 0.0
            guess = guess if guess < last else last
            place = np.int32(guess)
            edge = np.float64(place) * step + low
            # Back to 32 bits each time: Numba widens sums, and half as many fit a vector then.
            place = np.int32(place + np.int32(value >= edge))
            lane = np.int32(np.int32(i) & np.int32(LANES - 1))
            places[i] = np.uint32(np.int32(place * np.int32(LANES)) + lane)
        # What is written unsigned is not asked for being negative.
        for i in range(block.size):
            slots[places[i]] += one
        if outside:
            above = np.int32(0)
            for i in range(block.size):
                above += np.int32(high < block[i] < np.inf)
            beyond += above
    return beyond


def _outside(values, low, high):
    low, high = values.dtype.type(low), values.dtype.type(high)
    found = 0
    for first in range(0, values.size, BLOCK):
        block = values[first : min(first + BLOCK, values.size)]
        inside = np.int32(0)
        for i in range(block.size):
            inside += np.int32((block[i] <= low) | (block[i] >= high))
        found += inside
    return found


def _resting(values, at_rest, found):
    for i in range(values.shape[0]):
        found[i] = True
        for j in range(values.shape[1]):
            if values[i, j] != at_rest:
                found[i] = False
                break


@cache
def _compiled(function: Any, name: str) -> Any:
    """One of this file's kernels for an array's type, compiled or read from the cache."""
    types = import_numba().types
    real, whole = (types.float32, types.int32) if name == "float32" else (
        types.float64, types.int64)
    flat = types.Array(real, 1, "C", readonly=True)
    bits = types.Array(whole, 1, "C", readonly=True)
    table = types.Array(real, 2, "C", readonly=True)
    exact = types.float64
    # Moments are sums in float64, which may be summed in any order; a bin is decided to the letter.
    signature, maths = {
        _gather: (types.void(flat, bits, whole, exact[::1], whole[::1]), "float32"),
        _count: (types.int64(flat, exact, exact, types.boolean, types.uint32[::1]), "float64"),
        _outside: (types.int64(flat, exact, exact), "float64"),
        _resting: (types.void(table, exact, types.boolean[::1]), "float64"),
    }[function]
    precision: Precision = maths  # type: ignore[assignment]
    return compile_function(function, signature, precision)
