"""What is trained live while it is looked at: three networks of one shape, each with its trick."""

from __future__ import annotations

from engine.experiment import Experiment, Picture

from .networks import LR, dense

WIDTHS = (64, 64)
LAYOUT = [["decision-map", "curves"], ["layer-histograms"]]


def landscapes(steps: int, seed: int = 7) -> Experiment:
    """2-32-32-2 with tanh, by three methods, on a landscape that all share and on lines."""
    return Experiment(
        title="Three ways live",
        seed=seed,
        steps=steps,
        problem={"kind": "network", "dataset": "moons", "batch": 32, "precision": "float32"},
        contestants=[
            {"name": name, "layers": dense((32, 32), "tanh"), "optimizer": {"name": name, "lr": lr}}
            for name, lr in (("sgd", 0.05), ("momentum", 0.02), ("adam", 0.003))
        ],
        picture=Picture(layout=[["landscape", "landscape-slices"]]),
    )


def live(steps: int, seed: int = 7) -> Experiment:
    """2-64-64-2 plain, with dropout and with batch norm, on moons that overlap; Adam, batch 32.

    Its picture is the three views that a lecture shows most: decision maps, curves, histograms.
    """
    behind: dict[str, tuple[str, ...]] = {
        "Plain": ("relu",), "Dropout": ("relu", "dropout"), "Batch norm": ("batch-norm", "relu")}
    return Experiment(
        title="Three networks live",
        seed=seed,
        steps=steps,
        problem={"kind": "network", "dataset": "moons", "batch": 32, "precision": "float32"},
        contestants=[
            {"name": name, "layers": dense(WIDTHS, *kinds), "init": "he-normal",
             "optimizer": {"name": "adam", "lr": LR}}
            for name, kinds in behind.items()
        ],
        picture=Picture(layout=LAYOUT),
    )
