"""A surface in three dimensions with trails over it in matplotlib: the peer of our reliefs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from app.theme import LIGHT

DPI = 100


class Scene:
    """`plot_surface` with every row and column, and trails as lines; the camera goes round."""

    def __init__(self, heights: NDArray[np.float64], ranges: Sequence[tuple[float, float]],
                 lines: Sequence[NDArray[np.float64]], size: tuple[int, int]) -> None:
        self._canvas = FigureCanvasAgg(Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI))
        self._axes = self._canvas.figure.add_subplot(projection="3d")
        x, y = np.meshgrid(np.linspace(*ranges[0], heights.shape[1]),
                           np.linspace(*ranges[1], heights.shape[0]))
        self._axes.plot_surface(x, y, heights, cmap="Blues_r", rstride=1, cstride=1, linewidth=0,
                                antialiased=True)
        for line, color in zip(lines, LIGHT.contestants, strict=False):
            self._axes.plot(*line.T, color=color, linewidth=2.2)

    def draw(self, azimuth: float) -> None:
        """One frame from an azimuth in degrees."""
        self._axes.view_init(elev=34, azim=azimuth)
        self._canvas.draw()
