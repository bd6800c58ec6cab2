"""CSV: a header with the columns' names, then a row of cells for each example.

Cells are parted by commas, semicolons or tabs, whichever the header has most of; numbers are
written with a point. Rows are read in blocks, so that of a large file little more than its numbers
is ever in memory. Lines count from 1 as in an editor; the header is the first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO

from ..errors import nearest
from .csv_columns import Bad, Inputs, Targets, is_number
from .files import opened
from .raw import Array, DataError, Raw, Task, check_size

DELIMITERS = ",;\t"
LONGEST_LINE = 1_000_000
_CELLS_A_BLOCK = 100_000

Row = list[str]
Names = tuple[str, ...]


def read_csv(path: str, target: Names, inputs: Names | None = None,
             task: Task | None = None) -> Raw:
    """The data of a CSV file; raises FileError with line and column.

    `target` names what is to be learnt: one column of texts or whole numbers (classes) or of
    numbers (a regression), or several columns of numbers; `task` decides where whole numbers are
    quantities. `inputs` names the columns to learn from, or None for all others.
    """
    with opened(path):
        table = _Table(path)
        try:
            wanted = _chosen(table.header, target, inputs)
            x, targets = _columns(table, wanted, target, task)
            y, found, classes = targets.meaning()
        except Bad as bad:
            raise DataError(table.located(bad)) from None
        except UnicodeDecodeError:
            raise DataError(_not_utf8(path)) from None
        return Raw(x, y, found, classes, wanted, target)


@dataclass(frozen=True)
class _Table:
    """A CSV file as rows of cells, blank lines left out."""

    path: str

    @cached_property
    def header(self) -> Row:
        """The columns' names as they stand in the first line."""
        _, header = next(self.numbered(), (0, []))
        return [name.strip() for name in header]

    @cached_property
    def delimiter(self) -> str:
        """What parts the cells: what the first line has most of, names in quotes aside."""
        with self._opened() as file:
            first = next(_lines(file), "")
        if "\0" in first:
            raise DataError("this is not a text file (it has NUL bytes)")
        bare = "".join(first.split('"')[::2])
        return max(DELIMITERS, key=bare.count)

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Every row, the header first, with the number of the line that it starts in."""
        with self._opened() as file:
            yield from self._parsed(_lines(file))

    def blocks(self, count: int) -> Iterator[tuple[list[Row], list[str]]]:
        """The rows below the header by `count`, and the lines of text that they are made of."""
        with self._opened() as file:
            # Whatever the reader has taken since the last block is this block.
            lines: list[str] = []
            rows = (row for _, row in self._parsed(_noted(_lines(file), lines)))
            next(rows, None)
            lines.clear()
            while block := list(islice(rows, count)):
                yield block, lines
                lines.clear()

    def _parsed(self, lines: Iterator[str]) -> Iterator[tuple[int, Row]]:
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise DataError(f"line {line:,}: is not CSV: {error}") from None

    def _opened(self) -> TextIO:
        # Some Windows editors put a byte-order mark in front.
        return Path(self.path).open(encoding="utf-8-sig", newline="")

    def located(self, bad: Bad) -> str:
        """What is wrong with a row counted from 0 below the header, with its line's number."""
        line, _ = next(islice(self.numbered(), bad.row + 1, None))
        place = f", column {bad.column!r}" if bad.column else ""
        return f"line {line:,}{place}: {bad.sentence}"


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise DataError(f"has a line of more than {LONGEST_LINE:,} characters")
        yield line


def _noted(lines: Iterator[str], notes: list[str]) -> Iterator[str]:
    for line in lines:
        notes.append(line)
        yield line


def _columns(table: _Table, inputs: Names, target: Names,
             task: Task | None) -> tuple[Array, Targets]:
    """The inputs (n, d) and the targets of all rows."""
    names = table.header
    x = Inputs({name: names.index(name) for name in inputs}, table.delimiter)
    y = Targets({name: names.index(name) for name in target}, task)
    first = 0
    for block, lines in table.blocks(max(1, _CELLS_A_BLOCK // len(names))):
        if set(map(len, block)) != {len(names)}:
            ragged = next(row for row, cells in enumerate(block) if len(cells) != len(names))
            cells = len(block[ragged])
            raise Bad(first + ragged, "", f"has {cells} cell{'s' * (cells != 1)}, and the header "
                                          f"has {len(names)} columns")
        check_size(first + len(block), len(inputs))
        x.add(block, lines, first)
        y.add(block, first)
        first += len(block)
    if not first:
        raise DataError("there are no rows below the header")
    return x.joined(), y


def _chosen(header: Row, target: Names, inputs: Names | None) -> Names:
    """The columns to learn from, in the header's order; raises DataError for a wrong header."""
    if not header:
        raise DataError("there is no header: the file has blank lines only")
    missing = [name for name in (*target, *(inputs or ())) if name not in header]
    numbers = [name for name in header if is_number(name)]
    if len(numbers) == len(header) or (missing and numbers):
        raise DataError(f"line 1 holds numbers ({numbers[0]}, …); it must be a header with the "
                        "columns' names")
    if missing:
        near = nearest(missing[0], header)
        more = ", …" if len(header) > 10 else ""
        known = ", ".join(map(_quoted, header[:10])) + more
        hint = f"did you mean {near!r}?" if near else f"it has: {known}"
        raise DataError(f"the header has no column {missing[0]!r}; {hint}")
    used = inputs if inputs is not None else tuple(name for name in header if name not in target)
    for name in (*used, *target):
        if header.count(name) > 1 and name:
            raise DataError(f"line 1: {header.count(name)} columns are called {name!r}; each needs "
                            "a name of its own")
    if "" in used:
        raise DataError(f"line 1: column {header.index('') + 1} has no name; give it one, or name "
                        "the columns to learn from with inputs = [...]")
    both = [name for name in used if name in target]
    if both:
        raise DataError(f"column {both[0]!r} cannot be an input and the target at once")
    if not used:
        raise DataError(f"there is no column to learn from beside {', '.join(target)}; cells are "
                        "parted by commas, semicolons or tabs")
    check_size(2, len(used))
    return tuple(name for name in header if name in used)


def _quoted(name: str) -> str:
    """A name for a message: one line, without what cannot be printed, and not too long."""
    return repr(name if len(name) <= 40 else f"{name[:37]}...")


def _not_utf8(path: str) -> str:
    """Which line is not UTF-8 text."""
    with Path(path).open("rb") as file:
        # As far as bytes can tell: a line of another code has no line feeds inside.
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return (f"line {number:,}: this is not UTF-8 text (byte "
                        f"0x{line[error.start]:02x}); save it as UTF-8")
    return "this is not UTF-8 text; save it as UTF-8"


def header_of(path: str) -> Names:
    """The names of a CSV file's columns; raises FileError."""
    with opened(path):
        try:
            return tuple(_Table(path).header)
        except UnicodeDecodeError:
            raise DataError(_not_utf8(path)) from None
