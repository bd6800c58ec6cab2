"""Networks that the tests of the layers' views look at, and those views' golden pictures."""

from __future__ import annotations

from PyQt6.QtGui import QImage
from scenes import solo

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment
from engine.run import Run

SIZE = (560, 300)
SCENES = {"layer-histograms": Look(), "depth-time": Look()}


def hidden(width: int, function: str, depth: int, *, norm: bool = False) -> list[dict]:
    """Dense layers with a function behind each."""
    block = [{"kind": "dense", "width": width}, {"kind": function}]
    if norm:
        block.insert(1, {"kind": "batch-norm"})
    return block * depth


def trained(contestants: list[dict], steps: int = 60, **problem: object) -> Run:
    """A finished run on moons; contestants without an optimizer have plain descent."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    return Run(Experiment(seed=3, steps=steps, problem={**usual, **problem}, contestants=[
        {"optimizer": {"name": "sgd", "lr": 0.3}, **entry} for entry in contestants])).finish()


def two(**more: object) -> Run:
    """Large weights with and without batch norm."""
    init = {"name": "normal", "std": 0.5}
    return trained([
        {"name": "Plain", "layers": hidden(24, "tanh", 4), "init": init, **more},
        {"name": "With batch norm", "layers": hidden(24, "tanh", 4, norm=True), "init": init}])


def golden_names() -> list[str]:
    """The golden pictures' names, such as depth-time-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    with solo(scene, theme, SIZE) as shown:
        return shown.image(two().at(40), SCENES[scene])
