"""Train a network again in PyTorch from its record alone: python replay.py race.npz"""
import sys
import tomllib

import numpy as np
import torch

MODULES = {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}
LOSSES = {"cross-entropy": torch.nn.CrossEntropyLoss, "mse": torch.nn.MSELoss}


def replay(path):
    """The largest relative difference of PyTorch's losses from those of the record."""
    record = np.load(path)
    experiment = tomllib.loads(record["experiment"].item())
    contestant, model = experiment["contestants"][0], torch.nn.Sequential()
    for place, layer in enumerate([*contestant["layers"], {"kind": "dense"}]):
        if layer["kind"] == "dense":
            weights, bias = (torch.tensor(record[f"0/initial/{place}.{k}"]).double() for k in "Wb")
            model.append(torch.nn.Linear(weights.shape[1], weights.shape[0]))
            model[-1].weight.data, model[-1].bias.data = weights, bias
        else:
            model.append(MODULES[layer["kind"]]())
    h, loss = contestant["optimizer"], LOSSES[experiment["problem"]["loss"]["name"]]()
    adam = torch.optim.Adam(model.parameters(), h["lr"], (h["beta1"], h["beta2"]), h["eps"])
    x, y, losses = torch.tensor(record["train/x"]), torch.tensor(record["train/y"]), []
    for batch in record["0/batches"]:
        adam.zero_grad()
        losses.append(loss(model(x[batch]), y[batch]))
        losses[-1].backward()
        adam.step()
    return np.abs(torch.stack(losses).detach().numpy() / record["0/loss"] - 1).max()


if __name__ == "__main__":
    print(f"PyTorch's losses differ by {replay(sys.argv[1]):.1e} at most")
