"""What maps have in common of which every pixel is a run: they become finer, and are zoomed into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from PyQt6.QtCore import QPointF, Qt

from engine.snapshot import Snapshot

from .gliding import Glide
from .kept import Kept
from .only_finer import Drawn, only_finer
from .quiet_axes import Extent
from .refined import Refined
from .view import Look, View

Q = TypeVar("Q")
P = TypeVar("P")
Answers = Callable[..., Iterator[P]]
NOTCH, ZOOM_A_NOTCH = 120.0, 0.85
# A picture on its way aside shows both ends, and what has both in it.
AT_ONCE = 3


class RunMap(View, Generic[Q, P]):
    """A map that asks questions; subclasses say which, where it is, and how it is zoomed."""

    def __init__(self, answers: Answers[P]) -> None:
        """`answers(question, stop, alone=...)` are pictures from the roughest to the finest."""
        super().__init__()
        self.setAcceptHoverEvents(True)

        def pictures(question: Q, stop: Callable[[], bool]) -> Iterator[P]:
            return answers(question, stop, alone=self.whole)

        first: Refined[Q, P] = Refined(pictures)
        self._maps = (first, *(Refined(pictures, first) for _ in range(AT_ONCE - 1)))
        self._before: list[P] = []
        self._kept = Kept()
        self._hover: QPointF | None = None

    # ---- questions

    @property
    def unfinished(self) -> bool:
        return any(maps.unfinished for maps in self._maps)

    def refine(self, stop: Callable[[], bool]) -> None:
        for maps in self._maps:
            if maps.unfinished:
                maps.refine(stop)
                return

    def answers_to(self, glide: Glide, question_of: Callable[[Extent], Q]
                   ) -> tuple[P | None, list[tuple[P, float]]]:
        """The picture of what the view has come to, and all that are seen, with opacities.

        While some are rough those before them stay, as `only_finer` tells.
        """
        questions = {part: question_of(part) for part, _ in glide.seen}
        # Each is asked of the one that is at it already; what comes up takes one that is free.
        asked = {part: next((maps for maps in self._maps if maps.asked == question), None)
                 for part, question in questions.items()}
        free = [maps for maps in self._maps if maps not in asked.values()]
        of = {part: maps or free.pop(0) for part, maps in asked.items()}
        for maps in free:
            maps.rest()
        # What a zoom comes to is refined first, since what is around it is about to be gone.
        first = of[glide.seen[-1][0] if len(glide.seen) == 2 else glide.reached]
        self._maps = (first, *(maps for maps in self._maps if maps is not first))
        found = {part: maps.of(questions[part], whole=self.whole) for part, maps in of.items()}
        seen = [(picture, opacity) for part, opacity in glide.seen
                if (picture := found[part]) is not None]
        if self.whole:
            return found[glide.reached], seen
        fresh = {part: picture for part, picture in found.items()
                 if picture is not None and self.answers(questions[part], picture)}
        # Another race, or other axes, has nothing to do with what was seen.
        old = [picture for picture in self._before
               if self.alike(questions[glide.reached], picture)
               and not any(picture is other for other in fresh.values())]
        drawn = only_finer([self.placed(fresh[part], opacity) for part, opacity in glide.seen
                            if part in fresh], [self.placed(picture, 1.0) for picture in old])
        self._before = [one.picture for one in drawn]
        if not drawn:
            return found[glide.reached], seen
        reached = fresh.get(glide.reached)
        if not any(one.picture is reached for one in drawn):
            reached = drawn[0].picture
        return reached, [(one.picture, one.opacity) for one in drawn]

    def answers(self, question: Q, picture: P) -> bool:
        """Whether a picture is one of that question."""
        raise NotImplementedError

    def alike(self, question: Q, picture: P) -> bool:
        """Whether a picture shows some part of what a question asks for a part of."""
        raise NotImplementedError

    def placed(self, picture: P, opacity: float) -> Drawn[P]:
        """A picture with what it fills of what is shown now."""
        raise NotImplementedError

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

    # ---- words

    def said(self) -> str:
        """What becomes of the run under the mouse."""
        raise NotImplementedError

    def hint(self) -> str:
        """What a click does, in a few words."""
        raise NotImplementedError

    @property
    def zoomed_in(self) -> bool:
        """Whether less than all is shown, so that a click on the note shows all of it."""
        raise NotImplementedError

    def note(self) -> str:
        if self.snapshot is None or self.style is None:
            return ""
        said = self.said()
        if said:
            return said
        steps = f"runs of {self.snapshot.experiment.steps:,} steps"
        if not self.live:
            return steps
        # Narrow heads have the first words only.
        return f"{steps} · click here for all of it" if self.zoomed_in else (
            f"{self.hint()} · {steps}")

    # ---- mouse

    def is_on_map(self, pixel: QPointF) -> bool:
        """Whether a pixel is on a map."""
        raise NotImplementedError

    def zoom_about(self, pixel: QPointF, factor: float) -> None:
        """Wish for so many times what is shown, around a pixel that stays where it is."""
        raise NotImplementedError

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        over = self._hover is not None and self.is_on_map(self._hover)
        self.setCursor(Qt.CursorShape.CrossCursor if over else Qt.CursorShape.ArrowCursor)
        self.noted.emit()

    def wheelEvent(self, event: Any) -> None:
        if not self.is_on_map(event.pos()):
            event.ignore()
            return
        event.accept()
        self.zoom_about(event.pos(), ZOOM_A_NOTCH ** (event.delta() / NOTCH))
