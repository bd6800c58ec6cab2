"""A layer on its own, with arrays around it, for tests to push numbers through."""

import numpy as np

from engine.layers import layers

PRECISIONS = ["float32", "float64"]


class Placed:
    """A layer with arrays around it: NaN wherever kernels may only write, spare memory behind."""

    SPARE = 11

    def __init__(self, name, fan_in, precision="float64", seed=0, **hypers):
        self.layer, self.precision, self.fan_in = layers[name], precision, fan_in
        self.hypers = self.layer.defaults() | hypers
        self.form = self.layer.form(fan_in, self.hypers)
        rng = np.random.default_rng(seed)
        self.params = self.array(rng.normal(size=sum(t.size for t in self.form.params)))
        self.state = self.array(rng.uniform(0.5, 2, sum(t.size for t in self.form.state)))
        self._hyper = np.array(list(self.hypers.values()), float)

    def array(self, values):
        return np.ascontiguousarray(values, self.precision)

    def nan(self, *shape):
        return np.full(shape, np.nan, self.precision)

    def tensors(self, flat=None):
        """Parameters and running statistics by name, as views; or those of other parameters."""
        params = self.params if flat is None else flat
        return named(self.form.params, params) | named(self.form.state, self.state)

    def forward(self, x, key=1, training=True):
        self.x = self.array(x)
        rows = x.shape[1]
        self.used = self.form.memory + self.form.memory_per_row * rows
        self.memory = self.nan(self.used + self.SPARE)
        self.y = self.nan(self.form.fan_out, rows)
        self.layer.forward.compiled(self.precision)(
            self.params, self.x, self.y, self.memory, self.state, self._hyper, np.uint64(key),
            training)
        return self.y

    def backward(self, dy, training=True, first=False):
        """dx and the parameters' gradients, flat; the first layer of a network passes no dx on."""
        dx = self.nan(0 if first else self.fan_in, self.x.shape[1])
        dparams = self.nan(self.params.size)
        self.layer.backward.compiled(self.precision)(
            self.params, self.x, self.y, self.array(dy), dx, dparams, self.memory, self._hyper,
            training)
        return dx, dparams


def named(tensors, flat):
    ends = np.cumsum([tensor.size for tensor in tensors])
    return {
        tensor.name: flat[end - tensor.size : end].reshape(tensor.shape)
        for tensor, end in zip(tensors, ends, strict=True)
    }


def inputs(fan_in, rows, seed=1):
    """Units of different means and spreads."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(fan_in, 1)) + rng.normal(size=(fan_in, rows)) * (1 + rng.random())
