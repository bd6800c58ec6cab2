"""Lines over a picture, one after another: each costs the pixels that it covers and little more.

The coverage of a line (`engine.strokes`) is mixed in and taken back at once, so that one plane of
coverages does for any number of lines; a camera that moves draws all of them anew in every frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import compile_function, import_numba
from ..strokes import Box, stroke

Array = NDArray[np.float64]
Picture = NDArray[np.uint32]
# Further out than this nothing is visible.
FAR = 2e4
# Nearly all pixels of a line's box are not on it; so many at a time are found to be empty.
STRETCH = 32


def _mix(halo, core, halo_color, color, opacity, box, picture):
    for row in range(box[1], box[3]):
        for first in range(box[0], box[2], STRETCH):
            last = min(first + STRETCH, box[2])
            around, line = halo[row, first:last], core[row, first:last]
            found = np.uint8(0)
            for x in range(line.size):
                found = np.uint8(found | around[x] | line[x])
            if found == 0:
                continue
            target = picture[row, first:last]
            for x in range(line.size):
                outer, inner = around[x], line[x]
                if outer | inner:
                    pixel = target[x]
                    red, green, blue = (float((pixel >> 16) & 255), float((pixel >> 8) & 255),
                                        float(pixel & 255))
                    share = outer * opacity / 255
                    red += (halo_color[0] - red) * share
                    green += (halo_color[1] - green) * share
                    blue += (halo_color[2] - blue) * share
                    share = inner * opacity / 255
                    red += (color[0] - red) * share
                    green += (color[1] - green) * share
                    blue += (color[2] - blue) * share
                    target[x] = (255 << 24) | (int(red + 0.5) << 16) | (int(green + 0.5) << 8) | (
                        int(blue + 0.5))
                    around[x] = line[x] = 0


@cache
def _compiled() -> Any:
    types = import_numba().types
    plane, vector = types.uint8[:, ::1], types.float64[::1]
    signature = types.void(plane, plane, vector, vector, types.float64, types.int64[::1],
                           types.uint32[:, ::1])
    return compile_function(_mix, signature, "float64")


def warm() -> None:
    """Compile what painting lines needs."""
    _compiled()


class LinePainter:
    """Paints lines on opaque pictures (rows, columns) of 0xAARRGGBB, all of one shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._core, self._halo = (np.zeros(shape, np.uint8) for _ in range(2))

    def paint(self, picture: Picture, lines: Iterable[Array], width: float, color: Sequence[float],
              opacity: float = 1.0) -> None:
        """Lines (n, 2) in pixels of one colour, none of which darkens another."""
        self._lay(picture, lines, width, color, opacity, 0.0, color)

    def paint_haloed(self, picture: Picture, lines: Iterable[Array], width: float,
                     color: Sequence[float], opacity: float, halo_width: float,
                     halo: Sequence[float]) -> None:
        """The same on a wider halo."""
        self._lay(picture, lines, width, color, opacity, halo_width, halo)

    def _lay(self, picture: Picture, lines: Iterable[Array], width: float, color: Sequence[float],
             opacity: float, halo_width: float, halo: Sequence[float]) -> None:
        rows, columns = self._core.shape
        whole: Box = (columns, rows, 0, 0)
        for line in lines:
            points = np.ascontiguousarray(np.clip(line, -FAR, FAR))
            left, top, right, bottom = stroke(
                points, 0, len(points), width, self._core, self._halo if halo_width else None,
                halo_width)
            if right > left:
                whole = (min(whole[0], left), min(whole[1], top), max(whole[2], right),
                         max(whole[3], bottom))
        if whole[2] > whole[0]:
            _compiled()(self._halo, self._core, np.array(halo, float), np.array(color, float),
                        opacity, np.array(whole), picture)
