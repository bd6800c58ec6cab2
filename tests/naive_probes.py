"""Slow, obvious twins of the probes: a network's pass forward and backward, in NumPy and float64.

Layers are walked one by one from the tensors that a record holds; nothing of the engine is used but
the names of its streams. Arrays are (units, rows), as in a probe.
"""

from dataclasses import dataclass, field

import numpy as np
from naive_layers import dropout_mask

from engine.streams import key

GOLDEN_RATIO = 0x9E3779B97F4A7C15


@dataclass
class Pass:
    """What a pass leaves behind: by layer its input and output, their gradients, weights' ones."""

    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)
    masks: dict = field(default_factory=dict)
    gradients: list = field(default_factory=list)
    weight_gradients: dict = field(default_factory=dict)
    loss: float = float("nan")


def tensors_of(tensors, place):
    return {name.partition(".")[2]: np.asarray(array, float)
            for name, array in tensors.items() if name.startswith(f"{place}.")}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    "identity": (lambda x: x, lambda x: np.ones_like(x)),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
}


def naive_pass(layers, tensors, x, classes=None, dout=None, learning=False, step=1, seed=0):
    """Through `layers` ((kind, hyperparameters), the output layer last) with rows x (n, d).

    Back from the cross-entropy of `classes` (n,), or from `dout` (K, n).
    """
    seen = Pass()
    h = np.asarray(x, float).T
    dropouts = 0
    for place, (kind, hypers) in enumerate(layers):
        seen.inputs.append(h)
        own = tensors_of(tensors, place)
        if kind == "dense":
            h = own["W"] @ h + own["b"][:, None]
        elif kind == "maxout":
            pieces = (own["W"] @ h + own["b"][:, None]).reshape(-1, hypers["pieces"], h.shape[1])
            h = pieces.max(1)
        elif kind == "batch-norm":
            mean, var = (h.mean(1), h.var(1)) if learning else (own["mean"], own["var"])
            normalised = (h - mean[:, None]) / np.sqrt(var + hypers["eps"])[:, None]
            h = own["gamma"][:, None] * normalised + own["beta"][:, None]
        elif kind == "dropout":
            number = (key(seed, f"dropout/{dropouts}") + step * GOLDEN_RATIO) % 2**64
            dropouts += 1
            scale = dropout_mask(h.shape, hypers["rate"], number) if learning else np.ones(h.shape)
            seen.masks[place] = scale
            h = h * scale
        else:
            h = FUNCTIONS[kind][0](h)
        seen.outputs.append(h)
    if classes is not None:
        columns = np.arange(len(classes))
        shares = np.exp(h - h.max(0))
        shares /= shares.sum(0)
        seen.loss = -np.log(shares[classes, columns]).mean()
        dout = shares
        dout[classes, columns] -= 1
        dout /= len(classes)
    d = np.asarray(dout, float)
    for place in range(len(layers) - 1, -1, -1):
        kind, hypers = layers[place]
        own = tensors_of(tensors, place)
        x, y = seen.inputs[place], seen.outputs[place]
        seen.gradients.insert(0, d)
        if kind == "dense":
            seen.weight_gradients[place] = d @ x.T
            d = own["W"].T @ d
        elif kind == "maxout":
            pieces = (own["W"] @ x + own["b"][:, None]).reshape(-1, hypers["pieces"], x.shape[1])
            won = pieces == y[:, None]
            dz = (won * d[:, None]).reshape(-1, x.shape[1])
            seen.weight_gradients[place] = dz @ x.T
            d = own["W"].T @ dz
        elif kind == "batch-norm":
            mean, var = (x.mean(1), x.var(1)) if learning else (own["mean"], own["var"])
            scale = own["gamma"] / np.sqrt(var + hypers["eps"])
            normalised = (x - mean[:, None]) / np.sqrt(var + hypers["eps"])[:, None]
            if learning:
                d = d - d.mean(1)[:, None] - normalised * (d * normalised).mean(1)[:, None]
            d = scale[:, None] * d
        elif kind == "dropout":
            d = d * seen.masks[place]
        else:
            d = d * FUNCTIONS[kind][1](x)
    return seen
