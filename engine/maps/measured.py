"""Maps as measures of an experiment: their tables in files, and their arrays in records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from ..contestant import Contestant
from ..errors import Mistake, RunError
from ..measure import Check, MeasureTable, Named
from ..problem import Problem
from ..table import Box, Line, Number, Whole
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


def _nobodys(axes: tuple[str, str], contestants: Sequence[Contestant]) -> Iterator[Mistake]:
    """What is wrong with two hyperparameters that no contestant has, or none has both of."""
    known = [set(one.optimizer.hyper_names) for one in contestants]
    unknown = [name for name in axes if name not in set().union(*known)]
    came = " or ".join(map(repr, unknown)) or f"both {axes[0]!r} and {axes[1]!r}"
    if not any(set(axes) <= names for names in known):
        yield Mistake("axes", f"must be hyperparameters that a contestant has; none has {came}")


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
            yield from _nobodys(self.axes, contestants)
        for place in places:
            optimizer = contestants[place].optimizer.definition
            names = self.axes or usual_axes(optimizer)
            for axis, name in enumerate(names):
                try:
                    axis_of(optimizer, name, self.box[axis] if self.box else None)
                except RunError as error:
                    known = name in contestants[place].optimizer.hyper_names
                    yield Mistake(f"box[{axis}]" if known else f"axes[{axis}]", str(error))

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
