"""What a test can leave running behind: threads, and timers that belong to nothing alive."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QThread, QTimer

from engine.at_once import NAME as RESTING


def running_threads() -> Iterator[object]:
    """Python's threads and Qt's, but not the stand-ins for threads that Python did not start, nor
    those that rest until there is something to be done at once: no call leaves them work."""
    for thread in threading.enumerate():
        if not (isinstance(thread, threading._DummyThread) or thread.name.startswith(RESTING)):
            yield thread
    for thing in gc.get_objects():
        # By its type: of a proxy whose object is gone, as the compiler leaves them, not even the
        # class may be asked for.
        if issubclass(type(thing), QThread) and not sip.isdeleted(thing) and thing.isRunning():
            application = QCoreApplication.instance()
            if application is None or thing is not application.thread():
                yield thing


def orphaned_timers() -> Iterator[QTimer]:
    """Active timers that have no parent, or whose parent is gone."""
    for thing in gc.get_objects():
        if issubclass(type(thing), QTimer) and not sip.isdeleted(thing) and thing.isActive():
            parent = thing.parent()
            if parent is None or sip.isdeleted(parent):
                yield thing
