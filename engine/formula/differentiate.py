"""Exact derivatives of a formula by forward-mode differentiation, written onto a tape.

Every intermediate result carries its derivatives along x and y (Wengert 1964, A simple automatic
derivative evaluation program). They are slots of a tape instead of numbers, so the rules run once
for a formula and not once for a point, and a derivative that is 0 everywhere costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from math import isfinite, log
from typing import NamedTuple

from .language import FOLDED
from .read import Formula
from .tape import Tape, TapeWriter

# Whole powers up to here are multiplied out, which is faster and as exact as libm's pow.
UNROLLED = 32


class Dual(NamedTuple):
    """A slot, and the slots of its derivatives along x and y: None where they are 0 everywhere."""

    value: int
    dx: int | None = None
    dy: int | None = None


def differentiate(formula: Formula) -> Tape:
    """The tape of loss and gradient; raises FormulaError for a constant part that has no value."""
    tape = TapeWriter()
    rules = ForwardMode(tape)
    stack: list[Dual] = []
    for step in formula.steps:
        operands = [stack.pop() for _ in range(step.arity)][::-1]
        result = Dual(tape.number(step.number)) if step.op == "number" else (
            rules.apply(step.op, operands))
        constant = tape.number_in(result.value)
        if constant is not None and not isfinite(constant):
            part = step.text if len(step.text) <= 24 else step.text[:23] + "…"
            raise formula.refusal(step.position, f"{part!r} has no finite value")
        stack.append(result)
    value, dx, dy = stack.pop()
    return tape.finish(value, (rules.slot(dx), rules.slot(dy)))


# The derivative of each operation along each operand: a rule gets the tape, the slot of the
# result f and the slots of the operands a and b, and answers with a slot.
Rule = Callable[..., int]
SLOPES: dict[str, tuple[Rule, ...]] = {
    "neg": (lambda t, f, a: t.number(-1),),
    "add": (lambda t, f, a, b: t.number(1), lambda t, f, a, b: t.number(1)),
    "sub": (lambda t, f, a, b: t.number(1), lambda t, f, a, b: t.number(-1)),
    "mul": (lambda t, f, a, b: b, lambda t, f, a, b: a),
    "div": (
        lambda t, f, a, b: _inverse(t, b),
        lambda t, f, a, b: t.write("neg", t.write("mul", f, _inverse(t, b))),
    ),
    "pow": (
        lambda t, f, a, b: t.write("chain", t.write("pow", a, t.write("sub", b, t.number(1))), b),
        lambda t, f, a, b: t.write("chain", t.write("log", a), f),
    ),
    "sin": (lambda t, f, a: t.write("cos", a),),
    "cos": (lambda t, f, a: t.write("neg", t.write("sin", a)),),
    "tan": (lambda t, f, a: t.write("add", t.number(1), t.write("mul", f, f)),),
    "asin": (lambda t, f, a: _inverse(t, _other_leg(t, a)),),
    "acos": (lambda t, f, a: t.write("neg", _inverse(t, _other_leg(t, a))),),
    "atan": (lambda t, f, a: _inverse(t, t.write("add", t.number(1), t.write("mul", a, a))),),
    "sinh": (lambda t, f, a: t.write("cosh", a),),
    "cosh": (lambda t, f, a: t.write("sinh", a),),
    # 1 - f² would lose every digit where tanh saturates.
    "tanh": (lambda t, f, a: t.write("div", _inverse(t, t.write("cosh", a)), t.write("cosh", a)),),
    "exp": (lambda t, f, a: f,),
    "log": (lambda t, f, a: _inverse(t, a),),
    "log10": (lambda t, f, a: t.write("div", t.number(1 / log(10)), a),),
    "sqrt": (lambda t, f, a: t.write("div", t.number(0.5), f),),
    "abs": (lambda t, f, a: t.write("sign", a),),
}

# Their slopes are finite wherever the operands are and the divisor is not 0: a plain product will
# do. Elsewhere, as for sqrt at 0, an infinite slope must not turn a derivative of 0 into NaN.
PLAIN = {"neg", "add", "sub", "mul", "div"}


def _inverse(tape: TapeWriter, slot: int) -> int:
    return tape.write("div", tape.number(1), slot)


def _other_leg(tape: TapeWriter, slot: int) -> int:
    """√(1 - a²), without losing the digits near a = ±1."""
    low, high = (tape.write(op, tape.number(1), slot) for op in ("sub", "add"))
    return tape.write("sqrt", tape.write("mul", low, high))


class ForwardMode:
    """Applies operations to duals, writing each result and its derivatives onto a tape."""

    def __init__(self, tape: TapeWriter) -> None:
        self._tape = tape

    def slot(self, derivative: int | None) -> int:
        """A derivative's slot, also where it is 0 everywhere."""
        return self._tape.number(0) if derivative is None else derivative

    def apply(self, op: str, operands: Sequence[Dual]) -> Dual:
        """The dual of an operation's result."""
        if op in ("x", "y"):
            one = self._tape.number(1)
            return Dual(0, dx=one) if op == "x" else Dual(1, dy=one)
        if op == "pos":
            return operands[0]
        if op in FOLDED:
            return reduce(lambda a, b: self._extreme("smaller" if op == "min" else "larger", a, b),
                          operands)
        if op == "pow":
            return self._power(*operands)
        return self._elementary(op, operands)

    def _elementary(self, op: str, operands: Sequence[Dual]) -> Dual:
        values = [operand.value for operand in operands]
        f = self._tape.write(op, *values)
        slopes = [
            rule(self._tape, f, *values) if operand[1:] != (None, None) else 0
            for rule, operand in zip(SLOPES[op], operands, strict=True)
        ]
        product = "mul" if op in PLAIN else "chain"
        return Dual(f, *(
            self._sum([
                self._product(product, slope, inner)
                for slope, inner in zip(slopes, inners, strict=True) if inner is not None
            ])
            for inners in zip(*(operand[1:] for operand in operands), strict=True)
        ))

    def _power(self, base: Dual, exponent: Dual) -> Dual:
        number = self._tape.number_in(exponent.value)
        if number == 0.5:
            return self._elementary("sqrt", [base])
        if number is None or not number.is_integer() or abs(number) > UNROLLED:
            return self._elementary("pow", [base, exponent])
        if number < 0:
            one = Dual(self._tape.number(1))
            return self._elementary("div", [one, self._whole_power(base, -int(number))])
        return self._whole_power(base, int(number))

    def _whole_power(self, base: Dual, exponent: int) -> Dual:
        if exponent == 0:
            return Dual(self._tape.number(1))
        slope = self._tape.write(
            "mul", self._tape.number(exponent), self._multiplied(base.value, exponent - 1))
        return Dual(self._multiplied(base.value, exponent), *(
            None if inner is None else self._product("mul", slope, inner) for inner in base[1:]
        ))

    def _multiplied(self, slot: int, exponent: int) -> int:
        """A whole power by repeated squaring."""
        if exponent == 0:
            return self._tape.number(1)
        half = self._multiplied(slot, exponent // 2)
        square = self._times(half, half)
        return self._times(square, slot) if exponent % 2 else square

    def _extreme(self, op: str, a: Dual, b: Dual) -> Dual:
        return Dual(self._tape.write(op, a.value, b.value, a.value, b.value), *(
            None if u is None and v is None else
            self._tape.write(op, a.value, b.value, self.slot(u), self.slot(v))
            for u, v in zip(a[1:], b[1:], strict=True)
        ))

    def _product(self, op: str, slope: int, inner: int) -> int:
        """slope · inner, as a plain product where `inner` is known not to be 0."""
        constant = self._tape.number_in(inner)
        if constant is None and op == "chain":
            return self._tape.write("chain", slope, inner)
        return self._times(slope, inner)

    def _times(self, a: int, b: int) -> int:
        for factor, other in ((a, b), (b, a)):
            match self._tape.number_in(factor):
                case 1.0:
                    return other
                case -1.0:
                    return self._tape.write("neg", other)
        return self._tape.write("mul", a, b)

    def _sum(self, terms: list[int]) -> int | None:
        if not terms:
            return None
        total = reduce(lambda a, b: self._tape.write("add", a, b), terms)
        return None if self._tape.number_in(total) == 0 else total
