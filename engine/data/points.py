"""Points drawn by hand, kept in the experiment itself: `{ points = [[0.1, 0.2, 0], ...] }`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import AfterValidator, Field

from ..errors import Mistake
from ..table import Number, Table, shown
from .raw import LARGEST_NUMBER, Raw, Task, interpreted

MOST_POINTS = 10_000


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    return bool(-LARGEST_NUMBER <= value <= LARGEST_NUMBER)


def _label(value: Any) -> Any:
    """A label as it is written: a class stays a whole number, where pydantic would make 1.0."""
    if not _is_number(value):
        raise ValueError(f"must be a number up to {LARGEST_NUMBER:g}, not {shown(value)}")
    return value.item() if isinstance(value, np.generic) else value


Coordinate = Annotated[Number, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
DrawnPoint = tuple[Coordinate, Coordinate, Annotated[Any, AfterValidator(_label)]]


class DrawnPoints(Table):
    """Points drawn by hand, each [x1, x2, label]; for a regression the label is the target."""

    points: tuple[DrawnPoint, ...] = Field(
        description=f"a list of 2 to {MOST_POINTS:,} points, each [x1, x2, label]")
    task: Task = Field("classes", description='"classes" or "regression"')

    title: ClassVar[str] = "Drawn points"

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        points = data.get("points")
        if not isinstance(points, (list, tuple)):
            return
        if not 2 <= len(points) <= MOST_POINTS:
            yield Mistake("points", f"must be 2 to {MOST_POINTS:,} points, not {len(points):,}")
        if data.get("task", "classes") != "classes":
            return
        labels = {
            place: point[2] for place, point in enumerate(points)
            if isinstance(point, (list, tuple)) and len(point) == 3 and _is_number(point[2])
        }
        for place, label in labels.items():
            if label < 0 or label != np.floor(label):
                yield Mistake(f"points[{place}][2]", "must be a whole number from 0, the point's "
                                                     f"class, not {shown(label)}")
                return
        if len(labels) == len(points) >= 2 and len(set(labels.values())) == 1:
            yield Mistake("points", "must be of at least 2 classes, and all have the label "
                                    f"{shown(next(iter(labels.values())))}")

    def raw(self, seed: int = 0) -> Raw:
        """The points, whatever the seed; classes are the labels that occur, sorted."""
        return _drawn(self)

    def located(self, folder: str | Path) -> Self:
        """Itself: there is no file."""
        return self


@lru_cache(maxsize=16)
def _drawn(table: DrawnPoints) -> Raw:
    numbers = np.array(table.points, np.float64)
    y, task, classes = interpreted(numbers[:, 2], table.task)
    target = "class" if task == "classes" else "y"
    return Raw(numbers[:, :2], y, task, classes, ("x1", "x2"), (target,))
