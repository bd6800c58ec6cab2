"""What a test can leave running behind: threads, and timers that belong to nothing alive."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import TypeVar

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QObject, QThread, QTimer

from engine.at_once import NAME as RESTING

T = TypeVar("T", bound=QObject)


def running_threads() -> Iterator[object]:
    """Python's threads and Qt's, but not the stand-ins for threads that Python did not start, nor
    those that rest until there is something to be done at once: no call leaves them work."""
    for thread in threading.enumerate():
        if not (isinstance(thread, threading._DummyThread) or thread.name.startswith(RESTING)):
            yield thread
    for thing in living(QThread):
        if thing.isRunning():
            application = QCoreApplication.instance()
            if application is None or thing is not application.thread():
                yield thing


def orphaned_timers() -> Iterator[QTimer]:
    """Active timers that have no parent, or whose parent is gone."""
    for thing in living(QTimer):
        if thing.isActive():
            parent = thing.parent()
            if parent is None or sip.isdeleted(parent):
                yield thing


def living(kind: type[T]) -> list[T]:
    """All objects of a kind of Qt's that there are.

    By their types: of a proxy whose object is gone, as the compiler leaves them, not even the class
    may be asked for. And of all types first: there are some hundred, of some hundred thousand
    things.
    """
    things = gc.get_objects()
    wanted = {found for found in set(map(type, things)) if issubclass(found, kind)}
    if not wanted:
        return []
    return [thing for thing in things if type(thing) in wanted and not sip.isdeleted(thing)]
