"""Layer norm: every row of the batch is centred and scaled over its units, whatever the batch is.

The variant is PyTorch's LayerNorm: the biased variance, and gamma and beta for every unit.
"""

from collections.abc import Mapping
from math import sqrt

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from .definition import Form, Layer, Tensor

# Memory is a table with a column for each row of the batch: its mean, 1/√(variance + eps), two
# sums that the backward pass needs, and its normalised inputs (U of them). Loops go along it unit
# by unit, since that is how activations lie.
MEAN, SCALE, SHIFT, SLOPE, XHAT = 0, 1, 2, 3, 4


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    real = x.dtype.type
    units, rows = x.shape
    table = memory[: (XHAT + units) * rows].reshape((XHAT + units, rows))
    share, eps = real(1 / units), real(hyper[0])
    # Distances from the first unit are summed, since sums of the values themselves would lose the
    # digits in which units differ where all of them are large.
    for j in range(rows):
        table[MEAN, j] = real(0)
        table[SCALE, j] = real(0)
    for i in range(1, units):
        for j in range(rows):
            table[MEAN, j] += x[i, j] - x[0, j]
    for j in range(rows):
        table[MEAN, j] = x[0, j] + table[MEAN, j] * share
    for i in range(units):
        for j in range(rows):
            away = x[i, j] - table[MEAN, j]
            table[XHAT + i, j] = away
            table[SCALE, j] += away * away
    for j in range(rows):
        table[SCALE, j] = real(1) / sqrt(table[SCALE, j] * share + eps)
    for i in range(units):
        gamma, beta = params[i], params[units + i]
        for j in range(rows):
            normalised = table[XHAT + i, j] * table[SCALE, j]
            table[XHAT + i, j] = normalised
            y[i, j] = gamma * normalised + beta


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    real = x.dtype.type
    units, rows = dy.shape
    table = memory[: (XHAT + units) * rows].reshape((XHAT + units, rows))
    for j in range(rows):
        table[SHIFT, j] = real(0)
        table[SLOPE, j] = real(0)
    for i in range(units):
        dgamma, dbeta = real(0), real(0)
        gamma = params[i]
        for j in range(rows):
            product = dy[i, j] * table[XHAT + i, j]
            dgamma += product
            dbeta += dy[i, j]
            table[SHIFT, j] += gamma * dy[i, j]
            table[SLOPE, j] += gamma * product
        dparams[i], dparams[units + i] = dgamma, dbeta
    if dx.shape[0] == 0:
        return
    share = real(1 / units)
    for j in range(rows):
        table[SHIFT, j] *= share
        table[SLOPE, j] *= share
    for i in range(units):
        for j in range(rows):
            inner = params[i] * dy[i, j] - table[SHIFT, j] - table[XHAT + i, j] * table[SLOPE, j]
            dx[i, j] = table[SCALE, j] * inner


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """gamma and beta (fan_in,) are learnt."""
    return Form(
        fan_in,
        params=(Tensor("gamma", (fan_in,), 1.0), Tensor("beta", (fan_in,), 0.0)),
        memory_per_row=XHAT + fan_in,
    )


layer_norm = Layer(
    name="layer-norm",
    title="Layer norm",
    doc="Every row is centred and scaled over its units, then scaled and shifted as it learns.",
    source="Ba, Kiros & Hinton 2016, Layer normalization, arXiv:1607.06450",
    forward=forward,
    backward=backward,
    form=form,
    hypers=(
        Hyper("eps", 1e-5, 1e-12, 1.0, "log", symbol="ε", slider=(1e-8, 0.1),
              doc="Added to the variance: a row whose units are all the same divides by this."),
    ),
)
