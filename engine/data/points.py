"""Points drawn by hand, kept in the experiment itself: `{ points = [[0.1, 0.2, 0], ...] }`.

A point is [x1, x2, class], for a regression [x1, x2, y] or, with a single input, [x, y].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BeforeValidator, Field

from ..errors import ExperimentError, Mistake
from ..table import MOST_MISTAKES, Table, shown
from .raw import LARGEST_NUMBER, MOST_CLASSES, Raw, Task, interpreted

MOST_POINTS = 10_000

_NUMBER = (int, float)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    return bool(-LARGEST_NUMBER <= value <= LARGEST_NUMBER)


def _wrong_number(value: Any) -> str:
    kind = "a finite number" if isinstance(value, float) and not np.isfinite(value) else (
        f"a number up to {LARGEST_NUMBER:g}")
    return f"must be {kind}, not {shown(value)}"


def _points(value: Any) -> tuple[tuple[Any, ...], ...]:
    """Points as tuples; by hand, since thousands of them are checked at every touch of a brush."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"must be a list of points, each [x1, x2, label] or [x, y], not "
                         f"{shown(value)}")
    points, mistakes = [], []
    for place, point in enumerate(value):
        if not isinstance(point, (list, tuple)) or len(point) not in (2, 3):
            mistakes.append(Mistake(f"[{place}]", "must be a list of 3 numbers, or of 2 where "
                                                  f"there is one input, not {shown(point)}"))
        elif all(type(number) in _NUMBER and -LARGEST_NUMBER <= number <= LARGEST_NUMBER
                 for number in point):
            # A class stays a whole number.
            points.append((*map(float, point[:-1]), point[-1]))
        else:
            wrong = [Mistake(f"[{place}][{axis}]", _wrong_number(number))
                     for axis, number in enumerate(point) if not _is_number(number)]
            mistakes += wrong
            if not wrong:
                last = point[-1]
                points.append((*map(float, point[:-1]),
                               last.item() if isinstance(last, np.generic) else last))
        if len(mistakes) >= MOST_MISTAKES:
            break
    if mistakes:
        raise ExperimentError(mistakes[:MOST_MISTAKES])
    return tuple(points)


def _classes(value: Any) -> Any:
    """The classes' labels; raises ValueError."""
    if value is None:
        return None
    whole = isinstance(value, (list, tuple)) and all(
        type(label) is int and label >= 0 for label in value)
    if not whole or [*value] != sorted(set(value)) or len(value) > MOST_CLASSES:
        raise ValueError("must be a list of whole numbers from 0, each larger than the one before, "
                         f"not {shown(value)}")
    return tuple(value)


class DrawnPoints(Table):
    """Points drawn by hand, each [x1, x2, label]; for a regression the label is the target.

    A regression with one input has points [x, y]. `classes` are the labels that there are, those
    that no point has (yet) among them; without it, the ones that occur. Few points, or points of
    one class, are a table that can be opened and drawn on; `raw` refuses them.
    """

    points: Annotated[tuple[tuple[Any, ...], ...], BeforeValidator(_points)] = Field(
        description=f"a list of at most {MOST_POINTS:,} points, each [x1, x2, label] or [x, y]")
    task: Task = Field("classes", description='"classes" or "regression"')
    classes: Annotated[tuple[int, ...] | None, BeforeValidator(_classes)] = Field(
        None, description="a list of whole numbers")

    title: ClassVar[str] = "Drawn points"

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        points = data.get("points")
        if not isinstance(points, (list, tuple)):
            return
        if len(points) > MOST_POINTS:
            yield Mistake("points", f"must be 2 to {MOST_POINTS:,} points, not {len(points):,}")
        lengths = {len(point) for point in points if isinstance(point, (list, tuple))}
        regression = data.get("task", "classes") != "classes"
        if lengths == {2, 3}:
            yield Mistake("points", "must be all of 2 numbers or all of 3, and there are both")
        elif lengths == {2} and not regression:
            yield Mistake("points", "must be [x1, x2, class]; points [x, y] are a regression's, "
                                    'which task = "regression" says')
        if regression:
            if data.get("classes") is not None:
                yield Mistake("classes", "must be left out of a regression")
            return
        labels = {
            place: point[2] for place, point in enumerate(points)
            if isinstance(point, (list, tuple)) and len(point) == 3 and _is_number(point[2])
        }
        known = data.get("classes")
        for place, label in labels.items():
            if label < 0 or label != np.floor(label):
                yield Mistake(f"points[{place}][2]", "must be a whole number from 0, the point's "
                                                     f"class, not {shown(label)}")
                return
            if isinstance(known, (list, tuple)) and label not in known:
                yield Mistake(f"points[{place}][2]", "must be one of the classes "
                                                     f"{shown(known)}, not {shown(label)}")
                return

    @property
    def single(self) -> bool:
        """Whether points are [x, y]: of one input, and a number to be learnt."""
        return bool(self.points) and len(self.points[0]) == 2

    @property
    def labels(self) -> tuple[float, ...]:
        """The classes' labels, sorted: those said, or those that occur."""
        return self.classes or tuple(sorted({point[-1] for point in self.points}))

    @property
    def refusal(self) -> str | None:
        """Why nothing can be learnt from the points, as a sentence, or None."""
        if len(self.points) < 2:
            return f"must be 2 to {MOST_POINTS:,} points, not {len(self.points):,}"
        if self.task == "classes" and len({point[-1] for point in self.points}) == 1:
            return ("must be of at least 2 classes, and all have the label "
                    f"{shown(self.points[0][-1])}")
        return None

    def plain(self) -> dict[str, Any]:
        """The table as plain values."""
        plain: dict[str, Any] = {"points": [list(point) for point in self.points],
                                 "task": self.task}
        if self.classes is not None:
            plain["classes"] = list(self.classes)
        return plain

    def raw(self, seed: int = 0) -> Raw:
        """The points, whatever the seed; classes are the labels, sorted.

        Raises ExperimentError for too few of them.
        """
        refusal = self.refusal
        if refusal is not None:
            raise ExperimentError([Mistake("problem.dataset.points", refusal)])
        return _drawn(self)

    def located(self, folder: str | Path) -> Self:
        """Itself: there is no file."""
        return self


@lru_cache(maxsize=16)
def _drawn(table: DrawnPoints) -> Raw:
    numbers = np.array(table.points, np.float64)
    columns = ("x",) if table.single else ("x1", "x2")
    if table.task == "classes" and table.classes is not None:
        y = np.searchsorted(np.array(table.classes), numbers[:, -1]).astype(np.int64)
        names = tuple(map(str, table.classes))
        return Raw(numbers[:, :2], y, "classes", names, columns, ("class",), by_place=True)
    y, task, classes = interpreted(numbers[:, -1], table.task)
    target = "class" if task == "classes" else "y"
    return Raw(numbers[:, :-1], y, task, classes, columns, (target,), by_place=True)
