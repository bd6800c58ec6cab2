"""Identity: the output is the input, which leaves a network linear however deep it is."""

from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    for i in range(inputs.size):
        outputs[i] = inputs[i]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    upstream, gradient = dy.reshape(-1), dx.reshape(-1)
    for i in range(gradient.size):
        gradient[i] = upstream[i]


identity = Activation(
    name="identity",
    title="Identity",
    doc="The input itself: layers with nothing in between are together one linear layer.",
    source="Widrow & Hoff 1960, Adaptive switching circuits (linear units)",
    forward=forward,
    backward=backward,
    tex=r"f(x) = x",
)
