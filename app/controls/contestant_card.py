"""One contestant on a surface in the panel: who it is, how it stands, and all that can be set."""

from __future__ import annotations

from engine.snapshot import PointState

from ..numbers import number
from .card import Card
from .method import add_clip, add_hypers, add_optimizer, add_schedule


class ContestantCard(Card):
    """The learning rate, and where it is chosen everything about its method."""

    def build(self, chosen: bool) -> None:
        hypers = self.contestant.optimizer.definition.hypers
        add_hypers(self, hypers if chosen else hypers[:1])
        if chosen:
            add_optimizer(self)
            add_schedule(self)
            add_clip(self)

    def standing(self, state: PointState) -> tuple[str, str]:
        return number(state.loss), "The loss where it is."
