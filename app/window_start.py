"""Starting the window: the application, its fonts, the crash reporter, the first document."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from engine.data.own_file import is_data_file
from engine.lesson import open_file
from engine.listing import lesson_files

from . import typefaces
from .crash import install_crash_reporter
from .splash import warm_visibly
from .starting import starting_on_data
from .warmup import warm_in_background


def make_application() -> QApplication:
    """The one application object, styled the same on every system."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Trainscope")
    application.setStyle("Fusion")
    typefaces.install()
    application.setFont(typefaces.font(15))
    return application


def open_window(path: str | Path | None = None) -> int:
    """Open the window with a file, and run until it is closed; the exit status."""
    from .main_window import MainWindow

    if path is not None:
        # A file that is refused is told on the terminal, before a window opens.
        starting_on_data(path) if is_data_file(path) else open_file(path)
    application = make_application()
    warm_visibly()
    window = MainWindow()
    install_crash_reporter(window)
    window.show()
    if path is not None:
        window.files.open(Path(path))
    elif lesson_files():
        window.open_lesson(next(iter(lesson_files())))
    window.files.saving.offer_recovery()
    if os.environ.get("TRAINSCOPE_FIRST_FRAME"):
        return _until_first_frame(application, window)
    # Not at once: the first picture comes first.
    QTimer.singleShot(1000, warm_in_background)
    return application.exec()


def _until_first_frame(application: QApplication, window: object) -> int:
    """For the benchmark: end as soon as the first picture of a race is on the screen."""
    from .main_window import MainWindow

    assert isinstance(window, MainWindow)
    window.session.wait()
    application.processEvents()
    window.close()
    return 0
