"""One line of a race on a surface: where it starts, if not where the others do."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .contestant import Contestant
from .table import Point


class SurfaceContestant(Contestant):
    """A contestant on a surface; without a `start` of its own it begins where the race does."""

    start: Point | None = Field(None, description="two finite numbers, [x, y]")

    def shape(self) -> tuple[Any, ...]:
        """Where it started too: a run that goes on has left there already."""
        return *super().shape(), self.start
