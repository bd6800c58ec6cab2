"""A typed formula against the same function built in, and how long it takes to compile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formula import surface_from_formula
from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..races import adam
from ..timing import rates_in_turn, seconds

FORMULA = "(1 - x)**2 + 100*(y - x**2)**2"
# Long for something that one types, and of every kind of instruction.
LONG = "20 + x**2 + y**2 - 10*(cos({0}*pi*x) + cos(2*pi*y)) + exp(-sqrt(abs(x*y) + 1)) + sin(x)**2"
STEPS = 100_000
REPEATS = 9


def compile_seconds(factor: float) -> float:
    """From the text of a formula that was never seen before to the end of its first step."""

    def first_step() -> None:
        kernel = surface_from_formula(LONG.format(factor)).kernel.compiled()
        kernel(np.array([0.3, 0.4]), np.empty(2))

    return seconds(first_step)


def measure() -> Sequence[Figure]:
    typed = adam(STEPS, 1e-3, {"formula": FORMULA, "domain": [[-2, 2], [-1, 3]]})
    built_in = adam(STEPS, 1e-3)
    spans = rates_in_turn((lambda: Run(typed).finish(), STEPS),
                          (lambda: Run(built_in).finish(), STEPS), REPEATS)
    compiling = [compile_seconds(2 + k / 100) for k in range(REPEATS)]
    return [Figure(*spans, note="Adam's steps on Rosenbrock's function included on both sides"),
            Figure(Span.of(compiling), note="another formula of 80 characters each time")]


engine_formula = Benchmark("engine-formula", (
    Quantity("Typed formula", "steps/s", Goal(times_theirs=0.2), "the same, built in"),
    Quantity("Typed formula, to its first value", "s", Goal(at_most=1)),
), measure)
