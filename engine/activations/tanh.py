"""Tanh: a smooth step from -1 to 1, the sigmoid stretched so that 0 stays 0."""

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE, TWO
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    if x.itemsize == 4:
        for i in range(inputs.size):
            v = -abs(TWO * inputs[i])
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            # e^v - 1 and not e^v: every digit of a small output is right.
            e = s * p + (s - ONE)
            size = abs(e) / (TWO + e)
            outputs[i] = -size if inputs[i] < 0 else size
    else:
        for i in range(inputs.size):
            outputs[i] = np.tanh(inputs[i])


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    outputs, upstream, gradient = y.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    one = y.dtype.type(1)
    for i in range(gradient.size):
        gradient[i] = upstream[i] * (one - outputs[i] * outputs[i])


tanh = Activation(
    name="tanh",
    title="Tanh",
    doc="A smooth step from -1 to 1 with slope 1 in the middle; its outputs are centred on 0.",
    source="LeCun, Bottou, Orr & Müller 1998, Efficient backprop (there stretched a little)",
    forward=forward,
    backward=backward,
    # 1 - y^2 = 1/20 at x = artanh(sqrt(0.95)).
    flat_below=-2.178272210300876,
    flat_above=2.178272210300876,
    tex=r"f(x) = \tanh x",
)
