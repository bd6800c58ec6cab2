"""An experiment: one problem, a seed, and contestants that race on it.

    Experiment(
        steps=600,
        problem={"kind": "surface", "surface": "beale"},
        contestants=[{"optimizer": {"name": "adam", "lr": 0.05}}, {"optimizer": "sgd"}],
    )

It is what files hold, what the window edits, and what `Run` carries out. It is frozen: an edit is
another experiment. Whatever is wrong with it is said at once, as one ExperimentError, whether it
came from a file or from Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from .changes import MOST_CHANGES, Change, check
from .choice import optimizer_choice
from .contestant import Clip, Contestant, name_of, named, unique_name
from .errors import ExperimentError, Mistake
from .measure import MOST_MEASURES, MeasureTable, measures_of
from .measures import measures as measure_kinds
from .network.contestant import NetworkContestant
from .picture import LANDSCAPE, Picture, landscape_mistakes, settings_mistakes
from .problem import A_PROBLEM, NetworkProblem, Problem, SurfaceProblem
from .schedules import schedules
from .surface_contestant import SurfaceContestant
from .table import Line, Table, Whole, shown
from .toml import FORMAT, checked, parsed, written

__all__ = [
    "Change", "Clip", "Contestant", "Experiment", "NetworkContestant", "NetworkProblem", "Picture",
    "SurfaceContestant", "SurfaceProblem",
]

MOST_CONTESTANTS = 12
MOST_STEPS = 10_000_000


def _this_format(value: Any) -> int:
    if type(value) is not int or value != FORMAT:
        raise ValueError(f"must be {FORMAT}, not {shown(value)}")
    return value


def _of_this_problem(value: Any, info: ValidationInfo) -> Any:
    """A raw contestant as the table that the problem's kind asks for; raises ExperimentError."""
    if not isinstance(value, (Mapping, Contestant)):
        return value
    problem = info.data.get("problem")
    if problem is None:
        # The problem is a mistake of its own; the contestant is checked as what it looks like.
        networks = "layers" in value if isinstance(value, Mapping) else False
        table = NetworkContestant if networks else type(value) if isinstance(
            value, Contestant) else SurfaceContestant
    else:
        table = problem.contestant
    if type(value) is table:
        return value
    return table(**(value if isinstance(value, Mapping) else _said(value)))


def _said(contestant: Contestant) -> dict[str, Any]:
    """What a contestant of another kind says; what it leaves out is no key of this kind's either.
    """
    return {key: value for key, value in contestant.fields().items() if value is not None}


Format = Annotated[int, BeforeValidator(_this_format)]
AnyContestant = Annotated[Contestant, BeforeValidator(_of_this_problem)]
class Experiment(Table):
    """A race, complete: the same numbers come out of it anywhere."""

    format: Format = FORMAT
    title: Line = Field("", description="text on one line")
    seed: Whole = Field(0, ge=0, lt=2**63, description="a whole number from 0 to 2**63 - 1")
    steps: Whole = Field(
        500, ge=1, le=MOST_STEPS, description=f"a whole number from 1 to {MOST_STEPS:,}")
    problem: Problem = Field(description=A_PROBLEM)
    contestants: tuple[AnyContestant, ...] = Field(
        description=f"a list of 1 to {MOST_CONTESTANTS} tables, each with an optimizer")
    picture: Picture | None = Field(None, description="a table")
    changes: tuple[Change, ...] = Field(
        (), max_length=MOST_CHANGES,
        description=f"a list of at most {MOST_CHANGES:,} tables, each with a step and what is set")
    measures: tuple[MeasureTable, ...] = Field(
        (), max_length=MOST_MEASURES,
        description=f"a list of at most {MOST_MEASURES} tables, each with a kind")

    def __init__(self, /, **data: Any) -> None:
        """Plain dictionaries, lists and names will do for the tables in it."""
        super().__init__(**data)
        if self.changes:
            check(self)

    @field_validator("contestants", mode="before")
    @classmethod
    def _counted_and_named(cls, contestants: Any) -> Any:
        if not isinstance(contestants, (list, tuple)):
            return contestants
        if not 1 <= len(contestants) <= MOST_CONTESTANTS:
            raise ValueError(f"must be 1 to {MOST_CONTESTANTS} contestants, not {len(contestants)}")
        return named(contestants)

    @field_validator("picture")
    @classmethod
    def _of_this_race(cls, picture: Picture | None, info: ValidationInfo) -> Picture | None:
        """What a picture names must be there, as far as the rest is without mistakes."""
        if picture is None:
            return None
        contestants, steps = info.data.get("contestants", ()), info.data.get("steps")
        names = [contestant.name for contestant in contestants]
        mistakes = [*settings_mistakes(picture.fields())]
        if names and picture.chosen is not None and picture.chosen not in names:
            mistakes.append(Mistake("chosen", f"must be a contestant's name ({', '.join(names)}), "
                                              f"not {shown(picture.chosen)}"))
        if steps and picture.step is not None and picture.step > steps:
            mistakes.append(Mistake("step", f"must be from 0 to {steps:,}, not {picture.step:,}"))
        if steps and info.data.get("problem") is not None:
            mistakes += landscape_mistakes(picture.fields(), info.data["problem"].kind, steps)
        if mistakes:
            raise ExperimentError(mistakes)
        return picture

    @field_validator("measures", mode="before")
    @classmethod
    def _measurable(cls, measures: Any, info: ValidationInfo) -> Any:
        if not isinstance(measures, (list, tuple)) or len(measures) > MOST_MEASURES:
            return measures
        return measures_of(measures, info.data.get("problem"), info.data.get("contestants", ()),
                           info.data.get("steps", MOST_STEPS))

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Two contestants of one name."""
        first: dict[str, int] = {}
        for place, name in enumerate(_names(data.get("contestants"))):
            if name is not None and first.setdefault(name, place) != place:
                yield Mistake(f"contestants[{place}].name", f"must be unique, but {shown(name)} is "
                                                            f"contestants[{first[name]}] already")

    def plain(self) -> dict[str, Any]:
        """A race in which nothing was changed says nothing of changes, nor of measures."""
        return {key: value for key, value in super().plain().items()
                if key not in ("changes", "measures") or value}

    # ---- files

    @classmethod
    def from_toml(cls, text: str, source: str = "") -> Self:
        """The experiment of a TOML document; raises ExperimentError, naming `source`."""
        return checked(cls, parsed(text, source), source)

    def located(self, folder: str | Path) -> Self:
        """The experiment with its data file, if it has one, looked for from `folder` on."""
        problem = self.problem.located(folder)
        return self if problem is self.problem else self.replaced(problem=problem)

    def to_toml(self) -> str:
        """The experiment as TOML, complete with every default; reading it gives an equal one."""
        return written(self)

    # ---- edits: each returns another experiment or raises ExperimentError

    def replaced(self, **changes: Any) -> Self:
        """Another experiment that differs in `changes`; its picture forgets what is gone."""
        fields = self.fields() | changes
        if self.picture is not None and "picture" not in changes:
            fields["picture"] = _fitting(self.picture, fields)
        if self.measures and "measures" not in changes:
            fields["measures"] = _measures_of(self, fields)
        # What was changed on the way, or measured, belongs to the race before the edit.
        own = tuple(key for key in ("changes", "measures") if fields[key] and key not in changes)
        refused = None
        for dropped in dict.fromkeys(((), *((key,) for key in own), own)):
            try:
                return type(self)(**fields | dict.fromkeys(dropped, ()))
            except ExperimentError as error:
                refused = refused or error
        assert refused is not None
        raise refused

    def seen_as(self, picture: Picture | None) -> Self:
        """This race in the picture of another one, as far as that is about something in it."""
        return self.replaced(picture=picture and _fitting(picture, self.fields()))

    def with_problem(self, **changes: Any) -> Self:
        """Change keys of the problem; None is a key's default.

        Another surface or formula brings its own start, unless that is among the changes, and
        takes away those of contestants.
        """
        contestants = [self.problem.contestant_after(one, changes) for one in self.contestants]
        return self.replaced(problem=self.problem.changed(changes), contestants=contestants)

    def with_contestant(self, index: int, **changes: Any) -> Self:
        """Change keys of one contestant; None is a key's default.

        A contestant that is called by its optimizer's title is called by the next one's too. A
        schedule without a horizon ends with the race.
        """
        old = self.contestants[index]
        fields = old.fields() | changes
        if "optimizer" in changes and "name" not in changes:
            fields["name"] = self._renamed(old, optimizer_choice.title(changes["optimizer"]))
        if "schedule" in changes:
            fields["schedule"] = self._to_the_end(changes["schedule"])
        contestants: list[Any] = [*self.contestants]
        contestants[index] = fields
        picture = self.picture
        if picture is not None and picture.chosen == old.name and name_of(fields):
            picture = picture.replaced(chosen=fields["name"])
        return self.replaced(contestants=contestants, picture=picture)

    def with_hyper(self, index: int, name: str, value: float) -> Self:
        """Change one hyperparameter of one contestant's optimizer."""
        optimizer = self.contestants[index].optimizer.plain()
        return self.with_contestant(index, optimizer={**optimizer, name: value})

    def added(self, contestant: Contestant | Mapping[str, Any], at: int | None = None) -> Self:
        """Put a contestant in, at the end or at a place; its name is made unique by a number."""
        fields = contestant.fields() if isinstance(contestant, Contestant) else dict(contestant)
        name = name_of(fields)
        if name:
            fields["name"] = unique_name(name, _names(self.contestants))
        contestants: list[Any] = [*self.contestants]
        contestants.insert(len(contestants) if at is None else at, fields)
        return self.replaced(contestants=contestants)

    def duplicated(self, index: int) -> Self:
        """Put a copy of a contestant behind it, in a colour of its own."""
        return self.added(self.contestants[index].replaced(color=None), index + 1)

    def removed(self, index: int) -> Self:
        """Take a contestant out; the last one cannot be."""
        contestants: list[Any] = [*self.contestants]
        del contestants[index]
        return self.replaced(contestants=contestants)

    def moved(self, index: int, to: int) -> Self:
        """Take a contestant to another place."""
        contestants: list[Any] = [*self.contestants]
        contestants.insert(to, contestants.pop(index))
        return self.replaced(contestants=contestants)

    def _renamed(self, contestant: Contestant, title: str) -> str:
        """The name after a change of optimizer: the new title, if the old one was its name."""
        before = contestant.optimizer.definition.title
        automatic = re.fullmatch(re.escape(before) + r"( \d+)?", contestant.name)
        if title in ("", before) or not automatic:
            return contestant.name
        return unique_name(title, [other.name for other in self.contestants if other != contestant])

    def _to_the_end(self, schedule: Any) -> Any:
        """A raw schedule that has a horizon and does not say it gets the race's last step."""
        table = {"name": schedule} if isinstance(schedule, str) else schedule
        if not isinstance(table, Mapping) or name_of(table) not in schedules:
            return schedule
        has_horizon = "horizon" in schedules[table["name"]].defaults()
        return {**table, "horizon": table.get("horizon", self.steps)} if has_horizon else schedule


def _names(contestants: Any) -> list[str | None]:
    """The names of contestants that may be raw, and no list at all."""
    listed = isinstance(contestants, (list, tuple))
    return [name_of(entry) for entry in contestants] if listed else []


def _kind(problem: Any) -> Any:
    """The kind of a problem that may be raw."""
    return problem.get("kind") if isinstance(problem, Mapping) else problem.kind


def _measures_of(before: Experiment, fields: Mapping[str, Any]) -> list[MeasureTable]:
    """The measures that can still be taken in a race of other raw `fields`."""
    old, new = _names(before.contestants), _names(fields["contestants"])
    # As many as before: one that is missing is called by another name now.
    now = new if len(new) == len(old) else [None] * len(old)
    moved = {name: other for name, other in zip(old, now, strict=True)
             if name is not None and name not in new}
    kind = _kind(fields["problem"])
    kept = (entry.renamed(moved) for entry in before.measures)
    return [entry for entry in kept
            if entry is not None and kind in measure_kinds[entry.kind].kinds]


def _fitting(picture: Picture, fields: Mapping[str, Any]) -> Picture:
    """A picture of the race before, for a race of other raw `fields`."""
    steps, step, chosen = fields["steps"], picture.step, picture.chosen
    through = picture.plane_steps
    if isinstance(steps, int):
        last = max(steps, 0)
        step = step if step is None else min(step, last)
        through = through and (min(through[0], last), min(through[1], last), min(through[2], last))
    kind = _kind(fields["problem"])
    gone = {} if kind == "network" else dict.fromkeys(LANDSCAPE)
    return picture.replaced(**{
        "step": step, "chosen": chosen if chosen in _names(fields["contestants"]) else None,
        "plane_steps": through, **gone})
