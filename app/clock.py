"""Time: measured for the screen, counted for films."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 1000.0, 10_000.0)
"""Steps per second that the transport offers; beyond the last one it goes as fast as it can."""


@dataclass
class LiveClock:
    """Turns the time that passes into steps, at `steps_per_second`; None is as fast as it goes."""

    steps_per_second: float | None = 30.0
    _carried: float = 0.0
    _last: float | None = field(default=None, repr=False)

    def start(self) -> None:
        """Begin counting from now."""
        self._last, self._carried = perf_counter(), 0.0

    def stop(self) -> None:
        """Count no more."""
        self._last = None

    @property
    def running(self) -> bool:
        """Whether time passes."""
        return self._last is not None

    def steps(self, available: int) -> int:
        """Whole steps due since the last call, at most `available`."""
        if self._last is None:
            return 0
        now = perf_counter()
        passed, self._last = now - self._last, now
        if self.steps_per_second is None:
            return available
        # A window that stood still for a while (dragged, hidden) goes on, it does not jump.
        self._carried += min(passed, 0.25) * self.steps_per_second
        due = int(self._carried)
        self._carried -= due
        return min(due, available)
