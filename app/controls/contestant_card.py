"""One contestant on a surface in the panel: who it is, how it stands, and all that can be set."""

from __future__ import annotations

from collections.abc import Hashable

from engine.contestant import Contestant
from engine.experiment import SurfaceContestant
from engine.snapshot import PointState

from ..numbers import number
from .card import Card
from .choice_box import ChoiceBox
from .method import add_clip, add_hypers, add_optimizer, add_schedule
from .point_row import PointRow


class ContestantCard(Card):
    """The learning rate, and where it is chosen everything about its method."""

    def build(self, chosen: bool) -> None:
        hypers = self.contestant.optimizer.definition.hypers
        add_hypers(self, hypers if chosen else hypers[:1])
        if chosen:
            add_optimizer(self)
            add_schedule(self)
            add_clip(self)
            self._add_start()

    def structure_of(self, contestant: Contestant) -> Hashable:
        return super().structure_of(contestant), _own_start(contestant) is None

    def _add_start(self) -> None:
        """Where it starts: with the others, or at a point of its own."""
        box = ChoiceBox("start", self.contestant.name)
        box.addItem("the race's", "race")
        box.addItem("its own", "own")
        self.add_choice("start", box, lambda which: ("start", which),
                        lambda: "race" if _own_start(self.contestant) is None else "own")
        if _own_start(self.contestant) is None:
            return
        row = PointRow("starts at", self.contestant.name)
        row.typed.connect(self._typed)
        row.misread.connect(lambda sentence: self.ask("misread", sentence))
        self.add_shown(row, self._show_start)
        self._start = row

    def _typed(self, point: tuple[float, float]) -> None:
        self.ask("set", {"start": point})
        self.ask("release", None)

    def _show_start(self) -> None:
        start = _own_start(self.contestant)
        if start is not None:
            self._start.show_point(start)

    def standing(self, state: PointState) -> tuple[str, str]:
        return number(state.loss), "The loss where it is."


def _own_start(contestant: Contestant) -> tuple[float, float] | None:
    """None for a network too, which a card may be asked about before its own is built."""
    return contestant.start if isinstance(contestant, SurfaceContestant) else None
