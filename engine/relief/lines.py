"""Lines over a picture, one after another: each costs the pixels that it covers and little more.

The coverage of a line (`engine.strokes`) is mixed in and taken back at once, so that one plane of
coverages does for any number of lines; a camera that moves draws all of them anew in every frame.
Bands of rows are painted on all cores. What a pixel becomes does not hang on its band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .. import strokes
from ..at_once import at_once, cores

Array = NDArray[np.float64]
Picture = NDArray[np.uint32]
# Further out than this nothing is visible.
FAR = 2e4
# Lines are seldom spread evenly, so whoever has painted a band takes another one.
BANDS_A_CORE = 2
GAP = np.full((1, 2), np.nan)


@dataclass(frozen=True, eq=False)
class Line:
    """Points (n, 2) in pixels, NaN at its gaps, and what it looks like.

    Colours have three numbers of 0 to 255. It does not darken itself; a halo lies around and under
    all of it.
    """

    points: Array
    width: float
    color: Sequence[float]
    opacity: float = 1.0
    halo_width: float = 0.0
    halo: Sequence[float] = (0.0, 0.0, 0.0)


def joined(parts: Sequence[Array]) -> Array:
    """Lines (n, 2) as one with gaps between them."""
    return np.concatenate([piece for part in parts for piece in (part, GAP)] or [GAP])


class Drawing:
    """Lines as the kernel takes them, to be painted in their order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        ends = np.cumsum([0, *(len(line.points) for line in lines)])
        self.places = np.stack([ends[:-1], ends[1:]], axis=1)
        self.points = np.clip(np.concatenate([line.points for line in lines] or [GAP]), -FAR, FAR)
        self.widths = np.array([[line.width, line.halo_width, line.opacity] for line in lines],
                               float).reshape(-1, 3)
        self.colors = np.array([[*line.color, *line.halo] for line in lines], float).reshape(-1, 6)


class LinePainter:
    """Paints lines on opaque pictures (rows, columns) of 0xAARRGGBB, all of one shape."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._core, self._halo = (np.zeros(shape, np.uint8) for _ in range(2))
        self._marks = strokes.marks_for(shape)

    def paint(self, picture: Picture, lines: Sequence[Line], ground: Picture | None = None) -> None:
        """The lines in their order, over the picture or over a copy of `ground` on it."""
        drawing = Drawing(lines)

        def work(first: int, last: int) -> None:
            if ground is not None:
                picture[first:last] = ground[first:last]
            self.paint_rows(picture, drawing, (first, last))

        borders = np.linspace(0, len(picture), BANDS_A_CORE * cores() + 1).astype(int).tolist()
        at_once([partial(work, *band) for band in pairwise(borders)])

    def paint_rows(self, picture: Picture, drawing: Drawing, rows: tuple[int, int]) -> None:
        """The same on some rows (from, to) only; other rows may be painted meanwhile."""
        strokes.paint(drawing.points, drawing.places, drawing.widths, drawing.colors, rows,
                      self._core, self._halo, self._marks, picture)
