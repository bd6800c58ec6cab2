"""Make `networks.npz`: trainings by PyTorch that the engine has to repeat.

    python -m tests.oracle          (or `make golden`; needs the `oracle` extra)

The engine hands over what a record holds (data, initial parameters, batches), and PyTorch trains
from that in float64, step by step; `torch_network` says how. The file holds

    networks   ()               JSON: library versions, and for each training its `words` (those of
                                an experiment file), the shape of its `batches`, and its `arrays`:
                                the names and shapes of what the layers own, in the order in which
                                they lie in the next two
    initial, final  (n,)        all arrays of all trainings, flat: before the first step, as the
                                engine drew them, and after the last, as PyTorch left them
    batches    (n,) int16       the rows of every step, flat, as the engine drew them
    losses, penalties           (trainings, steps) before each update
    evaluated  (trainings, 2)   the mean losses on all training and all test rows at the end

A training can judge to 1e-9 only if it does not itself enlarge the rounding of last digits. Each is
made again with its start and its gradients disturbed by 1e-12, and where that has grown more than a
thousandfold other seeds and then smaller learning rates are tried: a unit may have come too near
the corner of a ReLU, a component too near the 0 at which a sign turns, and batch norm divides by
the variance of a few rows. A training that none of them makes steady is refused.
"""

import importlib.metadata
import json
import tempfile
from pathlib import Path

import numpy as np
import torch

from engine import Experiment, Run

from . import replay
from .agreement import TOLERANCE, distances
from .network_cases import cases, located
from .torch_network import train

NETWORKS = Path(__file__).with_name("networks.npz")
NUDGE = 1e-12
MOST_GROWTH = 1e3
TRIES = [(seed, calmer) for calmer in (1.0, 0.3, 0.1) for seed in range(4)]

# The README's example, which `replay` has to repeat, and a regression.
REPLAYED = (
    {"dataset": "moons", "loss": "cross-entropy", "precision": "float64"},
    {"dataset": "bumps", "loss": "mse", "precision": "float64", "batch": 0},
)


def compared(trained):
    """All that the engine has to repeat of a training, by name."""
    return {"losses": trained.losses, "penalties": trained.penalties, **trained.final,
            "evaluated": trained.evaluated}


def growth(words, record, trained):
    """How many times farther than at the start a slightly moved training has ever been."""
    moved = distances(compared(train(words, record, NUDGE)), compared(trained))
    return next(iter(moved.values())) / NUDGE


def varied(case, seed, calmer):
    """A case under another seed, with `calmer` times its learning rate."""
    (contestant,) = case["contestants"]
    optimizer = {**contestant["optimizer"], "lr": contestant["optimizer"]["lr"] * calmer}
    return {**case, "seed": seed, "contestants": [{**contestant, "optimizer": optimizer}]}


def steady(case):
    """A case as the first of TRIES that does not enlarge rounding: words, record, training."""
    seen = []
    for seed, calmer in TRIES:
        words = varied(case, seed, calmer)
        record = Run(Experiment(**located(words))).finish().record()
        trained = train(words, record)
        grown = growth(words, record, trained)
        if grown <= MOST_GROWTH:
            return words, record, trained
        seen.append(f"{grown:.1g}")
    raise SystemExit(f"enlarges rounding {', '.join(seen)} times, whatever is tried: {case}")


def check_replay():
    """Raise SystemExit where the README's script does not repeat a run."""
    for problem in REPLAYED:
        experiment = Experiment(
            steps=200, problem={"kind": "network", **problem},
            contestants=[{"layers": [{"kind": "dense", "width": 8}, {"kind": "tanh"}],
                          "optimizer": {"name": "adam", "lr": 0.01}}])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "race.npz"
            Run(experiment).finish().save(path)
            apart = replay.replay(path)
        if not apart <= TOLERANCE:
            raise SystemExit(f"replay.py is {apart:.3g} away from the engine on {problem}")


def main():
    # Threads cost networks as small as these many times what they save.
    torch.set_num_threads(1)
    check_replay()
    trainings = [steady(case) for case in cases()]
    described, initial, final, batches = [], [], [], []
    for words, record, trained in trainings:
        described.append({
            "words": words, "batches": record["0/batches"].shape,
            "arrays": {name: array.shape for name, array in trained.final.items()}})
        initial += [record[f"0/initial/{name}"].ravel() for name in trained.final]
        final += [array.ravel() for array in trained.final.values()]
        batches.append(record["0/batches"].ravel())
    made_with = {
        library: importlib.metadata.version(library).partition("+")[0]
        for library in ("torch", "optax")
    }
    np.savez_compressed(
        NETWORKS, networks=np.array(json.dumps({"made_with": made_with, "trainings": described})),
        initial=np.concatenate(initial), final=np.concatenate(final),
        batches=np.concatenate(batches).astype(np.int16),
        losses=np.array([trained.losses for *_, trained in trainings]),
        penalties=np.array([trained.penalties for *_, trained in trainings]),
        evaluated=np.array([trained.evaluated for *_, trained in trainings]))
    print(f"{NETWORKS.name}: {len(trainings)} trainings, {NETWORKS.stat().st_size / 1e3:.0f} kB")
