"""PReLU: a leaky ReLU that learns its slope, one number for the whole layer."""

from collections.abc import Mapping

from ..kernels import BACKWARD, FORWARD, kernel
from ..layers.definition import Activation, Form, Tensor


@kernel(FORWARD)
def forward(params, x, y, memory, state, hyper, key, training):
    inputs, outputs = x.reshape(-1), y.reshape(-1)
    a = params[0]
    for i in range(inputs.size):
        outputs[i] = inputs[i] if inputs[i] > 0 else a * inputs[i]


@kernel(BACKWARD)
def backward(params, x, y, dy, dx, dparams, memory, hyper, training):
    inputs, upstream, gradient = x.reshape(-1), dy.reshape(-1), dx.reshape(-1)
    a = params[0]
    zero = x.dtype.type(0)
    total = zero
    for i in range(inputs.size):
        total += zero if inputs[i] > 0 else upstream[i] * inputs[i]
    dparams[0] = total
    for i in range(gradient.size):
        gradient[i] = upstream[i] if inputs[i] > 0 else a * upstream[i]


def form(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """As many outputs as inputs, and one slope (1,) that starts at PyTorch's 0.25."""
    return Form(fan_in, (Tensor("a", (1,), 0.25),))


prelu = Activation(
    name="prelu",
    title="PReLU",
    doc="A leaky ReLU whose slope for negative inputs is learnt, one for the whole layer.",
    source="He, Zhang, Ren & Sun 2015, Delving deep into rectifiers, arXiv:1502.01852 "
           "(channel-shared)",
    forward=forward,
    backward=backward,
    form=form,
    tex=r"f(x) = \max(0, x) + a \min(0, x),\quad a\ \text{learnt}",
)
