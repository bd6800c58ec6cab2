"""Small networks that fit the plane with bumps: a step of Adam, recorded, in float32 on one core.

Each is measured with tanh and ReLU and batches of 10 and 32 rows; the worst of the four counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from engine.experiment import Experiment

from ..benchmark import Benchmark, Figure, Goal, Quantity
from ..network_rates import Rates, against_jax, against_torch, worst
from ..networks import dense, training
from ..one_core import keep_to_one_core

Widths = tuple[int, ...]

# 20 to 60 ms a call, for us, for JAX, and for PyTorch's fewer steps.
STEPS: dict[Widths, int] = {(8, 8): 8000, (32, 32): 5000, (64, 64, 64): 1500}
TORCH_STEPS = 150
GOALS: dict[Widths, float] = {(8, 8): 2.0, (32, 32): 1.4, (64, 64, 64): 1.0}
TORCH_GOALS: dict[Widths, float] = {(8, 8): 10.0, (32, 32): 10.0}


def name(widths: Widths) -> str:
    """What a network is called: "2-8-8-1"."""
    return "-".join(map(str, (2, *widths, 1)))


def cases(widths: Widths) -> Iterator[tuple[str, Experiment]]:
    """The four trainings of a network."""
    for activation in ("tanh", "relu"):
        for batch in (10, 32):
            yield f"{activation} {batch}", training("bumps", dense(widths, activation), batch)


def figures(goals: Iterable[Widths], race: Callable[[Experiment, int], Rates]) -> list[Figure]:
    """The worst case of each network against one peer."""
    keep_to_one_core()
    return [worst({case: race(experiment, STEPS[widths]) for case, experiment in cases(widths)})
            for widths in goals]


network_small_jax = Benchmark("network-small-jax", tuple(
    Quantity(f"Net {name(widths)} against a scan", "steps/s", Goal(times_theirs=goal), "jax.jit")
    for widths, goal in GOALS.items()
), partial(figures, GOALS, against_jax))

network_small_torch = Benchmark("network-small-torch", tuple(
    Quantity(f"Net {name(widths)}", "steps/s", Goal(times_theirs=goal), "PyTorch")
    for widths, goal in TORCH_GOALS.items()
), partial(figures, TORCH_GOALS, partial(against_torch, their_steps=TORCH_STEPS)))
