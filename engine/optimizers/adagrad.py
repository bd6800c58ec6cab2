"""Adagrad: each coordinate is divided by the root of all its squared gradients so far.

Rarely used coordinates keep large steps; all steps shrink for ever, since the sum s_t never
forgets. The variant is PyTorch's: `eps` after the root, L2 weight decay inside g_t, no decay of
the learning rate beside the sum.
"""

from math import sqrt

import numpy as np

from ..hyper import epsilon, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr, eps, decay = real(hyper[0]), real(hyper[1]), real(hyper[2])
    s = slots[0]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        s[i] = s[i] + g * g
        params[i] -= lr * (g / (sqrt(s[i]) + eps))


def anatomy(moment: Moment) -> Anatomy:
    """The gradient over the root of the sum of squares, this step's included."""
    g = moment.g + moment["weight_decay"] * moment.w
    root_s = np.sqrt(moment.after[0])
    return Anatomy(
        direction=g,
        scale=root_s + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "g": g, "root_s": root_s, "eps": moment["eps"]},
    )


adagrad = Optimizer(
    name="adagrad",
    title="Adagrad",
    doc="Divides each coordinate by the root of all its squared gradients, so steps only shrink.",
    source="Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and "
           "stochastic optimization",
    kernel=update,
    slots=("sum of squared gradients s",),
    hypers=(learning_rate(1e-2), epsilon(1e-10), weight_decay()),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
        Part(r"/\,("),
        Part(r"\sqrt{s_t}", "root_s", "size of all gradients"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
