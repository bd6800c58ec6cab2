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
    the run has outgrown it, so that a picture of a large network is not of long ago.
    """

    def __init__(self, turns: Turns) -> None:
        self._errand: Errand[T] = Errand(turns)
        self._asked: object = None
        self._later: object = None
        self._about = self._newest = self._last = 0
        self._overtaken = False

    @property
    def busy(self) -> bool:
        """Whether more of an answer is on its way."""
        return self._errand.busy

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

    def due(self, snapshot: Snapshot, what: object, later: object = None) -> bool:
        """Whether this is to be asked now; it counts as asked then.

        Something `later` of the same kind, another step's, waits for the first piece of the answer
        under way, so that each is seen.
        """
        self._newest, self._last = snapshot.computed, snapshot.experiment.steps
        if what == self._asked:
            if later != self._later and self.busy:
                self._overtaken = True
                return False
            if later == self._later and not (self.stale and not self.busy):
                return False
        self._asked, self._later, self._about = what, later, snapshot.computed
        self._overtaken = False
        return True

    def ask(self, job: Job[T]) -> None:
        """Have it answered."""

        def pieces(cancelled: IsCancelled) -> Iterator[T | None]:
            begun = False

            def over() -> bool:
                return cancelled() or (begun and self.stale)

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
        return self._errand.take()
