"""What every test of the window shares: the bundled fonts, and a watch for what is left running."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from control_rig import Rig
from leak_watch import orphaned_timers, running_threads
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication

from app import typefaces
from app.starting import starting_network
from engine.loop import compiled_descend

# A thread that was asked to stop may take until the end of its current chunk of work.
PATIENCE = 2.0


def pytest_collection_finish() -> None:
    """Leave out of the watch's searches all that is there before the first test.

    Each of them would go through every object of Qt, Numba and pydantic: 0.2 s a test. Numba makes
    a third of them with its first kernel.
    """
    compiled_descend()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """pytest-qt's application, with the bundled fonts and the style that the window uses."""
    QApplication.setStyle("Fusion")
    typefaces.install()
    return qapp


@pytest.fixture(autouse=True, scope="module")
def forgotten() -> Iterator[None]:
    """Leave what a file's tests have cached out of the searches after the tests of the next."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def window(qapp, tmp_path):
    """The window as it is when somebody comes to it."""
    from window_rig import window_at

    with window_at(tmp_path) as window:
        yield window


@pytest.fixture
def lesson_window(window):
    """The window with a short lesson at its beginning."""
    from lesson_scenes import LESSON

    window.document.take(LESSON)
    window.session.lesson.go_to_beat(0, play=False)
    window.session.wait()
    return window


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


@pytest.fixture
def rig(qapp: QApplication) -> Iterator[Callable[..., Rig]]:
    """Makes rigs with an experiment, two networks on moons without one; closes them afterwards."""
    rigs: list[Rig] = []

    def make(experiment: Any = None, **options: Any) -> Rig:
        rigs.append(Rig(experiment or starting_network("moons"), **options))
        return rigs[-1]

    yield make
    for made in rigs:
        made.close()
