"""NAdam: Adam with Nesterov's look ahead, and a momentum that warms up.

The averaged gradient enters with the next step's momentum μ_{t+1} and this step's gradient with
1 - μ_t, each with the bias correction that belongs to it. The variant is PyTorch's: μ_t rises from
β₁/2 towards β₁ at a speed set by `momentum_decay`, `eps` stands after the root, and L2 weight decay
is part of g_t.
"""

from math import sqrt

import numpy as np

from ..hyper import Hyper, decay_rate, epsilon, learning_rate, weight_decay
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    rest1, beta2, rest2 = real(1 - hyper[1]), real(hyper[2]), real(1 - hyper[2])
    eps, decay = real(hyper[3]), real(hyper[4])
    mu = hyper[1] * (1 - 0.5 * 0.96 ** (step * hyper[5]))
    mu_next = hyper[1] * (1 - 0.5 * 0.96 ** ((step + 1) * hyper[5]))
    m, v, mu_product = slots[0], slots[1], slots[2]
    product = mu if step == 1 else mu_product[0] * mu
    mu_product[:] = product
    rate_g = real(hyper[0] * (1 - mu) / (1 - product))
    rate_m = real(hyper[0] * mu_next / (1 - product * mu_next))
    correction = real(1 - hyper[2] ** float(step))
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        m[i] = m[i] + (g - m[i]) * rest1
        v[i] = v[i] * beta2 + rest2 * g * g
        scale = sqrt(v[i] / correction) + eps
        params[i] = params[i] - rate_g * (g / scale) - rate_m * (m[i] / scale)


def anatomy(moment: Moment) -> Anatomy:
    """The blend of the averaged gradient and the new one, over the root of the second moment."""
    mu, mu_next = momentum_at(moment, moment.step), momentum_at(moment, moment.step + 1)
    product = moment.after[2]
    g = moment.g + moment["weight_decay"] * moment.w
    g_hat = g / (1 - product)
    m_hat = moment.after[0] / (1 - product * mu_next)
    root_v = np.sqrt(moment.after[1] / (1 - moment["beta2"] ** moment.step))
    return Anatomy(
        direction=mu_next * m_hat + (1 - mu) * g_hat,
        scale=root_v + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "mu_next": mu_next, "m_hat": m_hat, "rest": 1 - mu,
               "g_hat": g_hat, "root_v": root_v, "eps": moment["eps"]},
    )


def momentum_at(moment: Moment, step: int) -> float:
    """The momentum μ of a step on the way from β₁/2 to β₁."""
    return moment["beta1"] * (1 - 0.5 * 0.96 ** (step * moment["momentum_decay"]))


nadam = Optimizer(
    name="nadam",
    title="NAdam",
    doc="Adam that looks ahead as Nesterov does: the new gradient counts once more.",
    source="Dozat 2016, Incorporating Nesterov momentum into Adam",
    kernel=update,
    slots=("first moment m", "second moment v", "product of momenta μ"),
    hypers=(
        learning_rate(2e-3),
        decay_rate("beta1", 0.9, "β₁", "How much of the averaged gradient is kept at each step."),
        decay_rate("beta2", 0.999, "β₂", "How much of the averaged squared gradient is kept."),
        epsilon(1e-8),
        weight_decay(),
        Hyper("momentum_decay", 4e-3, 0.0, 10.0, "log", symbol="ψ", slider=(0.0, 1.0),
              doc="How fast the momentum rises from half of beta1 to all of it; 0: never."),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot\,("),
        Part(r"\mu_{t+1}", "mu_next", "next momentum"),
        Part(r"\cdot"),
        Part(r"\hat m_t", "m_hat", "averaged gradient"),
        Part(r"+"),
        Part(r"(1-\mu_t)", "rest", "share of the new"),
        Part(r"\cdot"),
        Part(r"\hat g_t", "g_hat", "corrected gradient"),
        Part(r")\,/\,("),
        Part(r"\sqrt{\hat v_t}", "root_v", "size of recent gradients"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
