"""AdamW: Adam with weight decay beside the gradient step instead of inside the gradient.

Inside, the decay would be divided by the size of the gradients, and weights with large gradients
would decay less; beside it, all decay alike. The variant is PyTorch's: w_t shrinks by η·λ·w_t, then
Adam's step is taken.
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
    shrink = real(1 - hyper[0] * hyper[4])
    # m̂ / (√v̂ + ε) with both sides of the fraction times √(1 - β₂ᵗ): one division less a number.
    root_correction = sqrt(1 - hyper[2] ** float(step))
    rate = real(hyper[0] * root_correction / (1 - hyper[1] ** float(step)))
    eps = real(hyper[3] * root_correction)
    m, v = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i]
        first = m[i] + (g - m[i]) * rest1
        second = v[i] * beta2 + rest2 * g * g
        m[i], v[i] = first, second
        params[i] = params[i] * shrink - rate * (first / (sqrt(second) + eps))


def anatomy(moment: Moment) -> Anatomy:
    """Adam's bias-corrected moments, and the decay apart."""
    m_hat = moment.after[0] / (1 - moment["beta1"] ** moment.step)
    root_v = np.sqrt(moment.after[1] / (1 - moment["beta2"] ** moment.step))
    decay = moment["lr"] * moment["weight_decay"] * moment.w
    return Anatomy(
        direction=m_hat,
        scale=root_v + moment["eps"],
        decay=decay,
        terms={"lr": moment["lr"], "m_hat": m_hat, "root_v": root_v, "eps": moment["eps"],
               "decay": decay},
    )


adamw = Optimizer(
    name="adamw",
    title="AdamW",
    doc="Adam whose weight decay is decoupled from the gradient, so all weights decay alike.",
    source="Loshchilov & Hutter 2019, Decoupled weight decay regularization, arXiv:1711.05101",
    kernel=update,
    slots=("first moment m", "second moment v"),
    hypers=(
        learning_rate(1e-3),
        decay_rate("beta1", 0.9, "β₁", "How much of the averaged gradient is kept at each step."),
        decay_rate("beta2", 0.999, "β₂", "How much of the averaged squared gradient is kept."),
        epsilon(1e-8),
        weight_decay(1e-2, decoupled=True),
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
        Part(r"-"),
        Part(r"\eta\,\lambda\,w_t", "decay", "weight decay"),
    ),
    anatomy=anatomy,
)
