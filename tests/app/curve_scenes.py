"""Networks whose curves tests look at, and the golden pictures of those curves."""

from __future__ import annotations

from functools import cache

from PyQt6.QtGui import QImage
from scenes import solo

from app.theme import THEMES
from app.views import Look
from engine.experiment import Experiment
from engine.run import Run

SIZE = (560, 340)
STEP = 250
SCENES = {
    "curves": Look(chosen=0),
    "curves-accuracy": Look(chosen=2, curve="accuracy", highlight="Dropout"),
    "curves-gradient": Look(chosen=0, curve="gradient"),
}


def dense(width: int, *behind: str) -> list[dict[str, object]]:
    """A dense layer and what comes behind it."""
    return [{"kind": "dense", "width": width}, *({"kind": kind} for kind in behind)]


PLAIN = dense(32, "tanh") * 2
CONTESTANTS: list[dict[str, object]] = [
    {"name": "Plain", "layers": PLAIN, "optimizer": {"name": "adam", "lr": 0.02}},
    {"name": "With batch norm", "layers": dense(32, "batch-norm", "tanh") * 2,
     "optimizer": {"name": "sgd", "lr": 0.1}, "schedule": "cosine"},
    {"name": "Dropout", "layers": [*dense(32, "relu"), {"kind": "dropout", "rate": 0.3}],
     "optimizer": {"name": "sgd", "lr": 0.3}},
]


def experiment(contestants: list[dict[str, object]] | None = None, steps: int = 400,
               **problem: object) -> Experiment:
    """A race of networks on few and noisy moons, which they learn by heart."""
    usual = {"kind": "network", "dataset": {"name": "moons", "samples": 100, "noise": 0.35},
             "batch": 16}
    return Experiment(seed=5, steps=steps, problem={**usual, **problem},
                      contestants=contestants or CONTESTANTS)


def measured(made: Experiment) -> Run:
    """The finished run of an experiment, measured all over."""
    run = Run(made).finish()
    run.measure()
    return run


@cache
def usual_run() -> Run:
    """The three contestants' run, which nobody changes."""
    return measured(experiment())


def golden_names() -> list[str]:
    """The golden pictures' names, such as curves-dark."""
    return [f"{scene}-{theme}" for scene in SCENES for theme in THEMES]


def draw_golden(name: str) -> QImage:
    """Draw the picture of that name as it is now."""
    scene, _, theme = name.rpartition("-")
    with solo("curves", theme, SIZE) as shown:
        return shown.image(usual_run().at(STEP), SCENES[scene])
