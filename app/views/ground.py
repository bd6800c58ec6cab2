"""A plane to draw on: which raw inputs lie under a pixel, and where raw inputs are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

from engine.data.sketch import Sketch
from engine.network.placing import Placing

from . import quiet_axes
from .quiet_axes import Extent


@dataclass(frozen=True, eq=False)
class Ground:
    """A plane to draw on as it lies on a view: what part of it, where, and whose inputs they are.

    Without a `placing` the plane is that of raw inputs. A `curve` has numbers to be learnt upwards
    instead of a second input.
    """

    body: QRectF
    extent: Extent
    placing: Placing | None = None
    curve: bool = False

    def pixels(self, sketch: Sketch, body: QRectF | None = None) -> NDArray[np.float64]:
        """Where the points (n, 2) of a sketch lie, or would lie if the plane filled `body`."""
        x = self.placing.shown(sketch.x) if self.placing is not None else sketch.x
        points = np.stack([x[:, 0], sketch.y], axis=1) if self.curve else x
        return quiet_axes.to_pixels(points, self.extent, self.body if body is None else body)

    def points(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """The raw points (n, 2) that are shown at pixels (n, 2)."""
        left, right, bottom, top = self.extent
        shown = np.stack([
            left + (pixels[:, 0] - self.body.left()) / self.body.width() * (right - left),
            top - (pixels[:, 1] - self.body.top()) / self.body.height() * (top - bottom)], axis=1)
        if self.placing is None:
            return shown
        if self.curve:
            shown[:, :1] = self.placing.raw(shown[:, :1])
            return shown
        return self.placing.raw(shown)

    def units(self) -> tuple[float, float]:
        """How much of each raw input (or number) a pixel is."""
        middle = self.body.center()
        corners = np.array([[middle.x(), middle.y()], [middle.x() + 1, middle.y() + 1]])
        here, there = self.points(corners)
        return abs(float(there[0] - here[0])) or 1.0, abs(float(there[1] - here[1])) or 1.0

    @property
    def zoom(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The part that is shown, as a look keeps it."""
        left, right, bottom, top = map(float, self.extent)
        return (left, right), (bottom, top)


@dataclass(frozen=True, eq=False)
class Touch:
    """What the mouse does on a ground: `unit` is how many pixels a design pixel has."""

    kind: Literal["press", "move", "release"]
    at: tuple[float, float]
    ground: Ground
    unit: float
