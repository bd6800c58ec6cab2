"""Slow, obvious twins of the activations: one number at a time, written from the publications.

A twin takes an input and the activation's hyperparameters. It has no way back: slopes are checked
against differences of the twin. Each is written so that float64 keeps its digits.
"""

import math


def identity(x):
    return x


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)


def tanh(x):
    return math.sinh(x) / math.cosh(x) if abs(x) < 700 else math.copysign(1, x)


def relu(x):
    return max(0.0, x)


def leaky_relu(x, negative_slope):
    return max(x, 0.0) + negative_slope * min(x, 0.0)


def prelu(x, a):
    return x if x >= 0 else a * x


def elu(x, alpha):
    return x if x >= 0 else alpha * math.expm1(x)


def selu(x):
    # Klambauer et al. 2017, equation 14, to the digits that are printed in the paper's code.
    alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
    return scale * elu(x, alpha)


def gelu(x):
    # The normal distribution's tail beyond |x|: 1 + erf would lose the digits of small ones.
    tail = math.erfc(abs(x) / math.sqrt(2)) / 2
    return x * (1 - tail if x > 0 else tail)


def silu(x):
    return x * sigmoid(x)


def softplus(x):
    return x if x > 20 else math.log1p(math.exp(x))


ACTIVATIONS = {
    "identity": identity, "sigmoid": sigmoid, "tanh": tanh, "relu": relu,
    "leaky-relu": leaky_relu, "prelu": prelu, "elu": elu, "selu": selu, "gelu": gelu,
    "silu": silu, "softplus": softplus,
}
