"""A straight line of elementary operations: what a formula is once it has been differentiated.

One tape serves twice: `run` plays it in plain Python, on floats, arrays and jets alike, and
compile.py turns it into machine code. Equal operations on equal operands are written once.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np


class Instruction(NamedTuple):
    """`op` applied to the slots `operands`; a "number" has its value and no operands."""

    op: str
    operands: tuple[int, ...]
    number: float = 0.0


class Tape(NamedTuple):
    """Slots 0 and 1 hold x and y, slot 2 + k the result of instruction k.

    `value` and `slopes` say in which slots the loss and its two derivatives are found.
    """

    instructions: tuple[Instruction, ...]
    value: int
    slopes: tuple[int, int]

    def run(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Loss and both derivatives at (x, y); NaN and infinity are answers, not errors."""
        slots = [_quiet(x), _quiet(y)]
        with np.errstate(all="ignore"):
            for op, operands, number in self.instructions:
                slots.append(OPERATIONS[op](*(slots[i] for i in operands)) if operands
                             else np.float64(number))
        return slots[self.value], slots[self.slopes[0]], slots[self.slopes[1]]


def _quiet(number: Any) -> Any:
    """A Python float as NumPy's, which divides by zero without raising."""
    return np.float64(number) if isinstance(number, float | int) else number


_ZERO, _ONE = np.float64(0), np.float64(1)


def _choose(condition: Any, yes: Any, no: Any) -> Any:
    if isinstance(condition, np.ndarray):
        return np.where(condition, yes, no)
    return yes if condition else no


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "neg": operator.neg,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": operator.abs,
    # The last product keeps NaN and is 0 at 0.
    "sign": lambda a: _choose(a > 0, _ONE, _choose(a < 0, -_ONE, _ZERO * a)),
    # A product in which a derivative of exactly 0 wins over an infinite slope, as in jets.
    "chain": lambda slope, inner: _choose(inner == 0, _ZERO, slope * inner),
    # c or d, whichever belongs to the smaller or larger of a and b: a at a tie, and NaN wins.
    "smaller": lambda a, b, c, d: _choose((b < a) | (b != b), d, c),
    "larger": lambda a, b, c, d: _choose((b > a) | (b != b), d, c),
}


class TapeWriter:
    """Writes a tape; an operation on numbers alone is carried out at once."""

    def __init__(self) -> None:
        self._places: dict[Instruction, int] = {}
        self._instructions: list[Instruction] = []

    def number(self, value: float) -> int:
        """The slot of a constant."""
        return self._place(Instruction("number", (), float(value)))

    def number_in(self, slot: int) -> float | None:
        """The constant that a slot holds, or None if it depends on x or y."""
        if slot < 2 or self._instructions[slot - 2].op != "number":
            return None
        return self._instructions[slot - 2].number

    def write(self, op: str, *operands: int) -> int:
        """The slot of an operation's result."""
        numbers = [self.number_in(slot) for slot in operands]
        if None not in numbers:
            with np.errstate(all="ignore"):
                return self.number(OPERATIONS[op](*map(np.float64, numbers)))
        return self._place(Instruction(op, operands))

    def finish(self, value: int, slopes: tuple[int, int]) -> Tape:
        """The tape, with only those instructions that its outputs need."""
        needed = {value, *slopes}
        for slot in range(len(self._instructions) + 1, 1, -1):
            if slot in needed:
                needed.update(self._instructions[slot - 2].operands)
        kept = [slot for slot in range(2, len(self._instructions) + 2) if slot in needed]
        moved = {0: 0, 1: 1} | {slot: place for place, slot in enumerate(kept, 2)}
        instructions = tuple(
            Instruction(op, tuple(moved[slot] for slot in operands), number)
            for op, operands, number in (self._instructions[slot - 2] for slot in kept)
        )
        return Tape(instructions, moved[value], (moved[slopes[0]], moved[slopes[1]]))

    def _place(self, instruction: Instruction) -> int:
        place = self._places.setdefault(instruction, len(self._instructions) + 2)
        if place == len(self._instructions) + 2:
            self._instructions.append(instruction)
        return place
