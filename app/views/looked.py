"""Looks into layers that the views of a snapshot share: one pass a network, whoever asks first."""

from __future__ import annotations

from collections.abc import Sequence

from engine.network.layer_look import LayerLook, look_rows, looks
from engine.network.state import NetworkState
from engine.snapshot import Snapshot

from .view import Appearance, Look


def looked(snapshot: Snapshot, shown: Sequence[Appearance], look: Look) -> list[LayerLook]:
    """A look into each of the shown, over as many rows as all that are not muted are seen on."""
    states = [state for state in snapshot.contestants if isinstance(state, NetworkState)]
    everyone = [state for state, contestant in zip(
        states, snapshot.experiment.contestants, strict=True) if not contestant.muted]
    rows = look_rows(everyone, look.thorough)
    return looks([states[appearance.index] for appearance in shown], rows)
