"""Nesterov's momentum: the velocity is corrected by the gradient of where it leads.

The variant is PyTorch's, written for the point looked ahead to, so that the gradient is taken
where the parameters are: v_t = μ·v_{t-1} + g_t, and the step is -η·(g_t + μ·v_t). L2 weight decay
is part of g_t.
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
        params[i] -= lr * (g + mu * v[i])


def anatomy(moment: Moment) -> Anatomy:
    """The gradient and, once more, the velocity that already contains it."""
    g = moment.g + moment["weight_decay"] * moment.w
    mu, v = moment["momentum"], moment.after[0]
    return Anatomy(
        direction=g + mu * v,
        scale=np.ones_like(moment.w),
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "g": g, "mu": mu, "v": v},
    )


def stable_lr(hypers: Mapping[str, float]) -> float:
    """Where a root of z² - (1+μ)(1-a)·z + μ(1-a), the step on a quadratic, leaves at z = -1.

    a = lr·λ; at z = -1 the polynomial is 1 + (1+2μ)(1-a). A larger μ narrows the bound from 2 to
    4/3: looking ahead pays for speed in shallow directions with caution in the steepest one.
    """
    mu = hypers["momentum"]
    return 2 * (1 + mu) / (1 + 2 * mu)


nesterov = Optimizer(
    name="nesterov",
    title="Nesterov",
    doc="Momentum that looks ahead: the gradient corrects the velocity before it is followed.",
    source="Nesterov 1983, A method of solving a convex programming problem with convergence rate "
           "O(1/k²); form: Sutskever et al. 2013, On the importance of initialization and momentum "
           "in deep learning",
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
        Part(r"g_t", "g", "gradient"),
        Part(r"+"),
        Part(r"\mu", "mu", "kept share"),
        Part(r"\cdot"),
        Part(r"v_t", "v", "new velocity"),
        Part(r")"),
    ),
    anatomy=anatomy,
    stable_lr=stable_lr,
)
