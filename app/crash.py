"""When the program itself fails: keep the work, write a report, tell the viewer, go on."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from .preferences import state_folder

if TYPE_CHECKING:
    from .main_window import MainWindow


def install_crash_reporter(window: MainWindow) -> None:
    """Catch what no one else caught: Qt would end the process without a word."""

    def report(kind: type[BaseException], error: BaseException,
               trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        window.files.autosave()
        try:
            folder = state_folder() / "crashes"
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{datetime.now():%Y-%m-%d-%H%M%S}.txt"
            path.write_text(text, encoding="utf-8")
            where = f"A report is in {path}."
        except OSError:
            where = "No report could be written."
            sys.stderr.write(text)
        window.notice.warn(
            f"Something went wrong in Trainscope itself ({kind.__name__}: {error}). "
            f"Your experiment is kept. {where}")

    sys.excepthook = report
