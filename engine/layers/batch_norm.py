"""Batch norm: every unit is centred and scaled over the rows of the batch, then free to undo it.

The variant is PyTorch's BatchNorm1d: a batch is normalised with its biased variance, the running
variance follows the unbiased one, and in use the running statistics take the batch's place.
"""

from collections.abc import Mapping
from math import sqrt

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from .definition import Form, Layer, Tensor

# Memory, for U units and n rows: the mean (U,) and the biased variance (U,) that the inputs were
# normalised with, for probes to set beside the running ones; 1/√(variance + eps) (U,); the
# normalised inputs (U, n).


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    real = x.dtype.type
    units, rows = x.shape
    xhat = memory[3 * units : (3 + rows) * units].reshape((units, rows))
    momentum, eps = hyper[0], hyper[1]
    for i in range(units):
        mean, variance = float(state[i]), float(state[units + i])
        if training:
            # Sums of distances from one of the values, in float64: sums of the values themselves
            # would lose a small variance beside a large mean (Chan, Golub & LeVeque 1983).
            first = x[i, 0]
            total, squares = 0.0, 0.0
            for j in range(rows):
                away = x[i, j] - first
                total += away
                squares += away * away
            squares -= total * total / rows
            mean, variance = first + total / rows, squares / rows
            state[i] = real((1 - momentum) * state[i] + momentum * mean)
            # A single row says nothing of the variance.
            if rows > 1:
                unbiased = squares / (rows - 1)
                state[units + i] = real((1 - momentum) * state[units + i] + momentum * unbiased)
        centre, scale = real(mean), real(1 / sqrt(variance + eps))
        memory[i], memory[units + i], memory[2 * units + i] = centre, real(variance), scale
        gamma, beta = params[i], params[units + i]
        for j in range(rows):
            normalised = (x[i, j] - centre) * scale
            xhat[i, j] = normalised
            y[i, j] = gamma * normalised + beta


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    real = x.dtype.type
    units, rows = dy.shape
    xhat = memory[3 * units : (3 + rows) * units].reshape((units, rows))
    # In use the statistics are constants: nothing flows back through them.
    share = real(1 / rows) if training else real(0)
    for i in range(units):
        dgamma, dbeta = real(0), real(0)
        for j in range(rows):
            dgamma += dy[i, j] * xhat[i, j]
            dbeta += dy[i, j]
        dparams[i], dparams[units + i] = dgamma, dbeta
        if dx.shape[0] > 0:
            scale = params[i] * memory[2 * units + i]
            slope, shift = dgamma * share, dbeta * share
            for j in range(rows):
                dx[i, j] = scale * (dy[i, j] - shift - slope * xhat[i, j])


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """gamma and beta (fan_in,) are learnt, running mean and var (fan_in,) are kept beside them."""
    return Form(
        fan_in,
        params=(Tensor("gamma", (fan_in,), 1.0), Tensor("beta", (fan_in,), 0.0)),
        state=(Tensor("mean", (fan_in,), 0.0), Tensor("var", (fan_in,), 1.0)),
        memory=3 * fan_in,
        memory_per_row=fan_in,
    )


batch_norm = Layer(
    name="batch-norm",
    title="Batch norm",
    doc="Every unit is centred and scaled over the batch, then scaled and shifted as it learns.",
    source="Ioffe & Szegedy 2015, Batch normalization: accelerating deep network training by "
           "reducing internal covariate shift, arXiv:1502.03167",
    forward=forward,
    backward=backward,
    form=form,
    hypers=(
        Hyper("momentum", 0.1, 0.0, 1.0, "log", slider=(0.001, 1.0),
              doc="How far the running statistics go towards those of each batch."),
        Hyper("eps", 1e-5, 1e-12, 1.0, "log", symbol="ε", slider=(1e-8, 0.1),
              doc="Added to the variance: a unit that is the same on every row divides by this."),
    ),
    training_differs=True,
)
