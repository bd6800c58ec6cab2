"""A table of a file, checked strictly: every mistake at once, each with its place and in words.

`Table` is the base of whatever is written to files. Nothing is converted silently: text and
true/false are no numbers, NaN and infinity are refused, unknown keys are refused. pydantic finds
the mistakes; what it says about them is replaced by sentences that a lecturer can act on: what is
wrong, what is allowed, what came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from reprlib import Repr
from typing import Annotated, Any, ClassVar, Self, TypeVar

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
)

from .errors import ExperimentError, Mistake, nearest


def _from_numpy(value: Any) -> Any:
    """NumPy's scalars as Python's, so that scripts may pass them."""
    return value.item() if isinstance(value, np.generic) else value


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"must be one line without control characters, not {shown(text)}")
    return text


Number = Annotated[float, Strict(), BeforeValidator(_from_numpy)]
Whole = Annotated[int, Strict(), BeforeValidator(_from_numpy)]
Step = Annotated[Whole, Field(ge=0)]
Flag = Annotated[bool, Strict(), BeforeValidator(_from_numpy)]
Text = Annotated[str, Strict()]
Line = Annotated[str, Strict(), AfterValidator(_printable)]
Point = tuple[Number, Number]


def _ordered(box: tuple[Point, Point]) -> tuple[Point, Point]:
    mistakes = [
        Mistake(f"[{axis}]", "must go from a smaller to a larger number, at most 1e+100 apart, "
                             f"not {shown(ends)}")
        for axis, ends in enumerate(box) if not 0 < ends[1] - ends[0] <= 1e100
    ]
    if mistakes:
        raise ExperimentError(mistakes)
    return box


def _rising(ends: Point) -> Point:
    if not 0 < ends[1] - ends[0] <= 1e100:
        raise ValueError("must go from a smaller to a larger number, at most 1e+100 apart, not "
                         f"{shown(ends)}")
    return ends


def _looking_down(camera: tuple[float, float, float]) -> tuple[float, float, float]:
    mistakes = []
    for place, (name, low, high) in enumerate((("azimuth", -1e6, 1e6), ("elevation", 0, 90),
                                               ("zoom", 0.1, 20))):
        if not low <= camera[place] <= high:
            mistakes.append(Mistake(f"[{place}]", f"must be the {name}, a number from {low:g} to "
                                                  f"{high:g}, not {shown(camera[place])}"))
    if mistakes:
        raise ExperimentError(mistakes)
    return camera


Box = Annotated[tuple[Point, Point], AfterValidator(_ordered)]
Ends = Annotated[Point, AfterValidator(_rising)]
Eye = Annotated[tuple[Number, Number, Number], AfterValidator(_looking_down)]
"""Where a picture in three dimensions is seen from: azimuth and elevation in degrees, zoom."""


def _storable(values: Any) -> Any:
    """Values by key as a file gives them back; raises ExperimentError for None, which none has."""
    if not isinstance(values, Mapping):
        return values
    mistakes = [Mistake(path(key), "must be a value that a file can hold, not None")
                for key, value in values.items() if value is None and isinstance(key, str)]
    if mistakes:
        raise ExperimentError(mistakes)
    return _plain(values)


class Table(BaseModel):
    """A frozen table whose construction raises ExperimentError with every mistake in it.

    A field's description completes the sentence "must be …".
    """

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Keys that a table of another kind has, each with a sentence on why this one has it not."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def __init__(self, /, **data: Any) -> None:
        mistakes: list[Mistake] = []
        try:
            super().__init__(**data)
        except ValidationError as error:
            mistakes += _translated(error, type(self))
        # Not a pydantic validator: those are skipped as soon as one field is wrong.
        mistakes += self.contradictions(data)
        if mistakes:
            raise ExperimentError(mistakes)

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterable[Mistake]:
        """What is wrong between the keys of the raw table, whatever else is wrong with it."""
        return ()

    def fields(self) -> dict[str, Any]:
        """The values by key; tables in it are tables still."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def plain(self) -> dict[str, Any]:
        """The table as dictionaries, lists and plain values, complete with every default."""
        return {name: _plain(value) for name, value in self.fields().items() if value is not None}

    def replaced(self, **changes: Any) -> Self:
        """Another table that differs in `changes`; raises ExperimentError."""
        return type(self)(**{**self.fields(), **changes})


T = TypeVar("T", bound=Table)
# Nobody reads more, and looking up what a thousand unknown keys might have meant takes long.
MOST_MISTAKES = 100


# New values by key, such as { "SGD.lr" = 0.01 }: a script may give what it has, scalars of NumPy's
# or tables, and it compares as what is read from a file.
Values = Annotated[dict[str, Any], BeforeValidator(_storable)]


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return value.plain()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


def path(*parts: str | int) -> str:
    """A place as it is written in messages: `contestants[1].optimizer.lr`."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            part = short(part)
            text = within(text, part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"')
    return text


def within(place: str, inner: str) -> str:
    """The place `inner` of the table at `place`."""
    return place + inner if not place or not inner or inner[0] == "[" else f"{place}.{inner}"


def moved(error: ExperimentError, place: str) -> list[Mistake]:
    """The mistakes of a table that itself stands at `place`."""
    return [Mistake(within(place, mistake.place), mistake.sentence) for mistake in error.mistakes]


def short(text: str) -> str:
    """A text for a message, cut off where it is longer than anybody reads."""
    return text if len(text) <= 60 else f"{text[:57]}..."


def shown(value: object) -> str:
    """A value as a message shows it, however large it is."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**30:
        return "a number of more than 30 digits"
    if isinstance(value, Mapping):
        return "a table" if value else "an empty table"
    if isinstance(value, tuple):
        value = list(value)
    return _SHORT.repr(value)


class _Short(Repr):
    """`repr` for values from files: cut short, and TOML's words for Python's."""

    maxstring = 60
    maxlist = 4
    maxlevel = 3
    maxother = 60

    def repr_bool(self, value: bool, level: int) -> str:
        return shown(value)

    def repr_int(self, value: int, level: int) -> str:
        return repr(value) if abs(value) < 10**30 else shown(value)

    def repr_dict(self, value: dict[Any, Any], level: int) -> str:
        return shown(value)

    def repr_datetime(self, value: object, level: int) -> str:
        return str(value)

    repr_date = repr_time = repr_datetime


_SHORT = _Short()

# What a part of a list must be, where the list's own description would say too much.
_PARTS = {
    "float_type": "a number", "finite_number": "a finite number", "int_type": "a whole number",
    "string_type": "text", "bool_type": "true or false", "model_type": "a table",
    "tuple_type": "a list",
}


def _translated(error: ValidationError, model: type[Table]) -> list[Mistake]:
    # A dictionary keeps the order and each mistake once.
    mistakes: dict[Mistake, None] = {}
    for entry in error.errors(include_url=False)[:MOST_MISTAKES]:
        mistakes |= dict.fromkeys(_mistakes(entry, model))
    return list(mistakes)


def _mistakes(entry: Any, model: type[Table]) -> list[Mistake]:
    """One of pydantic's errors, as the mistakes that it stands for."""
    kind, where, came = entry["type"], entry["loc"], entry["input"]
    field = model.model_fields.get(where[0]) if where else None
    allowed = (field.description if field else None) or "something else"
    if kind == "value_error":
        return _raised(entry["ctx"]["error"], path(*where))
    if kind == "extra_forbidden":
        key = str(where[-1])
        return [Mistake(path(*where), model.elsewhere.get(key) or unknown_key(
            key, list(model.model_fields)))]
    if kind == "missing" and len(where) == 1:
        return [Mistake(path(*where), f"is missing; it must be {allowed}")]
    if kind == "missing":
        return [Mistake(path(*where[:-1]), f"must be {allowed}, not {shown(came)}")]
    if len(where) > 1:
        allowed = _PARTS.get(kind, allowed)
    return [Mistake(path(*where), f"must be {allowed}, not {shown(came)}")]


def _raised(error: Exception, place: str) -> list[Mistake]:
    if isinstance(error, ExperimentError):
        return moved(error, place)
    return [Mistake(place, str(error))]


def unknown_key(key: str, known: list[str]) -> str:
    """The sentence about a key that a table does not have."""
    near = nearest(short(key), known)
    hint = f"did you mean {near}?" if near else f"allowed: {', '.join(known)}"
    return f"is not a key that is known here; {hint}"
