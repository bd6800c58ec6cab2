"""What the landscape views ask about a run, and when that is to be asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from engine.landscape.loss import Cancelled
from engine.snapshot import Snapshot

from ..errand import Cancelled as IsCancelled
from ..errand import Errand, Job, Turns

T = TypeVar("T")
# An answer about a run that goes on is of yesterday when the run has grown by so much.
GROWTH = 1.1


class Question(Generic[T]):
    """A question, and the errand that answers it; while it is answered the run may grow.

    The first piece of an answer always comes. What would make it finer is left undone as soon as
    the run has outgrown it, so that a picture of a large network is not of long ago. But while the
    playhead stands, what is looked at gets as fine as it comes, and is then made anew at once.
    """

    def __init__(self, turns: Turns) -> None:
        self._errand: Errand[T] = Errand(turns)
        self._asked: object = None
        self._later: object = None
        self._about = self._newest = self._last = 0
        self._overtaken = self._moved = False
        self._from: int | None = None
        self._answered = 0
        self.rests = False
        """Whether the playhead stands where it stood when this was asked the last time."""

    @property
    def busy(self) -> bool:
        """Whether more of an answer is on its way."""
        return self._errand.busy

    @property
    def owes(self) -> bool:
        """Whether there is more of an answer than was taken, or will be."""
        return self._errand.owes

    @property
    def asked(self) -> bool:
        """Whether anything is asked."""
        return self._asked is not None

    @property
    def stale(self) -> bool:
        """Whether what is being answered is about a run much shorter than it is now."""
        newest, about = self._newest, self._about
        return self._overtaken or newest != about and (
            newest >= GROWTH * about or newest == self._last or newest < about)

    @property
    def outgrown(self) -> bool:
        """Whether the last answer is about a run of less than half its length, and one is coming.
        """
        return self.busy and self._newest > self._answered and self._newest >= 2 * self._answered

    def due(self, snapshot: Snapshot, what: object, later: object = None) -> bool:
        """Whether this is to be asked now; it counts as asked then.

        Something `later` of the same kind, another step's, waits for the first piece of the answer
        under way, so that each is seen.
        """
        self._newest, self._last = snapshot.computed, snapshot.experiment.steps
        self._moved = snapshot.step != self._from
        if what == self._asked:
            if later != self._later and self.busy:
                self._overtaken = True
                return False
            if later == self._later and not (self.stale and not self.busy):
                return False
        self.rests = what == self._asked and not self._moved
        self._asked, self._later, self._about = what, later, snapshot.computed
        self._from = snapshot.step
        self._overtaken = self._moved = False
        return True

    def ask(self, job: Job[T]) -> None:
        """Have it answered."""

        # At rest there is an answer already, as fine as this one will be.
        begun = self.rests

        def pieces(cancelled: IsCancelled) -> Iterator[T | None]:
            nonlocal begun

            def over() -> bool:
                return cancelled() or (begun and self._moved and self.stale)

            try:
                for found in job(over):
                    begun = begun or found is not None
                    yield found
            except Cancelled:
                pass

        self._errand.do(pieces)

    def drop(self) -> None:
        """Ask for nothing more."""
        self._errand.cancel()
        self._asked = None

    def answer(self) -> T | None:
        """The newest piece of the answer, once."""
        found = self._errand.take()
        if found is not None:
            self._answered = self._about
        return found
