"""Adam: each coordinate is divided by the size of its own recent gradients.

The variant is PyTorch's: bias-corrected moments, `eps` added after the square root, and L2 weight
decay inside the gradient.
"""

from math import sqrt

import numpy as np

from ..hyper import decay_rate, epsilon, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    rest1, beta2, rest2 = real(1 - hyper[1]), real(hyper[2]), real(1 - hyper[2])
    decay = real(hyper[4])
    # m̂ / (√v̂ + ε) with both sides of the fraction times √(1 - β₂ᵗ): one division less a number.
    root_correction = sqrt(1 - hyper[2] ** float(step))
    rate = real(hyper[0] * root_correction / (1 - hyper[1] ** float(step)))
    eps = real(hyper[3] * root_correction)
    m, v = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        first = m[i] + (g - m[i]) * rest1
        second = v[i] * beta2 + rest2 * g * g
        m[i], v[i] = first, second
        params[i] -= rate * (first / (sqrt(second) + eps))


def anatomy(moment: Moment) -> Anatomy:
    """The bias-corrected moments of this step."""
    m_hat = moment.after[0] / (1 - moment["beta1"] ** moment.step)
    root_v = np.sqrt(moment.after[1] / (1 - moment["beta2"] ** moment.step))
    return Anatomy(
        direction=m_hat,
        scale=root_v + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "m_hat": m_hat, "root_v": root_v, "eps": moment["eps"]},
    )


adam = Optimizer(
    name="adam",
    title="Adam",
    doc="Momentum, with each coordinate divided by the root of its average squared gradient.",
    source="Kingma & Ba 2015, Adam: a method for stochastic optimization, arXiv:1412.6980",
    kernel=update,
    slots=("first moment m", "second moment v"),
    hypers=(
        learning_rate(1e-3),
        decay_rate("beta1", 0.9, "β₁", "How much of the averaged gradient is kept at each step."),
        decay_rate("beta2", 0.999, "β₂", "How much of the averaged squared gradient is kept."),
        epsilon(1e-8),
        weight_decay(),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"\hat m_t", "m_hat", "averaged gradient"),
        Part(r"/\,("),
        Part(r"\sqrt{\hat v_t}", "root_v", "size of recent gradients"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
