"""Slow, obvious twins of the losses: one row of the batch at a time, from the publications.

A twin takes a row's outputs and its target values (for classes: the class index), and returns that
row's loss; a loss is their mean. Gradients are checked against differences of the twin.
"""

import math
import statistics


def mse(outputs, targets):
    return statistics.fmean((z - t) ** 2 for z, t in zip(outputs, targets, strict=True))


def huber(outputs, targets, delta):
    def one(error):
        size = abs(error)
        return error**2 / 2 if size <= delta else delta * (size - delta / 2)

    return statistics.fmean(one(z - t) for z, t in zip(outputs, targets, strict=True))


def logistic(outputs, label):
    (z,) = outputs
    chance = 1 / (1 + math.exp(-z))
    return -math.log(chance if label == 1 else 1 - chance)


def cross_entropy(outputs, label):
    powers = [math.exp(z) for z in outputs]
    return -math.log(powers[label] / math.fsum(powers))


def hinge(outputs, label, margin):
    right = outputs[label]
    others = [z for k, z in enumerate(outputs) if k != label]
    return math.fsum(max(0.0, margin - right + z) for z in others) / len(outputs)


LOSSES = {
    "mse": mse, "huber": huber, "logistic": logistic, "cross-entropy": cross_entropy,
    "hinge": hinge,
}
FOR_CLASSES = {"logistic", "cross-entropy", "hinge"}


def mean_loss(name, out, target, **hypers):
    """The mean loss of outputs (K, n) for targets (T, n)."""
    rows = zip(out.T.tolist(), target.T.tolist(), strict=True)
    return statistics.fmean(
        LOSSES[name](outputs, int(targets[0]) if name in FOR_CLASSES else targets, **hypers)
        for outputs, targets in rows
    )
