"""A landscape as a measure of an experiment: its table in files, and its arrays in records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field

from ..contestant import Contestant
from ..errors import Mistake
from ..measure import Check, MeasureTable, Named
from ..problem import Problem
from ..table import Box, Flag, Line, Step, Whole, shown
from .field import COARSEST, LARGEST
from .picture import PlaneChoice, Wanted
from .survey import Survey

if TYPE_CHECKING:
    from ..run import Run

SIZE = 51


class LandscapeTable(MeasureTable):
    """The loss on a plane through weight space after the run's last step, and everyone's way."""

    kind: Literal["landscape"] = Field(description='"landscape"')
    plane: PlaneChoice = Field(
        "pca", description='"pca", "random", "hessian", "ends" or "steps"')
    rows: Literal["train", "test", "batch"] = Field(
        "train", description='"train", "test" or "batch"')
    of: Line | None = Field(None, description="a contestant's name")
    steps: tuple[Step, Step, Step] | None = Field(
        None, description="three steps, whole numbers from 0 up")
    step: Whole = Field(0, ge=0, description="a whole number from 0 up")
    biases: Flag = Field(False, description="true or false")
    penalty: Flag = Field(False, description="true or false")
    statistics: Literal["recomputed", "kept"] = Field(
        "recomputed", description='"recomputed" or "kept"')
    size: Whole = Field(SIZE, ge=COARSEST, le=LARGEST,
                        description=f"a whole number from {COARSEST} to {LARGEST:,}")
    box: Box | None = Field(
        None, description="two pairs of finite numbers, [[x low, x high], [y low, y high]]")

    def mistakes(self, problem: Problem, contestants: Sequence[Contestant], last: int
                 ) -> Iterator[Mistake]:
        names = [contestants[place].name for place in self.places(contestants)]
        if self.of is not None and self.of not in names:
            yield Mistake("of", f"must be the name of one of its contestants ({', '.join(names)}), "
                                f"not {shown(self.of)}")
        if self.plane == "ends" and len(names) < 3:
            yield Mistake("plane", f"needs three contestants for a plane through ends, not "
                                   f"{len(names)}")
        if self.steps is not None and self.plane != "steps":
            yield Mistake("steps", 'are for plane = "steps"')
        for place, step in enumerate(self.steps or ()):
            if step > last:
                yield Mistake(f"steps[{place}]", _beyond(step, last))
        if self.step and self.rows != "batch":
            yield Mistake("step", 'is for rows = "batch"')
        elif self.step > last:
            yield Mistake("step", _beyond(self.step, last))

    def arrays(self, run: Run, check: Check) -> Iterator[Named]:
        contestants = run.experiment.contestants
        places = self.places(contestants)
        of = next((place for place in places if contestants[place].name == self.of), places[0])
        wanted = Wanted(
            self.plane, self.rows, of, tuple(places), self.steps, self.step, self.biases,
            self.penalty, self.statistics, size=self.size, extent=self.box)

        def cancelled() -> bool:
            check()
            return False

        picture = list(Survey().pictures(run.snapshot(), wanted, cancelled=cancelled,
                                         coarsest=self.size))[-1]
        yield "x", picture.field.x
        yield "y", picture.field.y
        yield "loss", picture.field.heights
        yield "origin", picture.plane.origin
        yield "axes", picture.plane.axes
        for name in ("explained", "curvatures"):
            found = getattr(picture.plane, name)
            if found is not None:
                yield name, np.array(found)
        for path in picture.paths:
            yield f"{path.contestant}/steps", path.steps
            yield f"{path.contestant}/points", path.points
            yield f"{path.contestant}/distance", path.distance
            yield f"{path.contestant}/plane_loss", path.plane_loss
            yield f"{path.contestant}/loss", path.true_loss

    def renamed(self, names: Mapping[str, str | None]) -> Self | None:
        """Without the contestant whose loss it is, it is of the first of the others."""
        kept = super().renamed(names)
        if kept is None or kept.of is None:
            return kept
        return kept.replaced(of=names.get(kept.of, kept.of))


def _beyond(step: int, last: int) -> str:
    return f"must be from 0 to {last:,}, the run's last step, not {step:,}"
