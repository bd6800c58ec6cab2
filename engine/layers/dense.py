"""Dense: every output is a weighted sum of all inputs, plus a bias.

The products go to BLAS. Forward is W·x + b; backward, dW = dy·xᵀ and dx = Wᵀ·dy.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from .definition import Form, Layer, Tensor

# An input of so many numbers is turned for the weights' gradient; a larger one leaves the cache.
LARGEST_TURNED = 4096


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    fan_in, fan_out = x.shape[0], y.shape[0]
    weights = params[: fan_out * fan_in].reshape((fan_out, fan_in))
    biases = params[fan_out * fan_in :]
    np.dot(weights, x, y)
    for i in range(fan_out):
        bias = biases[i]
        for j in range(y.shape[1]):
            y[i, j] += bias


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    (fan_in, rows), fan_out = x.shape, y.shape[0]
    count = fan_out * fan_in
    # A probe that asks for no weights' gradient gives no room for it: half of the work is saved.
    if dparams.size > 0:
        dweights = dparams[:count].reshape((fan_out, fan_in))
        odd, wide = rows % 16 != 0, fan_in >= 16 and fan_out >= 16
        if fan_out > 1 and x.size <= LARGEST_TURNED and (odd or wide):
            # BLAS is slow where both factors run along the batch, most of all a short one: turning
            # x first takes a third less time in all at 32 units and 10 rows.
            turned = memory[: rows * fan_in].reshape((rows, fan_in))
            for i in range(fan_in):
                for j in range(rows):
                    turned[j, i] = x[i, j]
            np.dot(dy, turned, dweights)
        else:
            np.dot(dy, x.T, dweights)
        for i in range(fan_out):
            total = dy.dtype.type(0)
            for j in range(rows):
                total += dy[i, j]
            dparams[count + i] = total
    if dx.shape[0] > 0:
        if fan_out == 1:
            for i in range(fan_in):
                weight = params[i]
                for j in range(rows):
                    dx[i, j] = weight * dy[0, j]
        else:
            np.dot(params[:count].reshape((fan_out, fan_in)).T, dy, dx)


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """Weights (width, fan_in), then biases (width,)."""
    width = int(hypers["width"])
    params = (Tensor("W", (width, fan_in)), Tensor("b", (width,), 0.0))
    return Form(width, params, memory_per_row=fan_in)


dense = Layer(
    name="dense",
    title="Dense",
    doc="Every unit adds up all inputs, each with a weight of its own, and a bias.",
    source="Rosenblatt 1958, The perceptron",
    forward=forward,
    backward=backward,
    form=form,
    hypers=(
        Hyper("width", 32, 1, 65_536, "log", "units", "How many units.", slider=(1, 1000),
              whole=True),
    ),
)
