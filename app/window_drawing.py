"""The window's dealings with drawing: on which view, with which keys, and where it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QScrollArea

from .drawing import Canvas, Drawing
from .drawing_keys import DrawingKeys
from .views.decision_map import DecisionMap
from .views.draft import Draft

if TYPE_CHECKING:
    from .main_window import MainWindow

STALE = 0.35


class WindowDrawing(Drawing):
    """The drawing of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window.document, window.session, window.editor.points, self._seen_map)
        self._window = window
        self._keys = DrawingKeys(self, window)

    def join(self) -> None:
        """Join the parts of the window, which are there now."""
        window = self._window
        window.editor.fitted = window.network.with_batch
        window.session.refused.connect(self.run_refused)
        for tell in (window.notice.warn, window.problem.refuse, window.network.refuse):
            self.refused.connect(tell)
        self.changed.connect(self._show_draft)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self._keys)

    def close(self) -> None:
        """Take no more keys."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self._keys)

    def _seen_map(self) -> Canvas | None:
        window = self._window
        board = window.board if window.pages.currentIndex() == 0 else window.stage.board
        view = board.view("decision-map")
        return view if isinstance(view, DecisionMap) else None

    def _show_draft(self, draft: Draft | None) -> None:
        card = self._window.network.data
        opening = draft is not None and card.brushes.isHidden()
        card.show_draft(draft, self._window.style_now)
        # What other views show is not learnt from what is on the plane, if that cannot be learnt.
        behind = draft is not None and bool(draft.lacking)
        for board in (self._window.board, self._window.stage.board):
            for part in board.cards():
                part.setOpacity(STALE if behind and part.view is not self._seen_map() else 1.0)
        if opening:
            QTimer.singleShot(0, self._reveal)

    def _reveal(self) -> None:
        """Scroll the panel to where the brushes are."""
        brushes = self._window.network.data.brushes
        area = brushes.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(brushes, 0, 24)
