"""What can be set by one key, such as "SGD.lr" or "problem.noise": a lesson's beats use these.

The keys follow from the experiment itself, so a new optimizer or a new kind of problem brings its
own without a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import ExperimentError, Mistake, nearest
from .experiment import Experiment
from .table import Table, path, short, within

Place = tuple[str | int, ...]

# A name says which contestant is meant; it is not one of its settings.
NOT_SET = ("name",)


def settings(experiment: Experiment) -> dict[str, Place]:
    """Every key that can be set in this experiment, and its place in the experiment's table."""
    places: dict[str, Place] = {key: (key,) for key in ("title", "seed", "steps")}
    problem = experiment.problem
    for key, value in problem.fields().items():
        if key != "kind":
            places |= _of_part("problem", key, value, ("problem", key))
    for index, contestant in enumerate(experiment.contestants):
        here: Place = ("contestants", index)
        for key, value in contestant.fields().items():
            if key not in NOT_SET:
                found = _of_part(contestant.name, key, value, (*here, key))
                # Both have a start: of one that is called "problem" it is not set.
                places |= {name: place for name, place in found.items() if name not in places}
        for key in contestant.optimizer.hypers():
            places[f"{contestant.name}.{key}"] = (*here, "optimizer", key)
    return places


def _of_part(owner: str, key: str, value: Any, place: Place) -> dict[str, Place]:
    """A value as a whole, and what is in it where it is a table or a list of tables."""
    places: dict[str, Place] = {f"{owner}.{key}": place}
    if key == "optimizer":
        return places
    if isinstance(value, Table):
        places |= {f"{owner}.{key}.{inner}": (*place, inner) for inner in value.fields()}
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            if isinstance(entry, Table):
                places |= {f"{owner}.{key}[{number}].{inner}": (*place, number, inner)
                           for inner in entry.fields()}
    return places


def with_settings(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """The experiment with other values by key.

    Raises ExperimentError, each mistake at the key that made it. Another surface or formula brings
    its own start. An optimizer, schedule or clip is replaced before what belongs to it is set, so
    that a beat can choose Adam and give it a rate.
    """
    if not values:
        return experiment
    places = settings(experiment)
    whole = {key: value for key, value in values.items()
             if _is_whole(places.get(key, ()))}
    rest = {key: value for key, value in values.items() if key not in whole}
    return _applied(_applied(experiment, whole), rest)


def _is_whole(place: Place) -> bool:
    """Whether a place holds something that other places are in, such as an optimizer."""
    return (len(place) == 3 and place[0] == "contestants") or (
        len(place) == 2 and place[0] == "problem")


def _applied(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    places = settings(experiment)
    mistakes = [
        Mistake(path(key), _unknown(key, list(places))) for key in values if key not in places
    ]
    known = {key: places[key] for key in values if key in places}
    problem, on_problem = experiment.problem, _on_problem(experiment, values, known)
    table: dict[str, Any] = {
        "contestants": [problem.contestant_after(contestant, on_problem).plain()
                        for contestant in experiment.contestants],
    }
    for key, place in known.items():
        if place[0] != "problem":
            _put(table, place, values[key])
    if on_problem:
        table["problem"] = problem.changed(on_problem)
    try:
        changed = experiment.replaced(**table)
    except ExperimentError as error:
        mistakes += [_at_key(mistake, known) for mistake in error.mistakes]
    if mistakes:
        raise ExperimentError(mistakes)
    return changed


def _on_problem(experiment: Experiment, values: Mapping[str, Any], known: Mapping[str, Place]
                ) -> dict[str, Any]:
    """Those of the values that are the problem's, by its own keys."""
    found: dict[str, Any] = {}
    for key, place in known.items():
        if place[0] == "problem" and len(place) == 2:
            found[str(place[1])] = values[key]
        elif place[0] == "problem":
            part = found.setdefault(
                str(place[1]), experiment.problem.plain().get(str(place[1]), {}))
            part[str(place[2])] = values[key]
    return found


def _put(table: Any, place: Place, value: Any) -> None:
    for part in place[:-1]:
        table = table[part]
    table[place[-1]] = value


def _at_key(mistake: Mistake, known: Mapping[str, Place]) -> Mistake:
    """A mistake in the experiment, at the key whose value it is."""
    for key, place in known.items():
        where = path(*place)
        rest = mistake.place.removeprefix(where)
        if rest != mistake.place and (not rest or rest[0] in ".["):
            return Mistake(within(path(key), rest.removeprefix(".")), mistake.sentence)
    return Mistake("", f"{mistake.place}: {mistake.sentence}")


def _unknown(key: str, known: list[str]) -> str:
    near = nearest(short(key), known)
    hint = f"did you mean {near!r}?" if near else f"such as {', '.join(map(repr, known[3:9]))}"
    return f"is not a value of this experiment; {hint}"
