"""RMSprop: each coordinate is divided by the root of its recent squared gradients.

Adagrad with a memory that fades, so that steps need not shrink for ever. The variant is PyTorch's
plain one (not centred, no momentum): `eps` after the root, L2 weight decay inside g_t; PyTorch
calls `rho` alpha.
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
    s = slots[0]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        s[i] = s[i] * rho + rest * g * g
        params[i] -= lr * (g / (sqrt(s[i]) + eps))


def anatomy(moment: Moment) -> Anatomy:
    """The gradient over the root of its own running mean square."""
    g = moment.g + moment["weight_decay"] * moment.w
    root_s = np.sqrt(moment.after[0])
    return Anatomy(
        direction=g,
        scale=root_s + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "g": g, "root_s": root_s, "eps": moment["eps"]},
    )


rmsprop = Optimizer(
    name="rmsprop",
    title="RMSprop",
    doc="Divides each coordinate by the root of its average squared gradient.",
    source="Tieleman & Hinton 2012, Neural networks for machine learning, lecture 6.5",
    kernel=update,
    slots=("mean squared gradient s",),
    hypers=(
        learning_rate(1e-2),
        decay_rate("rho", 0.99, "ρ", "How much of the averaged squared gradient is kept."),
        epsilon(1e-8),
        weight_decay(),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
        Part(r"/\,("),
        Part(r"\sqrt{s_t}", "root_s", "size of recent gradients"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
