"""'Copy as Python': an experiment as the script that runs it, without what is a default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .choice import Choice
from .experiment import Experiment
from .network.choices import LayerChoice
from .problem import Problem, SurfaceProblem
from .table import Table

WIDTH = 88
INDENT = "    "

HEAD = "from engine import Experiment, Run"
TAIL = '''\
run = Run(experiment)
run.finish()
for row in run.summary():
    {shown}
    if row["explanation"]:
        print(row["explanation"])
'''
# Where each contestant ends, in the body of the loop above.
SHOWN = {
    "surface": """x, y = row["point"]
    print(f"{row['name']}: loss {row['loss']:.6g} at ({x:.6g}, {y:.6g})")""",
    "network": """print(f"{row['name']}: loss {row['loss']:.6g}, "
          f"on test rows {row['test_loss']:.6g}")""",
}


def to_python(experiment: Experiment) -> str:
    """A script that builds exactly this experiment, runs it, and prints where each contestant ends.

    How the window shows the experiment is no part of it.
    """
    values = _given(experiment.replaced(picture=None))
    values["problem"] = _problem(experiment.problem)
    values["contestants"] = [_words(contestant) for contestant in experiment.contestants]
    if experiment.changes:
        values["changes"] = [change.plain() for change in experiment.changes]
    if experiment.measures:
        values["measures"] = [_words(measure) for measure in experiment.measures]
    lines = [f"{INDENT}{key}={_literal(value, 1, len(key) + 1)}," for key, value in values.items()]
    tail = TAIL.format(shown=SHOWN[experiment.problem.kind])
    return "\n".join([HEAD, "", "experiment = Experiment(", *lines, ")", "", tail])


def _given(table: Table) -> dict[str, Any]:
    """The values of a table that are not its defaults, in its order."""
    defaults = {name: field.default for name, field in type(table).model_fields.items()}
    return {key: value for key, value in table.fields().items() if value != defaults[key]}


def _problem(problem: Problem) -> dict[str, Any]:
    given = {"kind": problem.kind, **_words(problem)}
    if isinstance(problem, SurfaceProblem) and problem.start == problem.resolve().start:
        del given["start"]
    return given


def _words(table: Table) -> dict[str, Any]:
    """What a table is given, in the words of a script."""
    return {key: _word(value) for key, value in _given(table).items()}


def _word(value: Any) -> Any:
    """A value as a script says it: a bare name for a choice that differs in nothing from it."""
    if isinstance(value, (Choice, LayerChoice)):
        key = "name" if isinstance(value, Choice) else "kind"
        words = {key: getattr(value, key), **_words(value)}
        return words if len(words) > 1 or key == "kind" else words[key]
    if isinstance(value, Table):
        return value.plain()
    return [_word(entry) for entry in value] if isinstance(value, tuple) and any(
        isinstance(entry, Table) for entry in value) else value


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
        # Brackets around one value make no tuple of it.
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return f"{start}{', '.join(map(_on_one_line, value))}{comma}{end}"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    """A string as formatters write it: in double quotes, unless that takes more backslashes."""
    if text.count('"') > text.count("'"):
        return repr(text)
    inner = repr(f"{text}'\"")[1:-4]
    return '"' + inner.replace("\\'", "'").replace('"', '\\"') + '"'
