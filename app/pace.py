"""How much of the board is drawn anew in a frame, so that frames keep coming in time.

While a race plays, every frame has another step to show. Where drawing all cards takes longer than
a frame has, they take turns: each is a frame or two behind the newest step now and then, and the
picture stays smooth. What is looked at without playing, and every film, has all cards at one step.
"""

from __future__ import annotations

from math import ceil
from time import thread_time

# Of the 16.7 ms that a frame lasts; the rest is for what comes between two of them.
BUDGET_SECONDS = 0.010
MOST_TURNS = 4
# The share of a new frame in the estimate: about ten frames.
NEWEST = 0.1


class Pace:
    """Counts what frames cost this thread, and says in how many turns cards are to be drawn."""

    def __init__(self) -> None:
        self.turns = 1
        self._whole = 0.0
        self._before: float | None = None

    def frame(self, playing: bool) -> int:
        """In how many turns the frame that begins is drawn: one where nothing plays."""
        if not playing:
            self.rest()
            return 1
        self.count()
        return self.turns

    def count(self, now: float | None = None) -> None:
        """A frame begins; the one before, its painting included, is counted."""
        now = thread_time() if now is None else now
        if self._before is not None:
            whole = (now - self._before) * self.turns
            self._whole += NEWEST * (whole - self._whole)
            self.turns = min(max(ceil(self._whole / BUDGET_SECONDS), 1), MOST_TURNS)
        self._before = now

    def rest(self) -> None:
        """Nothing plays: what this thread does now is no frame's cost."""
        self._before = None
