"""ReLU: what is negative becomes 0, the rest passes; its slope at 0 is taken to be 0."""

from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    zero = x.dtype.type(0)
    for i in range(inputs.size):
        # Asked this way round, NaN passes.
        outputs[i] = zero if inputs[i] <= zero else inputs[i]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    inputs, upstream, gradient = x.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    zero = x.dtype.type(0)
    for i in range(gradient.size):
        gradient[i] = zero if inputs[i] <= zero else upstream[i]


relu = Activation(
    name="relu",
    title="ReLU",
    doc="Cuts off what is negative: gradients pass undiminished, or not at all.",
    source="Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines",
    forward=forward,
    backward=backward,
    flat_below=0.0,
    at_rest=0.0,
    tex=r"f(x) = \max(0, x)",
)
