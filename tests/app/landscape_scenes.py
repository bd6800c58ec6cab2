"""Networks on one plane through weight space, and the golden pictures of the views of them."""

from __future__ import annotations

from networks import TANH, Layer, dense, finished
from PyQt6.QtGui import QImage
from scenes import solo

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment


def three(steps: int = 300, layers: list[Layer] | None = None, **problem: object) -> Experiment:
    """Three methods from one start; in float64, whose pictures are the same anywhere."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16,
             "precision": "float64", "test_fraction": 0.3}
    methods = {"SGD": {"name": "sgd", "lr": 0.05}, "Momentum": {"name": "momentum", "lr": 0.05},
               "Adam": {"name": "adam", "lr": 0.01}}
    return Experiment(seed=2, steps=steps, problem={**usual, **problem}, contestants=[
        {"name": name, "layers": layers or [dense(8), TANH, dense(8), TANH], "optimizer": method}
        for name, method in methods.items()])


SCENES: dict[str, tuple[str, Look, tuple[int, int]]] = {
    "landscape": ("landscape", Look(chosen=0), (640, 440)),
    "landscape-ends": ("landscape", Look(chosen=1, plane="ends", plane_rows="test"), (520, 360)),
    "landscape-batch": ("landscape", Look(chosen=1, plane_rows="batch", plane_zoom=(
        (-1.0, 2.0), (-1.0, 1.0))), (420, 260)),
    "landscape-3d": ("landscape-3d", Look(chosen=0), (560, 420)),
    "landscape-3d-random": ("landscape-3d", Look(chosen=1, plane="random", camera=(
        20.0, 30.0, 1.2)), (420, 300)),
    "landscape-slices": ("landscape-slices", Look(chosen=0, plane="random"), (640, 280)),
    "landscape-slices-between": ("landscape-slices", Look(chosen=0, slices="between"), (420, 260)),
}


def golden_names() -> list[str]:
    """The golden pictures' names, such as landscape-ends-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, look, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(three()).at(200), look)
