"""Networks for the tests of the graph view, and its golden pictures."""

from __future__ import annotations

from functools import lru_cache

from networks import dense
from PyQt6.QtGui import QImage
from scenes import solo
from signal_scenes import contestant, kind, trained

from app.theme import THEMES
from app.views import Look
from engine.snapshot import Snapshot

TANH = contestant("Tanh", [dense(8), kind("tanh"), dense(6), kind("tanh")])
WIDE = contestant("Wide", [
    dense(64), kind("relu"), kind("dropout", rate=0.4), dense(64), kind("batch-norm"),
    kind("relu")], init={"name": "normal", "std": 0.6})
DIGITS = contestant("Digits", [dense(40), kind("relu"), dense(20), kind("relu")])


@lru_cache(8)
def tanh() -> Snapshot:
    """Two small tanh layers on moons."""
    return trained(TANH, precision="float64")


@lru_cache(8)
def wide() -> Snapshot:
    """Two wide layers with dropout and batch norm, some units dead."""
    return trained(WIDE, precision="float64")


@lru_cache(8)
def digits() -> Snapshot:
    """Two ReLU layers on images."""
    return trained(DIGITS, dataset="digits", precision="float64")


SCENES = {
    "network-graph": (wide, Look(), (560, 320)),
    "network-graph-flow": (tanh, Look(flow=1.6, layer=3, unit=2), (640, 340)),
    "network-graph-digits": (digits, Look(flow=6.0), (640, 360)),
}


def golden_names() -> list[str]:
    """The golden pictures, such as network-graph-flow-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """The picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    made, look, size = SCENES[scene]
    with solo("network-graph", theme, size) as shown:
        return shown.image(made(), look)
