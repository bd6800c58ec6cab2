"""Schemes of one network before any training, and the golden pictures of what a depth lab shows.

`python -m tests.app.depth_scenes [NAME ...]` draws the pictures anew; look at them, and store them
with the change that made them other.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PyQt6.QtGui import QImage
from scenes import GOLDEN, Solo, picture, pixels

from app.theme import THEMES
from app.views import Look
from engine import Experiment, Run

NETWORKS = GOLDEN / "networks"
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


def differences(name: str) -> tuple[float, float]:
    """How many levels a picture is off on average, and the share of pixels more than 24 off."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.depth_scenes {name}"
    off = np.abs(pixels(draw_golden(name)) - picture(path))
    return float(off.mean()), float((off.max(2) > 24).mean())


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    for name in sys.argv[1:] or golden_names():
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    main()
