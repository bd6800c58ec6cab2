"""A view in three dimensions: a relief with trails, round which the viewer takes the camera.

A drag goes round and over it, the wheel nears, a double click or Home goes back; with the focus on
it, arrow keys do what a drag does. The camera is part of how a file is looked at, so a film shows
what the window does. The picture is the engine's; only words and marks are Qt's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsItem

from engine.camera import USUAL_CAMERA
from engine.relief import (
    BoxPicture,
    Camera,
    Draped,
    Relief,
    ReliefPicture,
    Trail,
    draw_relief,
    seen,
)
from engine.relief.sizes import CEILING
from engine.snapshot import Snapshot

from ..theme import Style
from .kept import Kept, Same
from .relief_axes import Margins, heights_name, paint_words, ticked_box
from .relief_paint import around_of, paint_of, trail_look
from .trails import as_image, device_ratio, is_raster, rgb
from .view import Appearance, Eye, Look, View

# A design pixel of a drag, and an arrow key, in degrees.
DEGREES_A_PIXEL, DEGREES_A_KEY = 0.35, 5.0
KEYS = (("Go round and over it", "arrows"), ("Nearer, further", "PgUp, PgDown"),
        ("The usual camera", "Home"))
# A notch of the mouse wheel, and the page keys.
NOTCH, NEARER = 120.0, 1.15
LEAST_ZOOM, MOST_ZOOM = 0.4, 8.0
LOWEST, HIGHEST = 4.0, 90.0
# In a smaller picture words would be all that is seen; in design pixels.
WORDY = 200.0
# Beside, above and below the box, with words and without.
WORDS_MARGINS, MARGINS = (50.0, 8.0, 16.0), (8.0, 8.0, 8.0)
# What a name and its marker keep of their opacity behind a hill.
HIDDEN = 0.45
# Pixels of files whose pictures are enlarged: a surface is an image among their texts.
VECTOR_RATIO = 2.0


@dataclass(frozen=True, eq=False)
class Line:
    """A contestant's way on the surface: at which step each of its points is passed."""

    appearance: Appearance
    draped: Draped
    steps: NDArray[np.float64]


class ReliefView(View):
    """Subclasses give `relief`, `lines` and `names` in `drawn`, and paint their marks."""

    takes_moves = True

    def __init__(self) -> None:
        super().__init__()
        self.relief: Relief | None = None
        self.lines: Sequence[Line] = ()
        self.names: tuple[str, str, str] = ("", "", "")
        self.words: list[QRectF] = []
        """Where the words at the axes stand."""
        self._kept = Kept()
        self._shown: ReliefPicture | None = None
        self._ratio = 1.0
        self._turning: Eye | None = None
        # What was asked for since the last frame: the next notch of a wheel goes on from there.
        self._wished: Eye | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)

    # ---- what subclasses say

    def area(self) -> QRectF:
        """Where the picture is."""
        return self.rect()

    def paint_marks(self, painter: QPainter, bounds: QRectF) -> None:
        """Paint what stands on the surface."""

    def hovered(self, pixel: QPointF | None) -> None:
        """The mouse is over a pixel, or has left."""

    def takes_hold(self, pixel: QPointF) -> bool:
        """Whether a drag that begins there is not the camera's."""
        return False

    def held_at(self, pixel: QPointF, *, last: bool) -> None:
        """What was taken hold of is dragged to a pixel."""

    def clicked(self, pixel: QPointF) -> None:
        """A click that is no beginning of a double click."""

    # ---- places

    @property
    def camera(self) -> Eye:
        """Azimuth, elevation and zoom."""
        return self._wished or self.look.camera or USUAL_CAMERA

    @property
    def picture(self) -> ReliefPicture | None:
        """The picture that was painted last, for whoever looks for a place on it."""
        return self._shown

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is seen, or would be, on the surface."""
        assert self.relief is not None and self._shown is not None
        (x0, x1), (y0, y1) = self.relief.x_range, self.relief.y_range
        inside = np.array([[min(max(x, x0), x1), min(max(y, y0), y1)]])
        height = self.relief.draped(np.nan_to_num(inside)).points[0, 2]
        place = self.relief.placed(np.nan_to_num(np.array([[x, y]])))[0]
        column, row, _ = self._shown.projection.project(
            np.array([[*np.clip(place, -1e3, 1e3), np.nan_to_num(height)]]))[0]
        return QPointF(float(column), float(row)) / self._ratio + self.area().topLeft()

    def point_at(self, pixel: QPointF) -> tuple[float, float] | None:
        """The point of the plane whose surface is seen in a pixel; None beside the surface."""
        if self._shown is None:
            return None
        at = (pixel - self.area().topLeft()) * self._ratio
        return self._shown.point_at(at.x(), at.y())

    def pixel_at_height(self, x: float, y: float, height: float) -> QPointF:
        """Where a height over a point of the plane is seen, no higher than the surface goes."""
        assert self.relief is not None and self._shown is not None
        z = np.nan_to_num(self.relief.raised(np.array([height])), nan=CEILING)
        place = self.relief.placed(np.array([[x, y]]))[0]
        column, row, _ = self._shown.projection.project(
            np.array([[*place, min(float(z[0]), CEILING)]]))[0]
        return QPointF(float(column), float(row)) / self._ratio + self.area().topLeft()

    def is_seen(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points (n, 2) of the plane lie on a part of the surface that no hill hides."""
        assert self.relief is not None and self._shown is not None
        return seen(self.relief.draped(points), self._shown.projection, self._shown.depths)

    # ---- painting

    def restyled(self, style: Style) -> None:
        self._kept.clear()

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        self._wished = None
        super().draw(snapshot, look)

    def paint(self, painter: QPainter, *_: Any) -> None:
        style, bounds = self.style, self.area()
        if self.relief is None or style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        raster = is_raster(painter)
        self._ratio = device_ratio(painter) if raster else VECTOR_RATIO
        wordy = min(bounds.width(), bounds.height()) >= style.px(WORDY)
        box, self._shown = self._drawn(style, bounds, WORDS_MARGINS if wordy else MARGINS)
        trails = self._kept.of("trails seen", tuple(Same(line) for line in self.lines), lambda: [
            Trail(line.draped, line.steps, _levels(line.appearance), line.appearance.opacity)
            for line in self.lines])
        pixels = self._shown.with_trails(trails, self.snapshot.step,
                                         trail_look(style, self._ratio))
        painter.drawImage(bounds, as_image(pixels))
        self.words = []
        if wordy:
            painter.translate(bounds.topLeft())
            names = (*self.names[:2], heights_name(self.names[2], self.relief))
            words = paint_words(painter, box, names, style, self._ratio,
                                QRectF(0, 0, bounds.width(), bounds.height()))
            painter.translate(-bounds.topLeft())
            self.words = [rect.translated(bounds.topLeft()) for rect in words]
        self.paint_marks(painter, bounds)
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

        def make() -> tuple[BoxPicture, ReliefPicture]:
            beside, above, below = (style.px(margin) * ratio for margin in margins)
            room = beside, above, below
            projection = Camera(azimuth, elevation, zoom).onto(*size, relief.radius, room)
            box = ticked_box(relief, projection, style, ratio, size, zoom, room)
            return box, draw_relief(relief, projection, box, size, paint_of(style, ratio),
                                    around_of(style, ratio))

        return self._kept.of("picture", (Same(relief), self.camera, size, ratio, style), make)

    # ---- mouse and keys

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.style is None:
            event.ignore()
            return
        if event.isStart():
            held = self.takes_hold(event.buttonDownPos())
            self._turning = None if held else self.camera
        event.accept()
        if self._turning is None:
            self.held_at(event.pos(), last=event.isFinish())
            return
        way = (event.pos() - event.buttonDownPos()) / self.style.px(1)
        azimuth, elevation, zoom = self._turning
        self._turn_to(azimuth - DEGREES_A_PIXEL * way.x(), elevation + DEGREES_A_PIXEL * way.y(),
                      zoom)
        if event.isFinish():
            self.asked.emit("release", None)

    def mouseClickEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if event.double():
            self._go_back()
        else:
            self.clicked(event.pos())

    def hoverEvent(self, event: Any) -> None:
        # A drag begins here, and not on what lies below.
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
        self.hovered(None if event.isExit() else event.pos())

    def wheelEvent(self, event: Any) -> None:
        event.accept()
        self._near(event.delta() / NOTCH)

    def keyPressEvent(self, event: Any) -> None:
        azimuth, elevation, zoom = self.camera
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key(), 0)
        upwards = {Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1}.get(event.key(), 0)
        nearer = {Qt.Key.Key_PageDown: -1, Qt.Key.Key_PageUp: 1}.get(event.key(), 0)
        if sideways or upwards:
            self._turn_to(azimuth + sideways * DEGREES_A_KEY, elevation + upwards * DEGREES_A_KEY,
                          zoom)
        elif nearer:
            self._near(nearer)
        elif event.key() == Qt.Key.Key_Home:
            self._go_back()
        else:
            event.ignore()
            return
        event.accept()

    def focusInEvent(self, event: Any) -> None:
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        self.update()

    def _go_back(self) -> None:
        """To the usual camera."""
        self._wished = USUAL_CAMERA
        self.asked.emit("camera", None)

    def _near(self, notches: float) -> None:
        azimuth, elevation, zoom = self.camera
        self._turn_to(azimuth, elevation, zoom * NEARER**notches)

    def _turn_to(self, azimuth: float, elevation: float, zoom: float) -> None:
        """Ask for a camera, with no more digits than can be told from one another."""
        self._wished = (round((azimuth + 180) % 360 - 180, 2),
                        round(min(max(elevation, LOWEST), HIGHEST), 2),
                        float(f"{min(max(zoom, LEAST_ZOOM), MOST_ZOOM):.4g}"))
        self.asked.emit("camera", self._wished)


def _levels(appearance: Appearance) -> tuple[float, float, float]:
    red, green, blue = rgb(appearance.color)
    return red, green, blue
