"""What is computed of contestants' states, kept for as long as their step is shown.

A paused run is drawn again and again (a hover, another size), each time as a new snapshot of the
same step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from engine.snapshot import Snapshot

T = TypeVar("T")


class StepCache(Generic[T]):
    """The results of one function for the contestants of one step."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._key: object = None
        self._found: dict[int, T] = {}

    def of(self, snapshot: Snapshot, index: int) -> T:
        """The result for one contestant, computed at most once a step."""
        key = (snapshot.experiment, snapshot.step)
        if key != self._key:
            self._key, self._found = key, {}
        if index not in self._found:
            self._found[index] = self._compute(snapshot.contestants[index])
        return self._found[index]
