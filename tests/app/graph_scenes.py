"""Networks for the tests of the graph view, and its golden pictures.

`python -m tests.app.graph_scenes [NAME ...]` draws them anew; look at them, and store them with the
change that made them other.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).parent))

from PyQt6.QtGui import QImage
from scenes import GOLDEN, solo
from signal_scenes import contestant, dense, kind, trained

from app.theme import THEMES
from app.views import Look
from engine.snapshot import Snapshot

NETWORKS = GOLDEN / "networks"
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
