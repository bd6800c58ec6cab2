"""What every network says: over the plane of its inputs, along its only one, or of images."""

from __future__ import annotations

from typing import Any, Literal

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from engine.snapshot import Snapshot

from ..theme import Style
from .blank_plane import BlankPlane
from .digit_grid import DigitGrid
from .draft_points import paint_brush
from .fitted_curve import FittedCurve
from .ground import Ground, Touch
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
        self._blank = BlankPlane(self._maps, self._curve)
        self._picture: PlaneMaps | FittedCurve | DigitGrid | BlankPlane = self._maps
        self._kept = Kept()
        self._frame: MapFrame | None = None
        self._hover: QPointF | None = None
        self._note = ""
        self._segments: tuple[Segment, ...] = ()
        # Which of the grounds a stroke goes on, and how that lay at last.
        self._stroke: int | None = None
        self._held: Ground | None = None

    def title(self) -> str:
        return {FittedCurve: "Fitted curve", DigitGrid: "Predictions", BlankPlane: "Drawing"}.get(
            type(self._picture), "")

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
        if look.draft is None:
            self._stroke = None
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()
        if self._hover is not None:
            self.noted.emit()

    def _suitable(self, frame: MapFrame) -> PlaneMaps | FittedCurve | DigitGrid | BlankPlane:
        data, draft = frame.material.data, frame.look.draft
        if draft is not None and (draft.lacking or not draft.is_on(data)):
            return self._blank
        if data.task == "classes":
            return self._maps if data.image is None else self._digits
        return self._curve if len(data.columns) == 1 else self._maps

    def paint(self, painter: QPainter, *_: Any) -> None:
        frame = self._frame
        if frame is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect()
        if not frame.shown and self._picture is not self._blank:
            say(painter, rect, "All contestants are muted.", frame.style)
            return
        top = frame.style.px(CHOICE_ROOM) if self._may_choose(frame) else 0.0
        self._picture.paint(painter, rect.adjusted(0, top, 0, 0), frame)
        # What is shown by default hangs on the room, and is known only now.
        self._segments = choice(frame.style, self._maps.common, rect.right(), rect.width()) if (
            top and self._picture is self._maps) else ()
        paint_segments(painter, frame.style, self._segments)
        self._paint_brush(painter, frame)
        if self._hover is None and (note := self.note()) != self._note:
            # What there is to say hangs on what there was room for.
            self._note = note
            self.noted.emit()

    def _may_choose(self, frame: MapFrame) -> bool:
        """Whether there are boundaries of several to be put on one map, and room to say so."""
        # An empty plane leaves the same room: under the brush it must not move.
        return (self.live and self._picture in (self._maps, self._blank) and len(frame.shown) > 1
                and frame.material.data.task == "classes"
                and self.rect().height() >= frame.style.px(LEAST_FOR_CHOICE))

    # ---- drawing

    @property
    def ground(self) -> Ground | None:
        """A plane that can be drawn on, as it is shown now."""
        return next(iter(self._picture.grounds()), None) if self._frame is not None else None

    def _paint_brush(self, painter: QPainter, frame: MapFrame) -> None:
        draft, at = frame.look.draft, self._hover
        if draft is None or at is None:
            return
        ground = next((g for g in self._picture.grounds() if g.body.contains(at)), None)
        if ground is not None:
            painter.save()
            painter.setClipRect(ground.body)
            paint_brush(painter, draft, at, frame.style)
            painter.restore()

    def _touch(self, kind: Literal["press", "move", "release"], at: QPointF) -> None:
        assert self.style is not None and self._stroke is not None
        # A picture that has just changed has no ground before it is painted.
        grounds = self._picture.grounds() or (self._held,)
        ground = self._held = grounds[min(self._stroke, len(grounds) - 1)]
        assert ground is not None
        self.asked.emit("draw", Touch(kind, (at.x(), at.y()), ground, self.style.px(1)))

    def mousePressEvent(self, event: Any) -> None:
        # Qt's own events: pyqtgraph waits to see whether a press becomes a click or a drag.
        event.ignore()
        frame = self._frame
        if (frame is None or frame.look.draft is None
                or event.button() != Qt.MouseButton.LeftButton):
            return
        for place, ground in enumerate(self._picture.grounds()):
            if ground.body.contains(event.pos()):
                event.accept()
                self._stroke = place
                self._touch("press", event.pos())
                return

    def mouseMoveEvent(self, event: Any) -> None:
        if self._stroke is not None:
            self._hover = event.pos()
            self._touch("move", event.pos())
            self.update()

    def mouseReleaseEvent(self, event: Any) -> None:
        if self._stroke is not None and event.button() == Qt.MouseButton.LeftButton:
            self._touch("release", event.pos())
            self._stroke = None

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
        if self.look.draft is not None:
            self.update()

    def wheelEvent(self, event: Any) -> None:
        if self._picture not in (self._maps, self._blank) or self._frame is None:
            event.ignore()
            return
        event.accept()
        zoom = self._picture.zoomed(event.pos(), ZOOM_A_NOTCH ** (event.delta() / NOTCH))
        self.asked.emit("zoom", zoom)


decision_map = ViewDefinition(
    "decision-map", "Decision map",
    "The plane of inputs coloured by each network's output, its fitted curve, or what it takes "
    "images for.",
    DecisionMap, weight=(1.7, 1.5), kinds=frozenset({"network"}),
)
