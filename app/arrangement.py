"""How the cards of a board lie: rows of views with their shares of width and height.

An arrangement is frozen: each edit gives another one. Every view stands in it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .views import views

Rows = Sequence[Sequence[str]]
Side = Literal["left", "right", "above", "below"]
Direction = Literal["left", "right", "up", "down"]

# A view that is switched on joins the last row, as long as that leaves each of them wide enough.
MOST_IN_A_ROW, WIDEST_ROW = 3, 3.0
# Shares are kept to a thousandth, which is less than a pixel.
DIGITS = 3


@dataclass(frozen=True)
class Cell:
    """A view, and its share of the row's width."""

    name: str
    width: float


@dataclass(frozen=True)
class Row:
    """Views beside each other, and their share of the board's height."""

    cells: tuple[Cell, ...]
    height: float

    def replaced(self, cells: tuple[Cell, ...]) -> Row:
        """The row with other views; a height that nobody chose follows from them."""
        chosen = self.height != _usual_height(self.cells)
        return Row(cells, self.height if chosen else _usual_height(cells))


@dataclass(frozen=True)
class Arrangement:
    """Rows of cells; none of the rows is empty."""

    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The views' names, row by row."""
        return tuple(tuple(cell.name for cell in row.cells) for row in self.rows)

    @property
    def views(self) -> tuple[str, ...]:
        """The views' names in reading order."""
        return tuple(name for row in self.names for name in row)

    @property
    def widths(self) -> tuple[tuple[float, ...], ...] | None:
        """The views' shares of their rows, if they are not the usual ones."""
        widths = tuple(tuple(cell.width for cell in row.cells) for row in self.rows)
        usual = tuple(tuple(_usual_cell(name).width for name in row) for row in self.names)
        return None if widths == usual else widths

    @property
    def heights(self) -> tuple[float, ...] | None:
        """The rows' shares of the board, if they are not the usual ones."""
        heights = tuple(row.height for row in self.rows)
        return None if heights == tuple(_usual_height(row.cells) for row in self.rows) else heights

    def place_of(self, name: str) -> tuple[int, int]:
        """Row and column of a view that is shown."""
        return next((row, column) for row, names in enumerate(self.names)
                    for column, other in enumerate(names) if other == name)

    # ---- edits

    def without(self, name: str) -> Arrangement:
        """The others, if there are any."""
        if name not in self.views or len(self.views) == 1:
            return self
        return Arrangement(tuple(
            row if len(kept) == len(row.cells) else row.replaced(kept) for row in self.rows
            if (kept := tuple(cell for cell in row.cells if cell.name != name))))

    def with_view(self, name: str) -> Arrangement:
        """One view more: in the last row if there is room, else under it."""
        if name in self.views:
            return self
        cell, last = _usual_cell(name), self.rows[-1]
        if len(last.cells) < MOST_IN_A_ROW and (
                sum(other.width for other in last.cells) + cell.width <= WIDEST_ROW):
            return Arrangement((*self.rows[:-1], last.replaced((*last.cells, cell))))
        return Arrangement((*self.rows, _usual_row(cell)))

    def beside(self, name: str, target: str, side: Side) -> Arrangement:
        """A view taken to a side of another one: into its row, or into a row of its own."""
        if name == target:
            row, _ = self.place_of(name)
            if side in ("left", "right") or len(self.rows[row].cells) == 1:
                return self
            target = next(other for other in self.names[row] if other != name)
        row, column = self.place_of(name)
        cell, rest = self.rows[row].cells[column], self.without(name)
        row, column = rest.place_of(target)
        rows = list(rest.rows)
        if side in ("left", "right"):
            cells = list(rows[row].cells)
            cells.insert(column + (side == "right"), cell)
            rows[row] = rows[row].replaced(tuple(cells))
        else:
            rows.insert(row + (side == "below"), _usual_row(cell))
        found = Arrangement(tuple(rows))
        return self if found.names == self.names else found

    def moved(self, name: str, direction: Direction) -> Arrangement:
        """A view one place on: among its row, or out of it, or into the next one."""
        row, column = self.place_of(name)
        names = self.names[row]
        if direction in ("left", "right"):
            other = column + (1 if direction == "right" else -1)
            return self.beside(name, names[other], direction) if (
                0 <= other < len(names)) else self
        if len(names) > 1:
            return self.beside(name, name, "above" if direction == "up" else "below")
        other = row + (1 if direction == "down" else -1)
        if not 0 <= other < len(self.rows):
            return self
        return self.beside(name, self.names[other][-1], "right")

    def with_widths(self, row: int, widths: Sequence[float]) -> Arrangement:
        """Other shares of the width for the views of a row."""
        rows = list(self.rows)
        rows[row] = replace(rows[row], cells=tuple(
            Cell(cell.name, round(width, DIGITS))
            for cell, width in zip(rows[row].cells, widths, strict=True)))
        return Arrangement(tuple(rows))

    def with_heights(self, heights: Sequence[float]) -> Arrangement:
        """Other shares of the height for the rows."""
        return Arrangement(tuple(replace(row, height=round(height, DIGITS))
                                 for row, height in zip(self.rows, heights, strict=True)))

    def with_usual_sizes(self, row: int | None = None) -> Arrangement:
        """The views' own shares in a row, or the rows' own shares of the height."""
        if row is None:
            return Arrangement(tuple(Row(row.cells, _usual_height(row.cells))
                                     for row in self.rows))
        cells = tuple(_usual_cell(cell.name) for cell in self.rows[row].cells)
        rows = (*self.rows[:row], replace(self.rows[row], cells=cells), *self.rows[row + 1 :])
        return Arrangement(rows)


def usual(rows: Rows, widths: Sequence[Sequence[float]] | None = None,
          heights: Sequence[float] | None = None) -> Arrangement:
    """Views in rows, with the views' own shares where none are given.

    A view that is named twice stands where it is named first. Raises UnknownName.
    """
    seen: set[str] = set()
    made = []
    for place, names in enumerate(rows):
        cells = []
        for column, name in enumerate(names):
            cell = _usual_cell(name)
            if name not in seen:
                seen.add(name)
                cells.append(Cell(name, widths[place][column]) if widths is not None else cell)
        if cells:
            row = _usual_row(*cells)
            made.append(replace(row, height=heights[place]) if heights is not None else row)
    return Arrangement(tuple(made))


def reshaped(names: Sequence[str], across: int) -> Arrangement:
    """Views in rows of `across` each, with their own shares."""
    return usual([names[first : first + across] for first in range(0, len(names), across)])


def _usual_cell(name: str) -> Cell:
    return Cell(name, views[name].weight[0])


def _usual_row(*cells: Cell) -> Row:
    return Row(cells, _usual_height(cells))


def _usual_height(cells: Sequence[Cell]) -> float:
    return max(views[cell.name].weight[1] for cell in cells)
