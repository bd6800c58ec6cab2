"""Inits: how the weights of a layer are drawn before the first step.

A weight matrix is (fan_out, fan_in): it turns fan_in inputs into fan_out sums. Every scheme of the
normal family draws the same standard normals from the same generator and scales them, every uniform
one the same uniform numbers; contestants that differ in their scheme then differ in scale alone.
Orthogonal starts from those normals too. Biases are not drawn; a layer says where they start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .hyper import Hyper
from .registry import Registry

Matrix = NDArray[np.float64]
Hypers = Mapping[str, float]
Variance = Callable[[int, int, Hypers], float]
Draw = Callable[[np.random.Generator, tuple[int, int], Hypers], Matrix]


@dataclass(frozen=True)
class Init:
    """A published scheme.

    `draw` takes a generator, the shape (fan_out, fan_in) and the hyperparameters, and returns the
    weights; `variance` takes fan_in, fan_out and the hyperparameters, and returns what a weight's
    variance is by the formula, on the average over all draws.
    """

    name: str
    title: str
    doc: str
    source: str
    draw: Draw
    variance: Variance
    hypers: tuple[Hyper, ...] = ()

    def weights(
        self, generator: np.random.Generator, shape: tuple[int, int], hypers: Hypers | None = None
    ) -> Matrix:
        """Weights of a `shape` (fan_out, fan_in); `hypers` over defaults."""
        return self.draw(generator, shape, {**self.defaults(), **(hypers or {})})

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default."""
        return {hyper.name: hyper.default for hyper in self.hypers}


def _normals(variance: Variance) -> Draw:
    """Standard normals, scaled to a variance."""
    def draw(generator: np.random.Generator, shape: tuple[int, int], h: Hypers) -> Matrix:
        fan_out, fan_in = shape
        return generator.standard_normal(shape) * sqrt(variance(fan_in, fan_out, h))

    return draw


def _uniforms(variance: Variance) -> Draw:
    """Uniform numbers from -1 to 1, whose variance is 1/3, scaled to a variance."""
    def draw(generator: np.random.Generator, shape: tuple[int, int], h: Hypers) -> Matrix:
        fan_out, fan_in = shape
        return generator.uniform(-1, 1, shape) * sqrt(3 * variance(fan_in, fan_out, h))

    return draw


def _same(value: Callable[[Hypers], float]) -> Draw:
    """One value for all weights; nothing is drawn."""
    return lambda generator, shape, h: np.full(shape, value(h))


def _orthogonal(generator: np.random.Generator, shape: tuple[int, int], h: Hypers) -> Matrix:
    """Q of the QR decomposition of standard normals, its rows or columns orthonormal."""
    normals = generator.standard_normal(shape)
    wide = shape[0] < shape[1]
    q, r = np.linalg.qr(normals.T if wide else normals)
    # LAPACK's signs are not random: only with R's diagonal made positive is Q uniform (Mezzadri
    # 2007, How to generate random matrices from the classical compact groups).
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)
    return np.ascontiguousarray(h["gain"] * (q.T if wide else q))


def _none(fan_in: int, fan_out: int, h: Hypers) -> float:
    return 0.0


def _std(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["std"] ** 2


def _limit(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["limit"] ** 2 / 3


def _lecun(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["gain"] ** 2 / fan_in


def _xavier(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["gain"] ** 2 * 2 / (fan_in + fan_out)


def _he(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["gain"] ** 2 * 2 / fan_in


def _orthonormal(fan_in: int, fan_out: int, h: Hypers) -> float:
    return h["gain"] ** 2 / max(fan_in, fan_out)


_GAIN = Hyper("gain", 1.0, 0.0, 1000.0, "log", slider=(0.01, 100.0),
              doc="Multiplies every weight; 1 is the scheme as published.")

_LECUN = "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp"
_GLOROT = ("Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural "
           "networks")
_HE = "He, Zhang, Ren & Sun 2015, Delving deep into rectifiers, arXiv:1502.01852"

zeros = Init(
    name="zeros",
    title="Zeros",
    doc="Every weight is 0: all units of a layer compute the same, and learn the same.",
    source="Rumelhart, Hinton & Williams 1986, Learning internal representations by error "
           "propagation, on why symmetry must be broken",
    draw=_same(lambda h: 0.0),
    variance=_none,
)

constant = Init(
    name="constant",
    title="Constant",
    doc="Every weight has the same value: the units of a layer can never become different.",
    source="Rumelhart, Hinton & Williams 1986, Learning internal representations by error "
           "propagation, on why symmetry must be broken",
    draw=_same(lambda h: h["value"]),
    variance=_none,
    hypers=(
        Hyper("value", 0.1, -1e6, 1e6, slider=(-1.0, 1.0), doc="The value of every weight."),
    ),
)

normal = Init(
    name="normal",
    title="Normal",
    doc="Normal numbers of one standard deviation, however large the layer is.",
    source="Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional "
           "neural networks (0.01)",
    draw=_normals(_std),
    variance=_std,
    hypers=(
        Hyper("std", 0.01, 0.0, 1000.0, "log", slider=(0.0001, 10.0),
              doc="The standard deviation of the weights."),
    ),
)

uniform = Init(
    name="uniform",
    title="Uniform",
    doc="Evenly spread numbers within one limit, however large the layer is.",
    source="Keras's RandomUniform (0.05)",
    draw=_uniforms(_limit),
    variance=_limit,
    hypers=(
        Hyper("limit", 0.05, 0.0, 1000.0, "log", slider=(0.0001, 10.0),
              doc="Weights lie between minus this and this."),
    ),
)

lecun_normal = Init(
    name="lecun-normal",
    title="LeCun, normal",
    doc="Variance 1 / fan_in: a sum of inputs of variance 1 has variance 1 again.",
    source=_LECUN,
    draw=_normals(_lecun),
    variance=_lecun,
    hypers=(_GAIN,),
)

xavier_normal = Init(
    name="xavier-normal",
    title="Xavier, normal",
    doc="Variance 2 / (fan_in + fan_out), between what the ways forward and back would ask for.",
    source=_GLOROT,
    draw=_normals(_xavier),
    variance=_xavier,
    hypers=(_GAIN,),
)

xavier_uniform = Init(
    name="xavier-uniform",
    title="Xavier, uniform",
    doc="Xavier's variance, 2 / (fan_in + fan_out), evenly spread.",
    source=_GLOROT,
    draw=_uniforms(_xavier),
    variance=_xavier,
    hypers=(_GAIN,),
)

he_normal = Init(
    name="he-normal",
    title="He, normal",
    doc="Variance 2 / fan_in, which makes up for the half that ReLU cuts off.",
    source=_HE,
    draw=_normals(_he),
    variance=_he,
    hypers=(_GAIN,),
)

he_uniform = Init(
    name="he-uniform",
    title="He, uniform",
    doc="He's variance, 2 / fan_in, evenly spread.",
    source=_HE,
    draw=_uniforms(_he),
    variance=_he,
    hypers=(_GAIN,),
)

orthogonal = Init(
    name="orthogonal",
    title="Orthogonal",
    doc="A random rotation: no direction grows or shrinks on its way through the layer.",
    source="Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning "
           "in deep linear neural networks, arXiv:1312.6120",
    draw=_orthogonal,
    variance=_orthonormal,
    hypers=(_GAIN,),
)

inits: Registry[Init] = Registry("init", __name__, Init)
