"""Trails over the contour map: what is past full, what is to come faint.

On the screen and in films they are coverages that grow with the playhead: a frame adds the new
segments and paints their boxes anew, so that it costs what has changed and not what there is. On
vectors (SVG, PDF) the same lines are drawn as paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen
from pyqtgraph.functions import arrayToQPolygonF

from engine.polyline import thinned
from engine.strokes import Box, Ink, compose, stroke

from ..theme import Style
from .view import Appearance

Array = NDArray[np.float64]

FAINT = 0.30
TRAIL, FAINT_TRAIL, HALO = 3.0, 2.0, 6.0
# Further out than this nothing is visible; what has left for good is gone from here on, in pixels.
FAR, GONE = 2e4, 6e3


@dataclass(frozen=True)
class Line:
    """One contestant's trail in pixels, thinned: point k (n, 2) is where it was at `steps[k]`.

    `weight` is how wide it is, as a share of what is usual.
    """

    appearance: Appearance
    points: Array
    steps: NDArray[np.int64]
    weight: float = 1.0

    @property
    def halo(self) -> float:
        """How wide its halo is, in design pixels: a thin line has none, since many of its pieces
        lie beside each other and would hide what is below them."""
        return (HALO if self.weight >= 1 else TRAIL) * self.weight

    def upto(self, step: int) -> int:
        """How many points belong to the steps up to `step`."""
        return int(np.searchsorted(self.steps, step, side="right"))


def make_line(appearance: Appearance, pixels: Array, steps: NDArray[np.int64],
              tolerance: float) -> Line:
    """A trail's line from all its pixels (n, 2); stops at the first that is not finite.

    It stops, too, where it has left for good: who jumps to and fro from far out to further out
    would cross all that is seen, over and over again, and cover it.
    """
    finite = np.isfinite(pixels).all(axis=1)
    if not finite.all():
        end = int(np.argmin(finite))
        pixels, steps = pixels[:end], steps[:end]
    near = np.flatnonzero(np.abs(pixels).max(axis=1, initial=0.0) <= GONE)
    # One more, so that it is seen to leave.
    end = near[-1] + 2 if len(near) else 1
    pixels, steps = pixels[:end].copy(), steps[:end]
    if len(near) and end <= len(pixels):
        pixels[-1] = _nearer(pixels[-2], pixels[-1])
    pixels = np.clip(pixels, -FAR, FAR)
    places = thinned(pixels, tolerance)
    return Line(appearance, pixels[places], steps[places])


def _nearer(start: Array, end: Array) -> Array:
    """The end of a piece, or the place on it that is just beyond all that is visible."""
    longest = float(np.abs(end - start).max())
    return start + (end - start) * min(1.0, FAR / max(longest, 1.0))


def ink_of(shown: Sequence[Appearance]) -> Ink:
    """The colours and opacities of contestants."""
    return Ink(np.array([rgb(a.color) for a in shown], float).reshape(-1, 3),
               np.array([a.opacity for a in shown], float))


def rgb(color: QColor) -> list[float]:
    """A colour as three numbers from 0 to 255."""
    return [float(color.red()), float(color.green()), float(color.blue())]


class TrailPicture:
    """The contour map with all trails on it, in device pixels, as they stand at one step."""

    def __init__(self, ground: NDArray[np.uint32], lines: Sequence[Line], style: Style,
                 ratio: float, halo: QColor | None = None) -> None:
        """`halo` is the ground's colour, without any that of a surface where it is high."""
        self._ground = ground
        self._lines = tuple(lines)
        self._scale = style.unit * ratio
        self._halo_color = np.array(rgb(halo or QColor(style.theme.surface_high)))
        self._ink = ink_of([line.appearance for line in lines])
        shape = (len(self._lines), *ground.shape)
        self._faint = np.zeros(shape, np.uint8)
        self._core, self._halo = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        self._drawn = [0] * len(self._lines)
        self._whole: Box = (0, 0, ground.shape[1], ground.shape[0])
        self._out = np.empty_like(ground)
        self._fresh = True
        for place, line in enumerate(self._lines):
            stroke(line.points, 0, len(line.points), FAINT_TRAIL * line.weight * self._scale,
                   self._faint[place])

    def at(self, step: int) -> QImage:
        """The picture at `step`; valid until the next call."""
        goal = [max(0, line.upto(step) - 1) for line in self._lines]
        if any(now < drawn for now, drawn in zip(goal, self._drawn, strict=True)):
            self._core[:], self._halo[:] = 0, 0
            self._drawn = [0] * len(self._lines)
            self._fresh = True
        boxes = [box for box in self._advance(goal) if box[2] > box[0]]
        if self._fresh or sum(map(_area, boxes)) > _area(self._whole):
            boxes = [self._whole]
        for box in boxes:
            self._paint(box)
        self._fresh = False
        return as_image(self._out)

    def _advance(self, goal: list[int]) -> list[Box]:
        boxes = []
        for place, (line, last) in enumerate(zip(self._lines, goal, strict=True)):
            if last > self._drawn[place]:
                scale = line.weight * self._scale
                boxes.append(stroke(line.points, self._drawn[place], last, TRAIL * scale,
                                    self._core[place], self._halo[place],
                                    line.halo * self._scale))
                self._drawn[place] = last
        return boxes

    def _paint(self, box: Box) -> None:
        compose(self._ground, self._faint, self._halo, self._core, self._ink, self._halo_color,
                FAINT, box, self._out)


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def draw_as_vectors(painter: QPainter, lines: Sequence[Line], style: Style, step: int) -> None:
    """The same trails as painter paths, for files that keep vectors."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in lines:
        painter.setOpacity(FAINT * line.appearance.opacity)
        draw_polyline(painter, line.points, line.appearance.color,
                      style.px(FAINT_TRAIL * line.weight))
    for line in lines:
        past = line.points[: line.upto(step)]
        painter.setOpacity(line.appearance.opacity)
        draw_polyline(painter, past, QColor(style.theme.surface_high),
                      style.px(line.halo))
        draw_polyline(painter, past, line.appearance.color, style.px(TRAIL * line.weight))
    painter.setOpacity(1)


def draw_polyline(painter: QPainter, points: Array, color: QColor, width: float) -> None:
    """A line with round joints and ends."""
    if len(points) > 1:
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                            Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(arrayToQPolygonF(points[:, 0], points[:, 1]))


def as_image(pixels: NDArray[np.uint32], *, alpha: bool = False) -> QImage:
    """An image over an array (rows, columns) of 0xAARRGGBB; it keeps the array alive."""
    rows, columns = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    memory: Any = pixels.data
    image: Any = QImage(memory, columns, rows, 4 * columns, kind)
    image.pixels = pixels
    return image


def device_ratio(painter: QPainter) -> float:
    """Device pixels to a pixel."""
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def is_raster(painter: QPainter) -> bool:
    """Whether pixels are painted, and not the vectors of an SVG or PDF."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() == engine.Type.Raster
