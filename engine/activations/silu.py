"""SiLU: the input times its own sigmoid; also known as swish.

The way back needs the same exponential as the way there, so the slope is kept in `memory`.
"""

from collections.abc import Mapping
from math import exp

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation, Form


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    if x.itemsize == 4:
        for i in range(inputs.size):
            v = -abs(inputs[i])
            # Infinity times e^-infinity would be NaN.
            v = LOWEST if v < LOWEST else v
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = v - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            e = s + s * p
            large = ONE / (ONE + e)
            small = e * large
            rise = v * large * small
            outputs[i] = v * small if inputs[i] < 0 else inputs[i] * large
            memory[i] = small + rise if inputs[i] < 0 else large - rise
    else:
        for i in range(inputs.size):
            # Beyond 750 the exponential is 0 in float64.
            w = -750.0 if inputs[i] < -750 else 750.0 if inputs[i] > 750 else inputs[i]
            tiny = exp(-abs(w))
            share = (tiny if w < 0 else 1.0) / (1 + tiny)
            rest = (1.0 if w < 0 else tiny) / (1 + tiny)
            outputs[i] = share * (w if w < 0 else inputs[i])
            memory[i] = share + w * share * rest


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    for i in range(gradient.size):
        gradient[i] = upstream[i] * memory[i]


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """As many outputs as inputs; the slope of each is kept."""
    return Form(fan_in, memory_per_row=fan_in)


silu = Activation(
    name="silu",
    title="SiLU",
    doc="The input times its sigmoid: a smooth ReLU that dips to -0.28 before it rises.",
    source="Elfwing, Uchibe & Doya 2018, Sigmoid-weighted linear units, arXiv:1702.03118; "
           "Ramachandran, Zoph & Le 2017, Searching for activation functions (swish)",
    forward=forward,
    backward=backward,
    form=form,
    # Steepest at 2.3994, 1.0998; the slope is negative below -1.2785, and within a twentieth of
    # 1.0998 of 0 for good from here on.
    flat_below=-3.9298973166096497,
    tex=r"f(x) = x\,\sigma(x) = \frac{x}{1 + e^{-x}}",
)
