"""GELU: the input times the chance that a normal number lies below it; the exact form.

The way back needs the same tail and density as the way there, so the slope is kept in `memory`.
"""

from collections.abc import Mapping
from math import erfc, exp

import numpy as np

from ..exponential import C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation, Form

# The tail of the normal distribution above a, times e^(a^2/2), is smooth: a polynomial in
# t = 1 / (1 + 0.3 a) has a least maximal relative error of 5.7e-8 on 0 <= a <= 13.5.
T0, T1, T2, T3, T4, T5, T6, T7, T8 = (
    np.float32(coefficient) for coefficient in (
        6.8529126e-06, 0.11949306374, 0.12188205433, 0.094832977944, 0.14218506109,
        -0.075999603835, 0.22821732019, -0.16895196707, 0.038334269369,
    )
)
BEND = np.float32(0.3)
# Beyond it e^(-a^2/2) is 0 in float32; infinity times that 0 would be NaN.
FAR = np.float32(13.5)
DENSITY = np.float32(0.3989422804014327)


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    if x.itemsize == 4:
        for i in range(inputs.size):
            a = abs(inputs[i])
            a = FAR if a > FAR else a
            v = -HALF * a * a
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            e = s + s * p
            t = ONE / (ONE + BEND * a)
            ratio = T0 + t * (T1 + t * (T2 + t * (T3 + t * (
                T4 + t * (T5 + t * (T6 + t * (T7 + t * T8)))))))
            tail = ratio * e
            rise = a * (DENSITY * e)
            outputs[i] = -a * tail if inputs[i] < 0 else inputs[i] * (ONE - tail)
            memory[i] = tail - rise if inputs[i] < 0 else ONE - tail + rise
    else:
        for i in range(inputs.size):
            # Beyond 40 the tail is 0 in float64.
            near = -40.0 if inputs[i] < -40 else 40.0 if inputs[i] > 40 else inputs[i]
            below = 0.5 * erfc(-near * 0.7071067811865476)
            density = 0.3989422804014327 * exp(-0.5 * near * near)
            outputs[i] = below * (near if inputs[i] < 0 else inputs[i])
            memory[i] = below + near * density


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    for i in range(gradient.size):
        gradient[i] = upstream[i] * memory[i]


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """As many outputs as inputs; the slope of each is kept."""
    return Form(fan_in, memory_per_row=fan_in)


gelu = Activation(
    name="gelu",
    title="GELU",
    doc="The input, weighted by the chance that a normal number is smaller: a smooth ReLU.",
    source="Hendrycks & Gimpel 2016, Gaussian error linear units, arXiv:1606.08415",
    forward=forward,
    backward=backward,
    form=form,
    # Steepest at sqrt(2), 1.1289; the slope is negative below -0.7518, and within a twentieth
    # of 1.1289 of 0 for good from here on.
    flat_below=-2.2785606938035556,
    tex=r"f(x) = x\,\Phi(x) = \frac{x}{2} \left(1 + \operatorname{erf} \frac{x}{\sqrt 2}\right)",
)
