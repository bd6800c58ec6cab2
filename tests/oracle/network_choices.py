"""What the golden networks are combined from, in the words of an experiment file.

Every network has three hidden blocks, the middle one with a normalisation or dropout of rate 0, so
three activations, two inits and much else meet in one training.
"""

from typing import Any

from .combinations import Item

STEPS = 100
# Of these, 61 rows train, which no number of classes divides: with a class as large as another all
# gradients of a first step may cancel, and a sign be that of what rounding has left.
SAMPLES = 82

# An optimizer's settings are spelled out: rates at which a hundred steps change the loss clearly
# and do not enlarge rounding, and an eps that keeps rounded zeros from being divided by themselves.
OPTIMIZERS: dict[str, dict[str, float]] = {
    "sgd": {"lr": 0.2, "weight_decay": 0.0},
    "momentum": {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0},
    "nesterov": {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0},
    "adagrad": {"lr": 0.02, "eps": 1e-3, "weight_decay": 0.0},
    "rmsprop": {"lr": 0.003, "rho": 0.95, "eps": 1e-3, "weight_decay": 0.0},
    "adadelta": {"lr": 0.5, "rho": 0.9, "eps": 1e-3, "weight_decay": 0.0},
    "rprop": {"lr": 2e-3, "eta_minus": 0.5, "eta_plus": 1.2, "step_min": 1e-6, "step_max": 0.01},
    "adam": {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "weight_decay": 0.0},
    "adamw": {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "weight_decay": 0.0},
    "amsgrad": {"lr": 0.01, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3, "weight_decay": 0.0},
    "adamax": {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "weight_decay": 0.0},
    "nadam": {"lr": 0.005, "beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "weight_decay": 0.0,
              "momentum_decay": 4e-3},
    "radam": {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "weight_decay": 0.0},
    "lion": {"lr": 2.3e-3, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    "signsgd": {"lr": 2.3e-3},
    "qhm": {"lr": 0.2, "momentum": 0.95, "nu": 0.7},
    "qhadam": {"lr": 0.01, "beta1": 0.95, "beta2": 0.999, "eps": 1e-3, "nu": 0.7, "nu2": 0.9},
}
# These take a step of full length even for a gradient that is nothing but rounding.
SIGNS = {"rprop", "lion", "signsgd"}

SCHEDULES: dict[str, dict[str, Any] | None] = {
    "none": None,
    "constant": {"name": "constant"},
    "step": {"name": "step", "every": 30, "gamma": 0.5},
    "exponential": {"name": "exponential", "gamma": 0.98},
    "cosine": {"name": "cosine", "horizon": STEPS, "floor": 0.1},
    "warmup-cosine": {"name": "warmup-cosine", "warmup": 20, "horizon": STEPS, "start": 0.1,
                      "floor": 0.05},
    "one-cycle": {"name": "one-cycle", "horizon": STEPS, "pct_start": 0.25, "div_factor": 10.0,
                  "final_div_factor": 100.0},
}

LAYERS = (
    "identity", "sigmoid", "tanh", "relu", "leaky-relu", "prelu", "elu", "selu", "gelu", "silu",
    "softplus", "maxout",
)
# In the third block these have another shape than their defaults, which the first two have.
SHAPED = {"leaky-relu": {"negative_slope": 0.2}, "elu": {"alpha": 0.6}}
NORMS = (
    "none", "batch-norm before", "batch-norm after", "layer-norm before", "layer-norm after",
    "dropout",
)
INITS: dict[str, Any] = {
    "zeros": "zeros",
    "constant": {"name": "constant", "value": 0.1},
    "normal": {"name": "normal", "std": 0.3},
    "uniform": {"name": "uniform", "limit": 0.5},
    **{name: name for name in (
        "lecun-normal", "xavier-normal", "xavier-uniform", "he-normal", "he-uniform", "orthogonal",
    )},
}
LOSSES: dict[str, Any] = {
    "mse": "mse", "huber": {"name": "huber", "delta": 0.3}, "logistic": "logistic",
    "cross-entropy": "cross-entropy", "hinge": "hinge",
}
DATASETS: dict[str, dict[str, Any]] = {
    "gaussians": {"noise": 0.3, "classes": 4},
    "spirals": {"classes": 3},
    "digits": {"noise": 0.05},
    **{name: {} for name in ("circles", "xor", "moons", "checkerboard", "plane", "sine", "bumps")},
}
MANY_CLASSES = {"gaussians", "spirals", "digits"}
REGRESSIONS = {"plane", "sine", "bumps"}
REGRESSION_LOSSES = {"mse", "huber"}
PREPROCESS: dict[str, list[str]] = {
    "none": [], "center": ["center"], "scale": ["scale"], "center scale": ["center", "scale"],
    "whiten": ["whiten"], "center scale whiten": ["center", "scale", "whiten"],
}
PENALTIES: dict[str, dict[str, float]] = {
    "none": {}, "l1": {"l1": 3e-3}, "l2": {"l2": 0.02}, "both": {"l1": 1e-3, "l2": 0.01},
    "decay": {},
}
CLIPS: dict[str, dict[str, Any] | None] = {
    "none": None, "norm": {"by": "norm", "limit": 0.3}, "value": {"by": "value", "limit": 0.04},
}
# Which block has a learning rate of its own, and its factor; 0 freezes it.
FACTORS: dict[str, tuple[int, float]] = {
    "none": (0, 1.0), "slow": (0, 0.5), "frozen": (0, 0.0), "fast": (1, 2.0),
}
BATCHES = {"10": 10, "32": 32, "all": 0}

SLOTS = {
    "first": ("layer", LAYERS), "second": ("layer", LAYERS), "third": ("layer", LAYERS),
    "norm": ("norm", NORMS),
    # Zeros everywhere learn nothing but one bias: that init is a single layer's here.
    "init": ("init", tuple(name for name in INITS if name not in ("zeros", "constant"))),
    "own init": ("init", tuple(INITS)),
    "loss": ("loss", tuple(LOSSES)),
    "dataset": ("dataset", tuple(DATASETS)),
    "preprocess": ("preprocess", tuple(PREPROCESS)),
    "optimizer": ("optimizer", tuple(OPTIMIZERS)),
    "schedule": ("schedule", tuple(SCHEDULES)),
    "penalty": ("penalty", tuple(PENALTIES)),
    "clip": ("clip", tuple(CLIPS)),
    "factor": ("factor", tuple(FACTORS)),
    "batch": ("batch", tuple(BATCHES)),
}


def possible(one: Item, other: Item) -> bool:
    """Whether two choices may be in one training that can be repeated to the last digits."""
    chosen = dict((one, other))
    loss, dataset, norm = chosen.get("loss"), chosen.get("dataset"), chosen.get("norm", "")
    if loss and dataset and (dataset in REGRESSIONS) != (loss in REGRESSION_LOSSES):
        return False
    if loss == "logistic" and dataset in MANY_CLASSES:
        return False
    if chosen.get("penalty") == "decay" and chosen.get("optimizer") in OPTIMIZERS:
        return "weight_decay" in OPTIMIZERS[chosen["optimizer"]]
    init, signs = chosen.get("init"), chosen.get("optimizer") in SIGNS
    # A bias in front of batch norm has no gradient but rounding, whatever straight piece of an
    # activation is between them.
    if signs and norm.startswith("batch-norm"):
        return False
    if chosen.get("penalty") == "decay" and norm == "batch-norm before":
        return False
    # Of violated margins, which are counted, as many may pull one way as the other.
    if signs and loss == "hinge":
        return False
    # Units that are alike, and pieces of a unit, are parted by rounding.
    if init == "constant" and (signs or chosen.get("layer") == "maxout"):
        return False
    # Units that are the same on every row, or alike on each row, have no variance but rounding.
    return not ("norm" in norm and init in ("zeros", "constant"))


def wanted(one: Item, other: Item) -> bool:
    """No optimizer knows the data, and their 170 pairs would ask for more cases than all others."""
    return {one[0], other[0]} != {"optimizer", "dataset"}
