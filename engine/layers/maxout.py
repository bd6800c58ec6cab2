"""Maxout: a unit is the largest of a few weighted sums, so that it learns its own activation.

The largest of straight lines is a convex function of straight pieces. The products go to BLAS.
"""

from collections.abc import Mapping

import numpy as np

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from .definition import Form, Layer, Tensor

# Memory, for U units of k pieces and n rows: which piece won (U, n), a whole number from 0, the
# first of equals; then a table (U·k, n), forward the pieces, backward their gradients.


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    real = x.dtype.type
    (fan_in, rows), units = x.shape, y.shape[0]
    pieces = int(hyper[1])
    count = units * pieces
    weights = params[: count * fan_in].reshape((count, fan_in))
    winner = memory[: units * rows].reshape((units, rows))
    z = memory[units * rows : (units + count) * rows].reshape((count, rows))
    np.dot(weights, x, z)
    for i in range(units):
        bias = params[count * fan_in + i * pieces]
        for j in range(rows):
            y[i, j] = z[i * pieces, j] + bias
            winner[i, j] = real(0)
        for p in range(1, pieces):
            bias, place = params[count * fan_in + i * pieces + p], real(p)
            for j in range(rows):
                value = z[i * pieces + p, j] + bias
                # NaN beats every number, or a divergence would hide behind another piece.
                beats = value > y[i, j] or value != value
                y[i, j] = value if beats else y[i, j]
                winner[i, j] = place if beats else winner[i, j]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    real = x.dtype.type
    (fan_in, rows), units = x.shape, y.shape[0]
    pieces = int(hyper[1])
    count = units * pieces
    winner = memory[: units * rows].reshape((units, rows))
    dz = memory[units * rows : (units + count) * rows].reshape((count, rows))
    for i in range(units):
        for p in range(pieces):
            total, place = real(0), real(p)
            for j in range(rows):
                value = dy[i, j] if winner[i, j] == place else real(0)
                dz[i * pieces + p, j] = value
                total += value
            if dparams.size > 0:
                dparams[count * fan_in + i * pieces + p] = total
    # A probe that asks for no weights' gradient gives no room for it.
    if dparams.size > 0:
        np.dot(dz, x.T, dparams[: count * fan_in].reshape((count, fan_in)))
    if dx.shape[0] > 0:
        np.dot(params[: count * fan_in].reshape((count, fan_in)).T, dz, dx)


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """Weights (width·pieces, fan_in) and biases (width·pieces,), a unit's pieces side by side."""
    width, pieces = int(hypers["width"]), int(hypers["pieces"])
    return Form(
        width,
        params=(
            Tensor("W", (width * pieces, fan_in)), Tensor("b", (width * pieces,), 0.0),
        ),
        memory_per_row=width * (1 + pieces),
    )


maxout = Layer(
    name="maxout",
    title="Maxout",
    doc="Every unit puts out the largest of a few weighted sums, each with weights of its own.",
    source="Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, Maxout networks, "
           "arXiv:1302.4389",
    forward=forward,
    backward=backward,
    form=form,
    hypers=(
        Hyper("width", 32, 1, 65_536, "log", "units", "How many units.", slider=(1, 1000),
              whole=True),
        Hyper("pieces", 2, 2, 8, doc="How many weighted sums a unit chooses from.", whole=True),
    ),
)
