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


@dataclass(frozen=True, eq=False)
class Layer:
    """A map's `colors` (rows, columns), row 0 lowest, which fill `cells`; `lost` ones have stripes.

    Over those before it, it is seen with its `opacity`, and whole where there are none.
    """

    colors: Colors
    lost: Mask
    cells: Extent
    opacity: float = 1.0


def pixels_of(layers: Sequence[Layer], shown: Extent, size: tuple[int, int], ground: QColor,
              style: Style, ratio: float) -> Colors:
    """The part `shown` as pixels (rows, columns), of a `size` (columns, rows) in device pixels.

    Where no map has a cell there is the `ground`. Stripes are as wide however large the cells are.
    """
    found = np.full(size[::-1], ground.rgba(), np.uint32)
    known = np.zeros(size[::-1], bool)
    for layer in layers:
        rows, columns = layer.colors.shape
        across = _places(shown[:2], layer.cells[:2], size[0], columns)
        up = _places(shown[2:], layer.cells[2:], size[1], rows)[::-1]
        cells = np.ix_(np.maximum(up, 0), np.maximum(across, 0))
        pixels = layer.colors[cells]
        stripe_over(pixels, layer.lost[cells], style, ratio)
        there = np.logical_and.outer(up >= 0, across >= 0)
        mixed = there & known
        if layer.opacity < 1 and mixed.any():
            pixels[mixed] = _mixed(found[mixed], pixels[mixed], layer.opacity)
        found[there] = pixels[there]
        known |= there
    return found


def _mixed(below: Colors, over: Colors, share: float) -> Colors:
    """Colours (n,) a share of the way from those below to those over them."""
    low, high = (colors.view(np.uint8).reshape(-1, 4).astype(np.float32)
                 for colors in (below, over))
    mixed = np.rint(low + np.float32(share) * (high - low)).astype(np.uint8)
    return np.ascontiguousarray(mixed).view(np.uint32)[:, 0]


def _places(shown: tuple[float, float], cells: tuple[float, float], pixels: int, count: int
            ) -> NDArray[np.int64]:
    """Which of `count` cells lies under each of the pixels, from low to high; -1 where none."""
    middles = shown[0] + (np.arange(pixels) + 0.5) / pixels * (shown[1] - shown[0])
    places = np.floor((middles - cells[0]) / (cells[1] - cells[0]) * count).astype(np.int64)
    return np.where((places >= 0) & (places < count), places, -1)
