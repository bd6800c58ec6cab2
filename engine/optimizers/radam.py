"""RAdam: Adam that trusts its divisor only as far as it has seen enough gradients.

In the first steps the second moment rests on a handful of gradients and its variance is large.
RAdam takes plain momentum steps (r_t = 1, d_t = 1) while the length ρ_t of the average is at most
5, then scales by d_t with a rectifying factor r_t that rises to 1: a warm-up without a schedule.
The variant is PyTorch's: d_t is √v_t + ε with the bias correction over both, and L2 weight decay is
part of g_t.
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
    eps, decay = real(hyper[3]), real(hyper[4])
    rate = real(hyper[0] / (1 - hyper[1] ** float(step)))
    power2 = hyper[2] ** float(step)
    rho_inf = 2 / (1 - hyper[2]) - 1
    rho = rho_inf - 2 * step * power2 / (1 - power2)
    rectified = rho > 5
    r = real(0)
    if rectified:
        # The square root is of a ratio below 1; the bias correction of v rides along.
        r = real(sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
                 * sqrt(1 - power2))
    m, v = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        m[i] = m[i] + (g - m[i]) * rest1
        v[i] = v[i] * beta2 + rest2 * g * g
        if rectified:
            params[i] -= rate * (m[i] * (r / (sqrt(v[i]) + eps)))
        else:
            params[i] -= rate * m[i]


def anatomy(moment: Moment) -> Anatomy:
    """The bias-corrected first moment, rectified and scaled once the scale can be trusted."""
    beta2, step = moment["beta2"], moment.step
    power2 = beta2**step
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * step * power2 / (1 - power2)
    r, d = 1.0, np.ones_like(moment.w)
    if rho > 5:
        r = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
        d = (np.sqrt(moment.after[1]) + moment["eps"]) / (1 - power2) ** 0.5
    m_hat = moment.after[0] / (1 - moment["beta1"] ** step)
    return Anatomy(
        direction=m_hat,
        scale=d / r,
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "r": r, "m_hat": m_hat, "d": d},
    )


radam = Optimizer(
    name="radam",
    title="RAdam",
    doc="Adam that warms itself up: it scales only as far as its averages can be trusted.",
    source="Liu et al. 2020, On the variance of the adaptive learning rate and beyond, "
           "arXiv:1908.03265",
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
        Part(r"r_t", "r", "trust in the scale"),
        Part(r"\cdot"),
        Part(r"\hat m_t", "m_hat", "averaged gradient"),
        Part(r"/"),
        Part(r"d_t", "d", "size of recent gradients"),
    ),
    anatomy=anatomy,
)
