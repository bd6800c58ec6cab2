"""All that a picture of trained networks is drawn from, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.network.judged import Judged, judged
from engine.network.material import Material
from engine.network.state import NetworkState
from engine.snapshot import Snapshot

from ..theme import Style
from .kept import Kept
from .view import Appearance, Look


@dataclass(frozen=True)
class MapFrame:
    """A snapshot, how it is looked at, and the contestants that are shown."""

    snapshot: Snapshot
    look: Look
    style: Style
    shown: tuple[Appearance, ...]
    kept: Kept

    @cached_property
    def material(self) -> Material:
        """The data, which all contestants share."""
        material: Material = self.snapshot.contestants[0].training.material
        return material

    def state(self, appearance: Appearance) -> NetworkState:
        """A contestant's network; of one that diverged, at its last finite step."""
        state: NetworkState = self.snapshot.contestants[appearance.index]
        return state

    def moment(self, appearance: Appearance) -> tuple[Any, ...]:
        """What names a contestant's state: the same step of the same run is the same state."""
        return self.snapshot.experiment, self.state(appearance).step

    def judged(self, appearance: Appearance) -> Judged:
        """How good a contestant is right now."""
        state = self.state(appearance)
        return self.kept.of(("judged", appearance.index), self.moment(appearance),
                            lambda: judged(state))

    def lost(self, appearance: Appearance) -> bool:
        """Whether the contestant has diverged."""
        return self.state(appearance).diverged is not None

    def chosen(self) -> Appearance:
        """The highlighted contestant, or the chosen one, or the first."""
        for appearance in self.shown:
            if self.look.highlight == appearance.name:
                return appearance
        return next((a for a in self.shown if a.index == self.look.chosen), self.shown[0])
