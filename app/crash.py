"""When the program itself fails: keep the work, write a report, tell the viewer, go on."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from .preferences import state_folder

if TYPE_CHECKING:
    from .main_window import MainWindow


def install_crash_reporter(window: MainWindow) -> None:
    """Catch what no one else caught: Qt would end the process without a word."""
    last = ""

    def report(kind: type[BaseException], error: BaseException,
               trace: TracebackType | None) -> None:
        nonlocal last
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        if text == last:
            # What fails in every frame is one failure.
            return
        last = text
        kept = _attempt(window.files.saving.autosave)
        path = state_folder() / "crashes" / f"{datetime.now():%Y-%m-%d-%H%M%S-%f}.txt"
        if _attempt(lambda: _write(path, text)):
            where = f"A report is in {path}."
        else:
            where = "No report could be written."
            sys.stderr.write(text)
        window.notice.warn(
            f"Something went wrong in Trainscope itself ({kind.__name__}: {error}). "
            f"Your experiment {'is kept' if kept else 'could not be saved aside: save it now'}. "
            f"{where}")

    sys.excepthook = report


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _attempt(action: Callable[[], None]) -> bool:
    """Whether it went well: a second failure must not hide the first."""
    try:
        action()
    except Exception:
        return False
    return True
