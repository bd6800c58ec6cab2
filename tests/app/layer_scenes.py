"""Networks that the tests of the layers' views look at, and those views' golden pictures.

After a deliberate change of looks the pictures are drawn anew by
`python -m tests.app.layer_scenes`, looked at, and stored with the change.
"""

from __future__ import annotations

import os
import sys
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


def assert_as_it_was(name: str, tmp_path: Path) -> None:
    """Within 1.5 levels on average, and 0.5 % of the pixels off by more than 24."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), "run python -m tests.app.layer_scenes"
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
    for name in sys.argv[1:] or golden_names():
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
