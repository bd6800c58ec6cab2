"""QHM (quasi-hyperbolic momentum): an average of a plain step and a momentum step.

ν = 0 is plain descent, ν = 1 momentum whose gradients are averaged (m_t = μ·m_{t-1} + (1-μ)·g_t)
instead of summed. In between, a long memory (μ = 0.999) and a fresh gradient go together.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import Hyper, decay_rate, learning_rate
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr = real(hyper[0])
    mu, rest = real(hyper[1]), real(1 - hyper[1])
    nu, fresh = real(hyper[2]), real(1 - hyper[2])
    m = slots[0]
    for i in range(params.size):
        g = grads[i]
        m[i] = mu * m[i] + rest * g
        params[i] -= lr * (fresh * g + nu * m[i])


def anatomy(moment: Moment) -> Anatomy:
    """The average of the gradient and its average."""
    nu, m = moment["nu"], moment.after[0]
    return Anatomy(
        direction=(1 - nu) * moment.g + nu * m,
        scale=np.ones_like(moment.w),
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "fresh": 1 - nu, "g": moment.g, "nu": nu, "m": m},
    )


def stable_lr(hypers: Mapping[str, float]) -> float:
    """Where an eigenvalue of the step on a quadratic leaves at -1.

    With a = lr·λ the step's matrix has trace 1 + μ - a(1-νμ) and determinant μ(1 - a(1-ν)), so
    1 + trace + determinant = 2(1+μ) - a(1 + μ - 2νμ); this crosses 0 before any other bound does.
    """
    mu, nu = hypers["momentum"], hypers["nu"]
    return 2 * (1 + mu) / (1 + mu - 2 * nu * mu)


qhm = Optimizer(
    name="qhm",
    title="QHM",
    doc="Averages a plain step and a momentum step, so a long memory stays responsive.",
    source="Ma & Yarats 2019, Quasi-hyperbolic momentum and Adam for deep learning, "
           "arXiv:1810.06801",
    kernel=update,
    slots=("averaged gradient m",),
    hypers=(
        learning_rate(1e-3),
        decay_rate("momentum", 0.999, "μ", "How much of the averaged gradient is kept."),
        Hyper("nu", 0.7, 0.0, 1.0, symbol="ν",
              doc="The momentum step's share; 0 is plain descent, 1 momentum alone."),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot\,("),
        Part(r"(1-\nu)", "fresh", "share of the new"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
        Part(r"+"),
        Part(r"\nu", "nu", "share of the average"),
        Part(r"\cdot"),
        Part(r"m_t", "m", "averaged gradient"),
        Part(r")"),
    ),
    anatomy=anatomy,
    stable_lr=stable_lr,
)
