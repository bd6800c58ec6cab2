"""A loss surface in two parameters as the thing to be minimised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator

from .contestant import Contestant
from .errors import Mistake
from .surface_contestant import SurfaceContestant
from .surfaces import Surface, surfaces
from .table import Box, Number, Point, Table, Text, short

if TYPE_CHECKING:
    from .experiment import Experiment
    from .race import Lane, Race


class SurfaceProblem(Table):
    """A loss surface, registered or typed as a formula, a start on it, and gradient noise.

    `noise` is the standard deviation of what is added to each component of each gradient. Without
    a `start`, the surface's own is taken.
    """

    contestant: ClassVar[type[SurfaceContestant]] = SurfaceContestant

    kind: Literal["surface"] = Field("surface", description='"surface"')
    surface: Text | None = Field(None, description="the name of a surface")
    formula: Text | None = Field(None, description="a formula in x and y, as text")
    domain: Box | None = Field(
        None, description="two pairs of finite numbers, [[x low, x high], [y low, y high]]")
    start: Point = Field(
        None, validate_default=True, description="two finite numbers, [x, y]")
    noise: Number = Field(0.0, ge=0, le=1e6, description="a number from 0 to 1e+06")

    @field_validator("surface")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        return name if name is None else surfaces[short(name)].name

    @field_validator("formula")
    @classmethod
    def _readable(cls, formula: str | None) -> str | None:
        if formula is not None:
            from .formula import check_formula

            check_formula(formula)
        return formula

    @field_validator("start", mode="before")
    @classmethod
    def _own_start(cls, start: Any, info: ValidationInfo) -> Any:
        """The surface's start where none is given; any where there is no valid surface."""
        if start is not None:
            return start
        surface, formula, domain = (info.data.get(key) for key in ("surface", "formula", "domain"))
        if surface is not None:
            return surfaces[surface].start
        if formula is not None and domain is not None:
            return _typed_surface(formula, domain).start
        return (0.0, 0.0)

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        surface, formula, domain = (data.get(key) for key in ("surface", "formula", "domain"))
        if surface is None and formula is None:
            yield Mistake("", 'needs a surface, such as surface = "beale", or a formula')
        if surface is not None and formula is not None:
            yield Mistake("formula", "must be left out, or surface must: a problem has one of them")
        if surface is not None and formula is None and domain is not None:
            yield Mistake("domain", "must be left out: it belongs to a formula, a named surface "
                                    "has its own")
        if formula is not None and domain is None:
            yield Mistake("domain", "is missing; a formula needs one, such as [[-2, 2], [-1, 3]]")

    def resolve(self) -> Surface:
        """The surface itself."""
        if self.surface is not None:
            return surfaces[self.surface]
        assert self.formula is not None and self.domain is not None
        return _typed_surface(self.formula, self.domain)

    def start_of(self, contestant: Contestant) -> tuple[float, float]:
        """Where a contestant begins: at its own start, or where all do that have none."""
        own = contestant.start if isinstance(contestant, SurfaceContestant) else None
        return self.start if own is None else own

    @property
    def title(self) -> str:
        """What it is called where an experiment has no title."""
        return self.resolve().title

    def located(self, folder: str | Path) -> Self:
        """Itself: a surface needs no file."""
        return self

    def race(self, experiment: Experiment, memory: int, before: Sequence[Lane] = ()) -> Race:
        """Every contestant at the start; `memory` in bytes bounds what is kept of their ways.

        A start costs nothing here, and nothing is taken over from lanes `before`.
        """
        from .surface_race import surface_race

        return surface_race(experiment, self, memory)

    def contestant_after(self, contestant: Contestant, changes: Mapping[str, Any]) -> Contestant:
        """A contestant after an edit of the problem: a start of its own belongs to its surface."""
        another = "surface" in changes or ("formula" in changes and self.formula is None)
        if another and isinstance(contestant, SurfaceContestant) and contestant.start is not None:
            return contestant.replaced(start=None)
        return contestant

    def changed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The raw table after an edit; None takes a key back to its default.

        Another surface or formula does not keep what belonged to the one before.
        """
        fields = self.fields()
        if "surface" in changes or "formula" in changes:
            fields |= {"surface": None, "formula": None}
            if changes.get("surface") is not None:
                fields |= {"domain": None, "start": None}
            elif self.formula is None:
                fields["start"] = None
        return {**fields, **changes}


# Views ask for the surface again and again; a formula is surveyed once.
@lru_cache(maxsize=32)
def _typed_surface(formula: str, domain: Any) -> Surface:
    from .formula import surface_from_formula

    return surface_from_formula(formula, domain)
