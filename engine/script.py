"""'Copy as Python': an experiment as the script that runs it, without what is a default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .choice import Choice
from .contestant import Contestant
from .experiment import Experiment
from .problem import SurfaceProblem
from .table import Table

WIDTH = 88
INDENT = "    "

HEAD = "from engine import Experiment, Run"
TAIL = '''\
run = Run(experiment)
run.finish()
for row in run.summary():
    x, y = row["point"]
    print(f"{row['name']}: loss {row['loss']:.6g} at ({x:.6g}, {y:.6g})")
    if row["explanation"]:
        print(row["explanation"])
'''


def to_python(experiment: Experiment) -> str:
    """A script that builds exactly this experiment, runs it, and prints where each contestant ends.

    How the window shows the experiment is no part of it.
    """
    values = _given(experiment.replaced(picture=None))
    values["problem"] = _problem(experiment.problem)
    values["contestants"] = [_contestant(contestant) for contestant in experiment.contestants]
    lines = [f"{INDENT}{key}={_literal(value, 1, len(key) + 1)}," for key, value in values.items()]
    return "\n".join([HEAD, "", "experiment = Experiment(", *lines, ")", "", TAIL])


def _given(table: Table) -> dict[str, Any]:
    """The values of a table that are not its defaults, in its order."""
    defaults = {name: field.default for name, field in type(table).model_fields.items()}
    return {key: value for key, value in table.fields().items() if value != defaults[key]}


def _problem(problem: SurfaceProblem) -> dict[str, Any]:
    given = {"kind": problem.kind, **_given(problem)}
    if problem.start == problem.resolve().start:
        del given["start"]
    return given


def _contestant(contestant: Contestant) -> dict[str, Any]:
    given = _given(contestant)
    for key, value in given.items():
        if isinstance(value, Choice):
            given[key] = _choice(value)
        elif isinstance(value, Table):
            given[key] = value.plain()
    return given


def _choice(choice: Choice) -> str | dict[str, Any]:
    """A choice's bare name, or a table where it differs from the defaults."""
    given = {"name": choice.name, **_given(choice)}
    return given if len(given) > 1 else choice.name


def _literal(value: Any, depth: int, taken: int) -> str:
    """A value as Python: on one line, if it fits behind `taken` characters, or a part a line."""
    line = _on_one_line(value)
    if len(INDENT) * depth + taken + len(line) + 1 <= WIDTH or not value or not isinstance(
            value, (Mapping, list, tuple)):
        return line
    inner, outer = INDENT * (depth + 1), INDENT * depth
    if isinstance(value, Mapping):
        keys = {_text(key): entry for key, entry in value.items()}
        parts = [f"{key}: {_literal(entry, depth + 1, len(key) + 2)}"
                 for key, entry in keys.items()]
        start, end = "{}"
    else:
        parts = [_literal(entry, depth + 1, 0) for entry in value]
        start, end = "()" if isinstance(value, tuple) else "[]"
    return "\n".join([start, *(f"{inner}{part}," for part in parts), outer + end])


def _on_one_line(value: Any) -> str:
    if isinstance(value, Mapping):
        entries = (f"{_text(key)}: {_on_one_line(entry)}" for key, entry in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, (list, tuple)):
        start, end = "()" if isinstance(value, tuple) else "[]"
        return f"{start}{', '.join(map(_on_one_line, value))}{end}"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    """A string as formatters write it: in double quotes, unless that takes more backslashes."""
    if text.count('"') > text.count("'"):
        return repr(text)
    inner = repr(f"{text}'\"")[1:-4]
    return '"' + inner.replace("\\'", "'").replace('"', '\\"') + '"'
