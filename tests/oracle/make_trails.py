"""Make `trails.npz`: descents by PyTorch and optax that the engine has to repeat.

    python -m tests.oracle          (or `make golden`; needs the `oracle` extra)

Everything is independent of the engine: losses and optimizers are those of `peers`, clipping and
schedules PyTorch's (warm-up and cosine: optax's), gradients come from PyTorch's autograd, all in
float64. The file holds

    trails   ()                      JSON: library versions, and each trail's settings in the words
                                     of an experiment file
    paths    (trails, steps + 1, 2)  positions before the first step and after each
    rates    (trails, steps)         the learning rate of each step

A trail can judge to 1e-12 only if it does not itself enlarge the rounding of last digits. Each is
therefore made again with start and gradients disturbed by 1e-12, and refused if that has grown more
than a hundredfold. Seen to enlarge it, and kept clear of by the settings below:

- a learning rate beyond the stability limit of Rosenbrock's walls (curvature 1,500 at the start),
  or a divisor that has followed shrinking gradients: the trail bounces between the walls;
- Adadelta creeping where the slope and a strong weight decay nearly cancel: what is left of the
  gradient is divided by its own small size, its rounding with it;
- sign steps that meet a valley's floor exactly, so that the last digit decides the sign: 0.05 goes
  from 1.2 to 0 in 24 steps, 0.037 does not. Clipping every gradient far below its size is alike.
"""

import importlib.metadata
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import optax
import torch
from torch.optim import lr_scheduler as schedulers

from .peers import LOSSES, build, check_default

TRAILS = Path(__file__).with_name("trails.npz")
STEPS = 200
NUDGE = 1e-12
MOST_GROWTH = 100.0

# Defaults as the libraries document them, spelled out: the engine's must be the same numbers.
DEFAULTS = {
    "sgd": {"lr": 1e-3, "weight_decay": 0.0},
    "momentum": {"lr": 1e-3, "momentum": 0.9, "weight_decay": 0.0},
    "nesterov": {"lr": 1e-3, "momentum": 0.9, "weight_decay": 0.0},
    "adagrad": {"lr": 1e-2, "eps": 1e-10, "weight_decay": 0.0},
    "rmsprop": {"lr": 1e-2, "rho": 0.99, "eps": 1e-8, "weight_decay": 0.0},
    "adadelta": {"lr": 1.0, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
    "rprop": {"lr": 1e-2, "eta_minus": 0.5, "eta_plus": 1.2, "step_min": 1e-6, "step_max": 50.0},
    "adam": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "adamw": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 1e-2},
    "amsgrad": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "adamax": {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "nadam": {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0,
              "momentum_decay": 4e-3},
    "radam": {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
    "lion": {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 1e-3},
    "signsgd": {"lr": 1e-3},
    "qhm": {"lr": 1e-3, "momentum": 0.999, "nu": 0.7},
    "qhadam": {"lr": 1e-3, "beta1": 0.995, "beta2": 0.999, "eps": 1e-8, "nu": 0.7, "nu2": 1.0},
}

# Two more settings each, as changes from the defaults.
OTHERS = {
    "sgd": [{"lr": 5e-4}, {"lr": 2e-4, "weight_decay": 0.5}],
    "momentum": [
        {"lr": 2e-4, "momentum": 0.95},
        {"lr": 5e-4, "momentum": 0.5, "weight_decay": 0.5},
    ],
    "nesterov": [
        {"lr": 2e-4, "momentum": 0.95},
        {"lr": 5e-4, "momentum": 0.5, "weight_decay": 0.5},
    ],
    "adagrad": [{"lr": 0.15}, {"lr": 0.1, "eps": 1e-2, "weight_decay": 0.5}],
    "rmsprop": [
        {"lr": 1e-3, "rho": 0.95},
        {"lr": 5e-3, "rho": 0.95, "eps": 0.1, "weight_decay": 0.5},
    ],
    "adadelta": [{"lr": 2.0, "rho": 0.95}, {"lr": 0.3, "eps": 1e-5, "weight_decay": 0.1}],
    "rprop": [
        {"lr": 3.7e-3, "eta_plus": 1.1, "step_max": 0.05},
        {"lr": 0.037, "eta_minus": 0.7, "eta_plus": 1.15, "step_min": 1e-3},
    ],
    "adam": [
        {"lr": 0.03, "beta1": 0.8, "beta2": 0.99},
        {"lr": 0.01, "beta2": 0.95, "eps": 0.1, "weight_decay": 0.5},
    ],
    "adamw": [
        {"lr": 0.03, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.3},
        {"lr": 0.01, "beta2": 0.95, "eps": 0.1, "weight_decay": 0.0},
    ],
    "amsgrad": [
        {"lr": 0.03, "beta1": 0.8, "beta2": 0.9},
        {"lr": 0.01, "beta2": 0.95, "eps": 0.1, "weight_decay": 0.5},
    ],
    "adamax": [
        {"lr": 0.03, "beta1": 0.8, "beta2": 0.99},
        {"lr": 0.01, "beta2": 0.9, "eps": 0.1, "weight_decay": 0.5},
    ],
    "nadam": [
        {"lr": 0.03, "beta1": 0.8, "beta2": 0.99, "momentum_decay": 0.1},
        {"lr": 0.01, "beta2": 0.95, "eps": 0.1, "weight_decay": 0.5},
    ],
    "radam": [
        {"lr": 5e-4, "beta1": 0.8, "beta2": 0.99},
        {"lr": 0.003, "beta2": 0.95, "eps": 0.1, "weight_decay": 0.5},
    ],
    "lion": [
        {"lr": 0.0037, "beta1": 0.8},
        {"lr": 0.0123, "beta1": 0.95, "beta2": 0.9, "weight_decay": 0.5},
    ],
    "signsgd": [{"lr": 0.0037}, {"lr": 0.0123}],
    "qhm": [{"lr": 5e-4, "momentum": 0.9, "nu": 1.0}, {"lr": 1e-3, "momentum": 0.95, "nu": 0.5}],
    "qhadam": [
        {"lr": 0.03, "beta1": 0.9, "beta2": 0.99, "nu": 0.8},
        {"lr": 0.01, "beta1": 0.95, "eps": 0.1, "nu": 0.5, "nu2": 0.7},
    ],
}

WARMUP_COSINE = optax.warmup_cosine_decay_schedule(
    init_value=0.1, peak_value=1.0, warmup_steps=30, decay_steps=STEPS, end_value=0.05
)

# Dealt out to the optimizers in turn: the words of an experiment file, and the library's own.
SCHEDULES = [
    ({"name": "cosine", "horizon": STEPS, "floor": 0.1},
     lambda user: schedulers.CosineAnnealingLR(user, T_max=STEPS, eta_min=0.1 * rate_of(user))),
    ({"name": "step", "every": 60, "gamma": 0.3},
     lambda user: schedulers.StepLR(user, step_size=60, gamma=0.3)),
    ({"name": "exponential", "gamma": 0.99},
     lambda user: schedulers.ExponentialLR(user, gamma=0.99)),
    ({"name": "one-cycle", "horizon": STEPS, "pct_start": 0.25, "div_factor": 10.0},
     lambda user: schedulers.OneCycleLR(user, max_lr=rate_of(user), total_steps=STEPS,
                                        pct_start=0.25, div_factor=10.0, cycle_momentum=False)),
    ({"name": "warmup-cosine", "warmup": 30, "horizon": STEPS, "start": 0.1, "floor": 0.05},
     lambda user: schedulers.LambdaLR(user, lambda step: float(WARMUP_COSINE(step)))),
]


def rate_of(optimizer):
    return optimizer.param_groups[0]["lr"]


def descend(trail, start, wobble=0.0):
    """One trail from `start`: the path (steps + 1, 2) and the learning rates (steps,).

    `wobble` disturbs the gradients, now up and now down.
    """
    loss, _ = LOSSES[trail["surface"]]
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    hypers = dict(trail["optimizer"])
    optimizer = build(hypers.pop("name"), [w], hypers)
    schedule = next(
        (make(optimizer) for words, make in SCHEDULES if words == trail.get("schedule")), None
    )
    clip = trail.get("clip")
    path, rates = [w.detach().numpy().copy()], []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss(w[0], w[1]).backward()
        w.grad += wobble * (1 + w.grad.abs()) * math.cos(step**2)
        if clip and clip["by"] == "norm":
            torch.nn.utils.clip_grad_norm_([w], clip["limit"])
        elif clip:
            torch.nn.utils.clip_grad_value_([w], clip["limit"])
        rates.append(rate_of(optimizer))
        optimizer.step()
        if schedule:
            schedule.step()
        path.append(w.detach().numpy().copy())
    return np.array(path), np.array(rates, float)


def growth(trail, path):
    """How many times farther than at the start a slightly moved trail has ever been."""
    moved, _ = descend(trail, path[0] + NUDGE, wobble=NUDGE)
    return float(np.abs(moved - path).max() / NUDGE)


def planned() -> Iterator[dict]:
    """Every trail's settings, in the words of an experiment file."""
    for place, (name, default) in enumerate(DEFAULTS.items()):
        settings = [default, *({**default, **changes} for changes in OTHERS[name])]
        plain = [
            {"surface": surface, "start": start, "optimizer": {"name": name, **hypers}}
            for surface, (_, start) in LOSSES.items() for hypers in settings
        ]
        yield from plain
        schedule, _ = SCHEDULES[place % len(SCHEDULES)]
        # The first changed setting, on each surface once.
        yield {**plain[1], "schedule": schedule}
        yield {**plain[4], "clip": {"by": "norm", "limit": 50.0}}
        yield {**plain[7], "clip": {"by": "value", "limit": 3.0}}


def main():
    trails, paths, rates = list(planned()), [], []
    for name, hypers in DEFAULTS.items():
        check_default(name, hypers)
    for trail in trails:
        path, rate = descend(trail, trail["start"])
        if not np.isfinite(path).all():
            raise SystemExit(f"diverged: {trail}")
        grown = growth(trail, path)
        if grown > MOST_GROWTH:
            raise SystemExit(f"enlarges rounding {grown:.3g} times: {trail}")
        paths.append(path)
        rates.append(rate)
    made_with = {
        library: importlib.metadata.version(library).partition("+")[0]
        for library in ("torch", "optax")
    }
    text = json.dumps({"made_with": made_with, "trails": trails}, indent=1)
    np.savez_compressed(TRAILS, trails=np.array(text), paths=np.array(paths), rates=np.array(rates))
    print(f"{TRAILS.name}: {len(trails)} trails, {TRAILS.stat().st_size / 1e3:.0f} kB")
