"""The networks that are measured, and their trainings as other frameworks get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiment import Experiment
from engine.run import Run

Layers = Sequence[Mapping[str, Any]]
Real = NDArray[np.float32]

LR = 1e-3
# Losses in float32 keep together for so many steps: later on rounding sends them apart.
COMPARED = 50
CLOSE = 5e-4


def dense(widths: Sequence[int], *between: str) -> list[dict[str, Any]]:
    """Dense layers of these widths, and after each of them one layer of every kind `between`."""
    layers: list[dict[str, Any]] = []
    for width in widths:
        layers += [{"kind": "dense", "width": width}, *({"kind": kind} for kind in between)]
    return layers


def training(
    dataset: str, layers: Layers, batch: int, steps: int = COMPARED, lr: float = LR,
) -> Experiment:
    """A network in float32: classes by cross-entropy, or the plane with bumps by squared error."""
    return Experiment(
        seed=7,
        steps=steps,
        problem={
            "kind": "network", "dataset": dataset, "batch": batch, "precision": "float32",
            "loss": "mse" if dataset in ("bumps", "plane", "sine") else "cross-entropy",
        },
        contestants=[{
            "layers": list(layers), "init": "he-normal", "optimizer": {"name": "adam", "lr": lr},
        }],
    )


@dataclass(frozen=True)
class Training:
    """What our run started from and what came of it, for others to do the same.

    `x` (n, inputs) float32; `y` (n, targets) float32, or classes (n,) int64; `layers` are kinds and
    rates of dropout, the output layer last; `weights` are W (fan_out, fan_in) and b (fan_out,) of
    the dense ones; `batches` (steps, batch) are rows of x; `losses` (steps,) are ours.
    """

    x: Real
    y: NDArray[Any]
    layers: tuple[tuple[str, float], ...]
    weights: tuple[tuple[Real, Real], ...]
    batches: NDArray[np.int64]
    losses: NDArray[np.float64]
    loss: str
    lr: float

    @property
    def activations(self) -> list[str]:
        """What follows each dense layer but the last."""
        return [kind for kind, _ in self.layers if kind != "dense"]

    def check_same(self, name: str, losses: NDArray[Any]) -> None:
        """Raise RuntimeError unless theirs are ours too: otherwise nothing is compared."""
        if len(losses) < COMPARED:
            raise RuntimeError(f"{name} and we do not train the same network: it took "
                               f"{len(losses)} steps, and {COMPARED} are compared")
        ours, theirs = self.losses[:COMPARED], np.asarray(losses[:COMPARED], float)
        apart = ~np.isclose(theirs, ours, rtol=CLOSE, atol=CLOSE / 10)
        if apart.any():
            step = int(np.argmax(apart))
            raise RuntimeError(f"{name} and we do not train the same network: losses "
                               f"{theirs[step]:.6g} and {ours[step]:.6g} at step {step + 1}")


def replayed(experiment: Experiment, steps: int) -> Training:
    """The first `steps` steps (COMPARED at least) of an experiment with one contestant."""
    run = Run(experiment.replaced(steps=max(steps, COMPARED))).finish()
    record = run.record()
    contestant = experiment.contestants[0]
    chosen = [(layer.kind, float(layer.hypers().get("rate", 0.0))) for layer in contestant.layers]
    layers = (*chosen, ("dense", 0.0))
    weights = tuple(
        tuple(np.ascontiguousarray(record[f"0/initial/{place}.{name}"], np.float32)
              for name in ("W", "b"))
        for place, (kind, _) in enumerate(layers) if kind == "dense"
    )
    x, y = record["train/x"], record["train/y"]
    loss = experiment.problem.loss.name
    y = (np.asarray(y, np.int64).reshape(-1) if loss == "cross-entropy"
         else np.ascontiguousarray(y.reshape(len(y), -1), np.float32))
    return Training(
        np.ascontiguousarray(x, np.float32), y, layers, weights, record["0/batches"],
        record["0/loss"], loss, contestant.optimizer.lr,
    )
