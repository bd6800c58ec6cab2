"""The window on a fresh profile, as tests open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt6.QtGui import QGuiApplication

from app.main_window import MainWindow
from app.preferences import Preferences
from app.recovery import Recovery
from app.window_start import make_application


@contextmanager
def window_at(folder: Path, size: tuple[int, int] = (1920, 1080)) -> Iterator[MainWindow]:
    """A light window whose race is computed; it is closed afterwards, whatever was edited."""
    make_application()
    preferences = Preferences(folder / "window.ini")
    preferences.theme = "light"
    window = MainWindow(preferences, Recovery(folder / "unsaved"))
    window.resize(*size)
    window.show()
    window.session.wait()
    try:
        yield window
    finally:
        window.document.set_clean()
        window.close()
        window.deleteLater()


def settle(window: MainWindow) -> None:
    """Let the race be computed and shown."""
    window.session.wait()
    QGuiApplication.processEvents()
