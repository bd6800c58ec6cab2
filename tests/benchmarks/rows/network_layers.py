"""A dense layer with batch norm and dropout, on the digits."""

from __future__ import annotations

from collections.abc import Sequence

from ..benchmark import Benchmark, Figure, Goal, Quantity
from ..network_rates import against_torch
from ..networks import dense, training
from ..one_core import keep_to_one_core

BATCH = 32
STEPS, TORCH_STEPS = 1000, 100


def measure() -> Sequence[Figure]:
    keep_to_one_core()
    # Masks are drawn differently: that both are the same network is seen without dropout.
    masked = training("digits", dense((64,), "batch-norm", "relu", "dropout"), BATCH)
    proof = training("digits", dense((64,), "batch-norm", "relu"), BATCH)
    rates = against_torch(masked, STEPS, their_steps=TORCH_STEPS, proof=proof)
    return [Figure(rates.ours, rates.theirs,
                   f"{rates.note}; 64-64-10, ReLU, dropout 0.5; seen to be the same without it")]


network_layers = Benchmark("network-layers", (
    Quantity(f"Dense 64, batch norm, dropout, batch {BATCH}", "steps/s", Goal(times_theirs=5),
             "PyTorch"),
), measure)
