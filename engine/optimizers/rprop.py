"""Rprop: every coordinate has a step size of its own, and only the gradient's sign counts.

The size grows while the sign stays and shrinks when it flips. The variant is PyTorch's: `lr` is
the first size, and no later learning rate matters; after a flip the gradient is taken for 0, so
that coordinate rests for a step. Made for full batches: signs of noisy gradients mislead it.
"""

import numpy as np

from ..hyper import Hyper, learning_rate
from ..kernels import UPDATE, kernel
from .definition import Anatomy, Moment, Optimizer, Part


@kernel(UPDATE)
def update(params, grads, slots, hyper, step):
    real = params.dtype.type
    one, zero = real(1), real(0)
    eta_minus, eta_plus = real(hyper[1]), real(hyper[2])
    step_min, step_max = real(hyper[3]), real(hyper[4])
    g_old, size = slots[0], slots[1]
    if step == 1:
        size[:] = real(hyper[0])
    for i in range(params.size):
        agreement = g_old[i] * grads[i]
        factor = eta_plus if agreement > 0 else (eta_minus if agreement < 0 else one)
        size[i] = min(max(size[i] * factor, step_min), step_max)
        g = zero if agreement < 0 else grads[i]
        # The last case is 0 itself, or a NaN that must stay visible.
        sign = one if g > 0 else (-one if g < 0 else g)
        params[i] -= sign * size[i]
        g_old[i] = g


def anatomy(moment: Moment) -> Anatomy:
    """The sign of the gradient, at the coordinate's own size.

    The learning rate in force says nothing about the step, so the scale undoes it; where a
    schedule has brought it to 0, the whole step stands in `decay`.
    """
    sign, size, lr = np.sign(moment.after[0]), moment.after[1], moment["lr"]
    return Anatomy(
        direction=sign,
        scale=lr / size if lr else np.ones_like(moment.w),
        decay=np.zeros_like(moment.w) if lr else sign * size,
        terms={"size": size, "sign": sign},
    )


rprop = Optimizer(
    name="rprop",
    title="Rprop",
    doc="Every coordinate has its own step size, growing while the gradient's sign stays.",
    source="Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation learning: "
           "the RPROP algorithm",
    kernel=update,
    slots=("gradient before g", "step size Δ"),
    hypers=(
        learning_rate(1e-2, "The first step size of every coordinate; a schedule has no effect."),
        Hyper("eta_minus", 0.5, 1e-6, 0.999999, symbol="η₋", slider=(0.05, 0.95),
              doc="What a step size is multiplied by when the gradient's sign has flipped."),
        Hyper("eta_plus", 1.2, 1.000001, 10.0, symbol="η₊", slider=(1.01, 2.0),
              doc="What a step size is multiplied by while the gradient's sign stays."),
        Hyper("step_min", 1e-6, 0.0, 1e6, "log", symbol="Δmin", slider=(1e-9, 1.0),
              doc="No step size becomes smaller."),
        Hyper("step_max", 50.0, 0.0, 1e6, "log", symbol="Δmax", slider=(1e-3, 100.0),
              doc="No step size becomes larger."),
    ),
    rule=(
        Part(r"w_{t+1} = w_t -"),
        Part(r"\Delta_t", "size", "own step size"),
        Part(r"\cdot"),
        Part(r"\mathrm{sign}(g_t)", "sign", "sign of the gradient"),
    ),
    anatomy=anatomy,
)
