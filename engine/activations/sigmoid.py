"""Sigmoid: a smooth step from 0 to 1, whose slope never exceeds a quarter."""

from math import exp

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


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
            large = ONE / (ONE + e)
            outputs[i] = e * large if inputs[i] < 0 else large
    else:
        for i in range(inputs.size):
            small = exp(-abs(inputs[i]))
            outputs[i] = (small if inputs[i] < 0 else 1.0) / (1 + small)


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    outputs, upstream, gradient = y.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    one = y.dtype.type(1)
    for i in range(gradient.size):
        gradient[i] = upstream[i] * outputs[i] * (one - outputs[i])


sigmoid = Activation(
    name="sigmoid",
    title="Sigmoid",
    doc="A smooth step from 0 to 1: its slope is at most 1/4, and its outputs are never negative.",
    source="Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors",
    forward=forward,
    backward=backward,
    # y (1 - y) = 1/80 at x = 2 artanh(sqrt(0.95)).
    flat_below=-4.356544420601752,
    flat_above=4.356544420601752,
    tex=r"f(x) = \frac{1}{1 + e^{-x}}",
)
