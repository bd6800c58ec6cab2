"""Slow, obvious twins of the layers: one number at a time, written from the publications.

A twin takes the inputs x (fan_in, n), the layer's tensors by name, its hyperparameters, the key of
the step and whether it is training, and returns the outputs (fan_out, n) in float64. It has no way
back: gradients are checked against differences of the twin. All tensors have the shapes of `Form`.
"""

import math
import statistics

import numpy as np


def weighted_sum(weights, values, bias):
    return sum(w * v for w, v in zip(weights, values, strict=True)) + bias


def standardised(values, mean, variance, eps):
    return [(value - mean) / math.sqrt(variance + eps) for value in values]


def by_columns(function, x):
    """Apply a function to every row of the batch, which is a column of x."""
    return np.array([function(column) for column in x.T]).T


def dense(x, tensors, hypers, key, training):
    def outputs(inputs):
        return [weighted_sum(w, inputs, b)
                for w, b in zip(tensors["W"], tensors["b"], strict=True)]

    return by_columns(outputs, x)


def maxout(x, tensors, hypers, key, training):
    pieces = hypers["pieces"]

    def outputs(inputs):
        sums = [weighted_sum(w, inputs, b)
                for w, b in zip(tensors["W"], tensors["b"], strict=True)]
        return [max(sums[first : first + pieces]) for first in range(0, len(sums), pieces)]

    return by_columns(outputs, x)


def batch_norm(x, tensors, hypers, key, training):
    outputs = []
    for i, unit in enumerate(x):
        mean, variance = tensors["mean"][i], tensors["var"][i]
        if training:
            mean, variance = statistics.fmean(unit), statistics.pvariance(unit.tolist())
        normalised = standardised(unit, mean, variance, hypers["eps"])
        outputs.append([tensors["gamma"][i] * value + tensors["beta"][i] for value in normalised])
    return np.array(outputs)


def running_statistics(x, tensors, hypers):
    """Batch norm's running mean and variance after one more batch."""
    kept, new = 1 - hypers["momentum"], hypers["momentum"]
    means = [statistics.fmean(unit) for unit in x]
    variances = [statistics.variance(unit.tolist()) for unit in x]
    return kept * tensors["mean"] + new * np.array(means), (
        kept * tensors["var"] + new * np.array(variances))


def layer_norm(x, tensors, hypers, key, training):
    def outputs(inputs):
        mean, variance = statistics.fmean(inputs), statistics.pvariance(inputs.tolist())
        normalised = standardised(inputs, mean, variance, hypers["eps"])
        return tensors["gamma"] * normalised + tensors["beta"]

    return by_columns(outputs, x)


def dropout(x, tensors, hypers, key, training):
    return x * dropout_mask(x.shape, hypers["rate"], key) if training else x


def dropout_mask(shape, rate, key):
    """What dropout multiplies by: 0, or 1 / (1 - rate).

    The key's generator seeds another one. The lower halves of its words decide over the first half
    of the numbers, the upper halves over the rest; a half below rate · 2³² drops its number.
    """
    size = math.prod(shape)
    words = splitmix64(next(splitmix64(key)))
    half = [next(words) for _ in range((size + 1) // 2)]
    uniform = [word % 2**32 for word in half] + [word // 2**32 for word in half]
    dropped = np.array(uniform[:size]) < math.floor(rate * 2**32)
    return np.where(dropped, 0.0, 1 / (1 - rate)).reshape(shape)


def splitmix64(seed):
    """The generator of Steele, Lea & Flood (2014), without end."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) % 2**64
        word = seed
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB % 2**64
        yield word ^ (word >> 31)


LAYERS = {
    "dense": dense, "maxout": maxout, "batch-norm": batch_norm, "layer-norm": layer_norm,
    "dropout": dropout,
}
