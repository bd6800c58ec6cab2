"""What the units of several layers put out over the inputs, and which are at rest, in one pass.

A picture of a network as a graph has a small map for each of dozens of units. Their layers lie one
behind another, so a single pass over a coarse grid answers for all of them; the training rows go
along, to find units that never answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..layers import Activation
from .counting import resting_units
from .even_rows import spread_rows
from .graph_columns import Column, Units, columns
from .plan import FAN_OUT, Y_AT
from .response import plane
from .warp import principal

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Grid = NDArray[np.float32]
Over = Literal["line", "plane", "components"]

# Multiplications of the pass over the grid, and of that over the training rows: together a
# millisecond for a network of any size that trains live. A unit's activation counts as so many.
ON_GRID, ON_ROWS, PER_UNIT = 8e6, 24e6, 8
FEWEST, MOST, FEWEST_ROWS = 8, 24, 64
ALONG_LINE = 64
# How far the grid reaches beyond the rows, in parts of their extent.
MARGIN = 0.12
EXTENT_ROWS, COMPONENT_ROWS = 2048, 180


@dataclass(frozen=True, eq=False)
class Responses:
    """Small maps of units, by the number of their column.

    `maps[number]` is (u, rows, columns), bottom row first, of the wanted units; the inputs' are
    their own coordinates. `over` says what the inputs are moved along: their only one ("line",
    a single row), both of two ("plane"), or the first two principal components of the training
    rows through their mean ("components"). `extent` is (left, right, bottom, top) of that.

    `dead[number]` (width,) says which units of a column are at rest on `rows` of the `of` training
    rows, which are all of them unless the network is large; columns that cannot rest are missing.
    """

    over: Over
    extent: tuple[float, float, float, float]
    maps: Mapping[int, Grid]
    dead: Mapping[int, NDArray[np.bool_]]
    rows: int
    of: int


def responses(state: NetworkState, wanted: Mapping[int, Units], finest: int = MOST) -> Responses:
    """The maps of units by the number of their column, as in use, in one pass.

    A map has at most `finest` points along a side, less for large networks. Without `wanted` there
    is no grid, and only dead units are looked for.
    """
    training, material = state.training, state.training.material
    chain = columns(training.network)
    cost = float(sum(layer.weights_size + PER_UNIT * layer.fan_out
                     for layer in training.network.layers))
    side = int(min(max(sqrt(ON_GRID / cost), FEWEST), min(finest, MOST)))
    over, extent, shape, points = _grid(state, side) if wanted else _no_grid(state)
    resting = [(column, rest) for column in chain if (rest := _rest(state, column)) is not None]
    count = len(material.train_x)
    rows = spread_rows(count, min(count, max(FEWEST_ROWS, int(ON_ROWS / cost)))
                       if resting else 0)
    seen = material.at(material.data.train_x[rows], state.step)
    x = np.concatenate([np.asarray(points, seen.dtype), seen])
    if not len(x):
        return Responses(over, extent, {}, {}, 0, count)
    workspace, table = _carried(state, np.ascontiguousarray(x))
    maps, dead = {}, {}
    for number, units in wanted.items():
        chosen = np.asarray(units, np.int64)
        place = chain[number].place
        values = x.T[chosen, : len(points)] if place is None else _outputs(
            workspace, table[place], len(x))[chosen, : len(points)]
        maps[number] = np.ascontiguousarray(values, np.float32).reshape(len(chosen), *shape)
    for column, rest in resting:
        assert column.place is not None
        values = _outputs(workspace, table[column.place], len(x))[:, len(points) :]
        dead[column.number] = resting_units(np.ascontiguousarray(values), rest)
    return Responses(over, extent, maps, dead, len(rows), count)


def _rest(state: NetworkState, column: Column) -> float | None:
    """What a column's function puts out all along its flat side, None if it has none."""
    if column.place is None:
        return None
    definition = state.training.network.layers[column.place].definition
    return definition.at_rest if isinstance(definition, Activation) else None


def _grid(state: NetworkState, side: int
          ) -> tuple[Over, tuple[float, float, float, float], tuple[int, int], Array]:
    """What the maps are over, its extent, the maps' shape, and the inputs (n, d) there."""
    material = state.training.material
    rows = spread_rows(len(material.train_x),
                       EXTENT_ROWS if material.inputs < 3 else COMPONENT_ROWS)
    x = np.asarray(material.at(material.data.train_x[rows], state.step), np.float64)
    if material.inputs == 1:
        low, high = _widened(x[:, 0])
        return "line", (low, high, 0.0, 0.0), (1, ALONG_LINE), np.linspace(
            low, high, ALONG_LINE)[:, None]
    if material.inputs == 2:
        extent = (*_widened(x[:, 0]), *_widened(x[:, 1]))
        return "plane", extent, (side, side), plane(extent, side)
    centre = x.mean(0)
    axes, _ = principal(x - centre)
    flat = (x - centre) @ axes
    extent = (*_widened(flat[:, 0]), *_widened(flat[:, 1]))
    return "components", extent, (side, side), centre + plane(extent, side) @ axes.T


def _no_grid(state: NetworkState
             ) -> tuple[Over, tuple[float, float, float, float], tuple[int, int], Array]:
    return "components", (0.0, 0.0, 0.0, 0.0), (0, 0), np.empty((0, state.training.material.inputs))


def _widened(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = MARGIN * (high - low) or 1.0
    return low - room, high + room


def _carried(state: NetworkState, x: Array) -> tuple[Array, NDArray[np.int64]]:
    """The workspace of a pass over inputs (n, d), as in use, and the plan of what lies where."""
    training = state.training
    parts, layout = training.split(state.state), training.plan_for(len(x))
    workspace = layout.workspace()
    training.forward(layout.table, len(x), x, parts.params, np.array(parts.memory), workspace, 0,
                     False)
    return workspace, layout.table


def _outputs(workspace: Array, row: NDArray[np.int64], rows: int) -> Array:
    """What a layer puts out, (fan_out, n)."""
    at, units = row[Y_AT], row[FAN_OUT]
    return workspace[at : at + units * rows].reshape(units, rows)
