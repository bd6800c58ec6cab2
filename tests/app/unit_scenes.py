"""Networks with units that die or zig-zag, and the golden pictures of the views of them."""

from __future__ import annotations

import numpy as np
from networks import RELU, SIGMOID, TANH, dense, finished, race_of
from PyQt6.QtGui import QImage
from scenes import solo

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment


def experiment(contestants: list[dict], steps: int = 200, **problem: object) -> Experiment:
    """A race on moons; contestants without an optimizer have plain descent."""
    return race_of(contestants, steps, 5, {"name": "sgd", "lr": 0.1}, **problem)


def dying(layers: list[dict] | None = None, **problem: object) -> Experiment:
    """A fair step, and one that kills units on the way."""
    layers = layers or [dense(16), RELU, dense(12), RELU]
    return experiment([
        {"name": "Fair step", "layers": layers, "init": "he-normal",
         "optimizer": {"name": "momentum", "lr": 0.03}},
        {"name": "Too large a step", "layers": layers, "init": "he-normal",
         "optimizer": {"name": "momentum", "lr": 0.3}}], **problem)


def clusters() -> list[list[float]]:
    """Two overlapping clouds of all-positive points."""
    random = np.random.default_rng(2)
    centres = np.array([[2.0, 1.2], [1.2, 2.2]])
    return [[*map(float, np.round(np.abs(centres[k % 2] + 0.4 * random.standard_normal(2)), 3)),
             k % 2] for k in range(60)]


def zig_zag(**problem: object) -> Experiment:
    """The second layer behind a sigmoid, whose outputs are positive, and behind a tanh."""
    made = {"dataset": {"points": clusters()}, "test_fraction": 0.0, "batch": 1,
            "preprocess": ["center", "scale"], **problem}
    return experiment([{"name": "Behind a sigmoid", "layers": [dense(2), SIGMOID, dense(3), TANH],
                        "init": "xavier-normal"},
                       {"name": "Behind a tanh", "layers": [dense(2), TANH, dense(3), TANH],
                        "init": "xavier-normal"}], 120, **made)


SCENES: dict[str, tuple[str, Experiment, Look, tuple[int, int]]] = {
    "dead-units": ("dead-units", dying(), Look(chosen=1, unit=4), (760, 320)),
    "dead-units-deep": ("dead-units", dying(), Look(chosen=1, layer=3), (760, 320)),
    "dead-units-bars": ("dead-units", dying(dataset="digits", steps=60),
                        Look(chosen=1), (560, 240)),
    "zig-zag": ("zig-zag", zig_zag(), Look(layer=2), (640, 340)),
}


def golden_names() -> list[str]:
    """The golden pictures' names, such as dead-units-deep-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, made, look, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(made).at(3 * made.steps // 4), look)
