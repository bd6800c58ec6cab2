"""Pictures that take long, for the question that was asked last: whole at once, or finer by and by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Q = TypeVar("Q")
P = TypeVar("P")
Stop = Callable[[], bool]
# So many whole pictures are kept for when their questions are asked again.
MOST_SETTLED = 8


class Refined(Generic[Q, P]):
    """Answers to questions by `pictures`, which hands them out from the roughest to the finest.

    One thread asks; another one, or the same, refines. A question that is overtaken by another one
    is dropped, but not before its first picture: while a slider moves there is something to see.
    A question whose finest picture is known is answered with it at once.
    """

    def __init__(self, pictures: Callable[[Q, Stop], Iterator[P]],
                 other: Refined[Q, P] | None = None) -> None:
        """It knows what the `other` one has found out, and the other way round."""
        self._pictures = pictures
        self.asked: Q | None = None
        self._followed: Q | None = None
        self._rest: Iterator[P] = iter(())
        # One attribute: whoever reads it finds a question and what belongs to it.
        self._found: tuple[Q, P, bool] | None = None
        self._settled: list[tuple[Q, P]] = other._settled if other is not None else []
        self._stop: Stop = lambda: False
        self._rough = False

    def of(self, question: Q, *, whole: bool) -> P | None:
        """The newest picture, of this question or of one before; the finest one, if it is `whole`.

        None where there is none yet.
        """
        if self.asked is None or question != self.asked:
            self.asked = question
            self._recall(question)
        if whole:
            while self.unfinished:
                self.refine(lambda: False)
        return self._found[1] if self._found is not None else None

    def rest(self) -> None:
        """Nothing is asked for."""
        self.asked = None

    @property
    def unfinished(self) -> bool:
        """Whether there is a finer picture of the question that was asked last."""
        asked, found = self.asked, self._found
        return asked is not None and (found is None or found[0] is not asked or not found[2])

    def refine(self, stop: Stop) -> None:
        """Make the next picture of the question that was asked last."""
        asked = self.asked
        if asked is None or self._recall(asked):
            return
        self._stop = stop
        if self._followed is not asked:
            self._followed, self._rough = asked, True
            self._rest = self._pictures(asked, self._overtaken)
        picture = next(self._rest, None)
        if picture is not None:
            self._found, self._rough = (asked, picture, False), False
        elif self._overtaken():
            # Called off: what is left of it is of no use to anybody.
            self._followed = None
        else:
            found = self._found
            assert found is not None and found[0] is asked, "a map has a picture at least"
            self._found = (asked, found[1], True)
            self._settled[:] = [(asked, found[1]), *self._settled][:MOST_SETTLED]

    def _recall(self, question: Q) -> bool:
        """Take the finest picture of a question, if it is known."""
        for known, picture in self._settled:
            if known == question:
                self._found = (question, picture, True)
                return True
        return False

    def _overtaken(self) -> bool:
        return self._stop() or (not self._rough and self.asked is not self._followed)
