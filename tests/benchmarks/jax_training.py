"""JAX as fast as it goes on one core: the same training in `jit(lax.scan)`, compiled beforehand.

What was tried on nets from 2-8-8-1 to ten layers of 500 units: optax's Adam is never faster than
the one here (up to 5 % slower); parameters in one flat vector win for small nets (10 %) and lose
for large ones; batches as columns win for the smallest only; weights lie as (fan_in, fan_out),
up to 10 % faster than (fan_out, fan_in); two steps to a turn of the scan win 3 to 10 %, more of
them nothing; donated buffers make no difference. Which form is the fastest depends on the net, so
all three are compiled and the fastest is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .networks import Training
from .timing import seconds

Form = Literal["flat", "flat-columns", "tree"]
FORMS: tuple[Form, ...] = ("flat", "flat-columns", "tree")
UNROLL = 2
TRIALS = 3
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


@dataclass
class JaxTraining:
    """A training under way; `advance` goes through all its batches, and on from there."""

    form: Form
    compile_seconds: float
    scan: Any
    carry: Any
    batches: Any

    def advance(self) -> NDArray[np.float32]:
        """Train on every batch in turn; the losses (steps,) before each update."""
        self.carry, losses = self.scan(self.carry, self.batches)
        return np.asarray(losses)


def fastest(jax: Any, training: Training) -> JaxTraining:
    """The training in the form that goes through its batches in the shortest time, at its start."""
    found = [begun(jax, training, form) for form in FORMS]
    times: list[list[float]] = [[] for _ in found]
    for _ in range(TRIALS):
        for one, taken in zip(found, times, strict=True):
            taken.append(seconds(
                lambda one=one: jax.block_until_ready(one.scan(one.carry, one.batches))))
    return found[int(np.argmin([min(taken[1:]) for taken in times]))]


def begun(jax: Any, training: Training, form: Form = "tree") -> JaxTraining:
    """The training before its first step, compiled for all its batches at a time."""
    step, carry = steps(jax, training, form)

    def scan(carry: Any, batches: Any) -> Any:
        return jax.lax.scan(step, carry, batches, unroll=UNROLL)

    batches = jax.numpy.asarray(training.batches, dtype="int32")
    compiled: list[Any] = []
    took = seconds(lambda: compiled.append(jax.jit(scan).lower(carry, batches).compile()))
    return JaxTraining(form, took, compiled[0], carry, batches)


def first_step_seconds(jax: Any, training: Training) -> float:
    """From a training that was never seen to the end of its first step, compiling included."""
    def first_step() -> None:
        step, carry = steps(jax, training, "tree")
        jax.block_until_ready(jax.jit(step)(carry, training.batches[0].astype(np.int32)))

    return seconds(first_step)


def steps(jax: Any, training: Training, form: Form) -> tuple[Callable[..., Any], Any]:
    """One step of Adam, (carry, rows of the batch) to (carry, loss), and what it starts from."""
    numpy, tree = jax.numpy, jax.tree
    x, y = numpy.asarray(training.x), numpy.asarray(training.y)
    columns = form == "flat-columns"
    params: Any = [(w if columns else w.T, b[:, None] if columns else b)
                   for w, b in training.weights]
    unravel = None
    if form != "tree":
        params, unravel = jax.flatten_util.ravel_pytree(params)
    params = tree.map(numpy.array, params)
    loss_of_batch = partial(loss, jax, training.activations, training.loss, columns)

    def loss_at(params: Any, rows: Any) -> Any:
        return loss_of_batch(unravel(params) if unravel else params, x[rows], y[rows])

    def step(carry: Any, rows: Any) -> Any:
        params, m, v, t = carry
        value, grads = jax.value_and_grad(loss_at)(params, rows)
        t = t + 1
        m = tree.map(lambda m, g: m + (1 - BETA1) * (g - m), m, grads)
        v = tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, grads)
        # 1 - 0.999 ** t would lose five of its digits in float32.
        rate = -training.lr / numpy.expm1(t * log(BETA1))
        root = jax.lax.rsqrt(-numpy.expm1(t * log(BETA2)))
        params = tree.map(lambda w, m, v: w - rate * m / (numpy.sqrt(v) * root + EPS),
                          params, m, v)
        return (params, m, v, t), value

    zeros = partial(tree.map, numpy.zeros_like)
    return step, (params, zeros(params), zeros(params), numpy.float32(0))


def loss(
    jax: Any, activations: Sequence[str], name: str, columns: bool, params: Any, x: Any, y: Any,
) -> Any:
    """The mean loss of a batch: x (batch, inputs), y (batch, targets) or labels (batch,)."""
    functions = {"tanh": jax.numpy.tanh, "relu": jax.nn.relu}
    values = x.T if columns else x
    for (w, b), activation in zip(params, (*activations, ""), strict=True):
        values = (w @ values if columns else values @ w) + b
        values = functions[activation](values) if activation else values
    out = values.T if columns else values
    if name == "mse":
        return jax.numpy.mean((out - y) ** 2)
    logs = jax.nn.log_softmax(out)
    return -jax.numpy.take_along_axis(logs, y[:, None], axis=1).mean()
