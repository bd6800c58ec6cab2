"""What part of the inputs' plane a map shows, in the units that its axes have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.data import Data
from engine.network.rows_now import RowsNow

from .quiet_axes import Extent

MARGIN = 0.14
# Inputs of such different reach have no unit in common that would show both.
MOST_OBLONG = 4.0
# The one input of a plane without a second one: heights mean nothing there.
BAND = (-0.1, 1.1)


@dataclass(frozen=True)
class Plane:
    """Two inputs of some data, or the only one; the plane shows raw ones where that is possible.

    Preprocessing that mixes inputs leaves none of them on an axis: then it shows what comes out.
    """

    data: Data
    axes: tuple[int, int]

    @cached_property
    def single(self) -> bool:
        """Whether there is only one input."""
        return len(self.data.columns) == 1

    @cached_property
    def raw(self) -> bool:
        """Whether the axes show inputs as they are before preprocessing."""
        return self.data.transform.diagonal is not None

    @cached_property
    def names(self) -> tuple[str, str]:
        """What the axes are called; nothing where that goes without saying."""
        names = self.data.columns
        first, second = self.axes
        if not self.raw:
            return f"axis {first + 1}", f"axis {second + 1}"
        if self.single:
            return names[0], ""
        plain = names == ("x1", "x2")
        return ("", "") if plain else (names[first], names[second])

    @cached_property
    def _map(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Factors and offsets: shown = prepared · factor + offset."""
        transform = self.data.transform
        axes = list(self.axes)
        if transform.diagonal is None:
            return np.ones(2), np.zeros(2)
        return 1 / transform.diagonal[axes], transform.mean[axes]

    def shown(self, x: NDArray) -> NDArray[np.float64]:
        """Preprocessed rows (n, d) as points of the plane, (n, 2)."""
        factor, offset = self._map
        points = x[:, list(self.axes)].astype(np.float64) * factor + offset
        if self.single:
            # Rows side by side would hide each other; the golden ratio scatters them evenly.
            points[:, 1] = np.arange(len(x)) * 0.6180339887 % 1
        return points

    def prepared(self, extent: Extent) -> Extent:
        """An extent of the plane in preprocessed inputs."""
        (fx, fy), (ox, oy) = self._map
        left, right, bottom, top = extent
        return ((left - ox) / fx, (right - ox) / fx, (bottom - oy) / fy, (top - oy) / fy)

    def around(self, rows: RowsNow) -> Extent:
        """All rows with a margin around them."""
        (fx, fy), (ox, oy) = self._map
        left, right, bottom, top = rows.reach(self.axes)
        left, right, bottom, top = (left * fx + ox, right * fx + ox, bottom * fy + oy,
                                    top * fy + oy)
        width, height = right - left, top - bottom
        if self.single:
            pad = MARGIN * width or 1.0
            return left - pad, right + pad, *BAND
        widest = max(width, height) or 1.0
        if self.oblong((left, right, bottom, top)):
            across, up = MARGIN * (width or widest), MARGIN * (height or widest)
        else:
            across = up = MARGIN * widest
        return left - across, right + across, bottom - up, top + up

    def oblong(self, extent: Extent) -> bool:
        """Whether one unit on both axes would leave a hair's breadth of one of them."""
        return self.single or oblong(extent)

    def fitted(self, extent: Extent, width: float, height: float) -> Extent:
        """`extent` grown to the shape of a rectangle, so that both axes have one unit."""
        return extent if self.oblong(extent) else squared(extent, width, height)


def oblong(extent: Extent) -> bool:
    """Whether one side is so much shorter that one unit for both would leave little of it."""
    width, height = extent[1] - extent[0], extent[3] - extent[2]
    return max(width, height) > MOST_OBLONG * min(width, height) > 0


def squared(extent: Extent, width: float, height: float) -> Extent:
    """`extent` grown to the shape of a rectangle, so that both axes have one unit."""
    left, right, bottom, top = extent
    unit = max((right - left) / width, (top - bottom) / height)
    across, up = unit * width / 2, unit * height / 2
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    return middle_x - across, middle_x + across, middle_y - up, middle_y + up
