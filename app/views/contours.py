"""The shaded contour map behind the trails, kept as long as the range and the size stay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from engine.heights import choose_levels, contour_map, heights
from engine.surfaces import Surface

from ..theme import Theme, mixed
from .trails import rgb
from .view import Zoom


class ContourMap:
    """A surface's contours as pixels, made anew only when something about them changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._kernel: object = None
        self._pixels = np.zeros((1, 1), np.uint32)

    def pixels(self, surface: Surface, ranges: Zoom, size: tuple[int, int], theme: Theme,
               line_width: float) -> NDArray[np.uint32]:
        """The map of `ranges` in `size` (columns, rows) device pixels, (rows, columns)."""
        key = (ranges, size, theme.name, line_width)
        if key != self._key or surface.kernel is not self._kernel:
            self._kernel = surface.kernel
            (x_range, y_range), (columns, rows) = ranges, size
            levels = choose_levels(surface, x_range, y_range)
            field = heights(surface, x_range, y_range, columns, rows)
            shades = [mixed(theme.surface_low, theme.surface_high, share)
                      for share in np.linspace(0, 1, levels.bands)]
            self._pixels = contour_map(field, levels, np.array([rgb(shade) for shade in shades]),
                                       np.array(rgb(QColor(theme.isoline))), 0.5, line_width)
            self._key = key
        return self._pixels
