"""From words that were never seen to the end of the first step: nothing is compiled for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from engine.experiment import Experiment
from engine.kernels import import_numba
from engine.run import Run

from ..benchmark import Benchmark, Figure, Goal, Quantity, Span
from ..jax_training import first_step_seconds
from ..networks import dense, replayed, training
from ..one_core import keep_to_one_core
from ..timing import absent, peer, seconds

ROOT = Path(__file__).parents[3]
LONGEST = 200
# Every one has a dataset, an architecture and an optimizer that the process has not met.
NEW = (
    ("spirals", ((16, 16), "relu"), "momentum", "cross-entropy"),
    ("moons", ((8,), "sigmoid"), "sgd", "logistic"),
    ("circles", ((24, 12, 6), "elu"), "rmsprop", "hinge"),
    ("gaussians", ((64, 64), "gelu"), "adamw", "cross-entropy"),
    ("xor", ((4,), "leaky-relu"), "nesterov", "logistic"),
    ("checkerboard", ((48, 48), "silu"), "nadam", "cross-entropy"),
    ("sine", ((20, 20), "softplus"), "lion", "mse"),
    ("plane", ((5,), "identity"), "adagrad", "huber"),
    ("digits", ((100, 50), "relu", "batch-norm"), "adamax", "cross-entropy"),
    ("spirals", ((32, 32), "tanh", "dropout"), "radam", "cross-entropy"),
    ("digits", ((128,), "selu", "layer-norm"), "adadelta", "hinge"),
    ("moons", ((10, 10, 10, 10), "prelu"), "amsgrad", "cross-entropy"),
)
JAX_CASES = 5


def words(dataset: str, form: tuple[Any, ...], optimizer: str, loss: str) -> dict[str, Any]:
    """The words of an experiment, as a script would write them."""
    widths, *between = form
    return {
        "seed": 7, "steps": 1000,
        "problem": {"kind": "network", "dataset": dataset, "loss": loss, "batch": 32},
        "contestants": [{"layers": dense(widths, *between), "optimizer": optimizer}],
    }


def first_step(words: dict[str, Any]) -> None:
    """The experiment, its run, and one step."""
    Run(Experiment(**words)).advance(1)


def fill_cache() -> None:
    """Compile what has never been compiled on this machine, as `trainscope` does at its start."""
    command = f"from {__name__} import NEW, first_step, words\nfor case in NEW:\n"
    subprocess.run([sys.executable, "-c", f"{command}    first_step(words(*case))"], cwd=ROOT,
                   check=True, timeout=LONGEST, capture_output=True)


def compiled_kernels(listened: Any) -> int:
    """How many functions Numba has compiled while `listened` was."""
    return sum(event.is_start for _, event in listened.buffer)


def measure() -> Sequence[Figure]:
    keep_to_one_core()
    fill_cache()
    import_numba()
    from numba.core import event

    new = [words(*case) for case in NEW]
    first_step(words("bumps", ((8, 8), "tanh"), "adam", "mse"))
    times, work = [], []
    with event.install_recorder("numba:compile") as compiling:
        for one in new:
            began = process_time()
            times.append(1e3 * seconds(lambda one=one: first_step(one)))
            work.append(1e3 * (process_time() - began))
    kernels = compiled_kernels(compiling)
    note = f"{len(new)} times all of them new; {median(work):.1f} ms of processor time"
    slowest = NEW[int(np.argmax(work))]
    worst = f"{max(work):.1f} ms of processor time for {slowest[0]}, {'-'.join(slowest[1][1:])}"
    modules = peer("jax", "jax.flatten_util")
    theirs = None
    if modules:
        taken = []
        # The first one also starts JAX.
        for width in range(8, 9 + JAX_CASES):
            same = replayed(training("bumps", dense((width, width), "tanh"), 32), 1)
            taken.append(1e3 * first_step_seconds(modules[0], same))
        theirs = Span.of(taken[1:])
        note += "; theirs is one new width after another with the same Adam"
    else:
        note += f"; {absent('JAX')}"
    return [Figure(Span.of(times), theirs, note),
            Figure(Span(max(times), min(times), max(times)), note=worst),
            Figure(Span(kernels, kernels, kernels))]


network_first_step = Benchmark("network-first-step", (
    Quantity("New network to its first step, median", "ms", Goal(at_most=20, times_theirs=15),
             "jax.jit"),
    Quantity(f"New network to its first step, worst of {len(NEW)}", "ms", Goal(at_most=20)),
    Quantity(f"Compiled for {len(NEW)} new networks", "kernels", Goal(at_most=0)),
), measure)
