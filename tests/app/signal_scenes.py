"""Networks for the views of warped space, activation functions and signals by depth."""

from __future__ import annotations

from functools import cache

from networks import dense
from PyQt6.QtGui import QImage
from scenes import Solo

from app.theme import THEMES
from app.views import Look
from engine import Experiment, Run
from engine.snapshot import Snapshot

SIZES = {"space-warp": (520, 220), "activation-functions": (520, 240),
         "variance-by-depth": (520, 240)}
LOOKS = {"space-warp": Look(), "activation-functions": Look(), "variance-by-depth": Look(layer=1)}


def kind(name: str, **more: object) -> dict[str, object]:
    """Any other layer."""
    return {"kind": name, **more}


def contestant(name: str, layers: list[dict[str, object]], **more: object) -> dict[str, object]:
    """A contestant trained by Adam."""
    return {"name": name, "layers": layers, "optimizer": {"name": "adam", "lr": 0.02}, **more}


THREE = (
    contestant("Tanh", [dense(12), kind("tanh"), dense(12), kind("tanh")]),
    contestant("Batch norm", [dense(12), kind("batch-norm"), kind("tanh"), dense(12),
                              kind("batch-norm"), kind("tanh")]),
    contestant("Dropout", [dense(12), kind("relu"), kind("dropout", rate=0.2), dense(2),
                           kind("relu")]),
)


def experiment(*contestants: dict[str, object], steps: int = 60, **problem: object) -> Experiment:
    """A race of networks on moons."""
    fields = {"kind": "network", "dataset": {"name": "moons", "samples": 200}, "batch": 16}
    return Experiment(steps=steps, seed=6, problem=fields | problem,
                      contestants=list(contestants or THREE))


def trained(*contestants: dict[str, object], step: int = 60, **problem: object) -> Snapshot:
    """One step of a finished race."""
    return Run(experiment(*contestants, **problem)).finish().at(step)


def fresh(*contestants: dict[str, object], **problem: object) -> Snapshot:
    """A race before its first step."""
    return Run(experiment(*contestants, **problem)).snapshot()


@cache
def _golden_snapshot() -> Snapshot:
    return trained(precision="float64")


def draw_golden(name: str) -> QImage:
    """The picture of that name, such as space-warp-dark, as it is now."""
    view, _, theme = name.rpartition("-")
    shown = Solo(view, theme, SIZES[view])
    try:
        return shown.image(_golden_snapshot(), LOOKS[view])
    finally:
        shown.close()


def golden_names() -> list[str]:
    """The golden pictures' names, such as space-warp-dark."""
    return [f"{scene}-{theme}" for scene in SIZES for theme in THEMES]
