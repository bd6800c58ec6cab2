"""Make `functions.npz`: PyTorch's activations and losses at chosen points, with their gradients.

    python -m tests.oracle.make_functions      (needs the `oracle` extra)

All in float64, gradients by autograd. The file holds `cases`, a JSON text with the version of
PyTorch and a list of settings, and for the i-th of them

    activations   i/x  i/y  i/dy  i/dx  (n,),  for prelu also i/da  (1,)
    losses        i/out (K, n)  i/target (T, n)  i/loss ()  i/dout (K, n)
"""

import importlib.metadata
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

FUNCTIONS = Path(__file__).with_name("functions.npz")

ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
}
CHANGED = [
    ("leaky-relu", {"negative_slope": 0.2}), ("leaky-relu", {"negative_slope": 0.0}),
    ("elu", {"alpha": 0.3}), ("elu", {"alpha": 2.0}),
]
# Kinks, thresholds (softplus goes over into x at 20), tails, and where exponentials run out.
POINTS = [
    0.0, 1e-300, -1e-300, 1e-9, -1e-9, 19.999, 20.0, 20.001, -20.0, 37.0, -37.0, 100.0, -100.0,
    700.0, -700.0, 1e4, -1e4,
]


def points(rng):
    return np.concatenate([POINTS, rng.normal(0, 1, 40), rng.normal(0, 5, 40)])


def activation(name, hypers, rng):
    x = torch.tensor(points(rng), requires_grad=True)
    dy = torch.tensor(rng.normal(size=len(x)))
    y = ACTIVATIONS[name](x, **hypers)
    y.backward(dy)
    return {"x": x, "y": y, "dy": dy, "dx": x.grad}


def prelu(a, rng):
    x = torch.tensor(points(rng), requires_grad=True)
    weight = torch.tensor([a], dtype=torch.float64, requires_grad=True)
    dy = torch.tensor(rng.normal(size=len(x)))
    y = functional.prelu(x, weight)
    y.backward(dy)
    return {"x": x, "y": y, "dy": dy, "dx": x.grad, "da": weight.grad}


def loss_of(name, out, target, hypers):
    """PyTorch's loss for outputs (K, n) and targets (T, n): its own layout is rows first."""
    labels = target[0].long()
    if name == "mse":
        return functional.mse_loss(out.T, target.T)
    if name == "huber":
        return functional.huber_loss(out.T, target.T, **hypers)
    if name == "logistic":
        return functional.binary_cross_entropy_with_logits(out[0], target[0])
    if name == "cross-entropy":
        return functional.cross_entropy(out.T, labels)
    return functional.multi_margin_loss(out.T, labels, **hypers)


def loss(name, hypers, outputs, rows, spread, rng):
    out = torch.tensor(rng.normal(0, spread, (outputs, rows)), requires_grad=True)
    if name in ("mse", "huber"):
        target = torch.tensor(rng.normal(0, 1, (outputs, rows)))
    else:
        classes = 2 if name == "logistic" else outputs
        target = torch.tensor(rng.integers(0, classes, (1, rows)), dtype=torch.float64)
    value = loss_of(name, out, target, hypers)
    value.backward()
    return {"out": out, "target": target, "loss": value, "dout": out.grad}


def made():
    """Every case: its settings, and its arrays."""
    rng = np.random.default_rng(20)
    for name, hypers in [*((name, {}) for name in ACTIVATIONS), *CHANGED]:
        yield {"activation": name, "hypers": hypers}, activation(name, hypers, rng)
    for a in (0.25, -0.5):
        yield {"activation": "prelu", "a": a}, prelu(a, rng)
    for name, hypers, outputs in [
        ("mse", {}, 1), ("mse", {}, 3), ("huber", {}, 1), ("huber", {"delta": 0.2}, 3),
        ("logistic", {}, 1), ("cross-entropy", {}, 2), ("cross-entropy", {}, 10),
        ("hinge", {}, 2), ("hinge", {"margin": 2.5}, 10),
    ]:
        # A row alone, an odd number of rows, and outputs so far apart that exponentials run out.
        for rows, spread in ((1, 1.0), (37, 1.0), (16, 400.0)):
            yield {"loss": name, "hypers": hypers}, loss(name, hypers, outputs, rows, spread, rng)


def main():
    settings, arrays = [], {}
    for i, (setting, values) in enumerate(made()):
        settings.append(setting)
        arrays |= {f"{i}/{key}": value.detach().numpy() for key, value in values.items()}
    version = importlib.metadata.version("torch").partition("+")[0]
    text = json.dumps({"made_with": {"torch": version}, "cases": settings}, indent=1)
    np.savez_compressed(FUNCTIONS, cases=np.array(text), **arrays)
    print(f"{FUNCTIONS.name}: {len(settings)} cases, {FUNCTIONS.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
