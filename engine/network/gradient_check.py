"""Backpropagation against differences: is the gradient that trains a network the loss's slope?

    print(gradient_check(experiment))

Every layer's kernels go there and back through the loop that trains, and every number is moved a
little to both sides and the loss computed anew. Both are in float64, whatever the run's precision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import RunError
from ..run import Run
from ..streams import generator
from .differences import Setting, slopes
from .state import NetworkState
from .training import Parts, Training

if TYPE_CHECKING:
    from ..experiment import Experiment

Array = NDArray[np.floating]

ACCURACY = 1e-7
FIRST_WIDTH = 2.0**-10
MOST_OF_A_TENSOR = 2_000
INPUTS = "inputs"


@dataclass(frozen=True)
class TensorCheck:
    """One tensor's gradient, twice: `analytic` by backpropagation, `numeric` by differences.

    Both have the tensor's shape; `numeric` and `error` are NaN where nothing was compared, because
    only a sample was taken or because the loss has a kink there (`kinks` of them).

    An `error` is |a - n| / max(|a|, |n|, s). The scale s is the root mean square of the tensor's
    analytic gradient, so that a slope which happens to be almost 0 is judged by its neighbours;
    or, if larger, the slope below which rounding of the loss, about 16 ε·|L| / h, hides the digits
    that are asked for: a bias in front of a batch norm has no slope but that rounding.
    """

    name: str
    analytic: Array
    numeric: Array
    error: Array
    kinks: int

    @property
    def compared(self) -> int:
        """How many of its numbers were compared."""
        return int(np.count_nonzero(~np.isnan(self.error)))

    @property
    def worst(self) -> float:
        """The largest relative error; NaN where nothing was compared."""
        return float(np.nanmax(self.error)) if self.compared else nan


@dataclass(frozen=True)
class GradientCheck:
    """What a check found, tensor by tensor: `tensors["0.W"]`, …, and `tensors["inputs"]` (n, d).

    `loss` is that of the checked step, penalties included; `learning` is False for a network as in
    use, whose penalties do not count.
    """

    contestant: str
    step: int
    learning: bool
    loss: float
    tensors: Mapping[str, TensorCheck]

    @property
    def worst(self) -> float:
        """The largest relative error of all; NaN where nothing was compared."""
        return max((t.worst for t in self.tensors.values() if t.compared), default=nan)

    @property
    def worst_tensor(self) -> str:
        """The name of the tensor with the largest error."""
        return max(self.tensors, key=lambda name: np.nan_to_num(self.tensors[name].worst, nan=-1.0))

    @property
    def kinks(self) -> int:
        """How many numbers were left out because the loss has a kink there."""
        return sum(tensor.kinks for tensor in self.tensors.values())

    @property
    def passed(self) -> bool:
        """Whether something of each tensor was compared, and all of it agrees to 1e-7."""
        return all(tensor.compared and tensor.worst <= ACCURACY for tensor in self.tensors.values())

    def __str__(self) -> str:
        mode = "in training" if self.learning else "in use"
        lines = [f"{self.contestant} after step {self.step:,}, {mode}: backpropagation against "
                 "differences of the loss"]
        wide = max(map(len, self.tensors))
        lines.append(f"{'':{wide}}  {'compared':>17}  {'on a kink':>9}  {'largest error':>13}")
        for name, tensor in self.tensors.items():
            share = f"{tensor.compared:,} of {tensor.analytic.size:,}"
            error = f"{tensor.worst:.1e}" if tensor.compared else "-"
            lines.append(f"{name:{wide}}  {share:>17}  {tensor.kinks:>9,}  {error:>13}")
        unseen = [name for name, tensor in self.tensors.items() if not tensor.compared]
        if self.passed:
            lines.append(f"passed: no relative error is above {ACCURACY:.0e}")
        elif unseen and not self.worst > ACCURACY:
            lines.append(f"not passed: nothing of {', '.join(unseen)} could be compared")
        else:
            lines.append(f"failed: {self.worst_tensor} is off by {self.worst:.1e}, "
                         f"at most {ACCURACY:.0e} is allowed")
        return "\n".join(lines)


def gradient_check(
    experiment: Experiment, contestant: int = 0, step: int = 0, rows: ArrayLike | None = None, *,
    learning: bool = True, h: float = FIRST_WIDTH, sample: int | None = MOST_OF_A_TENSOR,
) -> GradientCheck:
    """Check the gradient that the step after `step` of a network's training uses.

    `rows` are numbers of training rows, by default the step's batch. In training dropout draws the
    step's mask and batch norm takes the batch's statistics; with `learning` False the network is
    taken as in use. `h` is the first width of the differences, as a part of max(1, |w|). Of a
    tensor of more than `sample` numbers so many are taken by chance, the same each time; None
    takes all. Raises RunError for what cannot be checked.
    """
    state = _state(experiment, contestant, step)
    if not 1e-6 <= h <= 0.1:
        raise RunError(f"h must be a number from 1e-06 to 0.1, not {h:g}")
    if sample is not None and sample < 1:
        raise RunError(f"sample must be None or a whole number from 1 up, not {sample}")
    training = state.training.in_float64()
    setting = _setting(training, state, rows, learning)
    value, by_params, by_inputs = setting.backpropagated()
    penalty = 0.0
    if learning:
        numbers = np.arange(len(setting.inputs))[None]
        flat = np.concatenate([setting.parts.params, setting.parts.slots, setting.parts.memory])
        value, penalty, by_params = training.gradient(
            flat, state.step, (setting.inputs, setting.targets, numbers))
    if not np.isfinite(value + penalty):
        raise RunError(f"the loss after step {state.step:,} is not finite, so it has no slope")
    checker = _Checker(setting, h, sample)
    tensors = {INPUTS: checker.check(INPUTS, setting.inputs.reshape(-1), 0, by_inputs)}
    for layer in training.network.layers:
        at = layer.params_at
        for tensor in layer.form.params:
            name = f"{layer.place}.{tensor.name}"
            analytic = by_params[at : at + tensor.size].reshape(tensor.shape)
            penalised = learning and tensor.start is None
            tensors[name] = checker.check(
                name, setting.parts.params, at, analytic,
                training.contestant.l1 * penalised, training.contestant.l2 * penalised)
            at += tensor.size
    return GradientCheck(state.name, state.step, learning, value + penalty, tensors)


@dataclass(frozen=True)
class _Checker:
    setting: Setting
    h: float
    sample: int | None

    def check(self, name: str, moved: Array, first: int, analytic: Array,
              l1: float = 0.0, l2: float = 0.0) -> TensorCheck:
        """Compare the gradient by the numbers of `moved` from place `first` on."""
        places = np.arange(analytic.size)
        if self.sample is not None and self.sample < analytic.size:
            random = generator(self.setting.training.seed, f"gradient-check/{name}")
            places = np.sort(random.choice(analytic.size, self.sample, replace=False))
        flat = analytic.reshape(-1)
        finite = flat[np.isfinite(flat)]
        scale = float(np.sqrt(np.mean(finite * finite))) if finite.size else 0.0

        def losses_at(chosen: NDArray[np.int64], values: Array) -> Array:
            losses = self.setting.losses(moved, first + places[chosen], values)
            # A penalty is a sum of one term a weight, so the other weights' terms do not matter.
            return losses + l1 * np.abs(values) + l2 / 2 * values * values

        found = slopes(losses_at, moved[first + places], scale, self.h, ACCURACY)
        numeric, error = np.full(flat.shape, nan), np.full(flat.shape, nan)
        numeric[places] = found.values
        size = np.maximum.reduce([np.abs(flat[places]), np.abs(found.values),
                                  np.maximum(scale, found.resolution)])
        with np.errstate(invalid="ignore"):
            difference = np.abs(flat[places] - found.values)
        # Without rounding (a loss of exactly 0) there is nothing to divide by.
        error[places] = np.where(difference == 0, 0.0, difference / np.where(size > 0, size, 1.0))
        error[places[~np.isfinite(flat[places])]] = inf
        error[places[found.kinks]] = nan
        shape = analytic.shape
        return TensorCheck(name, analytic, numeric.reshape(shape), error.reshape(shape),
                           int(np.count_nonzero(found.kinks)))


def _state(experiment: Experiment, contestant: int, step: int) -> NetworkState:
    """The contestant as it is after `step`; raises RunError."""
    if experiment.problem.kind != "network":
        raise RunError("a gradient check needs an experiment that trains networks, not one on a "
                       f"{experiment.problem.kind}")
    count = len(experiment.contestants)
    if not 0 <= contestant < count:
        raise RunError(f"contestant must be a place from 0 to {count - 1}, not {contestant}")
    if not 0 <= step <= experiment.steps:
        raise RunError(f"step must be from 0 to {experiment.steps:,}, not {step:,}")
    run = Run(experiment)
    run.advance(step)
    state = run.at(step).contestants[contestant]
    assert isinstance(state, NetworkState)
    return state


def _setting(training: Training, state: NetworkState, rows: ArrayLike | None, learning: bool
             ) -> Setting:
    """Everything that the check holds fixed, in arrays of its own; raises RunError for `rows`."""
    material = training.material
    if rows is None:
        inputs, targets, batch = material.batches(state.step + 1, 1)
        chosen = batch[0]
    else:
        chosen = _rows(rows, len(material.train_x))
        inputs, targets = material.at(material.data.train_x, state.step + 1), material.train_y
    parts = training.split(np.array(state.state, np.float64))
    return Setting(
        training, np.array(inputs[chosen], np.float64), np.array(targets[chosen], np.float64),
        Parts(parts.params.copy(), parts.slots.copy(), parts.memory.copy()), state.step + 1,
        learning)


def _rows(rows: ArrayLike, most: int) -> NDArray[np.int64]:
    numbers = np.asarray(rows)
    if (numbers.ndim != 1 or not numbers.size or numbers.dtype.kind not in "iu"
            or numbers.min() < 0 or numbers.max() >= most):
        raise RunError(f"rows must be numbers of training rows from 0 to {most - 1:,}, "
                       f"at least one, not {_short(rows)}")
    return numbers.astype(np.int64)


def _short(rows: Sequence[int] | ArrayLike) -> str:
    text = repr(rows)
    return text if len(text) <= 60 else f"{text[:57]}..."
