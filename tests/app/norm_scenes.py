"""Networks with batch norm and dropout for the tests of those views, and their golden pictures."""

from __future__ import annotations

from networks import NORM, RELU, TANH, dense, dropped, finished, race_of
from PyQt6.QtGui import QImage
from scenes import solo

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment

NORMED = [dense(12), NORM, TANH, dense(6), NORM, TANH]
THINNED = [dense(24), RELU, dropped(0.4), dense(24), RELU, dropped(0.4)]


def experiment(contestants: list[dict], steps: int = 240, **problem: object) -> Experiment:
    """A race on moons; contestants without an optimizer have Adam."""
    return race_of(contestants, steps, 3, {"name": "adam", "lr": 0.02}, **problem)


def two(**more: object) -> Experiment:
    """One contestant with neither, and one with both layers."""
    return experiment([{"name": "Plain", "layers": [dense(8), TANH]}, {
        "name": "Both", "layers": [*NORMED, dense(8), RELU, dropped(0.3)]}], **more)


SCENES: dict[str, tuple[str, Experiment, tuple[int, int]]] = {
    "batch-norm": ("batch-norm", experiment([
        {"name": "Plain", "layers": [dense(8), TANH]},
        {"name": "With batch norm", "layers": NORMED}]), (640, 400)),
    "dropout": ("dropout", experiment([
        {"name": "Plain", "layers": [dense(8), TANH]},
        {"name": "With dropout", "layers": THINNED}]), (640, 300)),
    "dropout-rows": ("dropout", experiment(
        [{"name": "With dropout", "layers": THINNED}], 60, dataset="digits"), (480, 300)),
    "dropout-curves": ("dropout", experiment(
        [{"name": "With dropout", "layers": THINNED}], dataset="sine", loss="mse"), (480, 280)),
}


def golden_names() -> list[str]:
    """The golden pictures' names, such as dropout-rows-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, made, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(made).at(3 * made.steps // 4), Look())
