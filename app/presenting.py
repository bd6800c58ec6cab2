"""Presenting: only the stage, on the whole screen, and back to the window as it was."""

from __future__ import annotations

from PyQt6.QtWidgets import QMainWindow, QStackedWidget


class Presenting:
    """Turns the pages of a window: 0 is the lab, 1 the stage."""

    def __init__(self, window: QMainWindow, pages: QStackedWidget) -> None:
        self._window, self._pages = window, pages
        self._was_maximised = False

    def toggle(self) -> None:
        """Present, or leave it."""
        if self._pages.currentIndex() == 1:
            self.leave()
            return
        self._was_maximised = self._window.isMaximized()
        self._pages.setCurrentIndex(1)
        self._window.showFullScreen()

    def leave(self) -> None:
        """Back to the lab."""
        if self._pages.currentIndex() == 1:
            self._pages.setCurrentIndex(0)
            (self._window.showMaximized if self._was_maximised else self._window.showNormal)()
