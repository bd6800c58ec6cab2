"""A surface seen from above: its heights over a grid, and the shaded contour map made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import expm1, floor, isfinite, log1p, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kernels import SURFACE, compile_function, import_numba, pointer_type
from .surfaces import Surface

Range = tuple[float, float]


@dataclass(frozen=True)
class Levels:
    """How heights become contour bands: `bands` of them from `low` to `high`.

    With `knee` the bands grow like log(1 + (height - low) / knee), which shows a valley's floor and
    its walls in one picture; without it they are even.
    """

    low: float
    high: float
    bands: int = 16
    knee: float | None = None

    def height(self, band: float) -> float:
        """The height at which so many bands, a whole number or not, lie below."""
        share = band / self.bands
        if not self.knee:
            return self.low + share * (self.high - self.low)
        return self.low + self.knee * expm1(share * log1p((self.high - self.low) / self.knee))


def _fill(surface, left, dx, top, dy, out):
    point = np.empty(2)
    grad = np.empty(2)
    for row in range(out.shape[0]):
        point[1] = top - (row + 0.5) * dy
        for column in range(out.shape[1]):
            point[0] = left + (column + 0.5) * dx
            out[row, column] = surface(point, grad)


def _band(heights, low, high, bands, knee, out):
    scale = bands / log1p((high - low) / knee) if knee > 0 else bands / (high - low)
    for row in range(heights.shape[0]):
        for column in range(heights.shape[1]):
            above = heights[row, column] - low
            if not isfinite(above):
                out[row, column] = bands
                continue
            above = max(above, 0.0)
            out[row, column] = scale * (log1p(above / knee) if knee > 0 else above)


def _shade(band, ramp, line, strength, width, out):
    rows, columns = band.shape
    last = ramp.shape[0] - 1
    for row in range(rows):
        up, down = max(row - 1, 0), min(row + 1, rows - 1)
        for column in range(columns):
            left, right = max(column - 1, 0), min(column + 1, columns - 1)
            here = band[row, column]
            slope_x = (band[row, right] - band[row, left]) / (right - left)
            slope_y = (band[down, column] - band[up, column]) / (down - up)
            slope = sqrt(slope_x * slope_x + slope_y * slope_y)
            nearest = floor(here + 0.5)
            cover = 0.0
            if slope > 1e-9 and 0 < nearest <= last:
                distance = abs(here - nearest) / slope
                cover = min(max(0.5 * width + 0.5 - distance, 0.0), 1.0) * strength
                # Lines closer than three pixels melt into the shading instead of into a block.
                cover *= min(1.0, 0.33 / slope)
            index = min(max(int(here), 0), last)
            pixel = 255
            for channel in range(3):
                level = ramp[index, channel] * (1 - cover) + line[channel] * cover
                pixel = (pixel << 8) | int(level + 0.5)
            out[row, column] = pixel


@cache
def _compiled(name: str) -> Any:
    types = import_numba().types
    real, whole = types.float64, types.int64
    table, vector = real[:, ::1], real[::1]
    picture = types.uint32[:, ::1]
    function, arguments = {
        "fill": (_fill, (pointer_type(SURFACE), real, real, real, real, table)),
        "band": (_band, (table, real, real, whole, real, table)),
        "shade": (_shade, (table, table, vector, real, real, picture)),
    }[name]
    return compile_function(function, types.void(*arguments), "float64")


def warm() -> None:
    """Compile what the contour map needs."""
    for name in ("fill", "band", "shade"):
        _compiled(name)


def heights(
    surface: Surface, x_range: Range, y_range: Range, columns: int, rows: int
) -> NDArray[np.float64]:
    """The surface at the centres of a grid of cells, (rows, columns), the first row topmost."""
    out = np.empty((rows, columns))
    dx, dy = (x_range[1] - x_range[0]) / columns, (y_range[1] - y_range[0]) / rows
    _compiled("fill")(surface.kernel.compiled(), x_range[0], dx, y_range[1], dy, out)
    return out


def choose_levels(surface: Surface, x_range: Range, y_range: Range, bands: int = 18) -> Levels:
    """Levels that show the part of the surface in view, from a coarse grid of it."""
    inside = [surface.value(x, y) for x, y in surface.minima
              if x_range[0] <= x <= x_range[1] and y_range[0] <= y <= y_range[1]]
    return levels_of(heights(surface, x_range, y_range, 96, 64), min(inside, default=None), bands,
                     log=surface.log_levels)


def levels_of(sample: NDArray[np.float64], floor: float | None = None, bands: int = 18, *,
              log: bool = True) -> Levels:
    """Levels that show some heights well; `floor` is the lowest one known besides them."""
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return Levels(0.0, 1.0, bands)
    low = float(sample.min()) if floor is None else min(float(sample.min()), floor)
    middle, high = np.quantile(sample, [0.4, 0.985])
    if not high > low:
        high = low + 1.0
    knee = max((float(middle) - low) * 0.06, (float(high) - low) * 1e-6)
    return Levels(low, float(high), bands, knee if log else None)


def banded(field: NDArray[np.float64], levels: Levels) -> NDArray[np.float64]:
    """Heights (rows, columns) counted in bands from the lowest level up, (rows, columns).

    What is lower is 0, and what is not finite is at the top.
    """
    band = np.empty(field.shape)
    _compiled("band")(np.ascontiguousarray(field, float), levels.low, levels.high, levels.bands,
                      levels.knee or 0.0, band)
    return band


def contour_map(
    field: NDArray[np.float64],
    levels: Levels,
    ramp: NDArray[np.float64],
    line: NDArray[np.float64],
    strength: float = 0.5,
    width: float = 1.0,
) -> NDArray[np.uint32]:
    """Filled contours with antialiased isolines, (rows, columns) of 0xAARRGGBB.

    `ramp` (bands, 3) holds the colour of each band and `line` (3,) that of the isolines, 0 to 255;
    `width` is the isolines' in pixels.
    """
    band = banded(field, levels)
    out = np.empty(field.shape, np.uint32)
    _compiled("shade")(band, np.ascontiguousarray(ramp, float), np.asarray(line, float),
                       strength, width, out)
    return out


