"""How a race is seen: the `[picture]` of a file, which the views of a window, a film or a still
read, each what it knows of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from .errors import Mistake, UnknownName
from .optimizers import optimizers
from .table import Box, Ends, Eye, Flag, Line, Number, Step, Table, Whole, short, shown


def _view_name(name: str) -> str:
    if not re.fullmatch("[a-z0-9-]+", name):
        raise ValueError(f"must be a view's name, of a-z, 0-9 and hyphens, not {shown(name)}")
    return name


def _hyperparameter(name: str) -> str:
    """One that any optimizer has: a picture may wait for a contestant that has it."""
    known = {hyper.name: None for definition in optimizers.values() for hyper in definition.hypers}
    if name not in known:
        raise UnknownName("hyperparameter", short(name), list(known))
    return name


Layout = tuple[tuple[Annotated[Line, AfterValidator(_view_name)], ...], ...]
A_LAYOUT = 'rows of views\' names, such as [["surface-path", "loss-curve"]]'
Axis = Annotated[Line, AfterValidator(_hyperparameter)]
Weight = Annotated[Number, Field(gt=0, le=1000)]
WEIGHTS = "numbers greater than 0 and at most 1000"


class Picture(Table):
    """How the window shows an experiment, so that its file gives the same picture anywhere."""

    layout: Layout | None = Field(None, description=A_LAYOUT)
    widths: tuple[tuple[Weight, ...], ...] | None = Field(
        None, description=f"{WEIGHTS}, a row of them for each row of the layout")
    heights: tuple[Weight, ...] | None = Field(
        None, description=f"{WEIGHTS}, one for each row of the layout")
    step: Whole | None = Field(None, ge=0, description="a whole number from 0 to the last step")
    chosen: Line | None = Field(None, description="a contestant's name")
    zoom: Box | None = Field(
        None, description="two pairs of finite numbers, [[x low, x high], [y low, y high]]")
    camera: Eye | None = Field(
        None, description="three numbers, [azimuth in degrees, elevation from 0 to 90, zoom]")
    projection: Literal["perspective", "orthographic"] | None = Field(
        None, description='"perspective" or "orthographic"')
    loss_scale: Literal["log", "linear"] | None = Field(None, description='"log" or "linear"')
    layer: Whole | None = Field(None, ge=0, description="a layer's place, a whole number from 0 up")
    unit: Whole | None = Field(None, ge=0, description="a unit's place, a whole number from 0 up")
    histogram: Literal["activation", "pre-activation", "gradient", "weight"] | None = Field(
        None, description='"activation", "pre-activation", "gradient" or "weight"')
    count_scale: Literal["linear", "log"] | None = Field(None, description='"linear" or "log"')
    curve: Literal["loss", "accuracy", "gradient", "weights", "update", "rate"] | None = Field(
        None, description='"loss", "accuracy", "gradient", "weights", "update" or "rate"')
    boundaries: Literal["together", "apart"] | None = Field(
        None, description='"together" or "apart"')
    statistic: Literal["spread", "mean", "std", "saturated", "dead", "sparse"] | None = Field(
        None, description='"spread", "mean", "std", "saturated", "dead" or "sparse"')
    over_time: Literal["bands", "heat"] | None = Field(None, description='"bands" or "heat"')
    warp: Number | None = Field(None, ge=0, description="a number from 0 up")
    flow: Number | None = Field(None, ge=0, description="a number from 0 up")
    example: Whole | None = Field(None, ge=0, description="a training row's number, from 0 up")
    plane: Literal["pca", "random", "hessian", "ends", "steps"] | None = Field(
        None, description='"pca", "random", "hessian", "ends" or "steps"')
    plane_rows: Literal["train", "test", "batch"] | None = Field(
        None, description='"train", "test" or "batch"')
    plane_steps: tuple[Step, Step, Step] | None = Field(
        None, description="three steps, whole numbers from 0 up")
    plane_biases: Flag | None = Field(None, description="true or false")
    plane_penalty: Flag | None = Field(None, description="true or false")
    plane_statistics: Literal["recomputed", "kept"] | None = Field(
        None, description='"recomputed" or "kept"')
    plane_size: Whole | None = Field(
        None, ge=9, le=257, description="a whole number from 9 to 257")
    plane_zoom: Box | None = Field(
        None, description="two pairs of finite numbers, [[x low, x high], [y low, y high]]")
    plane_scale: Ends | None = Field(
        None, description="two finite numbers, [lowest loss, highest loss]")
    slices: Literal["axes", "between"] | None = Field(None, description='"axes" or "between"')

    basins: Literal["apart", "chosen"] | None = Field(None, description='"apart" or "chosen"')
    settings_x: Axis | None = Field(None, description="a hyperparameter's name")
    settings_y: Axis | None = Field(None, description="a hyperparameter's name")
    settings_value: Literal["loss", "steps"] | None = Field(
        None, description='"loss" or "steps"')
    settings_zoom: Box | None = Field(
        None, description="two pairs of finite numbers, [[x low, x high], [y low, y high]]")

    def __init__(self, /, **data: Any) -> None:
        """Lists will do for the tuples in it."""
        super().__init__(**data)

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Shares of the board that are not those of its layout: one a row, and one a view in it."""
        rows = _lengths(data.get("layout"))
        for key in ("widths", "heights"):
            given = data.get(key)
            if not isinstance(given, (list, tuple)) or (data.get("layout") is not None
                                                        and rows is None):
                continue
            if rows is None:
                yield Mistake(key, "needs a layout whose rows it is about")
            elif len(given) != len(rows):
                yield Mistake(key, f"must have one entry for each of the layout's {len(rows)} "
                                   f"rows, not {len(given)}")
            elif key == "widths":
                for place, (row, length) in enumerate(zip(given, rows, strict=True)):
                    if isinstance(row, (list, tuple)) and len(row) != length:
                        yield Mistake(f"widths[{place}]", f"must have one number for each of the "
                                                          f"row's {length} views, not {len(row)}")


# Keys about the loss of networks over their weights.
LANDSCAPE = (*(name for name in Picture.model_fields if name.startswith("plane")), "slices")


def landscape_mistakes(looks: Mapping[str, Any], kind: str, steps: int) -> Iterator[Mistake]:
    """What a picture's keys ask of a landscape, and a race of this kind and length does not have.
    """
    for key in LANDSCAPE:
        value = looks.get(key)
        if value is not None and kind != "network":
            yield Mistake(key, "is for the landscapes of networks; this race is on a surface, "
                               "which is one itself")
        elif value is not None and key == "plane_steps" and max(value) > steps:
            yield Mistake(key, f"must be steps from 0 to {steps:,}, not {max(value):,}")


def settings_mistakes(looks: Mapping[str, Any]) -> Iterator[Mistake]:
    """Two axes of a map of settings that are one."""
    x, y = looks.get("settings_x"), looks.get("settings_y")
    if x is not None and x == y:
        yield Mistake("settings_y", f"must be another hyperparameter than settings_x, not {x!r}")


def _lengths(layout: Any) -> list[int] | None:
    """How many views each row of a raw layout has; None for what is no layout."""
    if not isinstance(layout, (list, tuple)) or not all(
            isinstance(row, (list, tuple)) for row in layout):
        return None
    return [len(row) for row in layout]
