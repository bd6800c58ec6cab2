"""TOML in and out: syntax errors that point at the character, and text that people like to read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import tomli_w

from .errors import ExperimentError, Mistake
from .table import Table

FORMAT = 1
T = TypeVar("T", bound=Table)

_POSITION = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def parsed(text: str, source: str = "") -> dict[str, Any]:
    """A TOML document as a dictionary; raises ExperimentError at the character that is wrong."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError([_syntax(str(error), text)], source) from None
    except (ValueError, RecursionError):
        # Whole numbers of thousands of digits, and brackets nested by the thousand.
        mistake = Mistake("", "has numbers too long or brackets too deep to be read")
        raise ExperimentError([mistake], source) from None


def _syntax(message: str, text: str) -> Mistake:
    found = _POSITION.match(message)
    if not found:
        return Mistake("", f"is not TOML: {message}")
    lines = re.split(r"\r?\n", text)
    if found[2]:
        row, column = int(found[2]), int(found[3])
    else:
        while len(lines) > 1 and not lines[-1].strip():
            lines.pop()
        row, column = len(lines), len(lines[-1]) + 1
    sentence = f"{found[1]}\n{_excerpt(lines[row - 1], column)}"
    return Mistake(f"line {row}, column {column}", sentence)


def _excerpt(line: str, column: int) -> str:
    """A line with a caret under a column counted from 1; a long line is cut around it."""
    start = max(0, column - 61)
    cut = "".join(c if c.isprintable() else " " for c in line[start : start + 80])
    return f"    {cut}\n    {' ' * (column - 1 - start)}^"


def checked(table: type[T], data: Mapping[str, Any], source: str = "") -> T:
    """A file's table of `format` 1, checked; raises ExperimentError."""
    version = data.get("format")
    if type(version) is int and version > FORMAT:
        sentence = f"made by a newer Trainscope (format {version}; this one reads {FORMAT}): " \
                   "update Trainscope"
        raise ExperimentError([Mistake("format", sentence)], source)
    mistakes = []
    if version is None:
        mistakes.append(Mistake("format", f"is missing; write format = {FORMAT} at the top"))
    try:
        result = table(**data)
    except ExperimentError as error:
        mistakes += error.mistakes
    if mistakes:
        raise ExperimentError(mistakes, source)
    return result


def written(table: Table) -> str:
    """A table as a TOML document, complete with every default; what it reads back to is equal."""
    return "\n".join(_section(table.plain(), "")).lstrip("\n") + "\n"


def _section(table: Mapping[str, Any], name: str) -> Iterator[str]:
    """A table's own lines, then its tables under heads of their own."""
    inner = {key: value for key, value in table.items() if _has_head(value)}
    for key, value in table.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        full = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, Mapping):
            yield f"\n[{full}]"
            yield from _section(value, full)
        else:
            for entry in value:
                yield f"\n[[{full}]]"
                yield from (f"{_key(key)} = {_value(item)}" for key, item in entry.items())


def _has_head(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    )


def _value(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        entries = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if type(value) in (int, float):
        # What tomli_w writes, too; it would take 6 µs for each of thousands of points.
        return str(value)
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")


def _key(key: str) -> str:
    """A key, in quotes where it needs them."""
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
