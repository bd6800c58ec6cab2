"""Maps as measures of an experiment: their tables in files, and their arrays in records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from ..contestant import Contestant
from ..errors import Mistake, RunError, nearest
from ..measure import Check, MeasureTable, Named
from ..optimizers import Optimizer
from ..problem import Problem
from ..table import Box, Line, Number, Whole, short
from . import whole
from .basins import TOLERANCE, basins, with_one_list
from .pool import Stop
from .settings import axis_of, settings, usual_axes

if TYPE_CHECKING:
    from ..run import Run

MOST = 4000
Count = Annotated[Whole, Field(ge=2, le=MOST)]
A_SIZE = f"two whole numbers from 2 to {MOST:,}, [columns, rows]"
A_BOX = "two pairs of finite numbers, [[x low, x high], [y low, y high]]"
# A pixel of a network's map takes as long as its training does.
SURFACE_SIZE, NETWORK_SIZE = (100, 100), (16, 16)


class MapTable(MeasureTable):
    """What all maps have in a file."""

    size: tuple[Count, Count] | None = Field(None, description=A_SIZE)
    box: Box | None = Field(None, description=A_BOX)
    tolerance: Number = Field(TOLERANCE, gt=0, le=0.25, description="a number above 0, at most "
                                                                    "0.25")


class BasinsTable(MapTable):
    """A map of starts: which minimum each reaches."""

    kind: Literal["basins"] = Field(description='"basins"')
    size: tuple[Count, Count] = Field((200, 200), description=A_SIZE)

    def arrays(self, run: Run, check: Check) -> Iterator[Named]:
        experiment = run.experiment
        places = self.places(experiment.contestants)
        found = with_one_list([
            whole(basins(experiment, place, size=self.size, box=self.box,
                         tolerance=self.tolerance, stop=_unless(check))) for place in places])
        yield "x", found[0].x
        yield "y", found[0].y
        yield "minima", found[0].minima
        yield "minima_loss", found[0].minima_loss
        for place, picture in zip(places, found, strict=True):
            yield f"{place}/reached", picture.reached
            yield f"{place}/steps", picture.steps
            yield f"{place}/loss", picture.loss


def _nobodys(axes: tuple[str, str], box: Box | None, contestants: Sequence[Contestant]
             ) -> Iterator[Mistake]:
    """What is wrong with two hyperparameters that no contestant has, or none has both of.

    Of one that somebody has, the box can be looked at all the same.
    """
    known = {name: one.optimizer.definition
             for one in reversed(contestants) for name in one.optimizer.hyper_names}
    unknown = [name for name in axes if name not in known]
    came = " or ".join(map(repr, unknown)) or f"both {axes[0]!r} and {axes[1]!r}"
    near = nearest(short(unknown[0]), list(known)) if unknown else None
    hint = f"; did you mean {near!r}?" if near else ""
    if not any(set(axes) <= set(one.optimizer.hyper_names) for one in contestants):
        yield Mistake("axes", "must be hyperparameters that a contestant has; none has "
                              f"{came}{hint}")
    for axis, name in enumerate(axes):
        if box is not None and name in known:
            yield from _beyond(known[name], axis, name, box)


def _beyond(optimizer: Optimizer, axis: int, name: str, box: Box | None) -> Iterator[Mistake]:
    """What is wrong with an axis of one of an optimizer's hyperparameters, or with its ends."""
    try:
        axis_of(optimizer, name, box[axis] if box else None)
    except RunError as error:
        known = name in {hyper.name for hyper in optimizer.hypers}
        yield Mistake(f"box[{axis}]" if known else f"axes[{axis}]", str(error))


class SettingsTable(MapTable):
    """A map of settings: loss and steps over two hyperparameters."""

    kind: Literal["settings"] = Field(description='"settings"')
    axes: tuple[Line, Line] | None = Field(
        None, description='two hyperparameters, such as ["lr", "momentum"]')

    def places(self, contestants: Sequence[Contestant]) -> list[int]:
        """Those that have the hyperparameters, where no contestant is named."""
        places = super().places(contestants)
        if self.contestants is not None or self.axes is None:
            return places
        return [place for place in places
                if set(self.axes) <= set(contestants[place].optimizer.hyper_names)]

    def mistakes(self, problem: Problem, contestants: Sequence[Contestant], last: int
                 ) -> Iterator[Mistake]:
        places = self.places(contestants)
        if self.axes is not None and self.axes[0] == self.axes[1]:
            yield Mistake("axes", f"must be two different hyperparameters, not {self.axes[0]} "
                                  "twice")
        elif self.axes is not None and not places:
            yield from _nobodys(self.axes, self.box, contestants)
        for place in places:
            optimizer = contestants[place].optimizer.definition
            names = self.axes or usual_axes(optimizer)
            for axis, name in enumerate(names):
                yield from _beyond(optimizer, axis, name, self.box)

    def arrays(self, run: Run, check: Check) -> Iterator[Named]:
        experiment = run.experiment
        surface = experiment.problem.kind == "surface"
        size = self.size or (SURFACE_SIZE if surface else NETWORK_SIZE)
        for place in self.places(experiment.contestants):
            picture = whole(settings(experiment, place, axes=self.axes, size=size, box=self.box,
                                     tolerance=self.tolerance, stop=_unless(check)))
            yield f"{place}/axes", np.array([axis.name for axis in picture.axes])
            yield f"{place}/x", picture.x
            yield f"{place}/y", picture.y
            yield f"{place}/loss", picture.loss
            yield f"{place}/steps", picture.steps
            yield f"{place}/diverged_at", picture.diverged_at


def _unless(check: Check) -> Stop:
    """A `stop` that lets `check` raise."""
    def stop() -> bool:
        check()
        return False

    return stop
