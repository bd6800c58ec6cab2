"""AMSGrad: Adam that never forgets how large its gradients have been.

Adam's divisor can shrink again after rare large gradients, and Reddi et al. show a convex problem
where it then does not converge; here the divisor only grows. The variant is PyTorch's: the largest
v_t is kept before the bias correction, `eps` after the root, L2 weight decay inside g_t.
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
    m, v, v_max = slots[0], slots[1], slots[2]
    for i in range(params.size):
        g = grads[i] + decay * params[i]
        first = m[i] + (g - m[i]) * rest1
        second = v[i] * beta2 + rest2 * g * g
        m[i], v[i] = first, second
        largest = max(v_max[i], second)
        v_max[i] = largest
        params[i] -= rate * (first / (sqrt(largest) + eps))


def anatomy(moment: Moment) -> Anatomy:
    """Adam's first moment over the largest second moment so far, both bias-corrected."""
    m_hat = moment.after[0] / (1 - moment["beta1"] ** moment.step)
    root_v = np.sqrt(moment.after[2] / (1 - moment["beta2"] ** moment.step))
    return Anatomy(
        direction=m_hat,
        scale=root_v + moment["eps"],
        decay=np.zeros_like(moment.w),
        terms={"lr": moment["lr"], "m_hat": m_hat, "root_v": root_v, "eps": moment["eps"]},
    )


amsgrad = Optimizer(
    name="amsgrad",
    title="AMSGrad",
    doc="Adam that divides by the largest average squared gradient it has ever had.",
    source="Reddi, Kale & Kumar 2018, On the convergence of Adam and beyond, arXiv:1904.09237",
    kernel=update,
    slots=("first moment m", "second moment v", "largest second moment v"),
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
        Part(r"\sqrt{\hat v_t^{\max}}", "root_v", "largest size yet"),
        Part(r"+"),
        Part(r"\epsilon", "eps", "guard against zero"),
        Part(r")"),
    ),
    anatomy=anatomy,
)
