"""Networks for the decision map."""

from __future__ import annotations

from networks import TANH, dense, finished
from PyQt6.QtGui import QImage
from scenes import Solo

from app.theme import THEMES
from app.views import Look
from app.views.draft import Brush, Draft
from engine import Experiment
from engine.data.sketch import Sketch, sketch_of
from engine.snapshot import Snapshot

DENSE = dense(12)
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


def trained(names: int = 3, step: int = 60, steps: int = 60, **problem: object) -> Snapshot:
    """One step of a finished race."""
    return finished(experiment(names, steps, **problem)).at(step)


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
