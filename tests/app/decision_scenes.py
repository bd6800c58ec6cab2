"""Networks for the decision map.

`python -m tests.app.decision_scenes [NAME ...]` draws its golden pictures anew; look at them, and
store them with the change that made them other.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PyQt6.QtGui import QImage
from scenes import GOLDEN, Solo, picture, pixels

from app.theme import THEMES
from app.views import Look
from app.views.draft import Brush, Draft
from engine import Experiment, Run
from engine.data.sketch import Sketch, sketch_of
from engine.snapshot import Snapshot

NETWORKS = GOLDEN / "networks"
DENSE, TANH = {"kind": "dense", "width": 12}, {"kind": "tanh"}
THREE = (("Plain", [DENSE, TANH]), ("Two layers", [DENSE, TANH, DENSE, TANH]), ("Linear", []))
# What is drawn, and in which size.
SCENES: dict[str, tuple[dict[str, object], tuple[int, int]]] = {
    "decision-map": ({}, (560, 240)),
    "decision-map-common": ({}, (300, 240)),
    "decision-map-values": ({"dataset": {"name": "bumps", "samples": 200}, "loss": "mse"},
                            (560, 240)),
    "decision-map-curve": ({"dataset": {"name": "sine", "samples": 80}, "loss": "mse"},
                           (460, 240)),
    "decision-map-digits": ({"dataset": {"name": "digits", "samples": 300}}, (560, 300)),
    "decision-map-drawn": ({}, (560, 240)),
    "decision-map-blank": ({"dataset": {"name": "digits", "samples": 300}}, (560, 240)),
}


def experiment(names: int = 3, steps: int = 60, **problem: object) -> Experiment:
    """Networks of one, two and no hidden layers; on moons, unless it is said otherwise."""
    fields = {"kind": "network", "dataset": {"name": "moons", "samples": 160}, "batch": 16}
    return Experiment(steps=steps, seed=6, problem=fields | problem, contestants=[
        {"name": name + (f" {place // 3}" if place > 2 else ""), "layers": layers,
         "optimizer": {"name": "adam", "lr": 0.02}}
        for place, (name, layers) in enumerate((THREE * names)[:names])])


@cache
def _finished(experiment: Experiment) -> Run:
    return Run(experiment).finish()


def trained(names: int = 3, step: int = 60, steps: int = 60, **problem: object) -> Snapshot:
    """One step of a finished race."""
    return _finished(experiment(names, steps, **problem)).at(step)


def looked_at(scene: str, snapshot: Snapshot) -> Look:
    """How a scene is looked at: where it is drawn on, with what has been drawn so far."""
    if scene not in ("decision-map-drawn", "decision-map-blank"):
        return Look(chosen=0)
    base = snapshot.experiment.problem.dataset
    kept = sketch_of(base, snapshot.experiment.seed)
    sketch = (kept or Sketch.empty().with_class()).added([[-0.8, 0.8], [-0.5, 0.75]], 1)
    brush = Brush(label=1, spread=18.0)
    lacking = "" if kept else "Draw points of a second class, too"
    return Look(chosen=0, draft=Draft(sketch, brush, base, lacking))


def draw_golden(name: str) -> QImage:
    """The picture of that name, such as decision-map-light, as it is now."""
    scene, _, theme = name.rpartition("-")
    problem, size = SCENES[scene]
    shown = Solo("decision-map", theme, size)
    try:
        snapshot = trained(precision="float64", **problem)
        return shown.image(snapshot, looked_at(scene, snapshot))
    finally:
        shown.close()


def golden_names() -> list[str]:
    """The golden pictures' names."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def differences(name: str) -> tuple[float, float]:
    """How many levels a picture is off on average, and the share of pixels more than 24 off."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.decision_scenes {name}"
    drawn, before = pixels(draw_golden(name)), picture(path)
    assert drawn.shape == before.shape
    off = np.abs(drawn - before)
    return float(off.mean()), float((off.max(2) > 24).mean())


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    NETWORKS.mkdir(exist_ok=True)
    for name in sys.argv[1:] or golden_names():
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    main()
