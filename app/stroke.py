"""One stroke of a brush over a plane: from where the mouse goes to a changed sketch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data.sketch import Sketch, Spray, decimals, near

from .views.draft import Brush
from .views.ground import Ground, Touch

# Puffs of the spray are so many design pixels apart, or a part of its radius.
SPACING, OF_RADIUS = 9.0, 0.7


class Stroke:
    """From the press of a mouse to its release; the same way gives the same points."""

    def __init__(self, brush: Brush, seed: int) -> None:
        self._brush, self._seed = brush, seed
        self._last: tuple[float, float] | None = None
        self._spray: Spray | None = None

    def to(self, touch: Touch, sketch: Sketch) -> Sketch:
        """Go on to where the mouse is; the same sketch where that changes nothing."""
        last, self._last = self._last, touch.at
        if self._brush.tool != "draw":
            return self._swept(touch, last or touch.at, sketch)
        if self._spray is None:
            self._spray = self._begun(touch, len(sketch))
            return self._added(touch.ground, np.array([touch.at]), sketch)
        return self._added(touch.ground, self._spray.to(touch.at), sketch)

    def _begun(self, touch: Touch, stroke: int) -> Spray:
        brush, unit = self._brush, touch.unit
        spacing = max(SPACING, OF_RADIUS * brush.spread) * unit
        count = brush.count if brush.spread >= 1 else 1
        return Spray(touch.at, count, brush.spread * unit, spacing, self._seed, stroke)

    def _added(self, ground: Ground, pixels: NDArray[np.float64], sketch: Sketch) -> Sketch:
        """With points where the pixels are on the plane, no finer than a tenth of a pixel."""
        body = ground.body
        inside = ((pixels >= (body.left(), body.top()))
                  & (pixels <= (body.right(), body.bottom()))).all(1)
        if not inside.any():
            return sketch
        points = ground.points(pixels[inside])
        for axis, unit in enumerate(ground.units()):
            points[:, axis] = np.round(points[:, axis], decimals(unit))
        return sketch.added(points, self._brush.label)

    def _swept(self, touch: Touch, start: tuple[float, float], sketch: Sketch) -> Sketch:
        """Without what lies within the brush on its way, or with it in the brush's class."""
        brush = self._brush
        mask = near(touch.ground.pixels(sketch), start, touch.at, brush.reach * touch.unit)
        if brush.tool == "paint":
            mask &= sketch.y != brush.label
        if not mask.any():
            return sketch
        return sketch.erased(mask) if brush.tool == "erase" else sketch.painted(mask, brush.label)
