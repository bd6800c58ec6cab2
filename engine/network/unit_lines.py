"""Where each unit of a layer turns on, over the plane of two inputs.

In the first layer that is a straight line, with the half-plane where the unit is on to one side of
it; a unit of a deeper layer sees a bent plane, and is on where its pre-activation's zero set says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError
from ..layers import Activation

if TYPE_CHECKING:
    from .state import NetworkState

Exact = NDArray[np.float64]
Extent = tuple[float, float, float, float]

# In use these keep straight lines straight.
AFFINE = frozenset({"dense", "batch-norm", "dropout", "identity"})


@dataclass(frozen=True, eq=False)
class HalfPlanes:
    """Unit k is on where offset[k] + slope[k] · x > 0: `slope` (U, 2), `offset` (U,)."""

    slope: Exact
    offset: Exact

    def lines(self, extent: Extent) -> Exact:
        """Both ends of every unit's line across an extent, (U, 2, 2); NaN where it passes by.

        The unit is on to the left of the way from the first to the second.
        """
        corners = _corners(extent)
        values = self.offset[:, None] + self.slope @ corners.T
        over, following = values > 0, np.roll(values, -1, axis=1)
        after = np.roll(over, -1, axis=1)
        crossed = over != after
        share = values / np.where(crossed, values - following, 1.0)
        at = corners + share[:, :, None] * (np.roll(corners, -1, axis=0) - corners)
        # Walking round the extent against the clock: where the unit goes off, and where on.
        every = np.arange(len(values))
        ends = np.stack([at[every, (crossed & over).argmax(1)],
                         at[every, (crossed & after).argmax(1)]], axis=1)
        sound = crossed.any(1) & np.isfinite(values).all(1)
        return np.where(sound[:, None, None], ends, np.nan)

    def region(self, unit: int, extent: Extent) -> Exact:
        """The corners (n, 2) of the part of an extent where a unit is on; none where nowhere."""
        corners = _corners(extent)
        values = self.offset[unit] + corners @ self.slope[unit]
        kept: list[Exact] = []
        # Sutherland & Hodgman 1974.
        for k in range(4):
            here, there = values[k], values[(k + 1) % 4]
            if here > 0:
                kept.append(corners[k])
            if (here > 0) != (there > 0):
                along = corners[(k + 1) % 4] - corners[k]
                kept.append(corners[k] + here / (here - there) * along)
        return np.array(kept).reshape(-1, 2)


def half_planes(state: NetworkState, place: int, extent: Extent) -> HalfPlanes | None:
    """The half-planes of an activation layer's units over two inputs; None where they are bent.

    Behind more than a dense layer they are found from three points of `extent`. Raises RunError for
    a layer that is no activation, and for a network of another number of inputs.
    """
    _check(state, place)
    layers = state.training.network.layers[:place]
    if any(layer.definition.name not in AFFINE for layer in layers):
        return None
    if len(layers) == 1 and layers[0].definition.name == "dense":
        learnt = state.training.split(state.state).params[: layers[0].params_size].astype(float)
        weights = learnt[: layers[0].weights_size].reshape(-1, 2)
        threshold = _threshold(state, place)
        return HalfPlanes(weights, learnt[layers[0].weights_size :] - threshold)
    left, right, bottom, top = extent
    x, y = (left + right) / 2, (bottom + top) / 2
    points = np.array([[x, y], [right, y], [x, top]])
    middle, across, up = _values(state, place, points).astype(np.float64)
    slope = np.stack([(across - middle) / (right - x), (up - middle) / (top - y)], axis=1)
    return HalfPlanes(slope, middle - slope @ points[0])


def pre_activations(state: NetworkState, place: int, extent: Extent, size: int,
                    units: NDArray[np.int64] | None = None) -> NDArray[np.floating]:
    """How far each unit is above its threshold over a grid of two inputs, (U, size, size).

    The first row is at the bottom. Raises RunError as `half_planes` does.
    """
    _check(state, place)
    values = _values(state, place, state.plane(extent, size), units)
    return np.ascontiguousarray(values.T).reshape(-1, size, size)


def zero_segments(fields: NDArray[np.floating], extent: Extent) -> tuple[Exact, NDArray[np.int64]]:
    """The zero sets of fields (U, r, c) over an extent, as pieces of lines in grid cells.

    Returns their ends (S, 2, 2) in the extent's units, from the first of which to the second what
    is over 0 lies to the left, and whose each is (S,). Marching squares: where a line crosses a
    cell's side is interpolated linearly; of the two ways to join four crossings the one is taken
    that the cell's mean asks for. Cells with NaN have no line.
    """
    rows, columns = fields.shape[1:]
    over = fields > 0
    code = (over[:, :-1, :-1] + 2 * over[:, :-1, 1:].astype(np.int8)
            + 4 * over[:, 1:, 1:].astype(np.int8) + 8 * over[:, 1:, :-1].astype(np.int8))
    unit, row, column = np.nonzero((code > 0) & (code < 15))
    found = code[unit, row, column]
    # Corners of each cell, the lower left first and then against the clock.
    corners = np.stack([fields[unit, row + dy, column + dx] for dx, dy in CORNERS], 1).astype(float)
    sound = np.isfinite(corners).all(1)
    unit, row, column, found, corners = (
        part[sound] for part in (unit, row, column, found, corners))
    following = np.roll(corners, -1, axis=1)
    crossed = (corners > 0) != (following > 0)
    share = corners / np.where(crossed, corners - following, 1.0)
    start = np.array(CORNERS, float)
    at = start + np.where(crossed, share, 0.0)[:, :, None] * (np.roll(start, -1, axis=0) - start)
    at += np.stack([column, row], 1)[:, None]
    # A saddle whose mean is over 0 has its middle there.
    found = np.where((corners.mean(1) > 0) & ((found == 5) | (found == 10)), found + 16, found)
    pieces, owners = [], []
    for case, joined in SIDES.items():
        mine = found == case
        for first, second in joined:
            pieces.append(at[mine][:, [first, second]])
            owners.append(unit[mine])
    left, right, bottom, top = extent
    scale = np.array([(right - left) / (columns - 1), (top - bottom) / (rows - 1)])
    return np.concatenate(pieces) * scale + np.array([left, bottom]), np.concatenate(owners)


CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))
# By which corners are over 0, a bit each: the sides (0 below, 1 right, 2 above, 3 left) from and to
# which a line goes with them to its left. From 16 on the saddles' middles are over 0, too.
SIDES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 3),), 2: ((1, 0),), 3: ((1, 3),), 4: ((2, 1),), 5: ((0, 3), (2, 1)), 6: ((2, 0),),
    7: ((2, 3),), 8: ((3, 2),), 9: ((0, 2),), 10: ((1, 0), (3, 2)), 11: ((1, 2),), 12: ((3, 1),),
    13: ((0, 1),), 14: ((3, 0),), 21: ((0, 1), (2, 3)), 26: ((3, 0), (1, 2)),
}


def _check(state: NetworkState, place: int) -> None:
    layers, inputs = state.training.network.layers, state.training.network.inputs
    if inputs != 2:
        raise RunError(f"half-planes are those of 2 inputs, and this network has {inputs}")
    if not 0 < place < len(layers) or not isinstance(layers[place].definition, Activation):
        raise RunError(f"layer {place} is no activation with a layer before it")


def _values(state: NetworkState, place: int, points: NDArray[np.floating],
            units: NDArray[np.int64] | None = None) -> NDArray[np.floating]:
    """How far the inputs of layer `place` are above where it is flat, (n, U)."""
    chosen = None if units is None else units.tolist()
    return state.activations(points, place - 1, chosen) - _threshold(state, place)


def _threshold(state: NetworkState, place: int) -> float:
    definition = state.training.network.layers[place].definition
    below = definition.flat_below if isinstance(definition, Activation) else None
    return below or 0.0


def _corners(extent: Extent) -> Exact:
    left, right, bottom, top = extent
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
