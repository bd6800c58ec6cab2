"""The loss of every contestant on a surface over the steps, with a cursor at now."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF

from engine.snapshot import Snapshot

from ..kinds import surface_of
from .curve_layers import Curve
from .heads import short
from .plot import Array
from .timeline import EndName, Timeline
from .view import Appearance, Look, ViewDefinition

# Losses further below the start are drawn at the bottom: an exact 0 has no logarithm, and decades
# of rounding would squeeze what there is to see.
FLOOR_DECADES = 9
# A diverging contestant must not squeeze the others flat: the axis ends this many decades above
# the loss at the start.
CEILING_DECADES = 2


class LossCurve(Timeline):
    """Curves whose past is full and whose future is faint; click or drag to move through time."""

    def __init__(self) -> None:
        super().__init__()
        self._offset = 0.0
        self._logarithmic = True

    def note(self) -> str:
        scale = "log" if self._logarithmic else "linear"
        return f"above the minimum · {scale}" if self._offset else scale

    def fit(self, snapshot: Snapshot, look: Look) -> tuple[float, float]:
        self._choose_scale(snapshot, look)
        shown = [snapshot.trails[a.index] for a in self._shown if a is not None]
        starts = [self._heights(trail.loss[:1]) for trail in shown or snapshot.trails]
        heights = np.concatenate([self._heights(t.loss) for t in shown or snapshot.trails])
        heights = heights[np.isfinite(heights)]
        start = float(np.max(starts)) if np.isfinite(starts).all() else 0.0
        if self._logarithmic:
            high = min(float(np.max(heights, initial=start)), start + CEILING_DECADES)
            low = max(float(np.min(heights, initial=start)), start - FLOOR_DECADES)
            low, high = np.floor(low + 0.02), np.ceil(high - 0.02)
            return min(low, high - 1), high
        low = float(np.min(heights, initial=start))
        ceiling = start + 2 * max(start - low, 1e-12)
        high = min(float(np.max(heights, initial=start)), ceiling)
        low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
        return (low, high) if high > low else (low - 1, high + 1)

    def _choose_scale(self, snapshot: Snapshot, look: Look) -> None:
        surface = surface_of(snapshot.experiment).resolve()
        lowest = min((surface.value(*point) for point in surface.minima), default=0.0)
        finite = [trail.loss[np.isfinite(trail.loss)] for trail in snapshot.trails]
        smallest = min((float(losses.min()) for losses in finite if len(losses)), default=0.0)
        self._logarithmic = look.loss_scale == "log" and smallest - lowest >= -1e-9 * abs(lowest)
        self._offset = lowest if self._logarithmic else 0.0
        self._left.logarithmic = self._logarithmic

    def _heights(self, losses: Array) -> Array:
        """Losses as heights of the left axis."""
        if not self._logarithmic:
            return np.asarray(losses)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(np.maximum(losses - self._offset, 1e-300))

    def curves(self, snapshot: Snapshot, width: float, height: float) -> tuple[Curve, ...]:
        trails = [(shown, snapshot.trails[shown.index]) for shown in self.in_order()]
        return tuple(
            Curve(shown, self.line(trail.steps, self._heights(trail.loss), width, height))
            for shown, trail in trails
        )

    def heads(self, snapshot: Snapshot, now: float) -> list[tuple[Appearance, QPointF]]:
        found = []
        for appearance in self.in_order():
            state = snapshot.contestants[appearance.index]
            if np.isfinite(state.loss):
                height = float(self._heights(np.array([state.loss]))[0])
                y = float(self.to_pixels(np.array([[0.0, height]]))[0, 1])
                found.append((appearance, QPointF(now, y)))
        return found

    def end_names(self) -> list[EndName]:
        return [self.named(curve, short(curve.appearance.name)) for curve in self._curves]


loss_curve = ViewDefinition(
    "loss-curve", "Loss", "Every contestant's loss over the steps, log or linear.", LossCurve,
    weight=(1.0, 1.0),
)
