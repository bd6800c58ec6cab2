"""Momentum (the heavy ball): steps follow a velocity that gradients push.

Across a ravine the pushes cancel, along it they add up, to 1/(1-μ) times a steady gradient. The
variant is PyTorch's, without dampening: v_t = μ·v_{t-1} + g_t, and the learning rate multiplies
the velocity. L2 weight decay is part of g_t.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import decay_rate, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr, mu, decay = real(hyper[0]), real(hyper[1]), real(hyper[2])
    v = slots[0]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        v[i] = v[i] * mu + g
        params[i] -= lr * v[i]


def anatomy(moment: Moment) -> Anatomy:
    """The new velocity, shown as what is left of the old one and the gradient's push."""
    g = moment.g + moment["weight_decay"] * moment.w
    return Anatomy(
        direction=moment.after[0],
        scale=np.ones_like(moment.w),
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "mu": moment["momentum"], "v_old": moment.before[0], "g": g},
    )


def stable_lr(hypers: Mapping[str, float]) -> float:
    """Where a root of z² - (1 + μ - lr·λ)·z + μ, the step on a quadratic, leaves at z = -1."""
    return 2 * (1 + hypers["momentum"])


momentum = Optimizer(
    name="momentum",
    title="Momentum",
    doc="A heavy ball: gradients push a velocity, and what points back and forth cancels.",
    source="Polyak 1964, Some methods of speeding up the convergence of iteration methods",
    kernel=update,
    slots=("velocity v",),
    hypers=(
        learning_rate(1e-3),
        decay_rate("momentum", 0.9, "μ", "How much of the velocity is kept at each step."),
        weight_decay(),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot\,("),
        Part(r"\mu", "mu", "kept share"),
        Part(r"\cdot"),
        Part(r"v_{t-1}", "v_old", "old velocity"),
        Part(r"+"),
        Part(r"g_t", "g", "gradient"),
        Part(r")"),
    ),
    anatomy=anatomy,
    stable_lr=stable_lr,
)
