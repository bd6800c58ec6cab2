"""One line of a race: a name, an optimizer, and what is done to its rate and its gradient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BeforeValidator, Field, field_validator

from .choice import OptimizerChoice, ScheduleChoice, optimizer_choice, schedule_choice
from .schedules import Vector
from .table import Flag, Line, Number, Table, shown

COLORS = 8
LONGEST_NAME = 80


def _color(value: Any) -> int | str | None:
    if isinstance(value, np.integer):
        value = int(value)
    if value is None or (type(value) is int and 1 <= value <= COLORS):
        return value
    if isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{6}", value):
        return value
    raise ValueError(f'must be a place in the palette from 1 to {COLORS}, or text like "#0072b2", '
                     f"not {shown(value)}")


class Clip(Table):
    """Clipping of the gradient: its norm, or each of its components, to at most `limit`."""

    by: Literal["norm", "value"] = Field(description='"norm" or "value"')
    limit: Number = Field(gt=0, description="a number above 0")


class Contestant(Table):
    """A contestant; without a name it is called by its optimizer's title.

    `color` is a place in the theme's palette, counted from 1, or `#rrggbb`; a muted contestant is
    computed and not shown.
    """

    name: Line = Field(description="text on one line")
    optimizer: Annotated[OptimizerChoice, BeforeValidator(optimizer_choice)] = Field(
        description="an optimizer's name, or a table with its name and hyperparameters")
    schedule: Annotated[ScheduleChoice, BeforeValidator(schedule_choice)] | None = Field(
        None, description="a schedule's name, or a table with its name and hyperparameters")
    clip: Clip | None = Field(None, description='a table such as { by = "norm", limit = 1.0 }')
    color: Annotated[int | str | None, BeforeValidator(_color)] = None
    muted: Flag = Field(False, description="true or false")

    def __init__(self, /, **data: Any) -> None:
        super().__init__(**named([data])[0])

    @field_validator("name")
    @classmethod
    def _not_empty(cls, name: str) -> str:
        if not name.strip() or len(name) > LONGEST_NAME:
            raise ValueError(f"must be text of 1 to {LONGEST_NAME} characters, not {shown(name)}")
        return name

    def shape(self) -> tuple[Any, ...]:
        """What cannot change while a run goes on, since it says what is computed with."""
        return self.name, self.optimizer.name

    def rates(self, steps: ArrayLike) -> Vector:
        """The scheduled learning rate of each of `steps` (n,), counted from 1."""
        if self.schedule is None:
            return np.full(np.shape(steps), self.optimizer.lr)
        return self.schedule.rates(self.optimizer.lr, steps)


def name_of(contestant: Any) -> str | None:
    """The name of a contestant or of a raw table, if it has one."""
    if isinstance(contestant, Mapping):
        name = contestant.get("name")
        return name if isinstance(name, str) else None
    return contestant.name if isinstance(contestant, Contestant) else None


def named(contestants: Sequence[Any]) -> list[Any]:
    """Raw contestants with names for those that have none: their optimizer's title, made unique."""
    taken = {name_of(contestant) for contestant in contestants}
    result: list[Any] = []
    for contestant in contestants:
        if isinstance(contestant, Mapping) and contestant.get("name") is None:
            title = optimizer_choice.title(contestant.get("optimizer")) or "Contestant"
            name = unique_name(title, taken)
            taken.add(name)
            contestant = {**contestant, "name": name}
        result.append(contestant)
    return result


def unique_name(name: str, taken: Iterable[str | None]) -> str:
    """The name itself, or with the first number that makes it unique: "Adam", "Adam 2"."""
    taken = set(taken)
    stem = re.sub(r" \d+$", "", name) or name
    number = 2
    while name in taken:
        # A name at the longest that is allowed gives up its end.
        name = f"{stem[: LONGEST_NAME - 1 - len(str(number))]} {number}"
        number += 1
    return name
