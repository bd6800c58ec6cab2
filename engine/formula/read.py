"""From checked text to steps: Python's own parser for the precedence, a whitelist for the rest.

The tree that `ast` makes is only looked at, never compiled, and comes out as postfix steps, so
that everything behind it is a loop over a flat list: no nesting of the input can exhaust a stack.
"""

from __future__ import annotations

import ast
from math import isfinite
from typing import NamedTuple

from ..errors import FormulaError
from .language import ALLOWED, CONSTANTS, FUNCTIONS, VARIABLES
from .scan import scan

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.UAdd: "pos", ast.USub: "neg"}


class Step(NamedTuple):
    """Takes its `arity` operands off a stack and puts its result there.

    `op` is an operation, a function, a variable, or "number" with its value in `number`; `text` is
    the part of the formula that the result stands for, beginning at `position`.
    """

    op: str
    arity: int
    number: float
    position: int
    text: str


class Formula(NamedTuple):
    """A well-formed formula: its line of text and the postfix steps that it means."""

    line: str
    steps: tuple[Step, ...]

    def refusal(self, position: int, sentence: str) -> FormulaError:
        """The error that points at a character of this formula."""
        return FormulaError(self.line, position, sentence)


def read(text: str) -> Formula:
    """The formula that `text` spells; raises FormulaError."""
    line = scan(text)
    bare = Formula(line, ())
    try:
        # In parentheses, blanks at the beginning are no indentation.
        tree = ast.parse(f"({line})", mode="eval").body
    except SyntaxError as error:
        raise bare.refusal(max((error.offset or 2) - 2, 0), f"{error.msg}; {ALLOWED}") from None
    except (MemoryError, RecursionError):
        raise bare.refusal(0, "the formula is nested too deeply") from None
    nodes, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += _operands(node)
    return Formula(line, tuple(_step(node, bare) for node in reversed(nodes)))


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Call(args=args):
            return args
    return []


def _step(node: ast.expr, formula: Formula) -> Step:
    start, end = node.col_offset - 1, (node.end_col_offset or 0) - 1
    op, number = _meaning(node)
    if not op:
        raise formula.refusal(start, f"this is not part of the formula language; {ALLOWED}")
    if not isfinite(number):
        raise formula.refusal(start, "this number is too large; at most 1.8e308 can be held")
    return Step(op, len(_operands(node)), number, start, formula.line[start:end])


def _meaning(node: ast.expr) -> tuple[str, float]:
    """The operation that a node of the tree stands for, "" for whatever is not in the language."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return "number", _as_float(value)
        case ast.Name(id=name) if name in VARIABLES:
            return name, 0.0
        case ast.Name(id=name) if name in CONSTANTS:
            return "number", CONSTANTS[name]
        case ast.UnaryOp(op=sign) if type(sign) in _UNARY:
            return _UNARY[type(sign)], 0.0
        case ast.BinOp(op=sign) if type(sign) in _BINARY:
            return _BINARY[type(sign)], 0.0
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            return name, 0.0
    return "", 0.0


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
