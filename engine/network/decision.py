"""What a network decides over a plane of inputs, at as few points as a smooth picture needs."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .response import plane

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Grid = NDArray[np.float32]
Extent = tuple[float, float, float, float]

# What all pictures of a frame may cost: two milliseconds, most of them spent in the layers' tanh.
MULTIPLICATIONS = 36e6
# A unit's activation costs as much as so many multiplications.
PER_UNIT = 8
FEWEST, MOST = 12 * 12, 96 * 96


def grid_size(states: Sequence[NetworkState], shape: float) -> tuple[int, int]:
    """Columns and rows of the grid on which each of some networks is asked.

    `shape` is the plane's width by its height. Small networks get a finer grid; all together cost
    about as much, however many they are.
    """
    cost = 0.0
    for state in states:
        layers = state.training.network.layers
        cost += sum(layer.weights_size + PER_UNIT * layer.fan_out for layer in layers)
    points = min(max(MULTIPLICATIONS / max(cost, 1.0), FEWEST), MOST)
    shape = min(max(shape, 0.1), 10.0)
    columns = max(4, round(sqrt(points * shape)))
    return columns, max(4, round(points / columns))


def scores(state: NetworkState, extent: Extent, size: tuple[int, int], centre: Array,
           axes: tuple[int, int] = (0, 1), target: int = 0) -> Grid:
    """What decides over a plane of preprocessed inputs, (F, rows, columns), bottom row first.

    For two classes the score of class 1 over class 0; for more, each class's; for a regression the
    output `target`. A network of one input says the same in every row.
    """
    columns, rows = size
    outputs = _along(state, extent, columns) if state.training.material.inputs == 1 else (
        state.outputs(plane(extent, size, centre, axes)))
    fields = decisive(state, outputs, target).reshape(-1, *(
        (1, columns) if len(outputs) == columns else (rows, columns)))
    return np.ascontiguousarray(np.broadcast_to(fields, (len(fields), rows, columns)))


def _along(state: NetworkState, extent: Extent, columns: int) -> Array:
    return state.outputs(np.linspace(extent[0], extent[1], columns)[:, None])


def curve(state: NetworkState, low: float, high: float, points: int, target: int = 0
          ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Inputs and outputs (points,) of a network of one input, from `low` to `high`."""
    x = np.linspace(low, high, points)
    return x, state.outputs(x[:, None])[:, target].astype(np.float64)


def decisive(state: NetworkState, outputs: Array, target: int = 0) -> Grid:
    """Outputs (n, K) as the fields (F, n) that decide; see `scores`."""
    out = np.asarray(outputs, np.float32).T
    data = state.training.material.data
    if data.task == "regression":
        return out[target : target + 1]
    if len(data.classes) > 2:
        return out
    with np.errstate(invalid="ignore", over="ignore"):
        return out if len(out) == 1 else out[1:] - out[:1]


def shares(state: NetworkState, outputs: Array) -> Array | None:
    """Each class's share (C, n) of outputs (n, K), or None where scores are no probabilities."""
    mapped = state.training.loss.probabilities
    return None if mapped is None else mapped(np.asarray(outputs, np.float64).T)


def predicted(state: NetworkState, outputs: Array) -> NDArray[np.intp]:
    """The class (n,) that outputs (n, K) say."""
    predict = state.training.loss.predict
    assert predict is not None
    return predict(np.asarray(outputs).T)


def margin(state: NetworkState) -> float | None:
    """The lead from which on a loss without shares is content, or None where there are shares."""
    if state.training.loss.probabilities is not None:
        return None
    return float(state.training.problem.loss.hypers().get("margin", 1.0))


def agreement(fields: Sequence[Grid]) -> Grid:
    """Scores whose shares are the mean of several networks' shares; alike in shape (F, r, c)."""
    whole = [np.concatenate([np.zeros_like(field), field]) if len(field) == 1 else field
             for field in fields]
    total = np.zeros_like(whole[0])
    for field in whole:
        powers = np.exp(field - field.max(axis=0, keepdims=True))
        total += powers / powers.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore"):
        logs = np.maximum(np.log(total / len(fields)), np.float32(-80))
    return logs[1:] - logs[:1] if len(fields[0]) == 1 else logs
