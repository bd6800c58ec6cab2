"""What every network says: over the plane of its inputs, along its only one, or of images."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter

from engine.snapshot import Snapshot

from ..theme import Style
from .digit_grid import DigitGrid
from .fitted_curve import FittedCurve
from .kept import Kept
from .map_choice import choice
from .map_frame import MapFrame
from .panel_grid import say
from .plane_maps import PlaneMaps
from .quantity_choice import Segment, paint_segments, segment_at
from .view import Look, View, ViewDefinition, appearances

# A notch of the mouse wheel.
NOTCH, ZOOM_A_NOTCH = 120.0, 0.85
# What the choice takes of the height, and from which height on it is there, in design pixels.
CHOICE_ROOM, LEAST_FOR_CHOICE = 26.0, 250.0


class DecisionMap(View):
    """The picture that suits the data; a click chooses a contestant, the wheel zooms.

    The small choice, a double click or the note put all boundaries on one map, or side by side.
    """

    def __init__(self) -> None:
        super().__init__()
        self._maps, self._curve, self._digits = PlaneMaps(), FittedCurve(), DigitGrid()
        self._picture: PlaneMaps | FittedCurve | DigitGrid = self._maps
        self._kept = Kept()
        self._frame: MapFrame | None = None
        self._hover: QPointF | None = None
        self._note = ""
        self._segments: tuple[Segment, ...] = ()

    def title(self) -> str:
        return {FittedCurve: "Fitted curve", DigitGrid: "Predictions"}.get(type(self._picture), "")

    def note(self) -> str:
        return self._picture.note(self._hover) if self._frame is not None else ""

    def restyled(self, style: Style) -> None:
        self._kept.clear()

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        shown = tuple(a for a in appearances(snapshot.experiment, self.style, look)
                      if a is not None)
        self._frame = MapFrame(snapshot, look, self.style, shown, self._kept)
        self._picture = self._suitable(self._frame)
        self.update()
        if self._hover is not None:
            self.noted.emit()

    def _suitable(self, frame: MapFrame) -> PlaneMaps | FittedCurve | DigitGrid:
        data = frame.material.data
        if data.task == "classes":
            return self._maps if data.image is None else self._digits
        return self._curve if len(data.columns) == 1 else self._maps

    def paint(self, painter: QPainter, *_: Any) -> None:
        frame = self._frame
        if frame is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if not frame.shown:
            say(painter, rect, "All contestants are muted.", frame.style)
            return
        top = frame.style.px(CHOICE_ROOM) if self._may_choose(frame) else 0.0
        self._picture.paint(painter, rect.adjusted(0, top, 0, 0), frame)
        # What is shown by default hangs on the room, and is known only now.
        self._segments = choice(frame.style, self._maps.common, rect.right(), rect.width()) if (
            top) else ()
        paint_segments(painter, frame.style, self._segments)
        if self._hover is None and (note := self.note()) != self._note:
            # What there is to say hangs on what there was room for.
            self._note = note
            self.noted.emit()

    def _may_choose(self, frame: MapFrame) -> bool:
        """Whether there are boundaries of several to be put on one map, and room to say so."""
        return (self.live and self._picture is self._maps and len(frame.shown) > 1
                and frame.material.data.task == "classes"
                and self.rect().height() >= frame.style.px(LEAST_FOR_CHOICE))

    # ---- mouse

    def note_clicked(self) -> None:
        """Put all boundaries on one map, or each on its own again."""
        self.asked.emit("boundaries", "apart" if self._maps.common else "together")

    def mouseClickEvent(self, event: Any) -> None:
        segment = segment_at(self._segments, event.pos())
        if segment is not None:
            event.accept()
            self.asked.emit(segment.kind, segment.value)
            return
        if event.double():
            event.accept()
            self.note_clicked()
            return
        index = self._picture.contestant_at(event.pos())
        if index is None:
            event.ignore()
        else:
            event.accept()
            self.asked.emit("choose", index)

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        self.noted.emit()

    def wheelEvent(self, event: Any) -> None:
        if self._picture is not self._maps or self._frame is None:
            event.ignore()
            return
        event.accept()
        zoom = self._maps.zoomed(event.pos(), ZOOM_A_NOTCH ** (event.delta() / NOTCH))
        self.asked.emit("zoom", zoom)


decision_map = ViewDefinition(
    "decision-map", "Decision map",
    "The plane of inputs coloured by each network's output, its fitted curve, or what it takes "
    "images for.",
    DecisionMap, weight=(1.7, 1.5), kinds=frozenset({"network"}),
)
