"""What a layer is: two kernels, forward and backward, and the numbers that it owns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

from ..hyper import Hyper
from ..kernels import Kernel


@dataclass(frozen=True)
class Tensor:
    """A named array of a layer; without a `start` it is drawn by the init (a weight matrix)."""

    name: str
    shape: tuple[int, ...]
    start: float | None = None

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class Form:
    """A layer for a given number of inputs: what it puts out, learns, remembers and needs.

    `params` and `state` lie one after another in the flat arrays that the kernels get, each in C
    order. `memory` is what the forward pass keeps for the backward pass: so many numbers, and so
    many more for each row of the batch.
    """

    fan_out: int
    params: tuple[Tensor, ...] = ()
    state: tuple[Tensor, ...] = ()
    memory: int = 0
    memory_per_row: int = 0


@dataclass(frozen=True)
class Layer:
    """A kind of layer. `form` takes the number of inputs and the hyperparameters.

    Activations are (units, rows of the batch) in C order. `training_differs` says whether it does
    something else in training than in use, as dropout and batch norm do.
    """

    name: str
    title: str
    doc: str
    source: str
    forward: Kernel
    backward: Kernel
    form: Callable[[int, Mapping[str, float]], Form]
    hypers: tuple[Hyper, ...] = ()
    training_differs: bool = False

    def defaults(self) -> dict[str, float]:
        """Every hyperparameter's default, in the kernels' order."""
        return {hyper.name: hyper.default for hyper in self.hypers}


def same_width(fan_in: int, hypers: Mapping[str, float]) -> Form:
    """The form of a layer that has as many outputs as inputs and owns nothing."""
    return Form(fan_in)


@dataclass(frozen=True)
class Activation(Layer):
    """An activation function: a layer that treats every number alike.

    `flat_below` and `flat_above` bound the inputs where it is saturated: beyond them its slope is
    less than a twentieth of its steepest (None: it has no such side). `at_rest` is what it puts
    out all along its flat side, if that is one value (ReLU's 0): a unit at rest learns nothing.
    """

    form: Callable[[int, Mapping[str, float]], Form] = same_width
    flat_below: float | None = None
    flat_above: float | None = None
    at_rest: float | None = None
    tex: str = ""
