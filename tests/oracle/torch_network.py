"""A network of an experiment's words in PyTorch, trained from the arrays of a record.

Layers, losses, clipping and schedules are PyTorch's own (warm-up and cosine: optax's, optimizers:
those of `peers`); maxout, which PyTorch lacks, is written out. Nothing here knows of the engine,
and what the words leave out is PyTorch's default: the engine's defaults are compared as well.
"""

from dataclasses import dataclass

import numpy as np
import optax
import torch
from torch import nn
from torch.optim import lr_scheduler as schedulers

from .peers import CLASSES, build


class Maxout(nn.Linear):
    """Every unit is the largest of `pieces` weighted sums, which are neighbours among the rows."""

    def __init__(self, fan_in, width, pieces):
        super().__init__(fan_in, width * pieces)
        self.pieces = pieces

    def forward(self, x):
        sums = super().forward(x)
        return sums.reshape(len(x), -1, self.pieces).max(dim=2).values


ACTIVATIONS = {
    "identity": nn.Identity, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU, "prelu": nn.PReLU, "elu": nn.ELU, "selu": nn.SELU, "gelu": nn.GELU,
    "silu": nn.SiLU, "softplus": nn.Softplus,
}

# The names of a layer's tensors in a record, and PyTorch's.
TENSORS = {
    nn.Linear: {"W": "weight", "b": "bias"},
    Maxout: {"W": "weight", "b": "bias"},
    nn.BatchNorm1d: {"gamma": "weight", "beta": "bias", "mean": "running_mean",
                     "var": "running_var"},
    nn.LayerNorm: {"gamma": "weight", "beta": "bias"},
    nn.PReLU: {"a": "weight"},
}

LOSSES = {
    "mse": nn.MSELoss, "huber": nn.HuberLoss, "logistic": nn.BCEWithLogitsLoss,
    "cross-entropy": nn.CrossEntropyLoss, "hinge": nn.MultiMarginLoss,
}

ROUNDING = 2e-16


@dataclass
class Trained:
    """What a training gave: losses and penalties (steps,) before each update, the record's names
    with the final arrays, and the mean losses on all training and all test rows in use."""

    losses: np.ndarray
    penalties: np.ndarray
    final: dict[str, np.ndarray]
    evaluated: np.ndarray


def named(words):
    """A name and its hyperparameters, from a table or from the name alone."""
    hypers = {"name": words} if isinstance(words, str) else dict(words)
    return hypers.pop("name"), hypers


def layer(words, fan_in):
    """One layer for `fan_in` inputs, and how many outputs it has."""
    kind, apart = words["kind"], ("kind", "init", "lr_factor")
    hypers = {key: value for key, value in words.items() if key not in apart}
    if kind == "dense":
        return nn.Linear(fan_in, hypers["width"]), hypers["width"]
    if kind == "maxout":
        return Maxout(fan_in, **hypers), hypers["width"]
    if kind == "batch-norm":
        return nn.BatchNorm1d(fan_in, **hypers), fan_in
    if kind == "layer-norm":
        return nn.LayerNorm(fan_in, **hypers), fan_in
    if kind == "dropout":
        return nn.Dropout(hypers["rate"]), fan_in
    return ACTIVATIONS[kind](**hypers), fan_in


def outputs(words, y):
    """How many units the output layer has for the training targets `y`."""
    loss, _ = named(words["problem"]["loss"])
    if loss == "logistic":
        return 1
    return int(y.max()) + 1 if y.ndim == 1 else y.shape[1]


def network(words, inputs, units):
    """The network of an experiment's only contestant, its output layer of `units` last."""
    modules, fan_in = [], inputs
    for table in [*words["contestants"][0]["layers"], {"kind": "dense", "width": units}]:
        module, fan_in = layer(table, fan_in)
        modules.append(module)
    return nn.Sequential(*modules)


def tensors(model):
    """Every array of a network under its name in a record: `0.W`, `0.b`, `1.mean`."""
    return {
        f"{place}.{ours}": getattr(module, theirs)
        for place, module in enumerate(model)
        for ours, theirs in TENSORS.get(type(module), {}).items()
    }


def scheduler(words, optimizer):
    """PyTorch's scheduler of an optimizer's rate, or None where the rate is constant."""
    name, h = named(words or "constant")
    rate = optimizer.param_groups[0]["lr"]
    if name == "step":
        return schedulers.StepLR(optimizer, step_size=h["every"], gamma=h["gamma"])
    if name == "exponential":
        return schedulers.ExponentialLR(optimizer, gamma=h["gamma"])
    if name == "cosine":
        return schedulers.CosineAnnealingLR(
            optimizer, T_max=h["horizon"], eta_min=h["floor"] * rate)
    if name == "one-cycle":
        return schedulers.OneCycleLR(
            optimizer, max_lr=rate, total_steps=h["horizon"], pct_start=h["pct_start"],
            div_factor=h["div_factor"], final_div_factor=h["final_div_factor"],
            cycle_momentum=False)
    if name == "warmup-cosine":
        factor = optax.warmup_cosine_decay_schedule(
            init_value=h["start"], peak_value=1.0, warmup_steps=h["warmup"],
            decay_steps=h["horizon"], end_value=h["floor"])
        return schedulers.LambdaLR(optimizer, lambda step: float(factor(step)))
    return None


def updaters(contestant, model):
    """Optimizers, one for each learning rate that layers have, and their schedulers."""
    name, hypers = named(contestant["optimizer"])
    factors = [table.get("lr_factor", 1.0) for table in contestant["layers"]] + [1.0]
    optimizers = []
    for factor in set(factors) - {0.0}:
        mine = [tensor for module, own in zip(model, factors, strict=True) if own == factor
                for tensor in module.parameters()]
        # optax's peers take one tensor; no rule looks beyond one number of a tensor anyway.
        for part in [mine] if name in CLASSES else [[tensor] for tensor in mine]:
            optimizers.append(build(name, part, {**hypers, "lr": factor * hypers["lr"]}))
    schedules = [scheduler(contestant.get("schedule"), optimizer) for optimizer in optimizers]
    return optimizers, [schedule for schedule in schedules if schedule is not None]


def penalty(contestant, model):
    """l1·Σ|W| + l2/2·ΣW² over the weight matrices."""
    weights = [module.weight for module in model if isinstance(module, nn.Linear)]
    return (contestant.get("l1", 0.0) * sum(w.abs().sum() for w in weights)
            + contestant.get("l2", 0.0) / 2 * sum(w.square().sum() for w in weights))


def clip(words, parameters):
    """PyTorch's clipping of the gradients, if the contestant has one."""
    if words and words["by"] == "norm":
        nn.utils.clip_grad_norm_(parameters, words["limit"])
    elif words:
        nn.utils.clip_grad_value_(parameters, words["limit"])


def disturb(values, nudge, largest=0.0):
    """Move all that is not 0, now up and now down: by `nudge` times the largest of the values, and
    by what rounding may leave of a sum in which numbers as large as `largest` cancel."""
    ways = torch.cos(torch.arange(values.numel()) ** 2.0).reshape(values.shape)
    values += (nudge * values.abs().max() + ROUNDING * largest) * ways * (values != 0)


def targets(words, y):
    """Targets as the loss takes them, the logistic loss as a column of 0 and 1."""
    loss, _ = named(words["problem"]["loss"])
    y = torch.tensor(y)
    return y[:, None].double() if loss == "logistic" else y


def train(words, record, nudge=0.0):
    """Train the experiment's only contestant on a record's data, from its start, by its batches.

    `nudge` disturbs the start and every gradient by so much, which shows what rounding becomes.
    """
    contestant = words["contestants"][0]
    name, hypers = named(words["problem"]["loss"])
    loss = LOSSES[name](**hypers)
    x, test_x = torch.tensor(record["train/x"]), torch.tensor(record["test/x"])
    y, test_y = targets(words, record["train/y"]), targets(words, record["test/y"])
    model = network(words, x.shape[1], outputs(words, record["train/y"])).double()
    arrays = tensors(model)
    with torch.no_grad():
        for key, tensor in arrays.items():
            tensor.copy_(torch.tensor(record[f"0/initial/{key}"]))
            disturb(tensor, nudge)
    parameters = list(model.parameters())
    optimizers, schedules = updaters(contestant, model)
    losses, penalties = [], []
    for batch in record["0/batches"].astype(np.int64):
        model.zero_grad()
        value, extra = loss(model(x[batch]), y[batch]), penalty(contestant, model)
        (value + extra).backward()
        if nudge:
            largest = max(tensor.grad.abs().max() for tensor in parameters)
            for tensor in parameters:
                disturb(tensor.grad, nudge, largest)
        clip(contestant.get("clip"), parameters)
        losses.append(value.item())
        penalties.append(extra.item())
        for updater in (*optimizers, *schedules):
            updater.step()
    model.eval()
    with torch.no_grad():
        evaluated = [loss(model(x), y).item(), loss(model(test_x), test_y).item()]
    final = {key: tensor.detach().numpy().copy() for key, tensor in arrays.items()}
    return Trained(np.array(losses), np.array(penalties), final, np.array(evaluated))
