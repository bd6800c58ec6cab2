"""Leaky ReLU: what is negative is shrunk, not cut off, so no unit dies."""

from ..hyper import Hyper
from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    slope = x.dtype.type(hyper[0])
    for i in range(inputs.size):
        outputs[i] = inputs[i] if inputs[i] > 0 else slope * inputs[i]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    inputs, upstream, gradient = x.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    slope = x.dtype.type(hyper[0])
    for i in range(gradient.size):
        gradient[i] = upstream[i] if inputs[i] > 0 else slope * upstream[i]


leaky_relu = Activation(
    name="leaky-relu",
    title="Leaky ReLU",
    doc="Shrinks what is negative a hundredfold: a little gradient passes, so no unit dies.",
    source="Maas, Hannun & Ng 2013, Rectifier nonlinearities improve neural network acoustic "
           "models",
    forward=forward,
    backward=backward,
    hypers=(
        Hyper("negative_slope", 0.01, 0.0, 1.0, symbol="a",
              doc="The slope for negative inputs; 0 is ReLU, 1 the identity."),
    ),
    # By the rule of a twentieth, at the default slope: 0.01 of a gradient is a saturated one, if
    # not a dead one. From a slope of 0.05 on there is no flat side.
    flat_below=0.0,
    tex=r"f(x) = \max(0, x) + a \min(0, x)",
)
