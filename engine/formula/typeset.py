"""A formula as LaTeX, for titles and slides: fractions, exponents, roots, as one would write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .read import Formula, Step

SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(5)

_FUNCTIONS = {
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log": r"\ln",
    "log10": r"\log_{10}",
}


class Piece(NamedTuple):
    """LaTeX, and how tightly its outermost operation binds."""

    tex: str
    binds: int

    def within(self, binds: int) -> str:
        """This piece where something that binds as tightly as `binds` can stand bare."""
        return self.tex if self.binds >= binds else rf"\left({self.tex}\right)"


def typeset(formula: Formula) -> str:
    """The LaTeX of a formula."""
    stack: list[Piece] = []
    for step in formula.steps:
        operands = [stack.pop() for _ in range(step.arity)][::-1]
        stack.append(_piece(step, operands))
    return stack.pop().tex


def _piece(step: Step, operands: Sequence[Piece]) -> Piece:
    match step.op, operands:
        case "number", _:
            return _number(step.text)
        case ("x" | "y"), _:
            return Piece(step.op, ATOM)
        case "pos", (a,):
            return a
        case "neg", (a,):
            return Piece(f"-{a.within(PRODUCT)}", NEGATIVE)
        case "add", (a, b):
            return Piece(f"{a.tex} + {_behind_sign(b)}", SUM)
        case "sub", (a, b):
            return Piece(f"{a.tex} - {b.within(PRODUCT)}", SUM)
        case "mul", (a, b):
            return _product(a, b)
        case "div", (a, b):
            return Piece(rf"\frac{{{a.tex}}}{{{b.tex}}}", PRODUCT)
        case "pow", (a, b):
            return Piece(f"{a.within(ATOM)}^{{{b.tex}}}", POWER)
        case "sqrt", (a,):
            return Piece(rf"\sqrt{{{a.tex}}}", ATOM)
        case "abs", (a,):
            return Piece(rf"\left|{a.tex}\right|", ATOM)
    name = _FUNCTIONS.get(step.op, f"\\{step.op}")
    inside = ", ".join(operand.tex for operand in operands)
    return Piece(rf"{name}\left({inside}\right)", POWER)


def _product(a: Piece, b: Piece) -> Piece:
    left, right = a.within(NEGATIVE), b.within(PRODUCT)
    # 2 · 3 side by side would read as 23.
    sign = r" \cdot " if right[0].isdigit() or right[0] == "." else r" \, "
    return Piece(left + sign + right, min(a.binds, PRODUCT) if left == a.tex else PRODUCT)


def _behind_sign(piece: Piece) -> str:
    return rf"\left({piece.tex}\right)" if piece.tex.startswith("-") else piece.tex


def _number(text: str) -> Piece:
    if text == "pi":
        return Piece(r"\pi", ATOM)
    mantissa, _, exponent = text.lower().partition("e")
    if mantissa and exponent:
        return Piece(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", PRODUCT)
    return Piece(text, ATOM)
