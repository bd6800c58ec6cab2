"""Networks that tests of views look at: their layers, races of them, and the finished runs."""

from __future__ import annotations

from functools import lru_cache

from engine.experiment import Experiment
from engine.run import Run

Layer = dict[str, object]

NORM: Layer = {"kind": "batch-norm"}
RELU: Layer = {"kind": "relu"}
SIGMOID: Layer = {"kind": "sigmoid"}
TANH: Layer = {"kind": "tanh"}


def dense(width: int, **more: object) -> Layer:
    """A dense layer of a contestant."""
    return {"kind": "dense", "width": width, **more}


def dropped(rate: float = 0.5) -> Layer:
    """A dropout layer."""
    return {"kind": "dropout", "rate": rate}


def race_of(contestants: list[dict], steps: int, seed: int, optimizer: dict, **problem: object
            ) -> Experiment:
    """A race on moons, unless it is said otherwise; `optimizer` is that of whoever has none."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    return Experiment(seed=seed, steps=steps, problem=usual | problem, contestants=[
        {"optimizer": optimizer, **entry} for entry in contestants])


@lru_cache(32)
def finished(made: Experiment) -> Run:
    """An experiment carried out, which nobody changes."""
    return Run(made).finish()
