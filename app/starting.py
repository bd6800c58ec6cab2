"""What the window begins with: a race on a surface between the methods every lecture names."""

from __future__ import annotations

from engine.experiment import Experiment
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
