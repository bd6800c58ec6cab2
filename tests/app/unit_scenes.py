"""Networks with units that die or zig-zag, and the golden pictures of the views of them.

After a deliberate change of looks the pictures are drawn anew by
`python -m tests.app.unit_scenes`, looked at, and stored with the change.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
from PyQt6.QtGui import QImage

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment
from engine.run import Run

if __package__:
    from .scenes import picture, pixels, solo
else:
    from scenes import picture, pixels, solo

NETWORKS = Path(__file__).parent / "golden" / "networks"
RELU, TANH, SIGMOID = {"kind": "relu"}, {"kind": "tanh"}, {"kind": "sigmoid"}


def dense(width: int) -> dict:
    return {"kind": "dense", "width": width}


def experiment(contestants: list[dict], steps: int = 200, **problem: object) -> Experiment:
    """A race on moons; contestants without an optimizer have plain descent."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    return Experiment(seed=5, steps=steps, problem={**usual, **problem}, contestants=[
        {"optimizer": {"name": "sgd", "lr": 0.1}, **entry} for entry in contestants])


@lru_cache(32)
def finished(made: Experiment) -> Run:
    """An experiment carried out."""
    return Run(made).finish()


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


def golden_names(view: str) -> list[str]:
    """The golden pictures of a view, such as dead-units-deep-dark."""
    return [f"{scene}-{theme}" for scene, (name, *_) in SCENES.items() if name == view
            for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    view, made, look, size = SCENES[scene]
    with solo(view, theme, size) as shown:
        return shown.image(finished(made).at(3 * made.steps // 4), look)


def assert_as_it_was(name: str, tmp_path: Path) -> None:
    """Within 1.5 levels on average, and 0.5 % of the pixels off by more than 24."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.unit_scenes {name}"
    now, before = draw_golden(name), picture(path)
    off = np.abs(pixels(now) - before)
    if off.mean() > 1.5 or (off.max(2) > 24).mean() > 0.005:
        now.save(str(tmp_path / f"{name}.png"))
        raise AssertionError(f"{name}: {off.mean():.2f} levels off on average; compare {path} with "
                             f"{tmp_path / name}.png")


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    NETWORKS.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or [*golden_names("dead-units"), *golden_names("zig-zag")]:
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
