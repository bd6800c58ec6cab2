"""Losses: what a network is trained to make small, as a mean over the batch.

Targets stand in a matrix as the outputs do, a column for each row of the batch: the class index as
a number in row 0, or the target values. Logarithms are natural. Sums are taken in float64 in both
precisions, so that a loss is no rougher than the outputs are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log1p, nan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import RunError
from .exponential import A1, A2, A3, A4, C2, C3, C4, C5, C6, HALF, LN2, LOG2E, LOWEST, ONE, TWO
from .hyper import Hyper
from .kernels import LOSS, Kernel, kernel
from .registry import Registry

# A float32's bits as powers of 2 times a number from sqrt(1/2) up to sqrt 2: how far those of 1 are
# above those of the root, the root's, and where the number's own are (as FreeBSD's log does).
ABOVE_ROOT, ROOT, MANTISSA = 0x4AFB0D, 0x3F3504F3, 0x7FFFFF

Array = NDArray[Any]
Task = Literal["classes", "regression"]


@dataclass(frozen=True)
class Loss:
    """A published loss. `outputs` maps the number of classes, or of targets, to outputs K.

    Where it is for classes, `predict` maps outputs (K, n) to class indices (n,); where it has a
    probabilistic reading, `probabilities` maps them to each class's share (C, n). `only_classes`
    is the number of classes it is bound to, if it is bound to one.
    """

    name: str
    title: str
    doc: str
    source: str
    kernel: Kernel
    task: Task
    outputs: Callable[[int], int]
    tex: str
    hypers: tuple[Hyper, ...] = ()
    predict: Callable[[Array], NDArray[np.intp]] | None = None
    probabilities: Callable[[Array], Array] | None = None
    only_classes: int | None = None

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default, in the kernel's order."""
        return {hyper.name: hyper.default for hyper in self.hypers}

    def refusal(self, task: Task, count: int) -> str | None:
        """Why it cannot be used on data of `count` classes or targets, as a sentence, or None."""
        if task != self.task:
            kinds = {"classes": "for classes", "regression": "for regression"}
            return f"{self.name} is {kinds[self.task]}, but the data are {kinds[task]}"
        if self.only_classes not in (None, count):
            return (f"{self.name} is for {self.only_classes} classes, but the data have {count}; "
                    "cross-entropy and hinge take any number")
        return None

    def accuracy(self, out: Array, target: Array) -> float:
        """The share of rows put into their class; a row with NaN among its outputs is not.

        `out` is (K, n), `target` (1, n) or more rows, of which the first is read. NaN for no rows.
        Raises RunError for a loss that has no classes.
        """
        if self.predict is None:
            raise RunError(f"{self.name} predicts no classes, so it has no accuracy")
        if out.shape[1] == 0:
            return nan
        right = self.predict(out) == target[0]
        return float(np.mean(right & ~np.isnan(out).any(axis=0)))


@kernel(LOSS)
def _squares(out, target, dout, hyper):
    count = out.size
    outputs, targets, gradient = out.reshape(-1), target.reshape(-1), dout.reshape(-1)
    factor = out.dtype.type(2 / count)
    total = 0.0
    for i in range(count):
        error = outputs[i] - targets[i]
        total += np.float64(error) * np.float64(error)
        gradient[i] = factor * error
    return total / count


@kernel(LOSS)
def _huber(out, target, dout, hyper):
    count = out.size
    outputs, targets, gradient = out.reshape(-1), target.reshape(-1), dout.reshape(-1)
    delta = hyper[0]
    total = 0.0
    for i in range(count):
        error = np.float64(outputs[i]) - np.float64(targets[i])
        # The error itself in the middle, delta at most: NaN fails both comparisons and stays.
        clipped = delta if error > delta else -delta if error < -delta else error
        total += clipped * (error - clipped / 2)
        gradient[i] = clipped / count
    return total / count


@kernel(LOSS)
def _logistic(out, target, dout, hyper):
    count = out.shape[1]
    logits, labels, gradient = out[0], target[0], dout[0]
    total = 0.0
    if out.itemsize == 4:
        share = ONE / np.float32(count)
        for j in range(count):
            # With the sign of the wrong side, both classes have the loss log(1 + e^z).
            sign = ONE if labels[j] < HALF else -ONE
            z = sign * logits[j]
            v = -abs(z)
            n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
            r = (LOWEST if v < LOWEST else v) - n * LN2
            p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
            s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
            e = s + s * p
            w = e / (TWO + e)
            q = w * w
            rounded = TWO * w * (ONE + q * (A1 + q * (A2 + q * (A3 + q * A4))))
            total += rounded if z < 0 else z + rounded
            gradient[j] = sign * share * (e if z < 0 else ONE) / (ONE + e)
    else:
        for j in range(count):
            side = 1.0 if labels[j] < 0.5 else -1.0
            excess = side * logits[j]
            tiny = exp(-abs(excess))
            total += log1p(tiny) if excess < 0 else excess + log1p(tiny)
            gradient[j] = side * (tiny if excess < 0 else 1.0) / (1 + tiny) / count
    return total / count


@kernel(LOSS)
def _cross_entropy(out, target, dout, hyper):
    classes, count = out.shape
    real = out.dtype.type
    labels = target[0]
    top = out[0].copy()
    for k in range(1, classes):
        for j in range(count):
            top[j] = out[k, j] if out[k, j] > top[j] else top[j]
    # The right class's own apart from all others', so that a small rest keeps the digits that 1 - p
    # loses. Choices instead of places that are looked up: these become vector instructions.
    own, rest, behind = (np.zeros(count, out.dtype), np.zeros(count, out.dtype),
                         np.zeros(count, out.dtype))
    for k in range(classes):
        label = real(k)
        if out.itemsize == 4:
            for j in range(count):
                v = out[k, j] - top[j]
                n = np.floor((v if v > LOWEST else LOWEST) * LOG2E + HALF)
                r = (LOWEST if v < LOWEST else v) - n * LN2
                p = r * (ONE + r * (C2 + r * (C3 + r * (C4 + r * (C5 + r * C6)))))
                s = np.int32((np.int32(n) + 127) << 23).view(np.float32)
                e = s + s * p
                dout[k, j] = e
                mine = labels[j] == label
                own[j] = e if mine else own[j]
                rest[j] += real(0) if mine else e
                behind[j] = v if mine else behind[j]
        else:
            for j in range(count):
                v = out[k, j] - top[j]
                e = exp(v)
                dout[k, j] = e
                mine = labels[j] == label
                own[j] = e if mine else own[j]
                rest[j] += 0.0 if mine else e
                behind[j] = v if mine else behind[j]
    total = 0.0
    if out.itemsize == 4:
        for j in range(count):
            # log(1 + q) with every digit of a small q: up to sqrt 2 it is q itself that is taken,
            # and where the right class leads, no 1 is added that would have to be taken away again.
            q = rest[j] if behind[j] == 0 else rest[j] + (own[j] - ONE)
            bits = np.int32(np.float32(ONE + q).view(np.int32) + ABOVE_ROOT)
            powers = np.int32(bits >> 23) - 127
            m = np.int32((bits & MANTISSA) + ROOT).view(np.float32)
            # NaN's bits have gone round below 0, and it stays itself.
            excess = m - ONE if powers > 0 else q
            w = excess / (TWO + excess)
            u = w * w
            log = np.float32(powers) * LN2 + (
                TWO * w * (ONE + u * (A1 + u * (A2 + u * (A3 + u * A4)))))
            total += np.float64(log) - np.float64(behind[j])
    else:
        for j in range(count):
            total += log1p(rest[j] + (own[j] - 1)) - behind[j]
    for j in range(count):
        top[j] = real(1) / ((own[j] + rest[j]) * real(count))
    for k in range(classes):
        label = real(k)
        for j in range(count):
            dout[k, j] = top[j] * (-rest[j] if labels[j] == label else dout[k, j])
    return total / count


@kernel(LOSS)
def _hinge(out, target, dout, hyper):
    classes, count = out.shape
    step = 1.0 / (classes * count)
    total = 0.0
    for j in range(count):
        right = int(target[0, j])
        bound = hyper[0] - np.float64(out[right, j])
        violated = 0
        for k in range(classes):
            short = bound + np.float64(out[k, j])
            # Asked this way round, NaN counts as a violation and reaches the loss.
            if k == right or short <= 0:
                dout[k, j] = 0.0
            else:
                total += short
                violated += 1
                dout[k, j] = step
        dout[right, j] = -violated * step
    return total * step


def _same(count: int) -> int:
    return count


def _one(count: int) -> int:
    return 1


def _largest(out: Array) -> NDArray[np.intp]:
    return np.argmax(out, axis=0)


def _side(out: Array) -> NDArray[np.intp]:
    return (out[0] > 0).astype(np.intp)


def _softmax(out: Array) -> Array:
    # An infinite output has no softmax; its column is NaN, and says so without a warning.
    with np.errstate(invalid="ignore"):
        powers = np.exp(out - out.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


def _two_sided(out: Array) -> Array:
    return _softmax(np.stack([np.zeros_like(out[0]), out[0]]))


mse = Loss(
    name="mse",
    title="Mean squared error",
    doc="The squared distance to the target, averaged over rows and outputs.",
    source="Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes",
    kernel=_squares,
    task="regression",
    outputs=_same,
    tex=r"L = \frac{1}{nK} \sum_{i,k} (z_{ik} - t_{ik})^2",
)

huber = Loss(
    name="huber",
    title="Huber",
    doc="Squared for small errors, linear for large ones: outliers pull no harder than delta.",
    source="Huber 1964, Robust estimation of a location parameter",
    kernel=_huber,
    task="regression",
    outputs=_same,
    tex=r"L = \frac{1}{nK} \sum_{i,k} \begin{cases} \frac{1}{2} e^2 & |e| \leq \delta \\ "
        r"\delta\,(|e| - \frac{1}{2} \delta) & |e| > \delta \end{cases},\quad e = z_{ik} - t_{ik}",
    hypers=(
        Hyper("delta", 1.0, 1e-6, 1e6, "log", symbol="δ", slider=(0.01, 10.0),
              doc="The error at which the parabola goes over into a straight line."),
    ),
)

logistic = Loss(
    name="logistic",
    title="Logistic",
    doc="One output, the log-odds of class 1 against class 0; minus the log-likelihood.",
    source="Cox 1958, The regression analysis of binary sequences",
    kernel=_logistic,
    task="classes",
    outputs=_one,
    tex=r"L = \frac{1}{n} \sum_i \log\left(1 + e^{-s_i z_i}\right),\quad s_i = 2 t_i - 1",
    predict=_side,
    probabilities=_two_sided,
    only_classes=2,
)

cross_entropy = Loss(
    name="cross-entropy",
    title="Cross-entropy",
    doc="Minus the logarithm of the share that softmax gives to the right class; log C if all "
        "shares are equal.",
    source="Bridle 1990, Probabilistic interpretation of feedforward classification network "
           "outputs",
    kernel=_cross_entropy,
    task="classes",
    outputs=_same,
    tex=r"L = -\frac{1}{n} \sum_i \log \frac{e^{z_{i t_i}}}{\sum_k e^{z_{ik}}}",
    predict=_largest,
    probabilities=_softmax,
)

hinge = Loss(
    name="hinge",
    title="Hinge",
    doc="How far the right class's score fails to lead each other one by the margin; a score that "
        "leads by more is left alone. Scores are no probabilities.",
    source="Weston & Watkins 1999, Support vector machines for multi-class pattern recognition; "
           "divided by the number of classes as PyTorch's MultiMarginLoss",
    kernel=_hinge,
    task="classes",
    outputs=_same,
    tex=r"L = \frac{1}{nC} \sum_i \sum_{k \neq t_i} \max(0,\ m - z_{i t_i} + z_{ik})",
    hypers=(
        Hyper("margin", 1.0, 0.0, 1e6, symbol="m", slider=(0.0, 10.0),
              doc="By how much the right class has to lead before nothing is left to learn."),
    ),
    predict=_largest,
)

losses: Registry[Loss] = Registry("loss", __name__, Loss)
