"""A user's own file as an experiment names it: `{ file = "mine.csv", target = "label" }`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from ..errors import Mistake
from ..table import Line, Table, shown
from .csv_file import read_csv
from .files import read_once
from .idx_file import read_idx
from .npz_file import read_npz
from .raw import Raw, Task


def _columns(value: Any) -> Any:
    """One column's name, or a list of them, as a tuple."""
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names:
        raise ValueError(f"must be a column's name or a list of names, not {shown(value)}")
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"must name columns, not {shown(name)}")
        if names.count(name) > 1:
            raise ValueError(f"must name each column once, and {shown(name)} is there twice")
    return tuple(name.strip() for name in names)


Columns = Annotated[tuple[str, ...], BeforeValidator(_columns)]


class FileData(Table):
    """A file of the user's own: CSV, NPZ, or MNIST's IDX with its labels in another file.

    The end of the name tells NPZ, `labels` tells IDX, and everything else is CSV. `target` and
    `inputs` name columns of a CSV file.
    """

    file: Line = Field(min_length=1, description="a file's name, as text")
    target: Columns | None = Field(None, description="a column's name or a list of names")
    inputs: Columns | None = Field(None, description="a list of columns' names")
    labels: Line | None = Field(None, min_length=1, description="a file's name, as text")
    task: Task | None = Field(None, description='"classes" or "regression"')

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        file = data.get("file")
        if not isinstance(file, str):
            return
        kind = _kind(file, data.get("labels") is not None)
        if kind == "csv" and data.get("target") is None:
            yield Mistake("target", "is missing; it must be the name of the column to learn")
        if kind != "csv":
            for key in ("target", "inputs"):
                if data.get(key) is not None:
                    yield Mistake(key, f"must be left out: it names columns of a CSV file, and "
                                       f"{shown(file)} is {kind.upper().rstrip('?')}")
        if kind == "idx?":
            yield Mistake("labels", "is missing; an IDX file of images needs one of labels")
        if kind == "npz" and data.get("labels") is not None:
            yield Mistake("labels", "must be left out: an NPZ file has its labels in it, as y")
        target = data.get("target")
        if data.get("task") == "classes" and isinstance(target, (list, tuple)) and len(target) > 1:
            yield Mistake("task", f"must be \"regression\" or left out: {len(target)} targets are "
                                  "no classes")

    @property
    def title(self) -> str:
        """What a picture of it is called."""
        return Path(self.file).name

    def raw(self, seed: int = 0) -> Raw:
        """The file's data, whatever the seed; raises FileError.

        While the files do not change, the same object comes back.
        """
        if self.labels is not None:
            return read_once(read_idx, (self.file, self.labels), self.task)
        if _kind(self.file, False) == "npz":
            return read_once(read_npz, (self.file,), self.task)
        return read_once(read_csv, (self.file,), self.target, self.inputs, self.task)

    def located(self, folder: str | Path) -> Self:
        """The same with paths that are relative to `folder` made absolute."""
        labels = None if self.labels is None else str(_absolute(folder, self.labels))
        return self.replaced(file=str(_absolute(folder, self.file)), labels=labels)

    def plain(self) -> dict[str, Any]:
        """The table as plain values; a single target as its name."""
        plain = super().plain()
        if self.target is not None and len(self.target) == 1:
            plain["target"] = self.target[0]
        return plain


def _absolute(folder: str | Path, file: str) -> Path:
    return Path(folder).absolute() / file


def _kind(file: str, has_labels: bool) -> Literal["csv", "npz", "idx", "idx?"]:
    """How a file is read; `idx?` is an IDX file by its name, whose labels are missing."""
    name = Path(file).name.lower()
    if name.endswith(".npz"):
        return "npz"
    if has_labels:
        return "idx"
    return "idx?" if name.removesuffix(".gz").endswith(("-ubyte", ".idx", ".gz")) else "csv"
