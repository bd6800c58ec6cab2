"""Space bent by a network: a grid and the training rows as every layer puts them out, in the plane.

Two units are two coordinates, shown exactly. More are projected on the two directions of the
largest variance of the training rows at this step (principal components, Pearson 1901), and the
picture is turned so that it lies on the one before as well as it can (orthogonal Procrustes,
Schönemann 1966). That depends on the plane alone and not on the signs of its axes, so pictures of
neighbouring steps do not flip: they jump only where another direction becomes the second largest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .blocks import blocks
from .even_rows import spread_rows
from .plan import FAN_OUT, Y_AT
from .slide import alignment

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Exact = NDArray[np.float64]

# Rows, lines each way, points of a line: a 2-64-64-2 network takes about 1.2 ms.
FINE, COARSE = (180, 11, 41), (96, 9, 17)
# A network of more parameters is shown coarsely: 10 layers of 500 units in a third of the time.
MOST_FINE = 250_000
# How far the grid reaches beyond the rows, in parts of their extent.
MARGIN = 0.12


@dataclass(frozen=True, eq=False)
class Stage:
    """What one layer puts out, as points of the plane; NaN where it is not finite.

    `points` (n, 2) are training rows, `lines` (G, S, 2) the grid. `width` is how many units there
    are, `kept` the share of their variance that the plane shows: 1 for up to two units, NaN where
    nothing varies. `place` is the layer whose output it is, None for the inputs.
    """

    name: str
    place: int | None
    width: int
    kept: float
    points: Exact
    lines: Exact

    @property
    def exact(self) -> bool:
        """Whether the coordinates are the units' own outputs."""
        return self.width <= 2

    @cached_property
    def finite(self) -> bool:
        """Whether there is a picture: every point of it is finite."""
        return bool(np.isfinite(self.points).all() and np.isfinite(self.lines).all())

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """The box of points and lines: left, right, bottom, top."""
        every = np.concatenate([self.points, self.lines.reshape(-1, 2)])
        (left, bottom), (right, top) = every.min(0), every.max(0)
        return float(left), float(right), float(bottom), float(top)


@dataclass(frozen=True, eq=False)
class Warp:
    """The stages from the inputs to the outputs; `targets` (n,) are the rows' classes or values."""

    stages: tuple[Stage, ...]
    targets: Exact
    classes: tuple[str, ...]

    @property
    def last(self) -> int:
        """The number of the last stage; the inputs are 0."""
        return len(self.stages) - 1


def warp(state: NetworkState) -> Warp:
    """A grid and training rows carried through a network, block by block, as in use.

    The rows are taken evenly from all training rows, as they are at this step; `FINE` and `COARSE`
    say how many. With more than two inputs the grid lies in the plane of their first two principal
    components.
    """
    training, material = state.training, state.training.material
    network, chain = training.network, blocks(training.network)
    most, lines, samples = FINE if network.params_size <= MOST_FINE else COARSE
    rows = spread_rows(len(material.train_x), most)
    x = material.at(material.data.train_x[rows], state.step)
    flat = _Plane(x, None)
    grid, shape = _grid(flat, lines, samples)
    every = np.concatenate([x, np.asarray(grid, x.dtype)])
    stages = [Stage("input", None, material.inputs, flat.kept, flat.shown,
                    flat(grid).reshape(shape))]
    reference = flat.shown
    names = [block.name for block in chain]
    if material.data.task == "classes":
        names[-1] = "logits" if material.outputs > 1 else "logit"
    places = [block.activation for block in chain]
    for name, place, values in zip(names, places, _carried(state, every, places), strict=True):
        plane = _Plane(values[: len(x)], reference)
        stages.append(Stage(name, place, plane.width, plane.kept, plane.shown,
                            plane(values[len(x) :]).reshape(shape)))
        reference = plane.shown if plane.finite else reference
    classes = material.data.classes if material.data.task == "classes" else ()
    return Warp(tuple(stages), np.asarray(material.train_y[rows, 0], np.float64),
                tuple(map(str, classes)))


def between(stages: tuple[Stage, ...], value: float) -> tuple[int, int, float]:
    """The stages on both sides of a place on the way, from 0 to the last, and how far between."""
    last = len(stages) - 1
    value = min(max(value, 0.0), float(last))
    before = min(int(value), max(last - 1, 0))
    return before, min(before + 1, last), value - before


class _Plane:
    """The plane in which a layer's outputs (n, w) are shown, and how to get there."""

    def __init__(self, values: Array, reference: Exact | None) -> None:
        values = np.asarray(values, np.float64)
        self.width = values.shape[1]
        self.finite = bool(np.isfinite(values).all())
        self.kept = 1.0
        self._mean, self._axes = np.zeros(self.width), np.eye(self.width, 2)
        if not self.finite:
            self.kept = nan
            self._axes = np.full((self.width, 2), nan)
        elif self.width > 2:
            self._mean = values.mean(0)
            away = values - self._mean
            axes, self.kept = principal(away)
            turn = np.eye(2) if reference is None else alignment(away @ axes, reference)
            self._axes = axes @ turn
        self.shown = self(values)

    def __call__(self, values: Array) -> Exact:
        """Points of the layer's space (n, w) as they are shown, (n, 2)."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(values, np.float64) @ self._axes - self._mean @ self._axes

    def lifted(self, points: Exact) -> Exact:
        """Points of the plane (n, 2) in the layer's space, (n, w)."""
        return self._mean + points @ self._axes.T


def principal(away: Exact) -> tuple[Exact, float]:
    """The two directions of the largest variance, (w, 2), and the share of it that they have.

    `away` (n, w) are distances from the mean. The signs are those that make the largest part of
    each direction positive. NaN for the share where nothing varies.
    """
    from scipy.linalg import eigh

    rows, width = away.shape
    # Whatever their size, squares of them neither overflow nor vanish.
    scale = float(np.abs(away).max(initial=0.0))
    if scale == 0.0:
        return np.eye(width, 2), nan
    away = away / scale
    # Both products have the same largest eigenvalues; the smaller one is quicker.
    table = away.T @ away if width <= rows else away @ away.T
    size = len(table)
    values, vectors = eigh(table, subset_by_index=[max(size - 2, 0), size - 1], driver="evr")
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    axes = vectors if width <= rows else away.T @ vectors
    lengths = np.linalg.norm(axes, axis=0)
    found = np.zeros((width, 2))
    found[:, : axes.shape[1]] = axes / np.where(lengths > 0, lengths, 1.0)
    largest = found[np.abs(found).argmax(0), [0, 1]]
    return found * np.where(largest < 0, -1.0, 1.0), float(values.sum() / np.trace(table))


def _grid(plane: _Plane, count: int, samples: int) -> tuple[Exact, tuple[int, int, int]]:
    """Lines over the rows in the plane of the inputs: points (G · S, d), and their (G, S, 2)."""
    low, high = plane.shown.min(0), plane.shown.max(0)
    room = MARGIN * max(float((high - low).max()), 1e-9)
    (left, bottom), (right, top) = low - room, high + room
    if plane.width == 1:
        # One input is a line already.
        lines = np.stack([np.linspace(left, right, samples), np.zeros(samples)], 1)[None]
    else:
        along = np.linspace(0, 1, samples)
        lines = np.empty((2 * count, samples, 2))
        lines[:count, :, 0] = left + (right - left) * along
        lines[:count, :, 1] = np.linspace(bottom, top, count)[:, None]
        lines[count:, :, 0] = np.linspace(left, right, count)[:, None]
        lines[count:, :, 1] = bottom + (top - bottom) * along
    return plane.lifted(lines.reshape(-1, 2)), lines.shape


def _carried(state: NetworkState, x: Array, places: list[int]) -> Iterator[Array]:
    """What the layers at `places` put out for inputs (n, d), as in use: (n, w) each."""
    training = state.training
    parts, layout = training.split(state.state), training.plan_for(len(x))
    workspace = layout.workspace()
    training.forward(layout.table, len(x), np.ascontiguousarray(x, training.precision),
                     parts.params, np.array(parts.memory), workspace, 0, False)
    for row in layout.table[places]:
        seen = workspace[row[Y_AT] : row[Y_AT] + row[FAN_OUT] * len(x)]
        yield seen.reshape(-1, len(x)).T
