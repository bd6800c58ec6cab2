"""Drift as an experiment writes it: `drift = { kind = "light", per_1000_steps = -1 }`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from ..errors import Mistake
from ..table import Number, Table
from .drift import Drift


class DriftTable(Table):
    """How the inputs move while they are learnt: `{ kind = "light", per_1000_steps = -1 }`.

    The rate is a distance in the inputs' own unit for a shift, turns for a rotation of the first
    two inputs, and stops (factors of 2) for light. A shift goes along `direction`, or the first
    input.
    """

    kind: Literal["shift", "rotation", "light"] = Field(
        description='"shift", "rotation" or "light"')
    per_1000_steps: Number = Field(
        ge=-1000, le=1000, description="a number from -1000 to 1000")
    direction: tuple[Number, ...] | None = Field(
        None, description="a list of numbers, one for each input, not all 0")

    @classmethod
    def contradictions(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        direction = data.get("direction")
        if direction is None:
            return
        if data.get("kind") in ("rotation", "light"):
            yield Mistake("direction", "must be left out: it belongs to a shift")
        if isinstance(direction, (list, tuple)) and not any(direction):
            yield Mistake("direction", "must be a list of numbers, not all 0")

    def drift(self) -> Drift:
        """The drift itself."""
        return Drift(self.kind, self.per_1000_steps, self.direction)
