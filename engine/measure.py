"""`[[measures]]` of an experiment: what is worked out besides the run, and kept in its record.

Every measure has a `kind`, a `name` under which its arrays stand, and the `contestants` that it is
taken of; the rest of its keys are the kind's.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import NDArray
from pydantic import Field, field_validator

from .errors import ExperimentError, Mistake, UnknownName, nearest
from .measures import measures
from .table import Line, Table, Text, moved, short, shown, within

if TYPE_CHECKING:
    from .contestant import Contestant
    from .problem import Problem
    from .run import Run

MOST_MEASURES = 100
Check = Callable[[], None]
Named = tuple[str, NDArray[Any]]


class MeasureTable(Table):
    """A measure; without a name it is called by its kind, without contestants it is of all."""

    kind: Text
    name: Line = Field(description="text on one line, without /")
    contestants: tuple[Line, ...] | None = Field(
        None, min_length=1, description="a list of contestants' names")

    @field_validator("name")
    @classmethod
    def _part_of_a_key(cls, name: str) -> str:
        if not name.strip() or "/" in name or len(name) > 80:
            raise ValueError("must be text of 1 to 80 characters without /, not "
                             f"{shown(short(name))}")
        return name

    def places(self, contestants: Sequence[Contestant]) -> list[int]:
        """The places of the contestants that it is taken of."""
        return [place for place, entry in enumerate(contestants)
                if self.contestants is None or entry.name in self.contestants]

    def mistakes(self, problem: Problem, contestants: Sequence[Contestant], last: int
                 ) -> Iterator[Mistake]:
        """What keeps it from being taken of this experiment, besides unknown names.

        `last` is the run's last step.
        """
        return iter(())

    @abstractmethod
    def arrays(self, run: Run, check: Check) -> Iterator[Named]:
        """Its arrays by their keys below `measures/NAME/`, worked out now.

        `check` may raise to call it off, from whatever thread; it is to be called several times a
        second.
        """

    def renamed(self, names: Mapping[str, str | None]) -> Self | None:
        """The same of contestants with other names, None for those that are gone; or None."""
        if self.contestants is None:
            return self
        kept = tuple(name for name in (names.get(old, old) for old in self.contestants)
                     if name is not None)
        return self.replaced(contestants=kept) if kept else None


def measure(value: Any) -> MeasureTable:
    """A raw measure as the table that its kind names; raises ExperimentError."""
    if isinstance(value, MeasureTable):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f'must be a table such as {{ kind = "basins" }}, not {shown(value)}')
    kind = value.get("kind")
    if not isinstance(kind, str):
        wrong = "is missing" if kind is None else f"must be a name, not {shown(kind)}"
        raise ExperimentError([Mistake("kind", f"{wrong}; known: {', '.join(measures)}")])
    try:
        table = measures[short(kind)].table()
    except UnknownName as error:
        raise ExperimentError([Mistake("kind", str(error))]) from None
    return table(**value)


def with_names(raw: Any) -> Any:
    """Raw measures with names for those that have none: their kind, made unique by a number."""
    if not isinstance(raw, (list, tuple)):
        return raw
    taken = {entry.get("name") if isinstance(entry, Mapping) else getattr(entry, "name", None)
             for entry in raw}
    result: list[Any] = []
    for entry in raw:
        if isinstance(entry, Mapping) and entry.get("name") is None:
            kind = entry.get("kind")
            stem = name = kind if isinstance(kind, str) and kind else "measure"
            number = 2
            while name in taken:
                name, number = f"{stem} {number}", number + 1
            taken.add(name)
            entry = {**entry, "name": name}
        result.append(entry)
    return result


def measures_of(raw: Any, problem: Problem | None, contestants: Sequence[Contestant], last: int
                ) -> tuple[MeasureTable, ...]:
    """The measures of an experiment from raw ones; raises ExperimentError with all mistakes.

    They are taken of a `problem` and `contestants`, as far as those are sound themselves, in a run
    of `last` steps.
    """
    mistakes: list[Mistake] = []
    tables: list[MeasureTable] = []
    first: dict[str, int] = {}
    for place, entry in enumerate(with_names(raw)):
        here = f"[{place}]"
        found = _sound(entry, here, mistakes)
        if found is None:
            continue
        tables.append(found)
        if first.setdefault(found.name, place) != place:
            mistakes.append(Mistake(f"{here}.name", f"must be unique, but {shown(found.name)} is "
                                                    f"measures[{first[found.name]}] already"))
        if problem is not None and contestants:
            mistakes += [Mistake(within(here, mistake.place), mistake.sentence)
                         for mistake in _foreign(found, problem, contestants, last)]
    if mistakes:
        raise ExperimentError(mistakes)
    return tuple(tables)


def _sound(raw: Any, here: str, mistakes: list[Mistake]) -> MeasureTable | None:
    """A raw measure as a table, without those of its keys that are wrong, which are noted."""
    try:
        return measure(raw)
    except ExperimentError as error:
        mistakes += moved(error, here)
        wrong = {re.split(r"[.[]", mistake.place, maxsplit=1)[0] for mistake in error.mistakes}
    except ValueError as error:
        mistakes.append(Mistake(here, str(error)))
        return None
    try:
        return measure({key: value for key, value in raw.items() if key not in wrong})
    except ExperimentError:
        return None


def _foreign(entry: MeasureTable, problem: Problem, contestants: Sequence[Contestant], last: int
             ) -> Iterator[Mistake]:
    """What this experiment has nothing for."""
    kinds = measures[entry.kind].kinds
    if problem.kind not in kinds:
        yield Mistake("kind", f"{entry.kind} is measured of a {' or a '.join(sorted(kinds))} only")
    names = [contestant.name for contestant in contestants]
    wanted = entry.contestants or ()
    for name in wanted:
        if name not in names:
            near = nearest(short(name), names)
            hint = f"; did you mean {near!r}?" if near else ""
            yield Mistake("contestants", f"must be contestants' names ({', '.join(names)}), not "
                                         f"{shown(name)}{hint}")
    known = tuple(name for name in wanted if name in names)
    yield from entry.replaced(contestants=known or None).mistakes(problem, contestants, last)
