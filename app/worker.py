"""The thread that computes: it advances the run in short chunks, without the GIL, until it is done.

Where a view asks for measurements on the way (`measuring`), they are taken between the chunks, and
after the last one until none is left.

The window never waits for it: it asks how far the run has come and draws that. Putting another run
in its place takes effect after the chunk under way.
"""

from __future__ import annotations

import sys
from threading import Condition, Thread
from time import perf_counter

from engine.at_once import stand_back
from engine.run import Run

CHUNK_SECONDS = 0.004
# A run that has gone on for so long is not being set by a slider: longer chunks, a frame each,
# spend a smaller part of their time between the kernels.
LONG_AFTER_SECONDS, LONG_CHUNK_SECONDS = 0.3, 0.016
# Whoever waits for the interpreter gets it after so long; Python's own 5 ms are more than a chunk
# computes, and the worker waits several times a chunk while the window paints.
SWITCH_SECONDS = 0.0002
FIRST_STEPS, MOST_STEPS = 256, 65_536
# Of a chunk's time this much besides: training is to keep four fifths of its speed.
MEASURING_SHARE = 0.1


class Worker:
    """Computes one run at a time; `close` ends the thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._run: Run | None = None
        self._closing = False
        self._busy = False
        self._began = 0.0
        self._first = FIRST_STEPS
        self.error: BaseException | None = None
        self.measuring = False
        self.measured = 0
        """Counts up with every bout of measuring: there may be something new to draw."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread = Thread(target=self._work, name="trainscope-worker", daemon=True)
        self._thread.start()

    def compute(self, run: Run, first: int = FIRST_STEPS) -> None:
        """Drop what is under way and compute `run` to its end, at most `first` steps at first."""
        with self._changed:
            self._run, self._busy, self._first = run, True, first
            self._began = perf_counter()
            self._changed.notify_all()

    def drop(self) -> None:
        """Compute nothing any more, after the chunk under way."""
        with self._changed:
            self._run, self._busy = None, False
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether there is something left to compute."""
        return self._busy

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is left to compute; False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, seconds)

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        stand_back()
        steps, before = FIRST_STEPS, None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._run is not None)
                if self._closing:
                    return
                run = self._run
                if run is not before:
                    # What suited the run before may be far too much for this one.
                    steps, before = min(steps, self._first), run
            assert run is not None
            began = perf_counter()
            long = began - self._began > LONG_AFTER_SECONDS
            chunk = LONG_CHUNK_SECONDS if long else CHUNK_SECONDS
            try:
                left = run.advance(steps)
                spent = perf_counter() - began
                waiting = not self._measure(run, (1 if left == 0 else MEASURING_SHARE) * chunk)
            except BaseException as error:  # noqa: BLE001  shown by the window, not lost here
                self.error, left, waiting, spent = error, 0, False, chunk
            pace = min(4.0, chunk / max(spent, 1e-5))
            steps = min(max(int(steps * pace), 1), MOST_STEPS)
            with self._changed:
                if left == 0 and not waiting and self._run is run:
                    self._run, self._busy = None, False
                    self._changed.notify_all()

    def _measure(self, run: Run, seconds: float) -> bool:
        """Measure for a while, if that is asked for; whether nothing is left to be measured."""
        if not self.measuring:
            return True
        complete = run.measure(seconds)
        self.measured += 1
        return complete
