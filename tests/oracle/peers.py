"""The engine's peers: PyTorch's and optax's optimizers under our names, and losses written anew.

QHM and QHAdam are in neither library; they are written out here in PyTorch tensors from Ma & Yarats
(2019). Nothing here knows of the engine.
"""

import inspect

import jax
import numpy as np
import optax
import torch

torch.set_default_dtype(torch.float64)
jax.config.update("jax_enable_x64", True)


def beale(x, y):
    return (1.5 - x * (1 - y)) ** 2 + (2.25 - x * (1 - y**2)) ** 2 + (2.625 - x * (1 - y**3)) ** 2


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def ravine(x, y):
    return x**2 / 2 + 50 * y**2


LOSSES = {
    "beale": (beale, (1.0, 1.5)),
    "rosenbrock": (rosenbrock, (-1.2, 1.0)),
    "ravine": (ravine, (-3.5, 1.2)),
}


class QHM(torch.optim.Optimizer):
    """g' = β·g' + (1-β)·∇L;  θ' = θ - α·((1-ν)·∇L + ν·g')"""

    def __init__(self, params, lr, momentum=0.999, nu=0.7):
        super().__init__(params, {"lr": lr, "beta": momentum, "nu": nu})

    @torch.no_grad()
    def step(self):
        (group,) = self.param_groups
        alpha, beta, nu = group["lr"], group["beta"], group["nu"]
        for theta in group["params"]:
            average = self.state[theta].get("g", torch.zeros_like(theta))
            average = beta * average + (1 - beta) * theta.grad
            self.state[theta]["g"] = average
            theta -= alpha * ((1 - nu) * theta.grad + nu * average)


class QHAdam(torch.optim.Optimizer):
    """θ' = θ - α·((1-ν₁)·∇L + ν₁·ĝ) / (√((1-ν₂)·∇L² + ν₂·ŝ) + ε), with Adam's ĝ and ŝ."""

    def __init__(self, params, lr, beta1=0.995, beta2=0.999, eps=1e-8, nu=0.7, nu2=1.0):
        super().__init__(params, {"lr": lr, "betas": (beta1, beta2), "eps": eps, "nus": (nu, nu2)})

    @torch.no_grad()
    def step(self):
        (group,) = self.param_groups
        (beta1, beta2), (nu1, nu2) = group["betas"], group["nus"]
        for theta in group["params"]:
            gradient, zeros = theta.grad, torch.zeros_like(theta)
            g, s, t = self.state[theta].get("moments", (zeros, zeros, 0))
            g = beta1 * g + (1 - beta1) * gradient
            s = beta2 * s + (1 - beta2) * gradient**2
            t += 1
            self.state[theta]["moments"] = g, s, t
            numerator = (1 - nu1) * gradient + nu1 * g / (1 - beta1**t)
            square = (1 - nu2) * gradient**2 + nu2 * s / (1 - beta2**t)
            theta -= group["lr"] * numerator / (torch.sqrt(square) + group["eps"])


class Optax(torch.optim.Optimizer):
    """An optax transformation behind PyTorch's interface, so that schedules can reach its rate."""

    def __init__(self, params, make, lr, **hypers):
        super().__init__(params, {"lr": lr})
        self._transformation = optax.inject_hyperparams(make)(learning_rate=lr, **hypers)
        self._state = None

    @torch.no_grad()
    def step(self):
        (group,) = self.param_groups
        (theta,) = group["params"]
        values, gradient = theta.numpy().copy(), theta.grad.numpy().copy()
        if self._state is None:
            self._state = self._transformation.init(values)
        self._state.hyperparams["learning_rate"] = np.float64(group["lr"])
        updates, self._state = self._transformation.update(gradient, self._state, values)
        theta += torch.from_numpy(np.array(updates))


CLASSES = {
    "sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "nesterov": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop,
    "adadelta": torch.optim.Adadelta, "rprop": torch.optim.Rprop, "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW, "amsgrad": torch.optim.Adam, "adamax": torch.optim.Adamax,
    "nadam": torch.optim.NAdam, "radam": torch.optim.RAdam,
}


def build(name, params, hypers):
    """The peer of one of our optimizers, with all of our hyperparameters handed over."""
    h = dict(hypers)
    if name == "lion":
        return Optax(params, optax.lion, h["lr"], b1=h["beta1"], b2=h["beta2"],
                     weight_decay=h["weight_decay"])
    if name == "signsgd":
        return Optax(params, optax.sign_sgd, h["lr"])
    if name in ("qhm", "qhadam"):
        return (QHM if name == "qhm" else QHAdam)(params, **h)
    if "beta1" in h:
        h["betas"] = h.pop("beta1"), h.pop("beta2")
    if name == "rmsprop":
        h["alpha"] = h.pop("rho")
    if name == "rprop":
        h["etas"] = h.pop("eta_minus"), h.pop("eta_plus")
        h["step_sizes"] = h.pop("step_min"), h.pop("step_max")
    if name == "nesterov":
        h["nesterov"] = True
    if name == "amsgrad":
        h["amsgrad"] = True
    # One tensor at a time: the path whose arithmetic PyTorch's documentation writes out.
    return CLASSES[name](params, foreach=False, **h)


def check_default(name, hypers):
    """Raise ValueError if a library's own defaults are not these; `lr` only where it has one."""
    w = torch.zeros(2)
    if name == "lion":
        signature = inspect.signature(optax.lion).parameters
        theirs = {key: signature[key].default for key in ("b1", "b2", "weight_decay")}
        ours = {"b1": hypers["beta1"], "b2": hypers["beta2"],
                "weight_decay": hypers["weight_decay"]}
    elif name in CLASSES:
        # PyTorch has no default for a momentum that is switched on; 0.9 is ours.
        apart = {"foreach", "momentum", "nesterov", "amsgrad"}
        theirs, ours = (
            {key: value for key, value in optimizer.defaults.items() if key not in apart}
            for optimizer in (CLASSES[name]([w]), build(name, [w], hypers))
        )
    else:
        return
    if theirs != ours:
        raise ValueError(f"{name}: the library's defaults are {theirs}, not {ours}")
