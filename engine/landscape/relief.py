"""A field of losses as a relief, to be drawn in three dimensions."""

from __future__ import annotations

import numpy as np

from ..enlarge import enlarged
from ..heights import Levels
from ..relief import Relief
from .field import Field
from .shading import CEILING, banded

POINTS = 201
"""Points along a side: a coarse field is drawn as smoothly as a fine one."""


def landscape_relief(field: Field, levels: Levels, points: int = POINTS) -> Relief:
    """The field as the map shows it.

    Between the grid's points it is the map's spline of the bands. What overflows is cut off.
    """
    top = float(banded(np.array([levels.high]), levels)[0])
    bands = np.clip(np.nan_to_num(banded(field.heights, levels), nan=np.inf), 0, CEILING * top)
    fine = np.empty((points, points))
    grid = np.ascontiguousarray(bands[None], np.float32)
    for first, piece in enlarged(grid, points, points):
        inside = piece[0, 1:-1, 1:-1]
        fine[first : first + len(inside)] = inside
    heights = levels.low + (fine if levels.knee is None else levels.knee * np.expm1(fine))
    # A picture's first row is the topmost, and its numbers are those of the middles of pixels.
    (left, right), (bottom, top_y) = field.extent
    dx, dy = (right - left) / points / 2, (top_y - bottom) / points / 2
    return Relief(heights[::-1], (left + dx, right - dx), (bottom + dy, top_y - dy), levels)
