"""Which keys turn one experiment into another: the inverse of `settings.with_settings`.

A beat of a lesson that is made in the window sets what differs from the beat before, and a value
inside a table is set by itself: "SGD.lr", not the whole optimizer, as long as the rest is equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .errors import ExperimentError, Mistake
from .experiment import Experiment
from .settings import Place, settings, with_settings
from .table import path

# A key may take others back to a default, as another surface does with its start, so that more
# than one pass can be needed until all of them are set.
PASSES = 4


def changed_settings(before: Experiment, after: Experiment) -> dict[str, Any]:
    """The new values by key: `with_settings(before, values)` is `after`, apart from its picture.

    Raises ExperimentError, each mistake at what differs and no beat can change: the kind of
    problem, who takes part, changes made on the way, and what is left out afterwards.
    """
    mistakes = list(_never_set(before, after))
    if mistakes:
        raise ExperimentError(mistakes)
    for fine in (True, False):
        values = _tried(before, after, fine)
        if values is not None:
            return values
    left = list(_left_out(before, after)) or [Mistake(
        "", "has values that no key sets; put them into the lesson's experiment")]
    raise ExperimentError(left)


def _never_set(before: Experiment, after: Experiment) -> Iterator[Mistake]:
    if before.problem.kind != after.problem.kind:
        yield Mistake("problem.kind", f"must stay {before.problem.kind!r} throughout a lesson, not "
                                      f"become {after.problem.kind!r}")
        return
    names, others = ([contestant.name for contestant in experiment.contestants]
                     for experiment in (before, after))
    if names != others:
        yield Mistake("contestants", f"must be those of the lesson throughout ({', '.join(names)})"
                                     f", not {', '.join(others)}; put them into the lesson's "
                                     "experiment and mute them")
    if before.changes != after.changes:
        step = next((change.step for change in after.changes if change not in before.changes),
                    None)
        when = f"from step {step:,} on" if step is not None else "on the way"
        yield Mistake("changes", f"must be those of the lesson's experiment: a beat's changes hold "
                                 f"from its first step, not {when}; pause before setting them")


def _tried(before: Experiment, after: Experiment, fine: bool) -> dict[str, Any] | None:
    """The values that differ, or None where setting them does not give `after`."""
    goal = after.replaced(picture=before.picture) if after.picture != before.picture else after
    values: dict[str, Any] = {}
    current = before
    for _ in range(PASSES):
        found = _differences(current, goal, fine)
        if not found:
            return _needed(before, goal, values) if current == goal else None
        values |= found
        try:
            current = with_settings(before, values)
        except ExperimentError:
            return None
    return None


def _needed(before: Experiment, goal: Experiment, values: dict[str, Any]) -> dict[str, Any]:
    """The values without those of the problem that follow from others: a surface has its start."""
    for key in [key for key in values if key.startswith("problem.")] if len(values) > 1 else ():
        rest = {name: value for name, value in values.items() if name != key}
        try:
            if with_settings(before, rest) == goal:
                values = rest
        except ExperimentError:
            continue
    return values


def _differences(before: Experiment, after: Experiment, fine: bool) -> dict[str, Any]:
    """The keys whose values differ and can be set, each as far inside as both sides allow."""
    places = settings(before)
    old, new = before.plain(), after.plain()
    found: dict[str, Any] = {}
    for key, place in places.items():
        if not _is_outer(place):
            continue
        was, value = _at(old, place), _at(new, place)
        if was == value or value is None:
            continue
        inner = _inner(was, value, place) if fine else None
        keys = {at: name for name, at in places.items()} if inner else {}
        if inner and all(at in keys for at, _ in inner):
            found |= {keys[at]: part for at, part in inner}
        else:
            found[key] = value
    return found


def _is_outer(place: Place) -> bool:
    return len(place) == 1 or (len(place) == 2 and place[0] == "problem") or (
        len(place) == 3 and place[0] == "contestants")


def _inner(was: Any, value: Any, place: Place) -> list[tuple[Place, Any]] | None:
    """What differs within a table or a list of tables; None where they are of other kinds."""
    if isinstance(was, dict) and isinstance(value, dict):
        kind = next((key for key in ("name", "kind") if key in was), None)
        if was.keys() != value.keys() or (kind is not None and was[kind] != value[kind]):
            return None
        return [((*place, key), value[key]) for key in was if was[key] != value[key]]
    if isinstance(was, list) and isinstance(value, list) and len(was) == len(value):
        parts: list[tuple[Place, Any]] = []
        for number, (one, other) in enumerate(zip(was, value, strict=True)):
            if one != other:
                part = _inner(one, other, (*place, number)) if isinstance(one, dict) else None
                if part is None:
                    return None
                parts += part
        return parts
    return None


def _left_out(before: Experiment, after: Experiment) -> Iterator[Mistake]:
    """What the experiment before says and the one after does not: a beat can only set values."""
    old, new = before.plain(), after.plain()
    for key, place in settings(before).items():
        if _is_outer(place) and _at(old, place) is not None and _at(new, place) is None:
            yield Mistake(path(key), "cannot be taken away by a beat; leave it out of the lesson's "
                                     "experiment, and set it in the beats that need it")


def _at(table: Any, place: Place) -> Any:
    """The value at a place of a plain table; None where there is none."""
    for part in place:
        table = table.get(part) if isinstance(part, str) else table[part]
    return table
