"""Where a relief is seen from: a camera, and the projection that it makes onto a picture.

The scene is a box around the origin: x to the right and y to the back where the azimuth is -90°,
z upwards. A projection takes its points to pixels with a depth, and pixels with a depth back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, isfinite, radians, sin

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from .sizes import FLOOR, HEIGHT, MIDDLE

Array = NDArray[np.float64]
Vector = tuple[float, float, float]

# A point this near to the eye, or behind it, is drawn as if it were so far in front.
NEAREST = 0.05
# Of an orthographic camera, which stands nowhere: from here on depths are counted backwards.
FAR = 16.0
LEAST_DISTANCE = 2.5
"""Nearer, an eye could be within the box."""
USUAL_ELEVATION = 34.0


@dataclass(frozen=True)
class Camera:
    """An eye that looks at `centre` from an azimuth and an elevation in degrees.

    `distance` is in units of the scene; at infinity the projection is orthographic. `zoom`
    magnifies without moving the eye, so that the perspective stays.
    """

    azimuth: float = -60.0
    elevation: float = USUAL_ELEVATION
    zoom: float = 1.0
    distance: float = 5.0
    centre: Vector = MIDDLE

    def __post_init__(self) -> None:
        given = (self.azimuth, self.elevation, self.zoom, *self.centre)
        if not all(map(isfinite, given)):
            raise RunError(f"a camera's angles, zoom and centre must be finite, not {given}")
        if not 0 <= self.elevation <= 90:
            raise RunError("a camera's elevation must be from 0 to 90 degrees, not "
                           f"{self.elevation:g}")
        if not self.zoom > 0:
            raise RunError(f"a camera's zoom must be greater than 0, not {self.zoom:g}")
        if not self.distance >= LEAST_DISTANCE:
            raise RunError(f"a camera's distance must be at least {LEAST_DISTANCE:g}, not "
                           f"{self.distance:g}")

    def onto(self, columns: int, rows: int, radius: float, margin: float = 0.0) -> Projection:
        """The projection onto a picture of so many pixels.

        A box of that radius about the vertical axis fits within a margin of pixels at zoom 1, from
        whatever azimuth, so that nothing breathes while the camera goes round.
        """
        above, below, beside = self._reach(radius)
        wide, high = max(columns - 2 * margin, 1.0), max(rows - 2 * margin, 1.0)
        pixels = self.zoom * min(wide / (2 * beside), high / (above + below))
        a, e = radians(self.azimuth), radians(self.elevation)
        axes = np.array([[-sin(a), cos(a), 0.0],
                         [-sin(e) * cos(a), -sin(e) * sin(a), cos(e)],
                         [-cos(e) * cos(a), -cos(e) * sin(a), -sin(e)]])
        focal = pixels * (self.distance if isfinite(self.distance) else 1.0)
        # Both ends of the box are as near to the picture's.
        middle = rows / 2 + (above - below) / 2 * pixels / self.zoom
        return Projection(axes, np.array(self.centre), self.distance, focal, (columns / 2, middle))

    def _reach(self, radius: float) -> tuple[float, float, float]:
        """How far a box reaches up, down and to a side on a picture, seen from the usual elevation.
        """
        e = radians(USUAL_ELEVATION)
        top, bottom = HEIGHT - MIDDLE[2], MIDDLE[2] - FLOOR

        def seen(upwards: float, forwards: float) -> float:
            if not isfinite(self.distance):
                return upwards
            return upwards * self.distance / (self.distance + forwards)

        return (seen(radius * sin(e) + top * cos(e), radius * cos(e) - top * sin(e)),
                seen(radius * sin(e) + bottom * cos(e), -radius * cos(e) + bottom * sin(e)),
                seen(radius, 0.0))


@dataclass(frozen=True, eq=False)
class Projection:
    """How a camera's scene falls onto a picture, y downwards from the top left corner.

    `axes` (3, 3) are unit vectors to the right, up and forward. A depth q is larger for what is
    nearer, always positive, and linear over the picture of a plane: 1 / w for a point w in front
    of the eye, and FAR - w where the projection is orthographic.
    """

    axes: Array
    centre: Array
    distance: float
    focal: float
    middle: tuple[float, float]

    @property
    def perspective(self) -> bool:
        """Whether what is further away is smaller."""
        return isfinite(self.distance)

    @property
    def eye(self) -> Array:
        """Where the eye is, (3,); of an orthographic projection, a point far out in its direction.
        """
        return self.centre - self.axes[2] * (self.distance if self.perspective else 1e6)

    def project(self, points: Array) -> Array:
        """Points (n, 3) of the scene as column, row and depth (n, 3)."""
        u, v, t = self.axes @ (np.asarray(points, float) - self.centre).T
        if self.perspective:
            depth = 1 / np.maximum(t + self.distance, NEAREST)
            scale = self.focal * depth
        else:
            depth, scale = FAR - t, np.full(len(t), self.focal)
        return np.stack([self.middle[0] + u * scale, self.middle[1] - v * scale, depth], axis=1)

    def unproject(self, pixels: Array) -> Array:
        """Columns, rows and depths (n, 3) as points (n, 3) of the scene."""
        depth = pixels[:, 2]
        if self.perspective:
            t, scale = 1 / depth - self.distance, self.focal * depth
        else:
            t, scale = FAR - depth, np.full(len(pixels), self.focal)
        seen = np.stack([(pixels[:, 0] - self.middle[0]) / scale,
                         (self.middle[1] - pixels[:, 1]) / scale, t], axis=1)
        return self.centre + seen @ self.axes

    def numbers(self) -> NDArray[np.float32]:
        """All of it as the kernels take it, (18,): see `raster`."""
        return np.array([*self.middle, self.focal, self.distance if self.perspective else FAR,
                         1.0 if self.perspective else 0.0, *self.axes.ravel(), *self.centre],
                        np.float32)
