"""Everything that can go wrong through a user's doing, as one tree.

    TrainscopeError                 print it: one line or a short list, never a traceback
    ├── UnknownName                 a registry has no such entry (with the nearest one that it has)
    ├── ExperimentError             an experiment or lesson is refused, every mistake with its place
    ├── FormulaError                a typed formula is refused, pointing at the character
    ├── FileError                   a file cannot be read or written
    ├── MissingLibrary              a part of the program needs something that is not installed
    └── RunError                    an engine call that cannot be carried out
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class TrainscopeError(Exception):
    """Something a user can put right; its text says what is wrong, what is allowed, what came."""


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that `name` is most likely a slip of the pen for, or None if none is close."""
    close = get_close_matches(name, known, n=5, cutoff=0.5)
    return min(close, key=lambda entry: _slips(name, entry), default=None)


def _slips(a: str, b: str) -> int:
    """Letters added, left out, mistaken, or swapped with the next one (optimal string alignment).

    Common letters alone would take "adma" for "adamax" and not for "adam".
    """
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        before, above, row = row, before, [i + 1]
        for j in range(len(b)):
            slips = min(before[j + 1] + 1, row[j] + 1, before[j] + (a[i] != b[j]))
            if i and j and a[i] == b[j - 1] and a[i - 1] == b[j]:
                slips = min(slips, above[j - 1] + 1)
            row.append(slips)
    return row[-1]


class UnknownName(TrainscopeError, ValueError):
    """A name that no registry entry has."""

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        near = nearest(str(name), known)
        hint = f"did you mean {near!r}?" if near else "known: " + ", ".join(known)
        super().__init__(f"no {kind} {name!r}; {hint}")
        self.kind, self.name = kind, name


@dataclass(frozen=True)
class Mistake:
    """One refused value: its place (`contestants[1].optimizer.lr`) and a sentence about it."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class ExperimentError(TrainscopeError, ValueError):
    """An experiment or lesson that cannot be accepted; `mistakes` holds every one of them."""

    def __init__(self, mistakes: Sequence[Mistake], source: str = "") -> None:
        self.mistakes = tuple(mistakes)
        self.source = source
        head = f"{source}: " if source else ""
        if len(self.mistakes) == 1:
            text = f"{head}{self.mistakes[0]}"
        else:
            lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
            text = f"{head}{len(self.mistakes)} mistakes\n{lines}"
        super().__init__(text)


class FormulaError(TrainscopeError, ValueError):
    """A formula that cannot be accepted; `position` counts characters from 0."""

    def __init__(self, formula: str, position: int, sentence: str) -> None:
        self.formula, self.position, self.sentence = formula, position, sentence
        super().__init__(f"{sentence}\n  {formula}\n  {' ' * position}^")


class FileError(TrainscopeError, OSError):
    """A file that cannot be read or written, with the reason in words."""


class MissingLibrary(TrainscopeError, ImportError):
    """A library that this part needs is absent; the text holds the command that installs it."""


class RunError(TrainscopeError, ValueError):
    """A run was asked for something it cannot do."""
