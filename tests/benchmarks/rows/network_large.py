"""Networks whose time goes into matrix products: Adam's steps, recorded, in float32 on one core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from engine.experiment import Experiment

from ..benchmark import Benchmark, Figure, Goal, Quantity
from ..network_rates import Rates, against_jax, against_torch
from ..networks import dense, training
from ..one_core import keep_to_one_core


@dataclass(frozen=True)
class Net:
    """A training, how many of its steps make a call, and what is promised against PyTorch.

    `before` steps fill the memory for checkpoints: until then their copies weigh more than after.
    """

    title: str
    experiment: Callable[[], Experiment]
    before: int
    steps: int
    times_torch: float


NETS = (
    Net("Net 2-256-256-1, batch 32",
        lambda: training("bumps", dense((256, 256), "tanh"), 32), 6000, 300, 2),
    Net("Digits, 64-128-128-10, batch 64",
        lambda: training("digits", dense((64, 128, 128), "relu"), 64), 6000, 300, 2),
    # At 1e-3 rounding alone sends the losses of ten layers apart within ten steps.
    Net("Digits, 10 × 500 units, batch 100",
        lambda: training("digits", dense((500,) * 10, "relu"), 100, lr=1e-5), 150, 50, 1),
)


def figures(race: Callable[[Experiment, int, int], Rates]) -> Sequence[Figure]:
    """All networks against one peer."""
    keep_to_one_core()
    found = [race(net.experiment(), net.steps, net.before) for net in NETS]
    return [Figure(rates.ours, rates.theirs, rates.note) for rates in found]


network_large_jax = Benchmark("network-large-jax", tuple(
    Quantity(f"{net.title}, against a scan", "steps/s", Goal(times_theirs=1.0), "jax.jit")
    for net in NETS
), partial(figures, against_jax))

network_large_torch = Benchmark("network-large-torch", tuple(
    Quantity(net.title, "steps/s", Goal(times_theirs=net.times_torch), "PyTorch")
    for net in NETS
), partial(figures, against_torch))
