"""What can be named in an experiment, as rows for `list`: read from the registries, never by hand.

Lessons are read as plain TOML here: a title needs no validation, and pydantic's start is saved.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from textwrap import fill
from typing import Any

from .errors import UnknownName

Row = dict[str, Any]


def lesson_files() -> dict[str, Path]:
    """The bundled lessons' files by name, in the order in which they are taught.

    Numbers before the name (`02-momentum.toml`) make the order and are no part of the name.
    """
    # The program is installed as plain folders, so every resource has a path.
    folder = Path(str(files("assets") / "lessons"))
    return {path.stem.lstrip("0123456789-"): path for path in sorted(folder.glob("*.toml"))}


def _lessons() -> list[Row]:
    rows = []
    for name, path in lesson_files().items():
        lesson = tomllib.loads(path.read_text(encoding="utf-8"))
        rows.append({
            "name": name,
            "title": lesson.get("title", name),
            "doc": lesson.get("summary", ""),
            "source": "; ".join(lesson.get("sources", [])),
        })
    return rows


def _described(definition: Any, *more: str) -> Row:
    """What every definition has, its hyperparameters included, and the fields named in `more`."""
    row = {field: getattr(definition, field) for field in ("name", "title", "doc", "source")}
    row |= {field: getattr(definition, field) for field in more}
    hypers = getattr(definition, "hypers", ())
    return row | {"hypers": [asdict(hyper) for hyper in hypers]} if hypers else row


def _optimizers() -> list[Row]:
    from .optimizers import optimizers

    return [_described(entry, "slots") for entry in optimizers.values()]


def _surfaces() -> list[Row]:
    from .surfaces import surfaces

    fields = ("tex", "domain", "minima", "local_minima", "saddles", "start")
    return [_described(entry, *fields) for entry in surfaces.values()]


def _schedules() -> list[Row]:
    from .schedules import schedules

    return [_described(entry) for entry in schedules.values()]


def _datasets() -> list[Row]:
    from .datasets import datasets

    return [_described(entry, "task", "columns") for entry in datasets.values()]


def _layers() -> list[Row]:
    from .activations import activations
    from .layers import layers

    return [_described(entry) for entry in layers.values() if entry.name not in activations]


def _activations() -> list[Row]:
    from .activations import activations

    return [_described(entry, "tex") for entry in activations.values()]


def _inits() -> list[Row]:
    from .inits import inits

    return [_described(entry) for entry in inits.values()]


def _losses() -> list[Row]:
    from .losses import losses

    return [_described(entry, "task", "tex") for entry in losses.values()]


def _measures() -> list[Row]:
    from .measures import measures

    return [_described(entry) | {"keys": dict(entry.keys), "arrays": dict(entry.arrays)}
            for entry in measures.values()]


KINDS: Mapping[str, Callable[[], list[Row]]] = {
    "lessons": _lessons,
    "surfaces": _surfaces,
    "optimizers": _optimizers,
    "schedules": _schedules,
    "datasets": _datasets,
    "layers": _layers,
    "activations": _activations,
    "inits": _inits,
    "losses": _losses,
    "measures": _measures,
}


def catalogue(kind: str | None = None) -> dict[str, list[Row]]:
    """The rows of one kind (`optimizers`, or `optimizer`) or of all; raises UnknownName."""
    if kind is None:
        return {name: rows() for name, rows in KINDS.items()}
    for name, rows in KINDS.items():
        if kind in (name, name.removesuffix("s"), name.removesuffix("es")):
            return {name: rows()}
    raise UnknownName("kind", kind, list(KINDS))


def as_text(entries: Mapping[str, list[Row]], width: int | None) -> str:
    """The catalogue for reading: `width` columns, or one line a sentence for None."""
    blocks = []
    for kind, rows in entries.items():
        indent = 2 + max((len(row["name"]) for row in rows), default=0) + 2
        blocks.append("\n".join([kind, *(_entry(row, indent, width) for row in rows)]))
    return "\n\n".join(blocks) + "\n"


def _entry(row: Row, indent: int, width: int | None) -> str:
    hypers = ", ".join(f"{hyper['name']} = {hyper['default']:g}" for hyper in row.get("hypers", ()))
    first = f"  {row['name']}".ljust(indent) + row["title"]
    rest = [line for line in (row["doc"], hypers, row["source"]) if line]
    if width is None:
        return "\n".join([first, *(" " * indent + line for line in rest)])
    margin = " " * indent
    wrapped = (fill(line, max(width, indent + 20), initial_indent=margin, subsequent_indent=margin)
               for line in rest)
    return "\n".join([first, *wrapped])
