"""signSGD: only the gradient's sign counts, so every step is equally long.

It crosses plateaus as fast as cliffs, and never settles closer to a minimum than its learning rate.
The rule is optax's `sign_sgd`: the sign of 0 is 0.
"""

import numpy as np

from ..hyper import learning_rate
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    one = real(1)
    lr = real(hyper[0])
    for i in range(params.size):
        g = grads[i]
        # The last case is 0 itself, or a NaN that must stay visible.
        params[i] -= lr * (one if g > 0 else (-one if g < 0 else g))


def anatomy(moment: Moment) -> Anatomy:
    """The sign of the gradient."""
    sign = np.sign(moment.g)
    return Anatomy(
        direction=sign,
        scale=np.ones_like(moment.w),
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "sign": sign},
    )


signsgd = Optimizer(
    name="signsgd",
    title="signSGD",
    doc="Moves every coordinate by the learning rate, against the sign of its gradient.",
    source="Bernstein et al. 2018, signSGD: compressed optimisation for non-convex problems, "
           "arXiv:1802.04434",
    kernel=update,
    hypers=(learning_rate(1e-3, "Learning rate: how far every coordinate moves in a step."),),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"\mathrm{sign}(g_t)", "sign", "sign of the gradient"),
    ),
    anatomy=anatomy,
)
