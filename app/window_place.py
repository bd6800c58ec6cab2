"""Where the window stood and how its columns were parted, from one start to the next."""

from __future__ import annotations

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMainWindow, QSplitter

from .preferences import Preferences

COLUMNS = [250, 10_000, 352]


def restore(window: QMainWindow, splitter: QSplitter, preferences: Preferences) -> None:
    """Take the place of last time, or the whole of a screen smaller than a full HD one."""
    window.resize(1920, 1080)
    geometry = preferences.geometry("window")
    if geometry is not None:
        window.restoreGeometry(geometry)
    else:
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            window.resize(window.size().boundedTo(screen.availableGeometry().size()))
    state = preferences.geometry("splitter")
    if state is None or not splitter.restoreState(state):
        splitter.setSizes(COLUMNS)


def remember(window: QMainWindow, splitter: QSplitter, preferences: Preferences) -> None:
    """Keep the place for next time."""
    preferences.set_geometry("window", window.saveGeometry())
    preferences.set_geometry("splitter", splitter.saveState())
