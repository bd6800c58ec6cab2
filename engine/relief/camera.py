"""Where a relief is seen from: a camera, and the projection that it makes onto a picture.

The scene is a box around the origin: x to the right and y to the back where the azimuth is -90°,
z upwards. A projection takes its points to pixels with a depth, and pixels with a depth back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, isfinite, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from . import projecting
from .sizes import CEILING, FLOOR, MIDDLE

Array = NDArray[np.float64]
Vector = tuple[float, float, float]

# What a picture may be stretched sideways, and pressed together, by a camera that looks from the
# side. Looked at from above a plane is a map, with one unit both ways. Pressed by more than half,
# a box would be what no camera sees.
MOST_STRETCH, LEAST_STRETCH = 0.85, 0.5
# A point this near to the eye, or behind it, is drawn as if it were so far in front.
NEAREST = 0.05
# Of an orthographic camera, which stands nowhere: from here on depths are counted backwards.
FAR = 16.0
NOWHERE = -1e9
LEAST_DISTANCE = 2.5
"""Nearer, an eye could be within the box."""


@dataclass(frozen=True)
class Camera:
    """An eye that looks at `centre` from an azimuth and an elevation in degrees.

    `distance` is in units of the scene; at infinity the projection is orthographic. `zoom`
    magnifies without moving the eye, so that the perspective stays.
    """

    azimuth: float = -60.0
    elevation: float = 34.0
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

    def onto(self, columns: int, rows: int, radius: float,
             margins: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Projection:
        """The projection onto a picture of so many pixels.

        A box of that radius about the vertical axis fits within margins of pixels beside, above and
        below it at zoom 1, in one size from every azimuth, so that nothing breathes while the
        camera goes round. In a wide picture it is stretched sideways, as if it were lower and seen
        from lower down: heights have no unit in common with the plane, so nothing is skewed.
        """
        above, below, beside = self._reach(radius)
        left, top, bottom = margins
        wide, high = max(columns - 2 * left, 1.0), max(rows - top - bottom, 1.0)
        a, e = radians(self.azimuth), radians(self.elevation)
        free = cos(e) ** 2
        stretch = (wide / (2 * beside)) / (high / (above + below))
        stretch = min(max(stretch, 1 - LEAST_STRETCH * free), 1 + MOST_STRETCH * free)
        pixels = self.zoom * min(wide / (2 * beside * stretch), high / (above + below))
        axes = np.array([[-sin(a), cos(a), 0.0],
                         [-sin(e) * cos(a), -sin(e) * sin(a), cos(e)],
                         [-cos(e) * cos(a), -cos(e) * sin(a), -sin(e)]])
        focal = pixels * (self.distance if isfinite(self.distance) else 1.0)
        # Both ends of the box are as near to their margins.
        middle = (rows + top - bottom) / 2 + (above - below) / 2 * pixels / self.zoom
        return Projection(axes, np.array(self.centre), self.distance, focal, (columns / 2, middle),
                          stretch)

    def _reach(self, radius: float) -> tuple[float, float, float]:
        """How far a box of that radius reaches up, down and to a side, on a picture as large as the
        scene."""
        e = radians(self.elevation)
        heights = (CEILING - MIDDLE[2], FLOOR - MIDDLE[2])

        # Of the far side and of the near one, how high they are seen.
        rows = [(side * radius * sin(e) + z * cos(e))
                / (1 + (side * radius * cos(e) - z * sin(e)) / self.distance)
                for z in heights for side in (1, -1)]
        # The furthest point to a side is a little on this side of the middle.
        beside = max(radius / sqrt((1 - z * sin(e) / self.distance) ** 2
                                   - (radius * cos(e) / self.distance) ** 2) for z in heights)
        return max(rows), -min(rows), beside


@dataclass(frozen=True, eq=False)
class Projection:
    """How a camera's scene falls onto a picture, y downwards from the top left corner.

    `axes` (3, 3) are unit vectors to the right, up and forward. A depth q is larger for what is
    nearer, always positive, and linear over the picture of a plane: 1 / w for a point w in front
    of the eye, and FAR - w where the projection is orthographic. The picture is stretched sideways
    so many times.
    """

    axes: Array
    centre: Array
    distance: float
    focal: float
    middle: tuple[float, float]
    stretch: float = 1.0

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
        points = np.ascontiguousarray(points, float)
        pixels = np.empty((len(points), 3))
        projecting.compiled("project")(points, self.numbers(), NEAREST, pixels)
        return pixels

    def project_apart(self, line: Array, apart: float) -> tuple[NDArray[np.int64], Array]:
        """Places (m,) of a line's points (n, 3) that are `apart` pixels from one another at least,
        the first one always, and these as column, row and depth (m, 3).

        One that is not finite is far out, where it parts two lines.
        """
        line = np.ascontiguousarray(line, float)
        kept, pixels = np.empty(len(line), np.int64), np.empty((len(line), 3))
        count = projecting.compiled("apart")(line, self.numbers(), NEAREST, apart, NOWHERE, kept,
                                             pixels)
        return kept[:count], pixels[:count]

    def unproject(self, pixels: Array) -> Array:
        """Columns, rows and depths (n, 3) as points (n, 3) of the scene."""
        depth = pixels[:, 2]
        if self.perspective:
            t, scale = 1 / depth - self.distance, self.focal * depth
        else:
            t, scale = FAR - depth, np.full(len(pixels), self.focal)
        seen = np.stack([(pixels[:, 0] - self.middle[0]) / self.stretch / scale,
                         (self.middle[1] - pixels[:, 1]) / scale, t], axis=1)
        return self.centre + seen @ self.axes

    def numbers(self) -> Array:
        """All of it as kernels take it, (18,): the middle, the focal length, the distance (FAR
        where there is none), whether there is one, the axes, the centre and the stretch."""
        return np.array([*self.middle, self.focal, self.distance if self.perspective else FAR,
                         1.0 if self.perspective else 0.0, *self.axes.ravel(), *self.centre,
                         self.stretch])
