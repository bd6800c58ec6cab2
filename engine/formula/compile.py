"""Machine code from a tape: each instruction becomes LLVM's own, inside a kernel Numba can call.

The tape enters the kernel through Numba's extension point for intrinsics. No Python source is
made and none is executed; a formula of ordinary length takes about 40 ms, most of it Numba's
constant share, and the result stands in any loop that takes a `SURFACE` pointer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import RLock
from typing import Any

from ..kernels import SURFACE, import_numba
from .tape import Tape

# As many formulas as one session of trying out is likely to go back to.
REMEMBERED = 32

# Two threads that ask for the same formula must not both compile it.
_compiling = RLock()


def compiled(tape: Tape) -> Any:
    """The Numba dispatcher of a tape, with the `SURFACE` signature; compiled once."""
    with _compiling:
        return _compile(tape)


@lru_cache(REMEMBERED)
def _compile(tape: Tape) -> Any:
    numba = import_numba()
    from numba.extending import intrinsic

    @intrinsic
    def play(typing_context, point, grad):
        def generate(context, builder, signature, arguments):
            return _generate(tape, context, builder, signature, arguments)

        return numba.types.float64(point, grad), generate

    def formula(point, grad):
        return play(point, grad)

    return numba.njit(SURFACE.of("float64"), nogil=True, error_model="numpy")(formula)


def _generate(tape: Tape, context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Load x and y, play the tape, store the gradient; the LLVM value of the loss."""
    types = import_numba().types

    def element(array: Any, index: int) -> Any:
        return builder.gep(array.data, [context.get_constant(types.intp, index)])

    point, grad = (
        context.make_array(kind)(context, builder, argument)
        for kind, argument in zip(signature.args, arguments, strict=True)
    )
    slots = [builder.load(element(point, 0)), builder.load(element(point, 1))]
    for op, operands, number in tape.instructions:
        if op == "number":
            slots.append(context.get_constant(types.float64, number))
        else:
            slots.append(_emit(op, context, builder, [slots[i] for i in operands]))
    for index, slot in enumerate(tape.slopes):
        builder.store(slots[slot], element(grad, index))
    return slots[tape.value]


def _emit(op: str, context: Any, builder: Any, operands: list[Any]) -> Any:
    if op in _INSTRUCTIONS:
        return _INSTRUCTIONS[op](builder, *operands)
    # The rest are functions of the math module, which Numba knows how to call on each platform.
    real = import_numba().types.float64
    function = getattr(math, "fabs" if op == "abs" else op)
    return context.get_function(function, real(*[real] * len(operands)))(builder, operands)


def _sign(builder: Any, a: Any) -> Any:
    zero, one, minus = a.type(0.0), a.type(1.0), a.type(-1.0)
    below = builder.select(builder.fcmp_ordered("<", a, zero), minus, a)
    return builder.select(builder.fcmp_ordered(">", a, zero), one, below)


def _chain(builder: Any, slope: Any, inner: Any) -> Any:
    zero = inner.type(0.0)
    return builder.select(
        builder.fcmp_ordered("==", inner, zero), zero, builder.fmul(slope, inner))


def _extreme(comparison: str) -> Callable[..., Any]:
    def emit(builder: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
        beyond = builder.fcmp_ordered(comparison, b, a)
        return builder.select(builder.or_(beyond, builder.fcmp_unordered("uno", b, b)), d, c)

    return emit


_INSTRUCTIONS: Mapping[str, Callable[..., Any]] = {
    "neg": lambda builder, a: builder.fneg(a),
    "add": lambda builder, a, b: builder.fadd(a, b),
    "sub": lambda builder, a, b: builder.fsub(a, b),
    "mul": lambda builder, a, b: builder.fmul(a, b),
    "div": lambda builder, a, b: builder.fdiv(a, b),
    "sign": _sign,
    "chain": _chain,
    "smaller": _extreme("<"),
    "larger": _extreme(">"),
}
