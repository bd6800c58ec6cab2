"""ELU: an exponential that ends at -alpha takes the place of ReLU's zero."""

from math import expm1

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    alpha = x.dtype.type(hyper[0])
    if x.itemsize == 4:
        for i in range(inputs.size):
            v = -abs(inputs[i])
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            outputs[i] = inputs[i] if inputs[i] > 0 else alpha * (s * p + (s - ONE))
    else:
        for i in range(inputs.size):
            outputs[i] = inputs[i] if inputs[i] > 0 else alpha * expm1(inputs[i])


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    alpha = x.dtype.type(hyper[0])
    for i in range(gradient.size):
        # alpha e^x is y + alpha.
        slope = upstream[i] * (outputs[i] + alpha)
        gradient[i] = upstream[i] if inputs[i] > 0 else slope


elu = Activation(
    name="elu",
    title="ELU",
    doc="Linear above 0, an exponential down to -alpha below: outputs average nearer to 0.",
    source="Clevert, Unterthiner & Hochreiter 2016, Fast and accurate deep network learning by "
           "exponential linear units, arXiv:1511.07289",
    forward=forward,
    backward=backward,
    hypers=(
        Hyper("alpha", 1.0, 0.0, 100.0, symbol="α", slider=(0.0, 3.0),
              doc="How far below 0 it ends; 1 makes it smooth at 0."),
    ),
    # At the default alpha, and any larger one: e^x = 1/20.
    flat_below=-2.995732273553991,
    tex=r"f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \leq 0 \end{cases}",
)
