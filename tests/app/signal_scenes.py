"""Networks for the views of warped space, activation functions and signals by depth.

`python -m tests.app.signal_scenes [NAME ...]` draws their golden pictures anew; look at them, and
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
from engine import Experiment, Run
from engine.snapshot import Snapshot

NETWORKS = GOLDEN / "networks"
SIZES = {"space-warp": (520, 220), "activation-functions": (520, 240),
         "variance-by-depth": (520, 240)}
LOOKS = {"space-warp": Look(), "activation-functions": Look(), "variance-by-depth": Look(layer=1)}


def dense(width: int, **more: object) -> dict[str, object]:
    """A dense layer of a contestant."""
    return {"kind": "dense", "width": width, **more}


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


def golden_names(view: str) -> list[str]:
    """A view's golden pictures, one a theme."""
    return [f"{view}-{theme}" for theme in THEMES]


def differences(name: str) -> tuple[float, float]:
    """How many levels a picture is off on average, and the share of pixels more than 24 off."""
    path = NETWORKS / f"{name}.png"
    assert path.exists(), f"run python -m tests.app.signal_scenes {name}"
    drawn, before = pixels(draw_golden(name)), picture(path)
    assert drawn.shape == before.shape
    off = np.abs(drawn - before)
    return float(off.mean()), float((off.max(2) > 24).mean())


def main() -> None:
    """Write the named pictures, or all of them."""
    from app.window_start import make_application

    application = make_application()
    NETWORKS.mkdir(exist_ok=True)
    for name in sys.argv[1:] or [name for view in SIZES for name in golden_names(view)]:
        draw_golden(name).save(str(NETWORKS / f"{name}.png"))
        sys.stdout.write(f"{NETWORKS / name}.png\n")
    application.quit()


if __name__ == "__main__":
    main()
