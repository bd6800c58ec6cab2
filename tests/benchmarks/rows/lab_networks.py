"""From a slider's wish to the picture, for networks: three small ones, and the depth lab's four.

The depth lab's picture comes quickly from a share of the rows, and from all of them at rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import process_time

import numpy as np

from engine.experiment import Experiment

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..networks import dense

MOVES, PASSES = 12, 3
LAYERS, UNITS, ROWS = 10, 500, 1000
INITS = {"Too small": {"name": "normal", "std": 0.01}, "Xavier": "xavier-normal",
         "He": "he-normal", "Too large": {"name": "normal", "std": 0.5}}


def small() -> Experiment:
    """Three contestants of 2-64-64-2 with dropout and batch norm, and the usual views."""
    stacks = {"Plain": ("tanh",), "Batch norm": ("batch-norm", "tanh"),
              "Dropout": ("tanh", "dropout")}
    return Experiment(
        seed=7, steps=2000, problem={"kind": "network", "dataset": "moons", "batch": 32},
        contestants=[{"name": name, "layers": dense((64, 64), *kinds), "optimizer": "adam"}
                     for name, kinds in stacks.items()])


def deep() -> Experiment:
    """Four schemes of ten layers of 500 tanh units, on 1,000 training rows of 500 numbers."""
    return Experiment(
        seed=7, steps=500,
        problem={"kind": "network", "batch": 64, "test_fraction": 0.2,
                 "dataset": {"name": "normal-rows", "samples": ROWS * 5 // 4, "inputs": 500}},
        contestants=[{"name": name, "init": init, "layers": dense((UNITS,) * LAYERS, "tanh"),
                      "optimizer": {"name": "sgd", "lr": 0.05}} for name, init in INITS.items()],
        picture={"layout": [["depth-histograms"], ["variance-by-depth", "curves"]]})


def measure_small() -> Sequence[Figure]:
    """The median and the worst move of an init's gain, in ms."""
    from ..lab import open_lab

    with open_lab(small(), complete=False) as lab:
        def move(k: int) -> float:
            init = {"name": "xavier-normal", "gain": 1 + k / 100}
            return lab.edit(lambda: lab.window.editor.contestant(0, "set", {"init": init}))

        moves = _moves(move)
    return [_figure(moves, share, "three 2-64-64-2 on maps, curves and histograms")
            for share in (50, 100)]


def measure_deep() -> Sequence[Figure]:
    """One slider for all schemes, one scheme's scale, and the look at all rows, medians in ms."""
    from ..lab import open_lab

    with open_lab(deep(), complete=False) as lab:
        lab.edit(lambda: None)

        def width(k: int) -> float:
            return lab.edit(lambda: lab.window.editor.everyone({"width": UNITS - k % 40}))

        def scale(k: int) -> float:
            init = {"name": "normal", "std": 0.01 + k / 10_000}
            return lab.edit(lambda: lab.window.editor.contestant(0, "set", {"init": init}))

        def rows(k: int) -> float:
            lab.look_at_all_rows()
            return 0.0

        shared, own = _moves(width), _moves(scale)
        whole = []
        for k in range(PASSES + 1):
            lab.edit(lambda k=k: lab.window.editor.everyone({"width": UNITS - k}))  # type: ignore[misc]
            whole += _timed(rows, k)
        everything = np.array(whole[3:]).reshape(1, -1, 3)
    quick = "first from a quarter of the rows"
    return [_figure(shared, 50, quick), _figure(own, 50, quick),
            _figure(everything, 50, "what follows at rest")]


def _timed(move: Callable[[int], float], k: int) -> tuple[float, float, float]:
    """Milliseconds on the clock and of all processors, and the window's longest frame."""
    from time import perf_counter

    began, worked = perf_counter(), process_time()
    worst = move(k)
    return 1e3 * (perf_counter() - began), 1e3 * (process_time() - worked), 1e3 * worst


def _moves(move: Callable[[int], float]) -> np.ndarray:
    """(passes, moves, 3) of `_timed`; the first pass does not count."""
    found = [[_timed(move, 1 + k + MOVES * turn) for k in range(MOVES)]
             for turn in range(PASSES + 1)]
    return np.array(found[1:])


def _figure(moves: np.ndarray, share: float, what: str) -> Figure:
    of_passes = np.percentile(moves[..., 0], share, axis=1)
    work = np.median(moves[..., 1])
    return Figure(
        Span(float(np.median(of_passes)), float(of_passes.min()), float(of_passes.max())),
        note=f"{what}; fastest {moves[..., 0].min():.0f} ms; {work:.0f} ms of all processors; "
             f"longest frame {moves[..., 2].max():.0f} ms")


_DEEP = f"{LAYERS} × {UNITS} units, four schemes"
lab_network_slider = Benchmark("lab-network-slider", (
    Quantity("Slider to picture of networks, median", "ms", Goal(at_most=50)),
    Quantity("Slider to picture of networks, worst", "ms", Goal(at_most=50)),
), measure_small)
depth_slider = Benchmark("lab-depth-slider", (
    Quantity(f"Depth lab, slider of all, {_DEEP}", "ms", Goal(at_most=200)),
    Quantity(f"Depth lab, slider of one scale, {_DEEP}", "ms", Goal(at_most=200)),
    Quantity(f"Depth lab, all {ROWS:,} rows, {_DEEP}", "ms", Goal(at_most=200)),
), measure_deep)
