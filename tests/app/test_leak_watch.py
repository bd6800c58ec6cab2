"""The watch for leaks sees what it is there to see."""

import threading
import weakref

from leak_watch import orphaned_timers, running_threads
from PyQt6.QtCore import QObject, QTimer


def test_sees_a_running_thread():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert thread in set(running_threads())
    finally:
        stop.set()
        thread.join()
    assert thread not in set(running_threads())


def test_sees_an_active_timer_without_a_parent(qapp):
    timer = QTimer()
    assert timer not in list(orphaned_timers())
    timer.start(1000)
    assert timer in list(orphaned_timers())
    timer.stop()
    assert timer not in list(orphaned_timers())


def test_accepts_a_timer_of_a_living_parent(qapp):
    parent = QObject()
    timer = QTimer(parent)
    timer.start(1000)
    assert timer not in list(orphaned_timers())


def test_a_proxy_of_what_is_gone_is_no_leak_and_no_error(qapp):
    class Thing:
        pass

    thing = Thing()
    proxy = weakref.proxy(thing)
    del thing
    assert all(found is not proxy for found in (*running_threads(), *orphaned_timers()))
