"""QHAdam: Adam whose two moments are each averaged with what this step's gradient says.

ν₁ = ν₂ = 1 is Adam; `nu` is the paper's ν₁ and `nu2` its ν₂. The variant is the paper's:
bias-corrected moments, `eps` after the root.
"""

from math import sqrt

import numpy as np

from ..hyper import Hyper, decay_rate, epsilon, learning_rate
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    lr, eps = real(hyper[0]), real(hyper[3])
    beta1, rest1 = real(hyper[1]), real(1 - hyper[1])
    beta2, rest2 = real(hyper[2]), real(1 - hyper[2])
    fresh1, fresh2 = real(1 - hyper[4]), real(1 - hyper[5])
    # The bias corrections are folded into the moments' shares.
    share1 = real(hyper[4] / (1 - hyper[1] ** float(step)))
    share2 = real(hyper[5] / (1 - hyper[2] ** float(step)))
    m, v = slots[0], slots[1]
    for i in range(params.size):
        g = grads[i]
        m[i] = beta1 * m[i] + rest1 * g
        v[i] = beta2 * v[i] + rest2 * g * g
        direction = fresh1 * g + share1 * m[i]
        scale = sqrt(fresh2 * g * g + share2 * v[i]) + eps
        params[i] -= lr * (direction / scale)


def anatomy(moment: Moment) -> Anatomy:
    """Both averages of this step's gradient with the bias-corrected moment."""
    g, nu, nu2 = moment.g, moment["nu"], moment["nu2"]
    m_hat = moment.after[0] / (1 - moment["beta1"] ** moment.step)
    v_hat = moment.after[1] / (1 - moment["beta2"] ** moment.step)
    root = np.sqrt((1 - nu2) * g * g + nu2 * v_hat)
    return Anatomy(
        direction=(1 - nu) * g + nu * m_hat,
        scale=root + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "fresh": 1 - nu, "g": g, "nu": nu, "m_hat": m_hat, "root": root,
               "eps": moment["eps"]},
    )


qhadam = Optimizer(
    name="qhadam",
    title="QHAdam",
    doc="Adam that averages its moments with the newest gradient, so a long memory stays fresh.",
    source="Ma & Yarats 2019, Quasi-hyperbolic momentum and Adam for deep learning, "
           "arXiv:1810.06801",
    kernel=update,
    slots=("first moment m", "second moment v"),
    hypers=(
        learning_rate(1e-3),
        decay_rate("beta1", 0.995, "β₁", "How much of the averaged gradient is kept at each step."),
        decay_rate("beta2", 0.999, "β₂", "How much of the averaged squared gradient is kept."),
        epsilon(1e-8),
        Hyper("nu", 0.7, 0.0, 1.0, symbol="ν₁",
              doc="The averaged gradient's share; 0 leaves the newest gradient alone."),
        Hyper("nu2", 1.0, 0.0, 1.0, symbol="ν₂",
              doc="The averaged squared gradient's share; 0 leaves the newest one alone."),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\eta", "lr", "learning rate"),
        Part(r"\cdot\,("),
        Part(r"(1-\nu_1)", "fresh", "share of the new"),
        Part(r"\cdot"),
        Part(r"g_t", "g", "gradient"),
        Part(r"+"),
        Part(r"\nu_1", "nu", "share of the average"),
        Part(r"\cdot"),
        Part(r"\hat m_t", "m_hat", "averaged gradient"),
        Part(r")\,/\,("),
        Part(r"\sqrt{(1-\nu_2)\,g_t^2 + \nu_2\,\hat v_t}", "root", "size of gradients"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
