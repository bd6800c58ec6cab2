"""The columns of a CSV file while its rows come in: inputs as numbers, targets as what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from .raw import (
    MOST_CLASSES,
    Array,
    DataError,
    Task,
    first_bad,
    interpreted,
    what_is_bad,
)

Cells = Sequence[str]

# Words for a missing number that other programs write.
_MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}


class Bad(Exception):
    """A cell that cannot be used: its row counted from 0 below the header, its column, and why."""

    def __init__(self, row: int, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.row, self.column, self.sentence = row, column, sentence


def is_number(cell: str) -> bool:
    """Whether a cell would be read as a number, infinite or missing ones included."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


class Inputs:
    """The columns to learn from, by name and place; every cell must be a finite number."""

    def __init__(self, columns: Mapping[str, int], delimiter: str) -> None:
        self._columns = columns
        self._delimiter = delimiter
        self._blocks: list[Array] = []

    def add(self, rows: Sequence[Cells], lines: Sequence[str], first: int) -> None:
        """The rows of a block, the first of which is row `first`, and their lines; raises Bad."""
        block = self._quickly(lines)
        if block is None or len(block) != len(rows) or first_bad(block) is not None:
            block = self._exactly(rows, first)
        self._blocks.append(block)

    def _quickly(self, lines: Sequence[str]) -> Array | None:
        """NumPy's own reader, three times as fast as `float`; it does not say which cell is bad."""
        try:
            return np.loadtxt(lines, delimiter=self._delimiter, comments=None, quotechar='"',
                              usecols=tuple(self._columns.values()), ndmin=2)
        except ValueError:
            return None

    def _exactly(self, rows: Sequence[Cells], first: int) -> Array:
        block = np.empty((len(rows), len(self._columns)))
        for place, (name, column) in enumerate(self._columns.items()):
            block[:, place] = _numbers([row[column] for row in rows], name, first)
        return block

    def joined(self) -> Array:
        """All rows, (n, d)."""
        return np.concatenate(self._blocks)


class Targets:
    """What is to be learnt: one column of numbers or texts, or several columns of numbers.

    While a column holds nothing but numbers, both they and their spellings are kept: a text far
    below makes names of all of them.
    """

    def __init__(self, columns: Mapping[str, int], task: Task | None) -> None:
        self._columns = columns
        self._task = task
        self._may_be_names = len(columns) == 1 and task != "regression"
        self._numbers: list[Array] | None = []
        self._codes: list[Array] | None = [] if self._may_be_names else None
        self._known: dict[str, int] = {}

    def add(self, rows: Sequence[Cells], first: int) -> None:
        """The rows of a block, the first of which is row `first`; raises Bad."""
        named = [(name, [row[column] for row in rows]) for name, column in self._columns.items()]
        for name, column in named:
            _no_gaps(column, name, first)
        if self._numbers is not None:
            try:
                block = [_numbers(column, name, first) for name, column in named]
                self._numbers.append(np.column_stack(block))
            except Bad as bad:
                if not self._may_be_names or is_number(named[0][1][bad.row - first]):
                    raise
                if self._codes is None:
                    raise Bad(bad.row, bad.column, f"{bad.sentence}, and the numbers above it are "
                                                   "too many different ones to be classes") from bad
                self._numbers = None
        if self._codes is not None:
            self._codes.append(self._coded(*named[0], first))
            # So many different numbers can only be quantities.
            if self._numbers is not None and len(self._known) > MOST_CLASSES:
                self._codes, self._known = None, {}

    def meaning(self) -> tuple[Array, Task, tuple[str, ...]]:
        """All rows as `Raw.y`, the task, and the classes' names; raises DataError."""
        if self._numbers is not None:
            try:
                return interpreted(np.concatenate(self._numbers), self._task)
            except DataError as error:
                columns = ", ".join(map(repr, self._columns))
                raise DataError(f"target {columns} {error}") from None
        assert self._codes is not None
        classes = sorted(self._known)
        rank = np.empty(len(classes), np.int64)
        rank[[self._known[name] for name in classes]] = np.arange(len(classes))
        return rank[np.concatenate(self._codes)], "classes", tuple(classes)

    def _coded(self, name: str, column: Cells, first: int) -> Array:
        known = self._known
        codes = [known.setdefault(cell.strip(), len(known)) for cell in column]
        if self._numbers is None and len(known) > MOST_CLASSES:
            row = next(row for row, code in enumerate(codes) if code == MOST_CLASSES)
            raise Bad(first + row, name, "is one text too many: each different one is a class, and "
                                         f"at most {MOST_CLASSES:,} are allowed")
        return np.array(codes, np.int32)


def _numbers(column: Cells, name: str, first: int) -> Array:
    """The cells of a column as numbers (n,); raises Bad at the first that is none."""
    try:
        numbers = np.array(list(map(float, column)))
    except ValueError:
        row = next(row for row, cell in enumerate(column) if not is_number(cell))
        raise Bad(first + row, name, _no_number(column[row])) from None
    bad = first_bad(numbers[:, None])
    if bad is not None:
        raise Bad(first + bad[0], name, what_is_bad(numbers[bad[0]]))
    return numbers


def _no_gaps(column: Cells, name: str, first: int) -> None:
    """A target must not be missing; its words for that are classes' names otherwise."""
    if "" in column:
        raise Bad(first + column.index(""), name, _no_number(""))


def _no_number(cell: str) -> str:
    """Why a cell is no number."""
    cell = cell.strip()
    if not cell:
        return "is empty; take out the rows with missing values"
    if cell.lower() in _MISSING:
        return f"is missing ({cell}); take out the rows with missing values"
    shown = repr(cell if len(cell) <= 40 else f"{cell[:37]}...")
    if re.fullmatch(r"[+-]?\d+,\d+", cell):
        return f"is {shown}, which is no number; write a point, not a comma, before the fraction"
    return f"is {shown}, which is no number"
