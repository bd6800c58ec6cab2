"""A view that finds out what it shows as time allows, and at once where nobody is watching.

On a screen every frame is given a share of itself for it, and while nothing else is drawn it goes
on by itself; films, stills and scripts get the whole.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PyQt6.QtCore import QTimer

from .view import View


class GradualView(View):
    """Draw with `patience` seconds of work, and call `go_on` where that did not suffice."""

    share: ClassVar[float] = 1.5e-3
    """Seconds of a frame that finding out may take while somebody watches."""
    rest_ms: ClassVar[int] = 15
    """How long it rests in between."""

    def __init__(self) -> None:
        super().__init__()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(self.rest_ms)
        self._later.timeout.connect(self._draw_on)

    def patience(self) -> float | None:
        """Seconds that may be worked in this frame; None, without an end, where nobody waits."""
        scene = self.scene()
        watched = scene is not None and any(view.isVisible() for view in scene.views())
        return self.share if watched else None

    def go_on(self) -> None:
        """Draw once more soon, since there is more to find out."""
        self._later.start()

    def _draw_on(self) -> None:
        if self.isVisible():
            self.redraw()

    def resizeEvent(self, event: Any) -> None:
        self.redraw()
