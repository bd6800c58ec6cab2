"""The controls of how a contestant learns: optimizer, schedule, clipping."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from engine.choice import ScheduleChoice
from engine.contestant import Clip
from engine.hyper import Hyper
from engine.optimizers import optimizers
from engine.schedules import schedules

from .card import Card, Wish
from .choice_box import ChoiceBox

CLIP_LIMIT = Hyper("limit", 1.0, 1e-6, 1e6, "log", symbol="", slider=(1e-3, 100.0),
                   doc="The largest gradient that is let through, by norm or per coordinate.")


def add_hypers(card: Card, hypers: Sequence[Hyper]) -> None:
    """Rows for hyperparameters of the optimizer."""
    def wish(name: str, value: float) -> Wish:
        return "hyper", (name, value)

    def read(name: str) -> float:
        return card.contestant.optimizer.hypers()[name]

    for hyper in hypers:
        card.add_row(hyper, partial(wish, hyper.name), partial(read, hyper.name))


def add_optimizer(card: Card) -> None:
    """Which optimizer it is; another one comes with its defaults."""
    box = ChoiceBox("optimizer", card.contestant.name)
    box.add(optimizers.values())
    card.add_choice("optimizer", box, lambda name: ("set", {"optimizer": {"name": name}}),
                    lambda: card.contestant.optimizer.name)


def add_schedule(card: Card) -> None:
    """How the learning rate goes on, with the schedule's hyperparameters."""
    box = ChoiceBox("schedule", card.contestant.name)
    box.add(schedules.values())

    def current() -> str:
        schedule = card.contestant.schedule
        return schedule.name if schedule is not None else "constant"

    card.add_choice("schedule", box, lambda name: (
        "set", {"schedule": None if name == "constant" else {"name": name}}), current)
    schedule = card.contestant.schedule
    if schedule is not None:
        for hyper in schedule.definition.hypers:
            _add_schedule_row(card, hyper)


def _add_schedule_row(card: Card, hyper: Hyper) -> None:
    def now() -> ScheduleChoice:
        schedule = card.contestant.schedule
        assert schedule is not None
        return schedule

    card.add_row(hyper, lambda value: ("set", {"schedule": {**now().plain(), hyper.name: value}}),
                 lambda: now().hypers()[hyper.name], f"schedule.{hyper.name}")


def add_clip(card: Card) -> None:
    """Whether and how the gradient is clipped."""
    box = ChoiceBox("gradient clipping", card.contestant.name)
    for text, value in (("off", None), ("by norm", "norm"), ("by value", "value")):
        box.addItem(text, value)

    def clip() -> Clip | None:
        return card.contestant.clip

    def limit() -> float:
        now = clip()
        return now.limit if now is not None else CLIP_LIMIT.default

    def by() -> str | None:
        now = clip()
        return now.by if now is not None else None

    card.add_choice("clip gradient", box, lambda way: (
        "set", {"clip": {"by": way, "limit": limit()} if way else None}), by)
    if clip() is not None:
        card.add_row(CLIP_LIMIT, lambda value: ("set", {"clip": {"by": by(), "limit": value}}),
                     limit, "clip.limit")
