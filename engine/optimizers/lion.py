"""Lion: the sign of a blend of the gradient and its average; every coordinate moves equally far.

Found by a search over programs. The variant is optax's: c_t = β₁·m_{t-1} + (1-β₁)·g_t decides the
step, β₂ the average that is kept, and weight decay is decoupled.
"""

import numpy as np

from ..hyper import decay_rate, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    one = real(1)
    lr, decay = real(hyper[0]), real(hyper[3])
    beta1, rest1 = real(hyper[1]), real(1 - hyper[1])
    beta2, rest2 = real(hyper[2]), real(1 - hyper[2])
    m = slots[0]
    for i in range(params.size):
        g = grads[i]
        c = rest1 * g + beta1 * m[i]
        # The last case is 0 itself, or a NaN that must stay visible.
        sign = one if c > 0 else (-one if c < 0 else c)
        m[i] = rest2 * g + beta2 * m[i]
        params[i] -= lr * (sign + decay * params[i])


def anatomy(moment: Moment) -> Anatomy:
    """The sign of the blend, and the decay apart."""
    beta1 = moment["beta1"]
    c = (1 - beta1) * moment.g + beta1 * moment.before[0]
    sign = np.sign(c)
    decay = moment["lr"] * moment["weight_decay"] * moment.w
    return Anatomy(
        direction=sign,
        scale=np.ones_like(moment.w),
        decay=decay,
        terms={"lr": moment["lr"], "c": c, "sign": sign, "decay": decay},
    )


lion = Optimizer(
    name="lion",
    title="Lion",
    doc="Moves every coordinate by the same length, along the sign of a blended gradient.",
    source="Chen et al. 2023, Symbolic discovery of optimization algorithms, arXiv:2302.06675",
    kernel=update,
    slots=("averaged gradient m",),
    hypers=(
        learning_rate(1e-4, "Learning rate: how far every coordinate moves in a step."),
        decay_rate("beta1", 0.9, "β₁", "The average's share in the blend that decides the step."),
        decay_rate("beta2", 0.99, "β₂", "How much of the averaged gradient is kept at each step."),
        weight_decay(1e-3, decoupled=True),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"\mathrm{sign}("),
        Part(r"c_t", "c", "blended gradient"),
        Part(r")"),
        Part(r"-"),
        Part(r"\eta\,\lambda\,w_t", "decay", "weight decay"),
    ),
    anatomy=anatomy,
)
