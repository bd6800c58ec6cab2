"""Learning-rate schedules: what each step's rate is, as a factor of the contestant's `lr`.

A schedule knows nothing of the optimizer. It is evaluated in NumPy for many steps at once, and the
compiled loops take the rates as an array. Steps count from 1, the first update; the formulas are
written in t = step - 1, which is PyTorch's epoch when its scheduler is stepped after each update.
After its horizon a schedule holds its last rate (PyTorch's cosine would rise again).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .hyper import Hyper
from .registry import Registry

Vector = NDArray[np.float64]
Hypers = Mapping[str, float]


@dataclass(frozen=True)
class Schedule:
    """A published schedule: `factor` maps t (n,), counted from 0, to factors of `lr`, (n,)."""

    name: str
    title: str
    doc: str
    source: str
    factor: Callable[[Vector, Hypers], Vector]
    hypers: tuple[Hyper, ...] = ()

    def rates(self, lr: float, steps: ArrayLike, hypers: Hypers | None = None) -> Vector:
        """The learning rate of each of `steps` (n,), counted from 1; `hypers` over defaults."""
        t = np.asarray(steps, np.float64) - 1
        return lr * self.factor(t, {**self.defaults(), **(hypers or {})})

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default."""
        return {hyper.name: hyper.default for hyper in self.hypers}


def _steps(name: str, default: float, doc: str, low: float = 1.0) -> Hyper:
    return Hyper(name, default, low, 1e7, "log", "steps", doc, slider=(low, 20_000.0))


def _gamma(default: float, slider: tuple[float, float], doc: str) -> Hyper:
    return Hyper("gamma", default, 0.0, 1.0, "one-minus", symbol="γ", slider=slider, doc=doc)


# 500 is also an experiment's default number of steps.
_HORIZON = _steps("horizon", 500, "The step at which the schedule ends; its last rate is held.")
_FLOOR = Hyper(
    "floor", 0.0, 0.0, 1.0, "log", "× lr", slider=(0.0, 1.0),
    doc="The rate at the end, as a fraction of lr (PyTorch's eta_min divided by lr).",
)


def _half_cosine(share: Vector) -> Vector:
    """From 1 at 0 to 0 at 1 along half a period of a cosine."""
    return (1 + np.cos(np.pi * share)) / 2


def _constant(t: Vector, h: Hypers) -> Vector:
    return np.ones_like(t)


def _step(t: Vector, h: Hypers) -> Vector:
    return h["gamma"] ** np.floor(t / h["every"])


def _exponential(t: Vector, h: Hypers) -> Vector:
    return h["gamma"] ** t


def _cosine(t: Vector, h: Hypers) -> Vector:
    share = np.minimum(t / h["horizon"], 1)
    return h["floor"] + (1 - h["floor"]) * _half_cosine(share)


def _warmup_cosine(t: Vector, h: Hypers) -> Vector:
    warmup, start, floor = h["warmup"], h["start"], h["floor"]
    rising = start + (1 - start) * (t / max(warmup, 1.0))
    # A warm-up as long as the horizon leaves no cosine: the rate is at its floor from there on.
    share = np.clip((t - warmup) / max(h["horizon"] - warmup, 1e-9), 0, 1)
    return np.where(t < warmup, rising, floor + (1 - floor) * _half_cosine(share))


def _one_cycle(t: Vector, h: Hypers) -> Vector:
    start = 1 / h["div_factor"]
    end = start / h["final_div_factor"]
    last = h["horizon"] - 1
    peak = h["pct_start"] * h["horizon"] - 1
    t = np.minimum(t, last)
    rising = 1 + (start - 1) * _half_cosine(t / peak) if peak > 0 else np.ones_like(t)
    share = (t - peak) / (last - peak) if last > peak else np.zeros_like(t)
    return np.where(t < peak, rising, end + (1 - end) * _half_cosine(share))


constant = Schedule(
    name="constant",
    title="Constant",
    doc="The same rate at every step.",
    source="Robbins & Monro 1951, A stochastic approximation method, which asks for falling rates",
    factor=_constant,
)

step = Schedule(
    name="step",
    title="Step decay",
    doc="The rate is multiplied by gamma after every so many steps.",
    source="He et al. 2016, Deep residual learning for image recognition; PyTorch's StepLR",
    factor=_step,
    hypers=(
        _steps("every", 100, "How many steps pass between two drops (PyTorch's step_size)."),
        _gamma(0.1, (0.0, 0.99), "What the rate is multiplied by at each drop."),
    ),
)

exponential = Schedule(
    name="exponential",
    title="Exponential decay",
    doc="The rate is multiplied by gamma at every step.",
    source="PyTorch's ExponentialLR",
    factor=_exponential,
    hypers=(_gamma(0.99, (0.0, 0.9999), "What the rate is multiplied by at each step."),),
)

cosine = Schedule(
    name="cosine",
    title="Cosine annealing",
    doc="Half a period of a cosine from lr down to the floor.",
    source="Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts, "
           "arXiv:1608.03983; one period of it, as PyTorch's CosineAnnealingLR",
    factor=_cosine,
    hypers=(_HORIZON, _FLOOR),
)

warmup_cosine = Schedule(
    name="warmup-cosine",
    title="Warm-up and cosine",
    doc="A straight rise to lr, then half a period of a cosine down to the floor.",
    source="Goyal et al. 2017, Accurate, large minibatch SGD, arXiv:1706.02677 (the warm-up); "
           "optax's warmup_cosine_decay_schedule",
    factor=_warmup_cosine,
    hypers=(
        _steps("warmup", 50, "How many steps the rise takes; they are part of the horizon.", 0.0),
        _HORIZON,
        Hyper("start", 0.0, 0.0, 1.0, unit="× lr",
              doc="The first rate, as a fraction of lr; at 0 the first step does not move."),
        _FLOOR,
    ),
)

one_cycle = Schedule(
    name="one-cycle",
    title="One cycle",
    doc="From a small rate up to lr and down to almost nothing, along two half cosines.",
    source="Smith & Topin 2018, Super-convergence, arXiv:1708.07120; PyTorch's OneCycleLR in two "
           "phases, with lr as max_lr and momentum left alone",
    factor=_one_cycle,
    hypers=(
        _HORIZON,
        Hyper("pct_start", 0.3, 0.0, 1.0, doc="The part of the horizon in which the rate rises."),
        Hyper("div_factor", 25.0, 1.0, 1e6, "log", slider=(1.0, 1e3),
              doc="The first rate is lr divided by this."),
        Hyper("final_div_factor", 1e4, 1.0, 1e12, "log", slider=(1.0, 1e6),
              doc="The last rate is the first one divided by this."),
    ),
)

schedules: Registry[Schedule] = Registry("schedule", __name__, Schedule)
