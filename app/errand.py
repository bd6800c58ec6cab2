"""Work for one picture, on a thread that lasts as long as the work does.

A view that computes for longer than a frame asks an errand, and draws what it tells meanwhile.
There is nothing to close: a view that is gone asks for nothing more, and its thread ends.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
Job = Callable[[Callable[[], bool], Callable[[T], None]], None]


class Errand(Generic[T]):
    """One job at a time; a newer one takes the place of the one under way, which is cancelled."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: Job[T] | None = None
        self._stop = Event()
        self._busy = False
        self._found: T | None = None
        self._error: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is under way or waits."""
        return self._busy

    def do(self, job: Job[T]) -> None:
        """Do this job, `job(cancelled, tell)`, as soon as the one under way has ended.

        It asks `cancelled()` now and then whether to end, and hands its results to `tell`.
        """
        with self._lock:
            self._stop.set()
            self._waiting = job
            if not self._busy:
                self._busy = True
                Thread(target=self._work, name="trainscope-errand", daemon=True).start()

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        with self._lock:
            self._stop.set()
            self._waiting = None

    def take(self) -> T | None:
        """The newest result, once; raises what a job has raised."""
        with self._lock:
            found, self._found = self._found, None
            error, self._error = self._error, None
        if error is not None:
            raise error
        return found

    def _work(self) -> None:
        while True:
            with self._lock:
                job, self._waiting = self._waiting, None
                if job is None:
                    self._busy = False
                    return
                stop = self._stop = Event()

            def tell(result: T, stop: Event = stop) -> None:
                with self._lock:
                    # What has been cancelled is of no use, and may be of another race.
                    if not stop.is_set():
                        self._found = result

            try:
                job(stop.is_set, tell)
            except BaseException as error:  # noqa: BLE001  raised again by whoever asks
                with self._lock:
                    if not stop.is_set():
                        self._error = error
