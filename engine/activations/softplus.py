"""Softplus: a ReLU with its corner rounded off; its slope is the sigmoid.

The way back needs the same exponential as the way there, so the slope is kept in `memory`.
"""

from collections.abc import Mapping
from math import exp, log1p

import numpy as np

from ..exponential import A1, A2, A3, A4, C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE, TWO
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation, Form

# PyTorch's: the rest, e^-20, is 2e-9 and is left out.
THRESHOLD = 20.0


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    if x.itemsize == 4:
        for i in range(inputs.size):
            v = -abs(inputs[i])
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            e = s + s * p
            w = e / (TWO + e)
            q = w * w
            rounded = TWO * w * (ONE + q * (A1 + q * (A2 + q * (A3 + q * A4))))
            large = ONE / (ONE + e)
            slope = e * large if inputs[i] < 0 else large
            soft = rounded if inputs[i] < 0 else inputs[i] + rounded
            outputs[i] = inputs[i] if inputs[i] > np.float32(THRESHOLD) else soft
            memory[i] = ONE if inputs[i] > np.float32(THRESHOLD) else slope
    else:
        for i in range(inputs.size):
            if inputs[i] > THRESHOLD:
                outputs[i], memory[i] = inputs[i], 1.0
            else:
                power = exp(inputs[i])
                outputs[i], memory[i] = log1p(power), power / (1 + power)


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    for i in range(gradient.size):
        gradient[i] = upstream[i] * memory[i]


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """As many outputs as inputs; the slope of each is kept."""
    return Form(fan_in, memory_per_row=fan_in)


softplus = Activation(
    name="softplus",
    title="Softplus",
    doc="A ReLU with a rounded corner: always positive, and its slope is the sigmoid.",
    source="Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, Incorporating second-order functional "
           "knowledge for better option pricing",
    forward=forward,
    backward=backward,
    form=form,
    # The sigmoid is 1/20 at -log(19).
    flat_below=-2.9444389791664403,
    tex=r"f(x) = \log(1 + e^x)",
)
