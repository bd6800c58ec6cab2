"""Why a unit whose inputs are all positive zig-zags, for a unit that has two of them.

A dense unit's loss gradient by its weights is a sum over the batch, ∂L/∂w = Σ δᵢ xᵢ, with δᵢ what
comes back to the unit from row i, and xᵢ its inputs on that row. What follows from that:

- One row alone moves w along ±xᵢ. If both inputs are positive, both components of the gradient have
  the sign of δᵢ: of four quadrants two are open, and a way that leads into another one zig-zags
  (LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, §4.3). Inputs of other fixed signs open
  the other pair.
- A batch whose δᵢ have one sign moves w into the cone that the xᵢ span, or the opposite one: inside
  of the same two quadrants, and narrower.
- A batch with δᵢ of both signs may go anywhere in the xᵢ's span, which with two xᵢ that do not
  lie on a line is the whole plane. Signs of inputs then forbid nothing, though what is near
  the cone is still where most steps go.

That is the gradient of the loss. A penalty adds to it, and an optimizer with a momentum or with a
scale for every weight makes a step of it that may leave the quadrants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan, pi
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..snapshot import Snapshot
from .even_rows import spread_rows
from .looking_back import LookingBack
from .training import Training

if TYPE_CHECKING:
    from .state import NetworkState

Exact = NDArray[np.float64]

MOST_STEPS, MOST_ROWS = 1024, 512
# Steps times units whose weights and gradients are kept, 16 bytes each.
MOST_KEPT, FEWEST_STEPS = 4_000_000, 64


@dataclass(frozen=True, eq=False)
class UnitStep:
    """One unit with two inputs, and the step that follows.

    `weights` and `gradient` (of the batch's loss alone) are (2,), `step` (2,) is the change of the
    weights that the optimizer makes, with everything that goes into it. `inputs` (2, B) and
    `upstream` (B,) are those of the batch, δ of each row's own loss.

    `signs` (2,) are those that both inputs have on all training rows: 1, -1, or 0 where it has
    both; an input that is 0 goes with either. `cone` are two angles (from, to), counter-clockwise,
    between which all xᵢ of the batch lie, if that is less than half a turn.
    """

    weights: Exact
    gradient: Exact
    step: Exact
    inputs: Exact
    upstream: Exact
    signs: tuple[int, int]
    cone: tuple[float, float] | None

    @property
    def quadrants(self) -> tuple[tuple[int, int], ...]:
        """The quadrants, by the signs of their points, that one row's gradient may point into."""
        first, second = self.signs
        every = ((1, 1), (-1, 1), (-1, -1), (1, -1))
        return tuple(q for q in every if first * second in (0, q[0] * q[1]))

    @property
    def one_sided(self) -> bool:
        """Whether all rows of the batch pull to one side: then so does their sum, in the cone."""
        return bool((self.upstream >= 0).all() or (self.upstream <= 0).all())


@dataclass(frozen=True, eq=False)
class WeightPath:
    """A unit's two weights over a run: row k of `weights` (K, 2) is step `steps[k]`.

    `gradients` (K, 2) are those of the batch that follows.
    """

    steps: NDArray[np.int64]
    weights: Exact
    gradients: Exact

    def until(self, step: int) -> WeightPath:
        """The same up to a step."""
        count = int(np.searchsorted(self.steps, step, side="right"))
        return WeightPath(self.steps[:count], self.weights[:count], self.gradients[:count])

    @property
    def agreeing(self) -> float:
        """The share of steps whose gradient's components have one sign; NaN without gradients.

        Gradients with a component of 0 have no such signs and are left out.
        """
        signs = np.sign(self.gradients).prod(1)
        signs = signs[np.isfinite(signs) & (signs != 0)]
        return float(np.mean(signs > 0)) if len(signs) else nan

    @property
    def detour(self) -> float:
        """How much longer the way is than the straight one; NaN for no way at all."""
        if len(self.weights) < 2:
            return nan
        # Of float32's numbers, whose squares have room in float64.
        way = float(np.hypot(*np.diff(self.weights, axis=0).T).sum())
        straight = float(np.hypot(*(self.weights[-1] - self.weights[0])))
        return way / straight if straight > 0 else inf if way > 0 else nan


def two_input_layers(state: NetworkState) -> tuple[int, ...]:
    """The places of dense layers whose units have two inputs each."""
    return _places(state.training)


def unit_step(state: NetworkState, place: int, unit: int) -> UnitStep:
    """A unit's gradient and step from a state on; raises RunError where it has no two inputs."""
    training = state.training
    if place not in two_input_layers(state):
        raise RunError(f"layer {place} is no dense layer of two inputs")
    fan_out = training.network.layers[place].fan_out
    if not 0 <= unit < fan_out:
        raise RunError(f"layer {place} has units 0 to {fan_out - 1}, not {unit}")
    probe = state.probe()
    inputs = np.array(probe.pre_activation(place), float)
    upstream = probe.gradient(place)[unit].astype(float)
    after, _, _ = training.segment(state.state, state.step, 1)
    weights, following = (_weights(training, flat, place)[unit] for flat in (state.state, after))
    with np.errstate(all="ignore"):
        gradient, step = inputs @ upstream, following - weights
        upstream = upstream * inputs.shape[1]
    return UnitStep(weights, gradient, step, inputs, upstream, input_signs(state, place),
                    cone(inputs))


def input_signs(state: NetworkState, place: int) -> tuple[int, int]:
    """The sign of each of a layer's two inputs on all training rows, in use; 0 where it has both.

    Of many rows it is `MOST_ROWS` that are looked at, evenly spread.
    """
    material = state.training.material
    rows = spread_rows(len(material.train_x), MOST_ROWS)
    x = material.at(material.data.train_x[rows], state.step)
    inputs = state.activations(x, place - 1) if place else x
    first, second = (1 if (part >= 0).all() else -1 if (part <= 0).all() else 0
                     for part in inputs.T)
    return first, second


def cone(inputs: Exact) -> tuple[float, float] | None:
    """The angles (from, to) between which all inputs (2, B) lie; None for half a turn or more.

    Inputs of 0 lie nowhere; without any other there is no cone.
    """
    away = inputs[:, np.hypot(*inputs) > 0]
    if not away.size:
        return None
    angles = np.sort(np.arctan2(away[1], away[0]))
    gaps = np.diff(angles, append=angles[0] + 2 * pi)
    widest = int(gaps.argmax())
    # The cone is all but the widest gap.
    if gaps[widest] <= pi:
        return None
    start = float(angles[(widest + 1) % len(angles)])
    return start, start + 2 * pi - float(gaps[widest])


class WeightPaths(LookingBack[Mapping[int, NDArray[np.float32]]]):
    """The weights of all units with two inputs over a run, and their gradients, as time allows.

    A run of up to `MOST_STEPS` steps is looked at at every step, or nothing would be seen to
    zig-zag.
    """

    sees_next_step: ClassVar[bool] = True

    def follow(self, snapshot: Snapshot, seconds: float | None = None,
               contestants: Sequence[int] | None = None) -> bool:
        units = sum(state.training.network.layers[place].fan_out
                    for state in snapshot.contestants for place in two_input_layers(state))
        self.most = max(min(MOST_STEPS, MOST_KEPT // max(units, 1)), FEWEST_STEPS)
        return super().follow(snapshot, seconds, contestants)

    def path(self, contestant: int, place: int, unit: int) -> WeightPath | None:
        """What is known of a unit so far; None if that is nothing."""
        looks = [(step, look[place][unit]) for step, look in self.seen(contestant) if place in look]
        if not looks:
            return None
        table = np.array([row for _, row in looks], float)
        return WeightPath(np.array([step for step, _ in looks]), table[:, :2], table[:, 2:])

    def look(self, state: NetworkState) -> Mapping[int, NDArray[np.float32]]:
        places = two_input_layers(state)
        if not places or state.diverged is not None:
            return {}
        probe = state.probe()
        found = {}
        for place in places:
            # Near a divergence there are numbers that are none.
            with np.errstate(all="ignore"):
                gradient = probe.gradient(place) @ probe.pre_activation(place).T
            weights = _weights(state.training, state.state, place)
            found[place] = np.concatenate([weights, gradient], axis=1).astype(np.float32)
        return found


def _places(training: Training) -> tuple[int, ...]:
    return tuple(layer.place for layer in training.network.layers
                 if layer.definition.name == "dense" and layer.fan_in == 2)


def _weights(training: Training, state: NDArray[np.floating], place: int) -> Exact:
    """A layer's weight matrix (U, 2) in a flat state."""
    layer = training.network.layers[place]
    flat = training.split(state).params
    part = flat[layer.params_at : layer.params_at + layer.weights_size]
    return part.reshape(-1, layer.fan_in).astype(np.float64)
