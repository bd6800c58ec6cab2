"""Schemes of one network before any training, and the golden pictures of what a depth lab shows."""

from __future__ import annotations

from PyQt6.QtGui import QImage
from scenes import Solo

from app.theme import THEMES
from app.views import Look
from engine import Experiment, Run

NAME, SIZE = "depth-histograms", (760, 360)
SCHEMES = {"Too small": {"name": "normal", "std": 0.03}, "Xavier": "xavier-normal",
           "Too large": {"name": "normal", "std": 0.7}}


def schemes(depth: int = 6, width: int = 40, function: str = "tanh", steps: int = 30,
            inits: dict = SCHEMES, **more: object) -> Experiment:
    """Contestants that differ in their init alone, on normal rows."""
    layers = [{"kind": "dense", "width": width}, {"kind": function}] * depth
    return Experiment(
        seed=4, steps=steps,
        problem={"kind": "network", "batch": 16, "test_fraction": 0.2,
                 "dataset": {"name": "normal-rows", "samples": 250, "inputs": 20}},
        contestants=[{"name": name, "init": init, "layers": layers,
                      "optimizer": {"name": "sgd", "lr": 0.05}} for name, init in inits.items()],
        **more)


def draw_golden(name: str) -> QImage:
    """The picture of that name, such as depth-histograms-dark, as it is now."""
    view, _, theme = name.rpartition("-")
    shown = Solo(view, theme, SIZE)
    try:
        return shown.image(Run(schemes().with_problem(precision="float64")).snapshot(),
                           Look(layer=3))
    finally:
        shown.close()


def golden_names() -> list[str]:
    """The golden pictures, one a theme."""
    return [f"{NAME}-{theme}" for theme in THEMES]
