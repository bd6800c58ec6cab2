"""A view with the run along an axis: a click there goes to its step, and a drag moves through time.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPointF, Qt

from .gradual import GradualView


class SeekingView(GradualView):
    """Subclasses say where steps lie, and what else a click can mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self.mouse: QPointF | None = None
        """Where the mouse is over the view."""

    def step_at(self, pixel: QPointF, begun: QPointF) -> float | None:
        """The step that a pixel stands for, if the mouse was pressed (`begun`) over an axis of
        time; it may be beyond the run."""
        raise NotImplementedError

    def takes_click(self, pixel: QPointF) -> bool:
        """Whether a click on a pixel means something else, which it then does."""
        return False

    def hoverEvent(self, event: Any) -> None:
        self.mouse = None if event.isExit() else event.pos()
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
        self.noted.emit()

    def mouseDragEvent(self, event: Any) -> None:
        self._seek(event, event.buttonDownPos())

    def mouseClickEvent(self, event: Any) -> None:
        if self.takes_click(event.pos()):
            event.accept()
        else:
            self._seek(event, event.pos())

    def _seek(self, event: Any, begun: QPointF) -> None:
        step = None if self.snapshot is None else self.step_at(event.pos(), begun)
        if step is None:
            event.ignore()
            return
        assert self.snapshot is not None
        event.accept()
        self.asked.emit("seek", min(max(round(step), 0), self.snapshot.experiment.steps))
