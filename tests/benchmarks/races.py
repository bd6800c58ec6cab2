"""The races that are measured: seven optimizers in Rosenbrock's valley, as an experiment file."""

from __future__ import annotations

from engine.experiment import Experiment

SURFACE = "rosenbrock"
START = (-1.2, 1.0)

# Rates at which all of them are still on their way after 5,000 steps: a trail that has arrived is
# cheap to draw, because its points fall on one another.
CONTESTANTS = (
    {"name": "sgd", "lr": 5e-4}, {"name": "momentum", "lr": 1e-4}, {"name": "nesterov", "lr": 1e-4},
    {"name": "adagrad", "lr": 0.1}, {"name": "rmsprop", "lr": 1e-3}, {"name": "adam", "lr": 2e-3},
    {"name": "lion", "lr": 1e-3},
)

# Gradients are up to 230 long: trails shake all the way and cover their valley.
NOISE = 30.0


def race(steps: int = 5000, noise: float = 0.0) -> Experiment:
    """Seven contestants."""
    return Experiment(
        title="Seven optimizers in Rosenbrock's valley",
        seed=7,
        steps=steps,
        problem={"kind": "surface", "surface": SURFACE, "start": list(START), "noise": noise},
        contestants=[{"optimizer": optimizer} for optimizer in CONTESTANTS],
    )


def adam(steps: int, lr: float, problem: dict[str, object] | None = None) -> Experiment:
    """Adam alone, on Rosenbrock's function unless another problem is given."""
    return Experiment(
        steps=steps,
        problem={"kind": "surface", "start": list(START), **(problem or {"surface": SURFACE})},
        contestants=[{"optimizer": {"name": "adam", "lr": lr}}],
    )
