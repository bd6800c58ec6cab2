"""Networks for the tests of the views of preprocessing and of shift, and their golden pictures."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
from networks import NORM, dense, finished, race_of
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer
from scenes import pixels, solo, svg_of

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment


def hidden(function: str, *between: dict, depth: int = 3, width: int = 16) -> list[dict]:
    """Layers of one activation function, with what stands before each of them."""
    return [dense(width), *between, {"kind": function}] * depth


def slanted(rows: int = 160) -> dict:
    """Two classes in a flat cloud that lies off centre."""
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, 2)) @ np.array([[1.6, 0.0], [0.9, 0.35]]) + [2.5, 1.2]
    y = x @ [1, -2] + 0.3 * random.normal(size=rows) > 0.1
    return {"points": [[float(a), float(b), int(c)] for (a, b), c in zip(x, y, strict=True)]}


def experiment(*contestants: dict, steps: int = 200, **problem: object) -> Experiment:
    """A race; contestants without an optimizer have SGD."""
    return race_of(list(contestants), steps, 3, {"name": "sgd", "lr": 0.1},
                   **{"dataset": slanted(), **problem})


THREE = (
    {"name": "Sigmoid", "layers": hidden("sigmoid")},
    {"name": "ReLU", "layers": hidden("relu"), "optimizer": {"name": "momentum", "lr": 0.05}},
    {"name": "Tanh, Adam", "layers": hidden("tanh"), "optimizer": {"name": "adam", "lr": 0.05}},
)
ALL = ["center", "scale", "whiten"]


def prepared(*steps: str, **more: object) -> Experiment:
    """Three contestants on the slanted cloud."""
    return experiment(*THREE, preprocess=list(steps), **more)


def normed(lr: float = 0.5, function: str = "sigmoid", **more: object) -> Experiment:
    """The same network without and with batch norm, at a high learning rate."""
    optimizer = {"name": "sgd", "lr": lr}
    usual = {"dataset": {"name": "spirals", "samples": 300}, "batch": 32}
    return experiment(
        {"name": "Plain", "layers": hidden(function), "optimizer": optimizer},
        {"name": "With batch norm", "layers": hidden(function, NORM), "optimizer": optimizer},
        **{**usual, **more})


DRIFT = {"kind": "shift", "per_1000_steps": 8.0}
SCENES: dict[str, tuple[str, Experiment, tuple[int, int]]] = {
    "preprocessing": ("preprocessing", prepared(*ALL), (660, 420)),
    "preprocessing-digits": ("preprocessing", experiment(
        *THREE[:2], steps=40, dataset="digits", preprocess=ALL), (660, 380)),
    "preprocessing-line": ("preprocessing", experiment(
        *THREE[1:], steps=60, dataset="sine", preprocess=["center", "scale"]), (320, 300)),
    "shift": ("shift", normed(), (720, 300)),
    "shift-drift": ("shift", normed(dataset="moons", drift=DRIFT), (400, 400)),
}


def golden_names() -> list[str]:
    """The golden pictures' names, such as shift-drift-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, made, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(made).at(made.steps // 2), Look())


def vectors_off(view: str, made: Experiment, size: tuple[int, int]) -> float:
    """The share of pixels that a file of vectors shows otherwise than the screen does."""
    # Qt knows them by these names only.
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    snapshot = finished(made).at(made.steps // 2)
    with solo(view, "light", size) as shown:
        painted = shown.draw(snapshot, Look())
        svg = ElementTree.tostring(svg_of(shown._render, size))
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(THEMES["light"].card))
    with QPainter(image) as painter:
        QSvgRenderer(svg).render(painter, QRectF(0, 0, *size))
    return float((np.abs(pixels(image) - painted).max(2) > 60).mean())
