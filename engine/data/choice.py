"""What an experiment says about its data, as tables: a dataset, a file, or points drawn by hand.

    dataset = "moons"
    dataset = { name = "spirals", samples = 600, noise = 0.1 }
    dataset = { file = "mine.csv", target = "label" }
    dataset = { file = "mine.npz" }
    dataset = { file = "train-images-idx3-ubyte.gz", labels = "train-labels-idx1-ubyte.gz" }
    dataset = { points = [[0.1, 0.2, 0], [0.5, -0.3, 1]] }

Each has `raw(seed)`. A table is read without touching the disk: an experiment can be opened, looked
at and mended although its file is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator

from ..choice import Choice, Chooser
from ..datasets import Dataset, datasets
from ..errors import ExperimentError, Mistake
from ..streams import generator
from ..table import shown
from .affine import STEPS, Step
from .file_table import FileData
from .points import DrawnPoints
from .raw import Raw

__all__ = [
    "DatasetChoice", "DatasetTable", "DrawnPoints", "FileData", "Preprocess", "dataset_choice",
]


class DatasetChoice(Choice):
    """A registered dataset with its hyperparameters."""

    definition: ClassVar[Dataset]

    @property
    def title(self) -> str:
        """What a picture of it is called."""
        return self.definition.title

    def raw(self, seed: int) -> Raw:
        """The data that `seed` gives, the same object for the same seed."""
        return _made(self, seed)

    def located(self, folder: str | Path) -> Self:
        """Itself: there is no file."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return dataset_choice, (self.plain(),)


@lru_cache(maxsize=16)
def _made(choice: DatasetChoice, seed: int) -> Raw:
    definition, hypers = choice.definition, choice.hypers()
    x, y = definition.make(generator(seed, "data"), hypers)
    return Raw(x, y, definition.task, definition.class_names(hypers),
               definition.column_names(hypers), definition.targets, definition.image)


DatasetTable = DatasetChoice | FileData | DrawnPoints

_named: Chooser[DatasetChoice] = Chooser(datasets, DatasetChoice)
_EXAMPLE = '{ name = "moons" }, { file = "mine.csv", target = "label" } or { points = [...] }'


def dataset_choice(value: Any) -> DatasetTable:
    """What a file says about its data; raises ExperimentError, or UnknownName for a bare name."""
    if isinstance(value, (FileData, DrawnPoints)):
        return value
    if not isinstance(value, Mapping):
        return _named(value)
    kinds = [key for key in ("name", "file", "points") if key in value]
    if len(kinds) != 1:
        came = f"it has {' and '.join(kinds)}" if kinds else "it has none of them"
        raise ExperimentError([Mistake("", f"must be one of {_EXAMPLE}; {came}")])
    if kinds == ["file"]:
        return FileData(**value)
    return DrawnPoints(**value) if kinds == ["points"] else _named(value)


def _steps(value: Any) -> Any:
    """Preprocessing as a tuple; raises ValueError."""
    steps = tuple(step for step in STEPS if isinstance(value, (list, tuple)) and step in value)
    if not isinstance(value, (list, tuple)) or tuple(value) != steps:
        raise ValueError(f"must be a list of any of {', '.join(STEPS)}, once each and in that "
                         f"order, not {shown(value)}")
    return steps


Preprocess = Annotated[tuple[Step, ...], BeforeValidator(_steps)]
