"""A view in three dimensions: a relief with trails, round which the viewer takes the camera.

The picture is the engine's; only words and marks are Qt's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsItem

from engine.relief import (
    BoxPicture,
    Camera,
    Canvas,
    Draped,
    Projection,
    Relief,
    ReliefPicture,
    draw_relief,
    last_place,
)
from engine.relief import Trail as SeenTrail
from engine.snapshot import Trail

from ..theme import Style
from .heads import MARKER, head_text
from .kept import Kept, Same
from .quantity_choice import HEIGHT, Segment, paint_segments
from .relief_axes import Margins, heights_name, paint_words, ticked_box
from .relief_heads import Head, Names, paint_heads
from .relief_paint import around_of, paint_of, trail_look
from .relief_places import ReliefPlaces
from .relief_turning import TurnedView
from .trails import as_image, device_ratio, is_raster, rgb
from .view import Appearance

# In a smaller picture words would be all that is seen; in design pixels.
WORDY = 200.0
# Beside, above and below the box, with words and without.
WORDS_MARGINS, MARGINS = (50.0, 8.0, 16.0), (8.0, 8.0, 8.0)
# In a narrow picture the room beside the box is so much of its width, and at least so wide.
BESIDE, LEAST_BESIDE = 0.13, 30.0
# What a name and its marker keep of their opacity behind a hill.
HIDDEN = 0.45
# So near to a marker, along x and y together, a click is meant for it; in design pixels.
NEAR = 18.0
# Pixels of files whose pictures are enlarged: a surface is an image among their texts.
VECTOR_RATIO = 2.0


@dataclass(frozen=True, eq=False)
class Line:
    """A contestant's way on the surface: at which step each of its points is passed."""

    appearance: Appearance
    draped: Draped
    steps: NDArray[np.float64]


class ReliefView(ReliefPlaces, TurnedView):
    """Subclasses give `relief`, `lines` and `names` in `drawn`, and paint their marks."""

    def __init__(self) -> None:
        super().__init__()
        self.relief: Relief | None = None
        self.lines: Sequence[Line] = ()
        self.names: tuple[str, str, str] = ("", "", "")
        self.heads: dict[int, Head] = {}
        """The heads that were painted last, by their contestants' places."""
        self._names = Names()
        self._kept = Kept()
        self._camera: Camera | None = None
        self._frame: tuple[tuple[int, int], Margins] = ((1, 1), (0.0, 0.0, 0.0))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)

    def paint_marks(self, painter: QPainter, bounds: QRectF) -> Sequence[QRectF]:
        """Paint what stands on the surface; returns where no word at an axis is to be read."""
        return ()

    def paint_beside(self, painter: QPainter, bounds: QRectF, taken: Sequence[QRectF]) -> None:
        """Write what there is room for beside heads and words."""

    # ---- heads

    def paint_heads_of(self, painter: QPainter, shown: Sequence[tuple[Appearance, Trail]],
                       bounds: QRectF, key: object) -> list[QRectF]:
        """Paint contestants where they are, or on the rim where they left the surface, the first
        one in front; behind a hill they are faint. Returns what they cover.

        `key` says whether the trails are those of the frame before.
        """
        style, snapshot = self.style, self.seen
        assert style is not None and snapshot is not None and self._camera is not None
        step, camera = snapshot.step, self._camera

        def heads_from(azimuth: float) -> list[Head]:
            return self._heads_seen(shown, self._projection(replace(camera, azimuth=azimuth)))

        heads = [head.within(style, bounds) for head in self._heads_seen(shown)]
        rects = self._names.rects(heads, step, camera.azimuth, heads_from, style, bounds, (
            key, Same(self.relief), replace(camera, azimuth=0.0), bounds.width(), bounds.height(),
            tuple((appearance.index, appearance.name) for appearance, _ in shown), style))
        self.heads = {head.appearance.index: head for head in heads}
        return paint_heads(painter, heads, rects, style)

    def _heads_seen(self, shown: Sequence[tuple[Appearance, Trail]],
                    projection: Projection | None = None) -> list[Head]:
        """The heads now; with a `projection` of another camera only where they are."""
        assert self.relief is not None and self.style is not None and self.seen is not None
        step, found = self.seen.step, []
        if not shown:
            return []
        places = [last_place(self.relief, trail.path, max(
            int(np.searchsorted(trail.steps, step, side="right")) - 1, 0)) for _, trail in shown]
        points = np.array([point for point, _ in places])
        pixels = self.to_pixels(points, projection)
        shares = (self.marks_seen(points, self.style.px(MARKER)) if projection is None
                  else np.ones(len(points)))
        for (appearance, trail), (_, beyond), pixel, share in zip(
                shown, places, pixels, shares, strict=True):
            at = QPointF(float(pixel[0]), float(pixel[1]))
            # One who is beyond the rim is not hidden by what is before it.
            opacity = 1.0 if beyond is not None else HIDDEN + (1 - HIDDEN) * float(share)
            found.append(Head(
                replace(appearance, opacity=opacity * appearance.opacity),
                head_text(appearance, trail, step), at,
                self.to_pixel(*beyond) if beyond is not None and projection is None else None))
        return found

    def head_near(self, pixel: QPointF) -> int | None:
        """The contestant whose marker a click at a pixel is meant for."""
        assert self.style is not None
        away = {index: (pixel - head.at).manhattanLength() for index, head in self.heads.items()}
        nearest = min(away, key=lambda index: away[index], default=None)
        return nearest if nearest is not None and away[nearest] < self.style.px(NEAR) else None

    # ---- painting

    def restyled(self, style: Style) -> None:
        self._kept.clear()

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, bounds = self.style, self.area()
        self._choices = ()
        if self.relief is None or style is None or self.seen is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        raster = is_raster(painter)
        self._ratio = device_ratio(painter) if raster else VECTOR_RATIO
        wordy = min(bounds.width(), bounds.height()) >= style.px(WORDY)
        box, self._shown = self._drawn(style, bounds, _margins(bounds, style) if wordy else MARGINS)
        trails = self._kept.of("trails seen", tuple(Same(line) for line in self.lines), lambda: [
            SeenTrail(line.draped, line.steps, _levels(line.appearance), line.appearance.opacity)
            for line in self.lines])
        pixels = self._shown.with_trails(trails, self.seen.step,
                                         trail_look(style, self._ratio))
        painter.drawImage(bounds, as_image(pixels))
        covered = self.paint_marks(painter, bounds)
        if wordy and self.live:
            self._choices = (self._choice(style, bounds),)
            paint_segments(painter, style, self._choices)
            covered = [*covered, self._choices[0].rect]
        if wordy:
            corner = bounds.topLeft()
            painter.translate(corner)
            names = (*self.names[:2], heights_name(self.names[2], self.relief))
            words = paint_words(painter, box, names, style, self._ratio,
                                QRectF(0, 0, bounds.width(), bounds.height()),
                                [rect.translated(-corner) for rect in covered])
            painter.translate(-corner)
            covered = [*covered, *(rect.translated(corner) for rect in words)]
        self.paint_beside(painter, bounds, covered)
        if self.hasFocus():
            painter.setPen(QPen(QColor(style.theme.accent), style.px(1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            half = style.px(0.75)
            painter.drawRoundedRect(bounds.adjusted(half, half, -half, -half), style.px(8),
                                    style.px(8))

    def _drawn(self, style: Style, bounds: QRectF, margins: Margins
               ) -> tuple[BoxPicture, ReliefPicture]:
        """The box and the surface, drawn anew only when one of them or the camera has changed."""
        relief, ratio = self.relief, self._ratio
        assert relief is not None
        size = max(1, round(bounds.width() * ratio)), max(1, round(bounds.height() * ratio))
        azimuth, elevation, zoom = self.camera
        beside, above, below = (style.px(margin) * ratio for margin in margins)
        self._frame = size, (beside, above, below)
        self._camera = camera = Camera(azimuth, elevation, zoom, self.distance)

        def make() -> tuple[BoxPicture, ReliefPicture]:
            projection = self._projection(camera)
            box = ticked_box(relief, projection, style, ratio, *self._frame, zoom)
            canvas = self._kept.of("canvas", size, lambda: Canvas(size))
            return box, draw_relief(relief, projection, box, size, paint_of(style, ratio),
                                    around_of(style, ratio), canvas=canvas)

        return self._kept.of("picture", (Same(relief), camera, size, ratio, style), make)

    def _projection(self, camera: Camera) -> Projection:
        """How a camera sees the relief in the frame that it was painted in last."""
        assert self.relief is not None
        size, margins = self._frame
        return camera.onto(*size, self.relief.radius, margins)

    def _choice(self, style: Style, bounds: QRectF) -> Segment:
        """The word in the corner that takes perspective away, lit while there is none."""
        word = "orthographic"
        width = QFontMetricsF(style.font(12)).horizontalAdvance(word) + style.px(14)
        return Segment("projection", self.other_projection, word, self.orthographic, QRectF(
            bounds.right() - width, bounds.top(), width, style.px(HEIGHT)))


def _margins(bounds: QRectF, style: Style) -> Margins:
    """Room for words around the box."""
    beside, above, below = WORDS_MARGINS
    wide = BESIDE * bounds.width() / style.px(1)
    return min(beside, max(LEAST_BESIDE, wide)), above, below


def _levels(appearance: Appearance) -> tuple[float, float, float]:
    red, green, blue = rgb(appearance.color)
    return red, green, blue
