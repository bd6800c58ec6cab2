"""SGD: a step against the gradient, the rule that all the others change.

The variant is PyTorch's: L2 weight decay is part of the gradient, so g_t stands for
∇L(w_t) + λ·w_t.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr, decay = real(hyper[0]), real(hyper[1])
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        params[i] -= lr * g


def anatomy(moment: Moment) -> Anatomy:
    """The gradient itself, with the same scale for every coordinate."""
    g = moment.g + moment["weight_decay"] * moment.w
    return Anatomy(
        direction=g,
        scale=np.ones_like(moment.w),
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "g": g},
    )


def stable_lr(hypers: Mapping[str, float]) -> float:
    """The error shrinks by 1 - lr·λ a step, which stays above -1 up to lr·λ = 2."""
    return 2.0


sgd = Optimizer(
    name="sgd",
    title="SGD",
    doc="Steps against the gradient, as far as the gradient is long.",
    source="Robbins & Monro 1951, A stochastic approximation method",
    kernel=update,
    hypers=(learning_rate(1e-3), weight_decay()),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
    ),
    anatomy=anatomy,
    stable_lr=stable_lr,
)
