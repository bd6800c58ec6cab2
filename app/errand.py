"""Work for pictures, on a thread that lasts as long as there is any.

A view that computes for longer than a frame asks an errand, and draws what has been found so far.
Errands that take turns share one thread, a piece of work each at a time: what is dear about one of
them holds up no other one for long, and the window's own thread has only one to share with. There
is nothing to close: who is gone asks for nothing more, and the thread ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from typing import Any, Generic, TypeVar

from engine.at_once import stand_back

T = TypeVar("T")
Cancelled = Callable[[], bool]
Job = Callable[[Cancelled], Iterator[T | None]]
"""Yields what it has found after each piece of work, or None; it asks now and then whether to end.
"""


class Turns:
    """The thread, and who waits for a turn on it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._line: deque[Errand[Any]] = deque()
        self._going = False

    def line_up(self, errand: Errand[Any]) -> None:
        """Give an errand a turn, after those that wait already."""
        with self._lock:
            if errand not in self._line:
                self._line.append(errand)
            if not self._going:
                self._going = True
                Thread(target=self._work, name="trainscope-errand", daemon=True).start()

    def _work(self) -> None:
        stand_back()
        while True:
            with self._lock:
                if not self._line:
                    self._going = False
                    return
                errand = self._line.popleft()
            if errand.go_on():
                self.line_up(errand)


class Errand(Generic[T]):
    """One job at a time; a newer one takes the place of the one under way, which is cancelled."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._lock = turns, Lock()
        self._waiting: Job[T] | None = None
        self._pieces: Iterator[T | None] | None = None
        self._stop = Event()
        self._busy = False
        self._found: T | None = None
        self._error: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is under way or waits."""
        return self._busy

    @property
    def owes(self) -> bool:
        """Whether something is found that nobody has taken, or may still be."""
        return self._busy or self._found is not None

    def do(self, job: Job[T]) -> None:
        """Do this job as soon as it has its turn, instead of any other; what that has found, and
        nobody has taken, is of no use any more."""
        with self._lock:
            self._stop.set()
            self._waiting, self._busy = job, True
            self._found = self._error = None
        self._turns.line_up(self)

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        with self._lock:
            self._stop.set()
            self._waiting = self._found = self._error = None

    def take(self) -> T | None:
        """The newest result, once; raises what a job has raised."""
        with self._lock:
            found, self._found = self._found, None
            error, self._error = self._error, None
        if error is not None:
            raise error
        return found

    def go_on(self) -> bool:
        """Do a piece of work, on the thread of the turns; whether there is more of it."""
        with self._lock:
            if self._waiting is not None:
                self._stop = Event()
                self._pieces, self._waiting = self._waiting(self._stop.is_set), None
            stop, pieces = self._stop, self._pieces
        found, error = None, None
        if pieces is not None and not stop.is_set():
            try:
                found = next(pieces)
            except StopIteration:
                pieces = None
            except BaseException as raised:  # noqa: BLE001  raised again by whoever asks
                pieces, error = None, raised
        with self._lock:
            # What has been cancelled is of no use, and may be of another race.
            if stop.is_set():
                pieces = None
            else:
                self._found, self._error = found or self._found, error
            self._pieces = pieces
            self._busy = pieces is not None or self._waiting is not None
            return self._busy
