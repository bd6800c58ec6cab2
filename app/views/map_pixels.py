"""From the cells of maps to the pixels of a rectangle that shows a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from ..theme import Style
from .outcomes import stripe_over
from .quiet_axes import Extent

Colors = NDArray[np.uint32]
Mask = NDArray[np.bool_]
Real = NDArray[np.float32]

# A map at rest, which may be a little larger than what is shown, has the colours of its cells; one
# that is enlarged so much further than that flows from cell to cell.
AT_REST, FLOWING = 1.3, 1.9
# How much of its sides a map that lies in another one takes to come up from its edges.
EDGE = 0.3


@dataclass(frozen=True, eq=False)
class Layer:
    """A map's `colors` (rows, columns), row 0 lowest, which fill `cells`; `lost` ones have stripes.

    Over those before it, it is seen with its `opacity`, and whole where there are none.
    """

    colors: Colors
    lost: Mask
    cells: Extent
    opacity: float = 1.0


@dataclass(frozen=True)
class Side:
    """Pixels along one side of what is shown, from low to high, and the cells they lie between.

    A pixel has the cell `near`, is on the way from the cell `low` to the one after it by `share`,
    is `there` if the map reaches so far, and `weight` says how much of it is seen.
    """

    near: NDArray[np.int64]
    low: NDArray[np.int64]
    share: Real
    there: Mask
    weight: Real

    @classmethod
    def of(cls, shown: tuple[float, float], cells: tuple[float, float], pixels: int, count: int
           ) -> Side:
        """`count` cells from end to end of `cells`, in `pixels` that show another stretch."""
        length = cells[1] - cells[0]
        places = (shown[0] + (np.arange(pixels) + 0.5) / pixels * (shown[1] - shown[0])
                  - cells[0]) / length
        between = places * count - 0.5
        low = np.floor(between).astype(np.int64)
        soft = np.clip((length / (shown[1] - shown[0]) - AT_REST) / (FLOWING - AT_REST), 1e-3, 1)
        share = np.clip((between - low - 0.5) / soft + 0.5, 0, 1)
        # An edge that is as wide as what is seen beyond it is none any more when that is nothing.
        before, after = ((max(0.0, beyond) / length) for beyond in (
            cells[0] - shown[0], shown[1] - cells[1]))
        weight = np.minimum(places / max(min(EDGE, before), 1e-9),
                            (1 - places) / max(min(EDGE, after), 1e-9)).clip(0, 1)
        near = np.floor(places * count).astype(np.int64)
        return cls(np.clip(near, 0, count - 1), low, share.astype(np.float32),
                   (near >= 0) & (near < count),
                   (weight * weight * (3 - 2 * weight)).astype(np.float32))

    @property
    def flows(self) -> bool:
        """Whether any pixel is between two cells."""
        return bool(((self.share > 0) & (self.share < 1)).any())

    def along(self, values: Real, axis: int) -> Real:
        """Values of cells along an axis as those of the pixels."""
        last = values.shape[axis] - 1
        low, high = (np.take(values, np.clip(self.low + k, 0, last), axis) for k in (0, 1))
        shape = [1] * values.ndim
        shape[axis] = -1
        return low + self.share.reshape(shape) * (high - low)


def pixels_of(layers: Sequence[Layer], shown: Extent, size: tuple[int, int], ground: QColor,
              style: Style, ratio: float) -> Colors:
    """The part `shown` as pixels (rows, columns), of a `size` (columns, rows) in device pixels.

    Where no map has a cell there is the `ground`. Stripes are as wide however large the cells are.
    """
    found = np.full(size[::-1], ground.rgba(), np.uint32)
    known = np.zeros(size[::-1], bool)
    for layer in layers:
        rows, columns = layer.colors.shape
        across = Side.of(shown[:2], layer.cells[:2], size[0], columns)
        up = Side.of(shown[2:], layer.cells[2:], size[1], rows)
        pixels, lost = _enlarged(layer, across, up)
        stripe_over(pixels, lost, style, ratio)
        there = np.logical_and.outer(up.there, across.there)[::-1]
        opacity = np.float32(layer.opacity) * np.multiply.outer(up.weight, across.weight)[::-1]
        mixed = there & known & (opacity < 1)
        if mixed.any():
            pixels[mixed] = _mixed(found[mixed], pixels[mixed], opacity[mixed])
        found[there] = pixels[there]
        known |= there
    return found


def _enlarged(layer: Layer, across: Side, up: Side) -> tuple[Colors, Mask]:
    """Each pixel's colour, from the highest row to the lowest, and whether it is lost."""
    if not (across.flows or up.flows):
        cells = np.ix_(up.near, across.near)
        return layer.colors[cells][::-1].copy(), layer.lost[cells][::-1]
    channels = _channels(layer.colors)
    colors = np.rint(up.along(across.along(channels, 1), 0)).astype(np.uint8)
    lost = layer.lost
    if lost.any():
        lost = up.along(across.along(lost.astype(np.float32), 1), 0) > 0.5
    else:
        lost = np.zeros(colors.shape[:2], bool)
    return np.ascontiguousarray(colors[::-1]).view(np.uint32)[..., 0], lost[::-1]


def _mixed(below: Colors, over: Colors, share: Real) -> Colors:
    """Colours (n,) a share (n,) of the way from those below to those over them."""
    low, high = _channels(below), _channels(over)
    mixed = np.rint(low + share[:, None] * (high - low)).astype(np.uint8)
    return np.ascontiguousarray(mixed).view(np.uint32)[:, 0]


def _channels(colors: Colors) -> Real:
    """Colours (…,) as their channels, (…, 4)."""
    return np.ascontiguousarray(colors).view(np.uint8).reshape(*colors.shape, 4).astype(np.float32)
