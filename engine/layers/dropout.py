"""Dropout: in training every number is dropped with probability `rate`, a new choice each step.

Inverted: what is kept is divided by 1 - rate at once, so that in use nothing has to be scaled.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from .definition import Form, Layer

# SplitMix64 (Steele, Lea & Flood 2014): a counter that goes up by GAMMA, and what scrambles it.
GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S27, S30, S31, S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)

# Memory is the mask (U, n): 0, or 1 / (1 - rate).


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    real = x.dtype.type
    size = x.size
    inputs, outputs = x.reshape(size), y.reshape(size)
    if not training:
        for i in range(size):
            outputs[i] = inputs[i]
        return
    nothing, kept = real(0), real(1 / (1 - hyper[0]))
    # Of the 2³² values of a uniform number, those below this one drop.
    dropping = np.uint64(hyper[0] * 2.0**32)
    # The key's own generator seeds the mask's: keys that are steps of one counter, as they are from
    # one training step to the next, would else give the same mask, moved along by a place.
    start = key + GAMMA
    start = (start ^ (start >> S30)) * FIRST
    start = (start ^ (start >> S27)) * SECOND
    start ^= start >> S31
    # The lower half of a word decides over one number, the upper half over the one half the array
    # farther on: both are written in order, which vectorises.
    half = (size + 1) // 2
    for i in range(half):
        word = start + np.uint64(i + 1) * GAMMA
        word = (word ^ (word >> S30)) * FIRST
        word = (word ^ (word >> S27)) * SECOND
        word ^= word >> S31
        memory[i] = nothing if (word & LOW) < dropping else kept
        outputs[i] = inputs[i] * memory[i]
        if half + i < size:
            memory[half + i] = nothing if (word >> S32) < dropping else kept
            outputs[half + i] = inputs[half + i] * memory[half + i]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    if dx.shape[0] == 0:
        return
    size = dy.size
    given, passed = dy.reshape(size), dx.reshape(size)
    if training:
        for i in range(size):
            passed[i] = given[i] * memory[i]
    else:
        for i in range(size):
            passed[i] = given[i]


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """As many outputs as inputs, and the mask to be kept."""
    return Form(fan_in, memory_per_row=fan_in)


dropout = Layer(
    name="dropout",
    title="Dropout",
    doc="In training, numbers are left out by chance: every step trains another, thinner network.",
    source="Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, Dropout: a simple way "
           "to prevent neural networks from overfitting",
    forward=forward,
    backward=backward,
    form=form,
    hypers=(
        Hyper("rate", 0.5, 0.0, 0.95, doc="The probability that a number is left out."),
    ),
    training_differs=True,
)
