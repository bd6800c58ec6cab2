"""A line cut into dashes, which may then be drawn by whatever draws lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def dashes(points: Array, on: float, off: float) -> list[Array]:
    """Pieces (m, 2) of a line (n, 2), each `on` long, with gaps of `off` between them.

    Lengths are measured along the line, from its first point on, in the units of the points; the
    last piece may be shorter.
    """
    if len(points) < 2:
        return []
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    starts = np.arange(0.0, along[-1], on + off)
    ends = np.minimum(starts + on, along[-1])
    places = np.unique(np.concatenate([along, starts, ends]))
    line = np.stack([np.interp(places, along, points[:, 0]),
                     np.interp(places, along, points[:, 1])], axis=1)
    firsts, lasts = np.searchsorted(places, starts), np.searchsorted(places, ends)
    return [line[first : last + 1] for first, last in zip(firsts, lasts, strict=True)]
