"""Where places of a relief are on its picture, and what is seen under a pixel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF

from engine.relief import Projection, Relief, ReliefPicture, seen, share_free
from engine.relief.sizes import CEILING, FLOOR

Array = NDArray[np.float64]

# Nothing is seen so far out.
FAR = 1e3
# Of so many points around a place one asks whether they are seen, so many design pixels from it.
AROUND, RADIUS = 12, 6.0
_TURNS = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)


class ReliefPlaces:
    """A relief and the picture that was painted of it, in pixels of the view that shows it."""

    relief: Relief | None
    rect: Callable[[], QRectF]
    _shown: ReliefPicture | None = None
    _ratio = 1.0

    def area(self) -> QRectF:
        """Where the picture is."""
        return self.rect()

    @property
    def picture(self) -> ReliefPicture | None:
        """The picture that was painted last, for whoever looks for a place on it."""
        return self._shown

    @property
    def scale(self) -> float:
        """Pixels of the view that a unit of the scene has in its middle, upwards."""
        assert self._shown is not None
        projection = self._shown.projection
        return projection.focal / (projection.distance if projection.perspective else 1.0
                                   ) / self._ratio

    def projected(self, points: Array, projection: Projection | None = None) -> Array:
        """Points (n, 3) of the scene as pixels (n, 2) of the view; NaN where they are not.

        `projection` is another one than that of the picture.
        """
        assert self._shown is not None
        found = (projection or self._shown.projection).project(points)[:, :2] / self._ratio
        corner = self.area().topLeft()
        return np.asarray(np.where(np.isnan(points[:, 2:]), np.nan,
                                   found + np.array([corner.x(), corner.y()])))

    def to_pixels(self, points: Array, projection: Projection | None = None) -> Array:
        """Where points (n, 2) of the plane are seen, or would be, on the surface, (n, 2); what is
        beside it is as high as its rim."""
        assert self.relief is not None
        points = np.nan_to_num(points)
        low, high = np.array([self.relief.x_range, self.relief.y_range]).T
        heights = self.relief.draped(np.clip(points, low, high)).points[:, 2:]
        places = np.clip(self.relief.placed(points), -FAR, FAR)
        return self.projected(np.concatenate([places, np.nan_to_num(heights)], axis=1), projection)

    def to_pixel(self, x: float, y: float) -> QPointF:
        """The same of one point."""
        (found,) = self.to_pixels(np.array([[x, y]]))
        return QPointF(float(found[0]), float(found[1]))

    def pixel_at_height(self, x: float, y: float, height: float) -> QPointF:
        """Where a height over a point of the plane is seen, no higher than the surface goes and no
        lower than the floor."""
        assert self.relief is not None
        z = np.nan_to_num(self.relief.raised(np.array([height])), nan=CEILING)
        place = self.relief.placed(np.array([[x, y]]))[0]
        height_shown = min(max(float(z[0]), FLOOR), CEILING)
        (found,) = self.projected(np.array([[*place, height_shown]]))
        return QPointF(float(found[0]), float(found[1]))

    def point_at(self, pixel: QPointF) -> tuple[float, float] | None:
        """The point of the plane whose surface is seen in a pixel; None beside the surface."""
        if self._shown is None:
            return None
        at = (pixel - self.area().topLeft()) * self._ratio
        return self._shown.point_at(at.x(), at.y())

    def is_seen(self, points: Array) -> NDArray[np.bool_]:
        """Which points (n, 2) of the plane lie on a part of the surface that no hill hides."""
        assert self.relief is not None and self._shown is not None
        return seen(self.relief.draped(points), self._shown.projection, self._shown.depths)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the plane is within the box."""
        assert self.relief is not None
        (x0, x1), (y0, y1) = self.relief.x_range, self.relief.y_range
        return x0 <= x <= x1 and y0 <= y <= y1

    def marks_seen(self, points: Array, radius: float) -> Array:
        """How much is seen of marks of that radius at points (n, 2) of the plane, 0 to 1 (n,): all
        of those that a hill hides by less than half."""
        assert self.relief is not None and self._shown is not None
        if not len(points):
            return np.empty(0)
        shares = share_free(self.relief.draped(points).points, self._shown.projection,
                            self._shown.depths, radius * self._ratio)
        return np.minimum(2 * shares, 1.0)

    def share_seen(self, points: Array, unit: float) -> Array:
        """How much is seen of what is around points (n, 2) of the plane, 0 to 1 (n,).

        What goes behind a hill is hidden little by little; `unit` is a design pixel. Of what is
        beside the field nothing is.
        """
        assert self.relief is not None
        if not len(points):
            return np.empty(0)
        ring = np.column_stack([np.cos(_TURNS), np.sin(_TURNS)]) * RADIUS * unit / self.scale
        places = self.relief.placed(points)[:, None] + np.concatenate([[[0.0, 0.0]], ring])
        inside = (np.abs(places) <= np.array(self.relief.half)).all(axis=2)
        found = self.is_seen(self.relief.found(places.reshape(-1, 2))).reshape(inside.shape)
        return np.asarray((found & inside).sum(axis=1) / np.maximum(inside.sum(axis=1), 1))
