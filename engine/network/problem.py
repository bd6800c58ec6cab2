"""A network's loss on data as the thing to be minimised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ..contestant import Contestant
from ..data.choice import (
    DatasetChoice,
    DatasetTable,
    DrawnPoints,
    FileData,
    Preprocess,
    dataset_choice,
)
from ..data.drift_table import DriftTable
from ..data.prepare import MOST_TEST
from ..errors import ExperimentError, Mistake
from ..table import Number, Table, Whole
from .choices import LossChoice, loss_choice
from .contestant import NetworkContestant

if TYPE_CHECKING:
    from ..experiment import Experiment
    from ..race import Lane, Race
    from .material import Material

MOST_BATCH = 1_000_000


class NetworkProblem(Table):
    """Data, how they are prepared, the loss, and how many rows each step sees.

    Without a `loss` it is cross-entropy for classes and the mean squared error for numbers; where
    the data are a file, the loss must be said. A `batch` of 0 is the whole training set.
    """

    contestant: ClassVar[type[NetworkContestant]] = NetworkContestant

    kind: Literal["network"] = Field("network", description='"network"')
    dataset: Annotated[DatasetTable, BeforeValidator(dataset_choice)] = Field(
        description='a dataset\'s name or a table such as { name = "moons" }')
    test_fraction: Number = Field(
        0.3, ge=0, le=MOST_TEST, description=f"a number from 0 to {MOST_TEST:g}")
    preprocess: Preprocess = ()
    drift: DriftTable | None = Field(
        None, description='a table such as { kind = "shift", per_1000_steps = 0.5 }')
    loss: Annotated[LossChoice, BeforeValidator(loss_choice)] = Field(
        None, validate_default=True,
        description="a loss's name, or a table with its name and hyperparameters")
    batch: Whole = Field(
        32, ge=0, le=MOST_BATCH,
        description=f"a whole number from 0 (the whole training set) to {MOST_BATCH:,}")
    precision: Literal["float32", "float64"] = Field(
        "float32", description='"float32" or "float64"')

    @field_validator("loss", mode="before")
    @classmethod
    def _usual_loss(cls, loss: Any, info: ValidationInfo) -> Any:
        """The dataset's usual loss where none is given; raises ValueError for a file."""
        if loss is not None:
            return loss
        dataset = info.data.get("dataset")
        if not isinstance(dataset, FileData):
            task = (dataset.definition.task if isinstance(dataset, DatasetChoice) else
                    dataset.task if dataset is not None else "classes")
            return "cross-entropy" if task == "classes" else "mse"
        raise ValueError("is missing; for classes take cross-entropy, hinge or logistic, for "
                         "numbers mse or huber")

    @field_validator("loss")
    @classmethod
    def _of_this_task(cls, loss: LossChoice, info: ValidationInfo) -> LossChoice:
        dataset = info.data.get("dataset")
        refusal = None
        if isinstance(dataset, DatasetChoice):
            definition = dataset.definition
            classes = len(definition.class_names(dataset.hypers()))
            refusal = loss.definition.refusal(
                definition.task, classes or len(definition.targets))
        elif isinstance(dataset, DrawnPoints):
            # Points that are still being drawn are refused when they are run, with a reason.
            many = max(len(dataset.labels), 2) if dataset.task == "classes" else 1
            refusal = loss.definition.refusal(dataset.task, many)
        if refusal:
            raise ValueError(refusal)
        return loss

    @property
    def title(self) -> str:
        """What it is called where an experiment has no title."""
        return self.dataset.title

    def located(self, folder: str | Path) -> Self:
        """The problem with its data file's place taken from `folder`, if it is a relative one."""
        dataset = self.dataset.located(folder)
        return self if dataset is self.dataset else self.replaced(dataset=dataset)

    def material(self, seed: int) -> Material:
        """The data, prepared; raises ExperimentError or FileError where they cannot be used."""
        from .material import material

        return material(self, seed)

    def race(self, experiment: Experiment, memory: int, before: Sequence[Lane] = ()) -> Race:
        """Every contestant at the start; `memory` in bytes bounds what is kept of their ways.

        What is known of the start of a race's lanes `before` is taken over where it is the same.
        """
        from .race import network_race

        return network_race(experiment, self, memory, before)

    def contestant_after(self, contestant: Contestant, changes: Mapping[str, Any]) -> Contestant:
        """A contestant after an edit of the problem: itself, since its layers fit any data."""
        return contestant

    def changed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The raw table after an edit; None takes a key back to its default.

        Another dataset keeps its loss only where that fits it.
        """
        fields = {**self.fields(), **changes}
        if "dataset" in changes and "loss" not in changes:
            try:
                type(self)(**fields)
            except ExperimentError:
                fields["loss"] = None
        return fields


def wrong(place: str, sentence: str) -> ExperimentError:
    """One mistake in a problem that only its data can show."""
    return ExperimentError([Mistake(f"problem.{place}", sentence)])
