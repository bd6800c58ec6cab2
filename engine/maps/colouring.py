"""Colours for points of a plane, so few of them that some are used again: never by neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def colouring(points: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The colour, 0 to `count` - 1, of each of `points` (M, 2), (M,).

    Point after point takes the colour whose nearest bearer is farthest away among those that none
    of its neighbours has, unless these have all: of two neighbours some place is nearer to both
    than to any other point (Delaunay 1934).
    """
    colors = np.arange(len(points)) % count
    if len(points) <= count:
        return colors
    beside, least = _neighbours(points), 1e-9 * np.ptp(points)
    for place in range(count, len(points)):
        away = np.hypot(*(points[:place] - points[place]).T)
        nearest = np.full(count, np.inf)
        np.minimum.at(nearest, colors[:place], away)
        free = np.setdiff1d(np.arange(count), colors[[k for k in beside[place] if k < place]])
        among = free if len(free) else np.arange(count)
        # Distances that rounding alone tells apart are the same: the first of those colours.
        colors[place] = among[np.argmax(nearest[among] >= nearest[among].max() - least)]
    return colors


def _neighbours(points: NDArray[np.float64]) -> list[set[int]]:
    """The neighbours of each point; none where all lie on one line, along which distances do."""
    from scipy.spatial import Delaunay, QhullError

    beside: list[set[int]] = [set() for _ in points]
    try:
        triangles = Delaunay(points).simplices
    except QhullError:
        return beside
    for triangle in triangles.tolist():
        for place in triangle:
            beside[place] |= {*triangle} - {place}
    return beside
