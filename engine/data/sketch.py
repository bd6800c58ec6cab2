"""Points while they are drawn: sprayed, erased, painted over, and turned into a dataset.

    sketch = sketch_of(experiment.problem.dataset, experiment.seed) or Sketch.empty()
    sketch = sketch.added([[0.2, 0.4]], 1)
    experiment.with_problem(dataset=sketch.table())

A brush moves over a picture, so what is under it is asked in the picture's pixels (`near`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, hypot, log10
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..streams import generator
from .choice import DatasetTable
from .points import MOST_POINTS, DrawnPoints
from .raw import Raw

Points = NDArray[np.float64]
MOST_LABELS = 12
"""More classes could not be told apart by their markers."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """Points as they are drawn: `x` (n, d) raw inputs and `y` (n,) a class's label or a number.

    `labels` are the classes, which have d of 2; without any it is a regression, and d is 1. `rows`
    (n,) says which point of the dataset each was that the stroke began with, or -1 for a new one.
    """

    x: Points
    y: Points
    labels: tuple[int, ...]
    rows: NDArray[np.intp]

    @classmethod
    def empty(cls, labels: Sequence[int] = (1, 2)) -> Self:
        """Nothing yet; of a regression where there are no labels."""
        return cls(np.empty((0, 2 if labels else 1)), np.empty(0), tuple(labels),
                   np.empty(0, np.intp))

    def __len__(self) -> int:
        return len(self.y)

    @property
    def kinds(self) -> NDArray[np.intp]:
        """The place of each point's class among the labels, (n,); all 0 in a regression."""
        if not self.labels:
            return np.zeros(len(self), np.intp)
        return np.searchsorted(np.array(self.labels), self.y).astype(np.intp)

    @property
    def lacking(self) -> tuple[int, int]:
        """How many points, and of how many more classes, it takes to learn from them."""
        points = max(2 - len(self), 0)
        return points, max(2 - len(np.unique(self.y)), 0) if self.labels else 0

    def added(self, points: ArrayLike, label: int | None = None) -> Sketch:
        """With points (m, 2) more: of a class, or (x, y) of a regression; MOST_POINTS at most."""
        found = np.asarray(points, np.float64).reshape(-1, 2)[: MOST_POINTS - len(self)]
        if self.labels:
            x, y = found, np.full(len(found), float(label if label is not None else 0))
        else:
            x, y = found[:, :1], found[:, 1]
        return replace(self, x=np.concatenate([self.x, x]), y=np.concatenate([self.y, y]),
                       rows=np.concatenate([self.rows, np.full(len(x), -1)]))

    def erased(self, mask: NDArray[np.bool_]) -> Sketch:
        """Without the points of a mask (n,)."""
        return replace(self, x=self.x[~mask], y=self.y[~mask], rows=self.rows[~mask])

    def painted(self, mask: NDArray[np.bool_], label: int) -> Sketch:
        """With the points of a mask (n,) in another class."""
        return replace(self, y=np.where(mask, float(label), self.y))

    def with_class(self) -> Sketch:
        """With a class more, of which there is no point yet."""
        return replace(self, labels=(*self.labels, self.labels[-1] + 1))

    def without_class(self) -> Sketch:
        """Without the last class, and without its points."""
        kept = self.erased(self.y == self.labels[-1])
        return replace(kept, labels=self.labels[:-1])

    def cleared(self) -> Sketch:
        """Without any point, and with the same classes."""
        return type(self).empty(self.labels)

    def begun(self) -> Sketch:
        """The same as the dataset that a stroke begins with."""
        return replace(self, rows=np.arange(len(self)))

    def table(self) -> DrawnPoints:
        """The dataset; classes are named where a point of some of them is missing."""
        if not self.labels:
            pairs = zip(self.x[:, 0].tolist(), self.y.tolist(), strict=True)
            return DrawnPoints(points=tuple(pairs), task="regression", classes=None)
        y = self.y.astype(np.int64)
        points = zip(*self.x.T.tolist(), y.tolist(), strict=True)
        told = np.array_equal(np.unique(y), self.labels)
        return DrawnPoints(points=tuple(points), task="classes",
                           classes=None if told else self.labels)


def sketch_of(dataset: DatasetTable, seed: int) -> Sketch | None:
    """A dataset as points, or None where it has others than (x1, x2, class) or (x, y).

    Raises FileError where its file cannot be read.
    """
    if not isinstance(dataset, DrawnPoints):
        return _of_raw(dataset.raw(seed))
    if dataset.task == "regression" and dataset.points and not dataset.single:
        return None
    points = np.array(dataset.points, np.float64)
    if dataset.task == "regression":
        points = points.reshape(-1, 2)
        return Sketch(points[:, :1], points[:, 1], (), np.arange(len(points)))
    points = points.reshape(-1, 3)
    labels = tuple(int(label) for label in dataset.labels)
    return Sketch(points[:, :2], points[:, 2], _two(labels), np.arange(len(points)))


def _two(labels: tuple[int, ...]) -> tuple[int, ...]:
    """The labels, and as many more as make two: there is something to tell apart then."""
    while len(labels) < 2:
        labels = (*labels, labels[-1] + 1 if labels else 1)
    return labels


def _of_raw(raw: Raw) -> Sketch | None:
    if len(raw.x) > MOST_POINTS or raw.image is not None:
        return None
    rows = np.arange(len(raw.x))
    x = np.stack([_short(column) for column in raw.x.T], axis=1)
    if raw.task == "classes":
        if raw.x.shape[1] != 2 or len(raw.classes) > MOST_LABELS:
            return None
        labels = tuple(range(len(raw.classes)))
        if all(name.isdecimal() and len(name) < 4 for name in raw.classes):
            whole = tuple(map(int, raw.classes))
            labels = whole if [*whole] == sorted(set(whole)) else labels
        return Sketch(x, np.array(labels, float)[raw.y], labels, rows)
    if raw.x.shape[1] != 1 or raw.y.shape[1] != 1:
        return None
    return Sketch(x, _short(raw.y[:, 0]), (), rows)


def _short(column: NDArray) -> Points:
    """Numbers (n,) to a hundred-thousandth of what they span: a file of them can be read."""
    column = column.astype(np.float64)
    span = float(np.ptp(column)) if len(column) else 0.0
    return np.round(column, decimals(span / 1e4) if span > 0 else 12)


def decimals(unit: float) -> int:
    """Digits after the point that tell tenths of `unit` apart."""
    return min(max(ceil(-log10(unit)) + 1, -300), 300)


# ---- the brush


def near(points: Points, start: tuple[float, float], end: tuple[float, float], radius: float
         ) -> NDArray[np.bool_]:
    """Which points (n, 2) lie within `radius` of the way from `start` to `end`, (n,)."""
    origin, way = np.array(start), np.subtract(end, start)
    length = float(way @ way)
    along = np.clip((points - origin) @ way / length, 0, 1) if length else np.zeros(len(points))
    off = points - origin - along[:, None] * way
    return np.asarray(np.hypot(off[:, 0], off[:, 1]) <= radius)


class Spray:
    """A stroke of a spray can: a point where it is pressed, then puffs along its way.

    A puff is `count` points, evenly strewn over a disc of radius `spread`; there is one after every
    `spacing` of the way. Where they fall hangs on seed, stroke and way alone, and not on how
    many pieces the way comes in.
    """

    def __init__(self, at: tuple[float, float], count: int, spread: float, spacing: float,
                 seed: int = 0, stroke: int = 0) -> None:
        self.at, self._count, self._spread, self._spacing = at, count, spread, spacing
        self._random = generator(seed, f"spray/{stroke}")
        self._left = spacing

    def to(self, end: tuple[float, float]) -> Points:
        """Go on straight to `end`: the points on the way, (n, 2)."""
        (x, y), length = self.at, hypot(end[0] - self.at[0], end[1] - self.at[1])
        middles = []
        done = self._left
        while done <= length:
            share = done / length
            middles.append((x + share * (end[0] - x), y + share * (end[1] - y)))
            done += self._spacing
        self._left, self.at = done - length, end
        return self._puffed(np.array(middles).reshape(-1, 2))

    def _puffed(self, middles: Points) -> Points:
        count = self._count
        random = self._random.random((len(middles), count, 2))
        radius, angle = self._spread * np.sqrt(random[..., 0]), 2 * np.pi * random[..., 1]
        around = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        return np.asarray((middles[:, None] + around).reshape(-1, 2))
