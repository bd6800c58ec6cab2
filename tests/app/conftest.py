"""What every test of the window shares: the bundled fonts, and a watch for what is left running."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from leak_watch import orphaned_timers, running_threads
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication

from app import typefaces

# A thread that was asked to stop may take until the end of its current chunk of work.
PATIENCE = 2.0


def pytest_collection_finish() -> None:
    """Leave out of the watch's searches all that is there before the first test.

    Each of them would go through every object of Qt, Numba and pydantic: 0.2 s a test.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """pytest-qt's application, with the bundled fonts and the style that the window uses."""
    QApplication.setStyle("Fusion")
    typefaces.install()
    return qapp


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread running, or a timer that belongs to nothing alive."""
    threads = set(running_threads())
    timers = {id(timer) for timer in orphaned_timers()}
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    deadline = time.monotonic() + PATIENCE
    while (left := set(running_threads()) - threads) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"left running: {', '.join(sorted(map(str, left)))}"
    ticking = [timer for timer in orphaned_timers() if id(timer) not in timers]
    assert not ticking, f"{len(ticking)} active timer(s) without a living parent: {ticking}"
