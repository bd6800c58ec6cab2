"""The depth picture: histograms of all activations and gradients of ten layers of 500 units.

Compared with the matrix products alone, as NumPy hands them to BLAS: no biases, no activations and
nothing counted. Both are timed on one core, in seconds of the processor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from engine.experiment import Experiment
from engine.network.probe import Probe
from engine.network.state import NetworkState
from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..networks import dense
from ..one_core import keep_to_one_core

LAYERS, UNITS, ROWS = 10, 500, 1000
REPEATS = 15
# A fifth of the file's rows are for tests.
IN_FILE = ROWS * 5 // 4


def deep_state(folder: Path) -> NetworkState:
    """A tanh network before its first step, with as many inputs as units and one output."""
    rng = np.random.default_rng(0)
    table = folder / "noise.csv"
    header = ",".join([*(f"x{k}" for k in range(UNITS)), "y"])
    np.savetxt(table, rng.standard_normal((IN_FILE, UNITS + 1)), delimiter=",", header=header,
               comments="")
    experiment = Experiment(
        steps=1,
        problem={"kind": "network", "dataset": {"file": str(table), "target": "y"}, "loss": "mse",
                 "test_fraction": 0.2, "batch": 0},
        contestants=[{"layers": dense((UNITS,) * LAYERS, "tanh"), "optimizer": "sgd"}],
    )
    state = Run(experiment).at(0).contestants[0]
    assert isinstance(state, NetworkState)
    return state


def picture(state: NetworkState) -> Callable[[], object]:
    """All that the picture shows, from a pass of its own each time."""
    last: list[Probe] = []

    def histograms() -> object:
        probe = state.probe("train", reuse=last.pop() if last else None)
        last.append(probe)
        return probe.histograms("activation"), probe.histograms("gradient")

    return histograms


def products(state: NetworkState) -> Callable[[], object]:
    """The products of that pass alone: W·x of every layer, Wᵀ·dy of all but the first."""
    weights = [tensor for name, tensor in state.tensors.items() if name.endswith(".W")]
    rng = np.random.default_rng(1)
    values = [rng.standard_normal((w.shape[1], ROWS), np.float32) for w in weights]
    values.append(np.empty((len(weights[-1]), ROWS), np.float32))
    back = [np.ones_like(value) for value in values]

    def multiply() -> None:
        for k, w in enumerate(weights):
            np.dot(w, values[k], out=values[k + 1])
        for k in range(len(weights) - 1, 0, -1):
            np.dot(weights[k].T, back[k + 1], out=back[k])

    return multiply


def milliseconds(action: Callable[[], object]) -> float:
    """Of the processor."""
    began = process_time()
    action()
    return 1e3 * (process_time() - began)


def measure() -> Sequence[Figure]:
    keep_to_one_core()
    with TemporaryDirectory() as folder:
        state = deep_state(Path(folder))
    actions = picture(state), products(state)
    for action in actions:
        action()
    times = np.array([[milliseconds(action) for action in actions] for _ in range(REPEATS)])
    ours, bare = np.median(times, axis=0)
    ratios = times[:, 0] / times[:, 1]
    return [Figure(Span(float(ours / bare), float(ratios.min()), float(ratios.max())),
                   note=f"{ours:.1f} ms, of which the products alone take {bare:.1f} ms in BLAS")]


network_depth = Benchmark("network-depth", (
    Quantity(f"Depth picture, {LAYERS} × {UNITS} units, {ROWS:,} rows", "× products",
             Goal(at_most=1.3)),
), measure)
