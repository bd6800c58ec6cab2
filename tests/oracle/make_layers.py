"""Make `layers.npz`: what PyTorch's layers put out and hand back, in float64.

    python -m tests.oracle.make_layers          (needs the `oracle` extra)

Each case is a layer that sees several batches in training and one in use after them. Arrays are as
the engine has them: inputs and outputs (units, rows of the batch), parameters and running
statistics by the names of an experiment's record. The file holds

    cases               ()   JSON: PyTorch's version, and each case's layer, sizes, hyperparameters
    c/param/NAME             parameters of case c
    c/k/x  c/k/y  c/k/dy     batch k, forward; the gradient given to it from behind
    c/k/dx  c/k/d/NAME       what it hands back
    c/k/state/NAME           running statistics after batch k
"""

import importlib.metadata
import json
from pathlib import Path

import numpy as np
import torch

LAYERS = Path(__file__).with_name("layers.npz")
BATCHES = 4

CASES = [
    {"layer": "dense", "fan_in": 5, "rows": 7, "hypers": {"width": 3}},
    {"layer": "maxout", "fan_in": 4, "rows": 9, "hypers": {"width": 5, "pieces": 2}},
    {"layer": "maxout", "fan_in": 3, "rows": 6, "hypers": {"width": 2, "pieces": 5}},
    {"layer": "batch-norm", "fan_in": 6, "rows": 10, "hypers": {"momentum": 0.1, "eps": 1e-5}},
    {"layer": "batch-norm", "fan_in": 3, "rows": 2, "hypers": {"momentum": 0.4, "eps": 1e-2}},
    {"layer": "layer-norm", "fan_in": 6, "rows": 5, "hypers": {"eps": 1e-5}},
    {"layer": "layer-norm", "fan_in": 9, "rows": 1, "hypers": {"eps": 1e-2}},
]


class Maxout(torch.nn.Module):
    """The largest of `pieces` neighbouring outputs of a linear layer."""

    def __init__(self, fan_in, width, pieces):
        super().__init__()
        self.linear = torch.nn.Linear(fan_in, width * pieces)
        self.pieces = pieces

    def forward(self, x):
        return self.linear(x).unflatten(1, (-1, self.pieces)).max(dim=2).values


def build(case):
    """The PyTorch module of a case, with its parameters and buffers under our names."""
    hypers, fan_in = case["hypers"], case["fan_in"]
    if case["layer"] == "dense":
        module = torch.nn.Linear(fan_in, hypers["width"])
        return module, {"W": module.weight, "b": module.bias}, {}
    if case["layer"] == "maxout":
        module = Maxout(fan_in, hypers["width"], hypers["pieces"])
        return module, {"W": module.linear.weight, "b": module.linear.bias}, {}
    if case["layer"] == "layer-norm":
        module = torch.nn.LayerNorm(fan_in, eps=hypers["eps"])
        return module, {"gamma": module.weight, "beta": module.bias}, {}
    module = torch.nn.BatchNorm1d(fan_in, eps=hypers["eps"], momentum=hypers["momentum"])
    return module, {"gamma": module.weight, "beta": module.bias}, {
        "mean": module.running_mean, "var": module.running_var,
    }


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(7)
    arrays = {}
    for place, case in enumerate(CASES):
        module, params, state = build(case)
        for name, param in params.items():
            param.data.normal_()
            arrays[f"{place}/param/{name}"] = param.detach().numpy().copy()
        for k in range(BATCHES + 1):
            module.train(k < BATCHES)
            module.zero_grad()
            # Units of different means and spreads, and batches that differ too.
            spread = 1 + torch.arange(case["fan_in"])
            x = (k - 1 + spread * torch.randn(case["rows"], case["fan_in"])).requires_grad_()
            y = module(x)
            dy = torch.randn_like(y)
            y.backward(dy)
            found = {"x": x, "y": y, "dy": dy, "dx": x.grad}
            arrays |= {f"{place}/{k}/{key}": value.detach().numpy().T.copy()
                       for key, value in found.items()}
            arrays |= {f"{place}/{k}/d/{name}": param.grad.numpy().copy()
                       for name, param in params.items()}
            arrays |= {f"{place}/{k}/state/{name}": value.numpy().copy()
                       for name, value in state.items()}
    version = importlib.metadata.version("torch").partition("+")[0]
    text = json.dumps({"made_with": {"torch": version}, "batches": BATCHES, "cases": CASES})
    np.savez_compressed(LAYERS, cases=np.array(text), **arrays)
    print(f"{LAYERS.name}: {len(CASES)} cases, {LAYERS.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
