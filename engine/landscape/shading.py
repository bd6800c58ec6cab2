"""A field of losses as a shaded contour map of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..enlarge import enlarged
from ..heights import Levels, contour_map
from .field import Field

# Beyond the highest band nothing is told apart: what overflows is as high as this many of them.
CEILING = 1.5


def landscape_pixels(field: Field, levels: Levels, columns: int, rows: int,
                     ramp: NDArray[np.float64], line: NDArray[np.float64], strength: float = 0.5,
                     width: float = 1.0) -> NDArray[np.uint32]:
    """The field in `columns` × `rows` pixels, its lowest row at the foot.

    Between the grid's points it is a smooth spline of the bands, in which a loss that grows a
    hundredfold is as smooth as one that doubles. See `heights.contour_map` for colours and lines.
    """
    top = banded(np.array([levels.high]), levels)[0]
    bands = np.clip(np.nan_to_num(banded(field.heights, levels), nan=np.inf), 0, CEILING * top)
    picture = np.empty((rows, columns))
    grid = np.ascontiguousarray(bands[None], np.float32)
    for first, piece in enlarged(grid, columns, rows):
        inside = piece[0, 1:-1, 1:-1]
        picture[first : first + len(inside)] = inside
    return contour_map(picture, Levels(0.0, float(top), levels.bands), ramp, line, strength,
                       width)


def banded(heights: NDArray[np.float64], levels: Levels) -> NDArray[np.float64]:
    """Heights on the scale on which bands are even, from 0 at the lowest one."""
    above = np.maximum(heights - levels.low, 0)
    return above if levels.knee is None else np.log1p(above / levels.knee)
