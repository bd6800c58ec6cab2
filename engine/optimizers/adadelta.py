"""Adadelta: the size of recent steps over the size of recent gradients, times the gradient.

A step then has the unit of the parameter, whatever the unit of the loss, and no learning rate has
to be guessed (`lr` is 1). The variant is PyTorch's: `eps` inside both roots, u_t averages steps
before they are multiplied by `lr`, L2 weight decay inside g_t.
"""

from math import sqrt

import numpy as np

from ..hyper import decay_rate, epsilon, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr, rho, rest = real(hyper[0]), real(hyper[1]), real(1 - hyper[1])
    eps, decay = real(hyper[2]), real(hyper[3])
    s, u = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        s[i] = s[i] * rho + rest * g * g
        delta = sqrt(u[i] + eps) / sqrt(s[i] + eps) * g
        u[i] = u[i] * rho + rest * delta * delta
        params[i] -= lr * delta


def anatomy(moment: Moment) -> Anatomy:
    """The gradient over (size of gradients / size of the steps before this one)."""
    g = moment.g + moment["weight_decay"] * moment.w
    root_s = np.sqrt(moment.after[0] + moment["eps"])
    root_u = np.sqrt(moment.before[1] + moment["eps"])
    return Anatomy(
        direction=g,
        scale=root_s / root_u,
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "g": g, "root_u": root_u, "root_s": root_s},
    )


adadelta = Optimizer(
    name="adadelta",
    title="Adadelta",
    doc="Makes each step as long as recent steps, so the unit of the loss does not matter.",
    source="Zeiler 2012, ADADELTA: an adaptive learning rate method, arXiv:1212.5701",
    kernel=update,
    slots=("mean squared gradient s", "mean squared step u"),
    hypers=(
        learning_rate(1.0, "Multiplies the step; the published method has none, which is 1."),
        decay_rate("rho", 0.9, "ρ", "How much of both averages is kept at each step."),
        epsilon(1e-6),
        weight_decay(),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
        Part(r"\cdot"),
        Part(r"\sqrt{u_{t-1} + \epsilon}", "root_u", "size of recent steps"),
        Part(r"/"),
        Part(r"\sqrt{s_t + \epsilon}", "root_s", "size of recent gradients"),
    ),
    anatomy=anatomy,
)
