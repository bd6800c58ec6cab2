"""SELU: an ELU scaled so that layers pull their outputs towards mean 0 and variance 1."""

from math import expm1

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation

# The fixed point of the paper's equation 14: unit variance in, unit variance out.
SCALE = 1.0507009873554804934193349852946
ALPHA = 1.6732632423543772848170429916717


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    scale, depth = x.dtype.type(SCALE), x.dtype.type(SCALE * ALPHA)
    if x.itemsize == 4:
        for i in range(inputs.size):
            v = -abs(inputs[i])
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            outputs[i] = scale * inputs[i] if inputs[i] > 0 else depth * (s * p + (s - ONE))
    else:
        for i in range(inputs.size):
            outputs[i] = scale * inputs[i] if inputs[i] > 0 else depth * expm1(inputs[i])


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    scale, depth = x.dtype.type(SCALE), x.dtype.type(SCALE * ALPHA)
    for i in range(gradient.size):
        # depth e^x is y + depth.
        slope = outputs[i] + depth
        gradient[i] = upstream[i] * (scale if inputs[i] > 0 else slope)


selu = Activation(
    name="selu",
    title="SELU",
    doc="An ELU scaled so that, with LeCun's init, activations keep mean 0 and variance 1.",
    source="Klambauer, Unterthiner, Mayr & Hochreiter 2017, Self-normalizing neural networks, "
           "arXiv:1706.02515",
    forward=forward,
    backward=backward,
    # Its steepest is just below 0: e^x = 1/20 of that.
    flat_below=-2.995732273553991,
    tex=r"f(x) = \lambda \begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \leq 0 \end{cases}",
)
