"""AdaMax: Adam whose divisor is a fading maximum of the gradient instead of a root mean square.

The variant is PyTorch's: `eps` is added to |g_t| before the maximum is taken, and L2 weight decay
is part of g_t. The maximum needs no bias correction.
"""

import numpy as np

from ..hyper import decay_rate, epsilon, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    rest1, beta2 = real(1 - hyper[1]), real(hyper[2])
    eps, decay = real(hyper[3]), real(hyper[4])
    rate = real(hyper[0] / (1 - hyper[1] ** float(step)))
    m, u = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        m[i] = m[i] + (g - m[i]) * rest1
        u[i] = max(u[i] * beta2, abs(g) + eps)
        params[i] -= rate * (m[i] / u[i])


def anatomy(moment: Moment) -> Anatomy:
    """The bias-corrected first moment over the fading maximum."""
    m_hat = moment.after[0] / (1 - moment["beta1"] ** moment.step)
    u = moment.after[1]
    return Anatomy(
        direction=m_hat,
        scale=u,
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "m_hat": m_hat, "u": u},
    )


adamax = Optimizer(
    name="adamax",
    title="AdaMax",
    doc="Adam that divides by the largest recent gradient, which fades slowly.",
    source="Kingma & Ba 2015, Adam: a method for stochastic optimization, section 7.1, "
           "arXiv:1412.6980",
    kernel=update,
    slots=("first moment m", "largest recent gradient u"),
    hypers=(
        learning_rate(2e-3),
        decay_rate("beta1", 0.9, "β₁", "How much of the averaged gradient is kept at each step."),
        decay_rate("beta2", 0.999, "β₂", "How much of the largest gradient is kept at each step."),
        epsilon(1e-8),
        weight_decay(),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot"),
        Part(r"\hat m_t", "m_hat", "averaged gradient"),
        Part(r"/"),
        Part(r"u_t", "u", "largest recent gradient"),
    ),
    anatomy=anatomy,
)
