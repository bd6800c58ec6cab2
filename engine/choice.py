"""A definition chosen in a file, with its hyperparameters: `{ name = "adam", lr = 0.05 }`.

For every definition a table is made from its `Hyper`s, once and at first use, so that a mistake has
its exact place and an optimizer's file says everything there is to say about its hyperparameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar, cast

from numpy.typing import ArrayLike
from pydantic import AfterValidator, Field, create_model

from .errors import ExperimentError, Mistake, UnknownName
from .hyper import Hyper
from .optimizers import Optimizer, optimizers
from .registry import Registry
from .schedules import Schedule, Vector, schedules
from .table import Number, Table, Text, Whole, short, shown


class Choice(Table):
    """A name from a registry and a value for each of its hyperparameters, as attributes."""

    name: Text

    hyper_names: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:
        def __getattr__(self, name: str) -> float: ...

    def hypers(self) -> dict[str, float]:
        """Every hyperparameter's value, in the definition's order."""
        return {name: getattr(self, name) for name in self.hyper_names}


class OptimizerChoice(Choice):
    """An optimizer with its hyperparameters; `lr` is always one of them."""

    definition: ClassVar[Optimizer]

    def __reduce__(self) -> tuple[Any, ...]:
        return _chosen_optimizer, (self.plain(),)


class ScheduleChoice(Choice):
    """A learning-rate schedule with its hyperparameters."""

    definition: ClassVar[Schedule]

    def rates(self, lr: float, steps: ArrayLike) -> Vector:
        """The learning rate of each of `steps` (n,), counted from 1."""
        return self.definition.rates(lr, steps, self.hypers())

    def __reduce__(self) -> tuple[Any, ...]:
        return _chosen_schedule, (self.plain(),)


Fields = dict[str, tuple[Any, Any]]
C = TypeVar("C", bound=Table)


def _nothing_more(definition: Any) -> Fields:
    return {}


class Chooser(Generic[C]):
    """Turns what a file says (a name, or a table with one) into the choice that it means.

    `key` is what the name stands under in a table; `more` gives the fields that a definition's
    table has besides its hyperparameters.
    """

    def __init__(self, registry: Registry[Any], base: type[C], key: str = "name",
                 more: Callable[[Any], Fields] = _nothing_more) -> None:
        self._registry = registry
        self._base = base
        self._key = key
        self._more = more
        self._tables: dict[str, type[C]] = {}
        self._lock = RLock()

    def __call__(self, value: Any) -> C:
        """The choice; raises ExperimentError, or UnknownName for a bare name."""
        if isinstance(value, self._base):
            return value
        if isinstance(value, str):
            return self._table(value)(**{self._key: value})
        if not isinstance(value, Mapping):
            example = next(iter(self._registry))
            raise ValueError(f'must be a name or a table such as {{ {self._key} = "{example}" }}, '
                             f"not {shown(value)}")
        name = value.get(self._key)
        if not isinstance(name, str):
            wrong = "is missing" if name is None else f"must be a name, not {shown(name)}"
            raise ExperimentError(
                [Mistake(self._key, f"{wrong}; known: {', '.join(self._registry)}")])
        try:
            table = self._table(name)
        except UnknownName as error:
            raise ExperimentError([Mistake(self._key, str(error))]) from None
        return table(**value)

    def title(self, value: Any) -> str:
        """The title of what is chosen, or nothing where the choice is a mistake."""
        name = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", value)
        if not isinstance(name, str) or name not in self._registry:
            return ""
        return self._registry[name].title

    def _table(self, name: str) -> type[C]:
        definition = self._registry[short(name)]
        with self._lock:
            if name not in self._tables:
                self._tables[name] = self._made(definition)
            return self._tables[name]

    def _made(self, definition: Any) -> type[C]:
        fields: Fields = {hyper.name: _field(hyper) for hyper in definition.hypers}
        named: Fields = {self._key: (Text, definition.name)}
        table: Any = create_model(
            f"{self._base.__name__}[{definition.name}]", __base__=self._base,
            **cast(Any, named | fields | self._more(definition)),
        )
        table.definition = definition
        table.hyper_names = tuple(fields)
        return table


def _field(hyper: Hyper) -> tuple[Any, Any]:
    """The type and default of a hyperparameter, as pydantic takes them."""
    def within(value: float) -> float:
        refusal = hyper.refusal(value)
        if refusal is not None:
            raise ValueError(refusal)
        return value

    if hyper.whole:
        whole = Field(int(hyper.default), description=hyper.allowed)
        return Annotated[Whole, AfterValidator(within)], whole
    default = Field(float(hyper.default), description=hyper.allowed)
    return Annotated[Number, AfterValidator(within)], default


optimizer_choice: Chooser[OptimizerChoice] = Chooser(optimizers, OptimizerChoice)
schedule_choice: Chooser[ScheduleChoice] = Chooser(schedules, ScheduleChoice)


# The tables are made at run time, so pickle cannot find their classes; it finds these.
def _chosen_optimizer(table: dict[str, Any]) -> OptimizerChoice:
    return optimizer_choice(table)


def _chosen_schedule(table: dict[str, Any]) -> ScheduleChoice:
    return schedule_choice(table)
