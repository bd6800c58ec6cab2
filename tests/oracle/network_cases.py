"""Which networks are trained for `networks.npz`: a covering of all pairs of choices, and corners.

A case is the plain words of an experiment file.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .combinations import covering
from .network_choices import (
    BATCHES,
    CLIPS,
    DATASETS,
    FACTORS,
    INITS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PREPROCESS,
    REGRESSION_LOSSES,
    SAMPLES,
    SCHEDULES,
    SHAPED,
    SIGNS,
    SLOTS,
    STEPS,
    possible,
    wanted,
)


@cache
def combined() -> tuple[dict[str, str], ...]:
    """The combinations of choices in which every wanted pair that is possible occurs."""
    return tuple(covering(SLOTS, possible, wanted))


def words(chosen: dict[str, str]) -> dict[str, Any]:
    """A combination of choices as the words of an experiment."""
    name, hypers = chosen["optimizer"], OPTIMIZERS[chosen["optimizer"]]
    decay = {"weight_decay": 0.05} if chosen["penalty"] == "decay" else {}
    contestant = {
        "init": INITS[chosen["init"]], "layers": list(_layers(chosen)),
        "optimizer": {"name": name, **hypers, **decay}, "schedule": SCHEDULES[chosen["schedule"]],
        "clip": CLIPS[chosen["clip"]], **PENALTIES[chosen["penalty"]],
    }
    problem = {
        "kind": "network",
        "dataset": {"name": chosen["dataset"], "samples": SAMPLES, **DATASETS[chosen["dataset"]]},
        "test_fraction": 0.25, "preprocess": PREPROCESS[chosen["preprocess"]],
        "loss": LOSSES[chosen["loss"]], "batch": BATCHES[chosen["batch"]], "precision": "float64",
    }
    given = {key: value for key, value in contestant.items() if value is not None}
    return {"seed": 0, "steps": STEPS, "problem": problem, "contestants": [given]}


def _layers(chosen: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The tables of the hidden layers; what learns in a block shares its factor."""
    slow, factor = FACTORS[chosen["factor"]]
    for block, (slot, width) in enumerate({"first": 7, "second": 5, "third": 4}.items()):
        kind, norm = chosen[slot], chosen["norm"] if block == 1 else "none"
        own = {"lr_factor": factor} if block == slow and factor != 1 else {}
        init = {"init": INITS[chosen["own init"]]} if block == 1 else {}
        normalised = [{"kind": norm.partition(" ")[0], **own}]
        if norm == "dropout":
            normalised = [{"kind": "dropout", "rate": 0.0}]
        if kind == "maxout":
            yield {"kind": "maxout", "width": width, "pieces": 3 - block % 2, **init, **own}
        else:
            yield {"kind": "dense", "width": width, **init, **own}
        if norm.endswith("before"):
            yield from normalised
        if kind != "maxout":
            shape = SHAPED.get(kind, {}) if slot == "third" else {}
            yield {"kind": kind, **shape, **(own if kind == "prelu" else {})}
        if norm.endswith(("after", "dropout")):
            yield from normalised


def _dense(width: int, **changes: Any) -> dict[str, Any]:
    return {"kind": "dense", "width": width, **changes}


PLAIN = {
    "norm": "none", "init": "xavier-normal", "own init": "xavier-normal", "loss": "cross-entropy",
    "dataset": "moons", "preprocess": "none", "optimizer": "momentum", "schedule": "none",
    "penalty": "none", "clip": "none", "factor": "none", "batch": "10",
    "first": "tanh", "second": "tanh", "third": "tanh",
}

# Corners that a covering of pairs does not reach, as changes of PLAIN and of its contestant.
CORNERS: tuple[tuple[dict[str, str], dict[str, Any]], ...] = (
    # No hidden layer: least squares, logistic regression, and a linear classifier of images.
    ({"loss": "mse", "dataset": "plane"}, {"layers": []}),
    ({"loss": "logistic", "batch": "all", "penalty": "l2"}, {"layers": []}),
    ({"loss": "hinge", "dataset": "digits", "penalty": "both"}, {"layers": []}),
    # Every weight the same: nothing but a bias learns, or all units of a layer are one.
    ({}, {"init": "zeros"}),
    ({"first": "sigmoid", "second": "sigmoid"}, {"init": "zeros"}),
    ({"loss": "mse", "dataset": "bumps"}, {"init": INITS["constant"]}),
    # All pieces of a unit are equal at first: the first of them wins.
    ({"second": "maxout", "own init": "zeros", "penalty": "l1"}, {}),
    # Something else than a weight matrix comes first.
    ({"loss": "huber", "dataset": "bumps", "optimizer": "adam"},
     {"layers": [{"kind": "batch-norm"}, _dense(8), {"kind": "silu"}]}),
    ({"loss": "hinge", "dataset": "gaussians"},
     {"layers": [{"kind": "layer-norm"}, _dense(8), {"kind": "gelu"}]}),
    ({"dataset": "checkerboard", "optimizer": "rmsprop"},
     {"layers": [{"kind": "prelu"}, _dense(8), {"kind": "tanh"}, {"kind": "prelu"}]}),
    ({"dataset": "spirals"}, {"layers": [{"kind": "softplus"}, _dense(8), {"kind": "elu"}]}),
    # Normalisations with other hyperparameters, one behind another, and one that is frozen.
    ({"dataset": "spirals", "optimizer": "nesterov", "clip": "norm"},
     {"layers": [_dense(12), {"kind": "batch-norm", "momentum": 0.5, "eps": 0.01},
                 {"kind": "relu"}, {"kind": "layer-norm", "eps": 0.1}, _dense(6),
                 {"kind": "batch-norm", "lr_factor": 0.0}, {"kind": "layer-norm"}]}),
    ({"batch": "all"}, {"layers": [_dense(8), {"kind": "batch-norm", "momentum": 1.0}]}),
    # Batch norm under signs: behind a curve, where every bias before it has a gradient.
    *(({"optimizer": name, "dataset": "circles", "batch": "32"},
       {"layers": [_dense(8), {"kind": "tanh"}, {"kind": "batch-norm"}]})
      for name in sorted(SIGNS)),
    # A single unit, which layer norm turns into its beta.
    ({"loss": "mse", "dataset": "sine"},
     {"layers": [_dense(6), {"kind": "tanh"}, _dense(1), {"kind": "elu"}]}),
    ({"dataset": "xor"}, {"layers": [_dense(4), {"kind": "relu"}, _dense(1),
                                     {"kind": "layer-norm"}, _dense(3), {"kind": "tanh"}]}),
    # Inits at another gain, and many pieces.
    ({"dataset": "digits", "preprocess": "center scale"},
     {"init": {"name": "orthogonal", "gain": 1.4},
      "layers": [{"kind": "maxout", "width": 6, "pieces": 8},
                 _dense(5, init={"name": "he-uniform", "gain": 0.5}), {"kind": "selu"}]}),
    # Ten layers, whose gradients shrink on the way back.
    ({"loss": "logistic", "dataset": "circles", "optimizer": "adam"},
     {"layers": [table for _ in range(10) for table in (_dense(4), {"kind": "sigmoid"})]}),
    # All that learns is frozen but the output layer.
    ({"penalty": "both", "clip": "norm", "optimizer": "adamw"},
     {"layers": [_dense(8, lr_factor=0.0), {"kind": "prelu", "lr_factor": 0.0}]}),
)

# A file beside this one: losses are means over rows and over outputs, here two.
TWO_TARGETS = {"file": "two_targets.csv", "target": ["u", "v"]}


def located(words: dict[str, Any]) -> dict[str, Any]:
    """Words whose data file, if there is one, is named by its full path."""
    problem = words["problem"]
    if "file" not in problem["dataset"]:
        return words
    path = Path(__file__).with_name(problem["dataset"]["file"])
    return {**words, "problem": {**problem, "dataset": {**problem["dataset"], "file": str(path)}}}


def cases() -> list[dict[str, Any]]:
    """All trainings, in the words of an experiment."""
    found = [words(chosen) for chosen in combined()]
    for choices, changes in CORNERS:
        corner = words({**PLAIN, **choices})
        corner["contestants"] = [{**corner["contestants"][0], **changes}]
        found.append(corner)
    for loss in sorted(REGRESSION_LOSSES):
        corner = words({**PLAIN, "loss": loss, "penalty": "l2"})
        corner["problem"]["dataset"] = TWO_TARGETS
        found.append(corner)
    return found
