"""A view whose camera is taken round by mouse and keys.

A drag goes round and over what is shown, the wheel nears, a double click or Home goes back; with
the focus on it, arrow keys do what a drag does, and O takes perspective away. The camera is part of
how a file is looked at, so a film shows what the window does.
"""

from __future__ import annotations

from math import inf
from typing import Any

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtWidgets import QGraphicsItem

from engine.camera import USUAL_CAMERA
from engine.relief import Camera
from engine.snapshot import Snapshot

from .quantity_choice import Segment, segment_at
from .view import Eye, Look, View

# A design pixel of a drag, and an arrow key, in degrees.
DEGREES_A_PIXEL, DEGREES_A_KEY = 0.35, 5.0
KEYS = (("Go round and over it", "arrows"), ("Nearer, further", "PgUp, PgDown"),
        ("The usual camera", "Home"), ("With or without perspective", "O"))
# A notch of the mouse wheel, and the page keys.
NOTCH, NEARER = 120.0, 1.15
LEAST_ZOOM, MOST_ZOOM = 0.4, 8.0
LOWEST, HIGHEST = 4.0, 90.0
# From further away than 1,000 times the scene nothing differs by a pixel, and depths lose digits.
LEAST_NEARNESS = 1e-3


class TurnedView(View):
    """Asks for cameras; subclasses paint what the camera sees."""

    takes_moves = True

    def __init__(self) -> None:
        super().__init__()
        self._turning: Eye | None = None
        # What was asked for since the last frame: the next notch of a wheel goes on from there.
        self._wished: Eye | None = None
        self._choices: tuple[Segment, ...] = ()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)

    # ---- what subclasses say

    def hovered(self, pixel: QPointF | None) -> None:
        """The mouse is over a pixel, or has left."""

    def takes_hold(self, pixel: QPointF) -> bool:
        """Whether a drag that begins there is not the camera's."""
        return False

    def held_at(self, pixel: QPointF, *, last: bool) -> None:
        """What was taken hold of is dragged to a pixel."""

    def clicked(self, pixel: QPointF) -> None:
        """A click that is no beginning of a double click."""

    # ---- the camera

    @property
    def camera(self) -> Eye:
        """Azimuth, elevation and zoom."""
        return self._wished or self.look.camera or USUAL_CAMERA

    @property
    def orthographic(self) -> bool:
        """Whether what is further away is as large."""
        return self.look.projection == "orthographic"

    @property
    def distance(self) -> float:
        """How far away the eye is: at infinity the projection is orthographic.

        On a slide from the one to the other, what is further away becomes evenly larger.
        """
        flatness = self.look.flatness
        if flatness is None:
            flatness = float(self.orthographic)
        nearness = (1 - flatness) / Camera().distance
        return 1 / nearness if nearness > LEAST_NEARNESS else inf

    @property
    def other_projection(self) -> str:
        """The projection that is not shown."""
        return "perspective" if self.orthographic else "orthographic"

    def draw(self, snapshot: Snapshot, look: Look) -> None:
        self._wished = None
        super().draw(snapshot, look)

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
        segment = segment_at(self._choices, event.pos())
        if segment is not None:
            self.asked.emit(segment.kind, segment.value)
        elif event.double():
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
        elif event.key() == Qt.Key.Key_O and not event.modifiers():
            self.asked.emit("projection", self.other_projection)
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
