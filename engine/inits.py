"""Inits: how the weights of a layer are drawn before the first step.

A weight matrix is (fan_out, fan_in): it turns fan_in inputs into fan_out sums. Every scheme draws
standard numbers and scales them, and those of one family draw the same ones: all of the normal
family the same standard normals from the same generator, all uniform ones the same uniform numbers.
Contestants that differ in their scheme then differ in scale alone, and a scale can be changed
without drawing anew. Orthogonal starts from the normals too. Biases are not drawn; a layer says
where they start.
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
Standard = Callable[[np.random.Generator, tuple[int, int]], Matrix]
Scale = Callable[[int, int, Hypers], float]


@dataclass(frozen=True)
class Init:
    """A published scheme.

    `standard` takes a generator and the shape (fan_out, fan_in) and returns numbers without a
    scale; schemes of one family share it. `scale` takes fan_in, fan_out and the hyperparameters,
    and returns what they are multiplied by; `variance` what a weight's variance is by the formula
    then, on the average over all draws.
    """

    name: str
    title: str
    doc: str
    source: str
    standard: Standard
    scale: Scale
    variance: Variance
    hypers: tuple[Hyper, ...] = ()

    def draw(self, generator: np.random.Generator, shape: tuple[int, int], hypers: Hypers
             ) -> Matrix:
        """Weights of a `shape` (fan_out, fan_in)."""
        fan_out, fan_in = shape
        return self.standard(generator, shape) * self.scale(fan_in, fan_out, hypers)

    def weights(
        self, generator: np.random.Generator, shape: tuple[int, int], hypers: Hypers | None = None
    ) -> Matrix:
        """Weights of a `shape` (fan_out, fan_in); `hypers` over defaults."""
        return self.draw(generator, shape, {**self.defaults(), **(hypers or {})})

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default."""
        return {hyper.name: hyper.default for hyper in self.hypers}


def normals(generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    """Standard normals."""
    return generator.standard_normal(shape)


def uniforms(generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    """Uniform numbers from -1 to 1, whose variance is 1/3."""
    return generator.uniform(-1, 1, shape)


def ones(generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    """One value for all weights; nothing is drawn."""
    return np.ones(shape)


def rotation(generator: np.random.Generator, shape: tuple[int, int]) -> Matrix:
    """Q of the QR decomposition of standard normals, its rows or columns orthonormal."""
    drawn = generator.standard_normal(shape)
    wide = shape[0] < shape[1]
    q, r = np.linalg.qr(drawn.T if wide else drawn)
    # LAPACK's signs are not random: only with R's diagonal made positive is Q uniform (Mezzadri
    # 2007, How to generate random matrices from the classical compact groups).
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)
    return np.ascontiguousarray(q.T if wide else q)


def _normal(variance: Variance) -> Scale:
    """The scale that gives standard normals a variance."""
    return lambda fan_in, fan_out, h: sqrt(variance(fan_in, fan_out, h))


def _uniform(variance: Variance) -> Scale:
    """The scale that gives uniform numbers from -1 to 1 a variance."""
    return lambda fan_in, fan_out, h: sqrt(3 * variance(fan_in, fan_out, h))


def _own(hyper: str) -> Scale:
    """A hyperparameter's value as the scale."""
    return lambda fan_in, fan_out, h: h[hyper]


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
    standard=ones,
    scale=lambda fan_in, fan_out, h: 0.0,
    variance=_none,
)

constant = Init(
    name="constant",
    title="Constant",
    doc="Every weight has the same value: the units of a layer can never become different.",
    source="Rumelhart, Hinton & Williams 1986, Learning internal representations by error "
           "propagation, on why symmetry must be broken",
    standard=ones,
    scale=_own("value"),
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
    standard=normals,
    scale=_normal(_std),
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
    standard=uniforms,
    scale=_uniform(_limit),
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
    standard=normals,
    scale=_normal(_lecun),
    variance=_lecun,
    hypers=(_GAIN,),
)

xavier_normal = Init(
    name="xavier-normal",
    title="Xavier, normal",
    doc="Variance 2 / (fan_in + fan_out), between what the ways forward and back would ask for.",
    source=_GLOROT,
    standard=normals,
    scale=_normal(_xavier),
    variance=_xavier,
    hypers=(_GAIN,),
)

xavier_uniform = Init(
    name="xavier-uniform",
    title="Xavier, uniform",
    doc="Xavier's variance, 2 / (fan_in + fan_out), evenly spread.",
    source=_GLOROT,
    standard=uniforms,
    scale=_uniform(_xavier),
    variance=_xavier,
    hypers=(_GAIN,),
)

he_normal = Init(
    name="he-normal",
    title="He, normal",
    doc="Variance 2 / fan_in, which makes up for the half that ReLU cuts off.",
    source=_HE,
    standard=normals,
    scale=_normal(_he),
    variance=_he,
    hypers=(_GAIN,),
)

he_uniform = Init(
    name="he-uniform",
    title="He, uniform",
    doc="He's variance, 2 / fan_in, evenly spread.",
    source=_HE,
    standard=uniforms,
    scale=_uniform(_he),
    variance=_he,
    hypers=(_GAIN,),
)

orthogonal = Init(
    name="orthogonal",
    title="Orthogonal",
    doc="A random rotation: no direction grows or shrinks on its way through the layer.",
    source="Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning "
           "in deep linear neural networks, arXiv:1312.6120",
    standard=rotation,
    scale=_own("gain"),
    variance=_orthonormal,
    hypers=(_GAIN,),
)

inits: Registry[Init] = Registry("init", __name__, Init)
