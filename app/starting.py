"""What the window begins with: races on surfaces, and networks on data, that are worth watching."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.data.own_file import problem_of_file
from engine.datasets import datasets
from engine.experiment import Experiment
from engine.network.problem import NetworkProblem
from engine.network.row_counts import row_counts
from engine.surfaces import surfaces

# Found by trying: steps that suit each surface's slopes, so that every race is worth watching.
RATES: dict[str, float] = {
    "beale": 0.003, "rosenbrock": 0.0006, "goldstein-price": 2e-6, "rastrigin": 0.002,
    "himmelblau": 0.004, "styblinski-tang": 0.004, "six-hump-camel": 0.005, "booth": 0.02,
    "matyas": 0.2, "three-hump-camel": 0.01, "monkey-saddle": 0.02, "ackley": 0.02,
}

# The published domains leave the race small on some surfaces: what is worth seeing of them.
ZOOMS: dict[str, list[list[float]]] = {
    "beale": [[-0.6, 4.2], [-1.9, 2.1]],
    "rosenbrock": [[-1.9, 1.9], [-0.6, 1.7]],
}


def starting_experiment(surface: str) -> Experiment:
    """SGD, momentum, RMSProp and Adam on a surface, from its start."""
    definition = surfaces[surface]
    rate = RATES.get(surface, 0.02)
    (x0, x1), (y0, y1) = definition.domain
    # The scaled methods move by about lr a step whatever the slope: a few hundred steps across.
    pace = float(f"{max(x1 - x0, y1 - y0) / 150:.1g}")
    return Experiment(
        title=definition.title,
        seed=7,
        steps=400,
        problem={"kind": "surface", "surface": surface, "start": list(definition.start)},
        contestants=[
            {"name": "SGD", "optimizer": {"name": "sgd", "lr": rate}},
            {"name": "Momentum", "optimizer": {"name": "momentum", "lr": rate}},
            {"name": "RMSProp", "optimizer": {"name": "rmsprop", "lr": float(f"{pace / 3:.1g}")}},
            {"name": "Adam", "optimizer": {"name": "adam", "lr": pace}},
        ],
        picture={"zoom": ZOOMS[surface]} if surface in ZOOMS else None,
    )


DEPTH = "depth"
"""The start of the depth lab: four inits through ten layers, before any training."""


def starting_network(dataset: str) -> Experiment:
    """Two networks on a dataset, with and without batch norm; or the depth lab's four inits."""
    if dataset == DEPTH:
        return _depth_lab()
    definition = datasets[dataset]
    if definition.image is not None:
        return _on_images(dataset, definition.title)
    many = definition.task == "classes"
    kinds: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
        ("Plain", ()), ("With batch norm", ({"kind": "batch-norm"},)))
    return Experiment(
        title=definition.title,
        seed=7,
        steps=2000,
        problem={"kind": "network", "dataset": dataset, "batch": 32},
        contestants=[
            {"name": name, "layers": _stack(3, 32, *norm, {"kind": "tanh"}),
             "optimizer": {"name": "sgd", "lr": 0.2 if many else 0.05}}
            for name, norm in kinds
        ],
    )


def starting_on_data(path: str | Path) -> Experiment:
    """Two networks on a file of the user's own; raises TrainscopeError where it cannot be used."""
    problem: dict[str, Any] = {"kind": "network", **problem_of_file(str(Path(path).absolute()))}
    raw = problem["dataset"].raw()
    title = Path(path).name
    if raw.image is not None:
        base = _on_images("digits", title)
    else:
        problem["preprocess"] = ["center", "scale"]
        base = starting_network("moons" if raw.task == "classes" else "sine")
    rows, _ = row_counts(NetworkProblem(**problem), base.seed)
    problem["batch"] = min(32 if raw.image is None else 64, rows)
    return base.replaced(title=title, problem=problem, picture=None)


def _stack(depth: int, width: int, *after: dict[str, Any]) -> list[dict[str, Any]]:
    return [layer for _ in range(depth) for layer in ({"kind": "dense", "width": width}, *after)]


def _on_images(dataset: str, title: str) -> Experiment:
    relu, dropout = {"kind": "relu"}, {"kind": "dropout", "rate": 0.5}
    return Experiment(
        title=title,
        seed=7,
        steps=3000,
        problem={"kind": "network", "dataset": dataset, "batch": 64, "test_fraction": 0.5},
        contestants=[
            {"name": "Plain", "layers": _stack(2, 128, relu), "init": "he-normal",
             "optimizer": {"name": "adam", "lr": 0.001}},
            {"name": "With dropout", "layers": _stack(2, 128, relu, dropout), "init": "he-normal",
             "optimizer": {"name": "adam", "lr": 0.001}},
        ],
    )


def _depth_lab() -> Experiment:
    inits: dict[str, Any] = {
        "Too small": {"name": "normal", "std": 0.01}, "Xavier": "xavier-normal",
        "He": "he-normal", "Too large": {"name": "normal", "std": 0.5},
    }
    return Experiment(
        title="Signals in depth",
        seed=7,
        steps=300,
        problem={"kind": "network", "batch": 64, "test_fraction": 0.2,
                 "dataset": {"name": "normal-rows", "samples": 1250, "inputs": 100}},
        contestants=[
            {"name": name, "init": init, "layers": _stack(10, 100, {"kind": "tanh"}),
             "optimizer": {"name": "sgd", "lr": 0.05}}
            for name, init in inits.items()
        ],
        picture={"layout": [["depth-histograms"], ["variance-by-depth", "curves"]]},
    )
