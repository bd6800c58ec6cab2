"""The thread that looks into large networks, so that the window never waits for a picture.

What it works out is kept by the states that it looks at; drawing then finds it there. Of several
wishes only the newest counts. One that has been begun is finished, unless it gives way by itself:
while a slider moves, every picture that comes is a whole one.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

from engine.at_once import stand_back

T = TypeVar("T")


class Looker(Generic[T]):
    """Does one job after another on its thread; `close` ends it, after the job under way."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._wanted: Callable[[], T | None] | None = None
        self._found: list[T] = []
        self._closing = self._busy = False
        self._thread: Thread | None = None
        self.error: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a job waits or is under way."""
        return self._busy

    @property
    def overtaken(self) -> bool:
        """Whether a newer job waits, for which the one under way had better end."""
        return self._wanted is not None or self._closing

    def ask(self, job: Callable[[], T | None]) -> None:
        """Do this job next, in place of one that still waits."""
        with self._changed:
            self._wanted, self._busy = job, True
            if self._thread is None:
                # Small networks never need it.
                self._thread = Thread(target=self._work, name="trainscope-looker", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def take(self) -> T | None:
        """The newest result, once; None where there is none."""
        with self._changed:
            found, self._found = self._found, []
            return found[-1] if found else None

    def wait(self, seconds: float = 60.0) -> bool:
        """Wait until nothing is left to be done; False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, seconds)

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._changed:
            self._closing, self._wanted = True, None
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        stand_back()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._wanted is not None)
                if self._closing:
                    return
                job, self._wanted = self._wanted, None
            assert job is not None
            try:
                result = job()
                found = [] if result is None else [result]
            except BaseException as error:  # noqa: BLE001  shown by the window, not lost here
                self.error, found = error, []
            with self._changed:
                self._found += found
                if self._wanted is None:
                    self._busy = False
                    self._changed.notify_all()
