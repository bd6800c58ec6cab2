"""What curves of networks show: each quantity's numbers over the steps, and on which scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.rates import planned_rates
from engine.smoothing import smoothed
from engine.snapshot import Curves, Snapshot

from .view import Appearance, Look

Array = NDArray[np.float64]
Scale = Literal["log", "linear", "percent"]

# The average's span as a share of the run: what happens within it is noise for whoever looks at the
# whole run, and the line lies behind by about as much.
SPAN = 0.012
# The loss of single batches is noisier than that of many rows.
BATCHES_SPAN = 0.03
# What stands for an exact 0 on a logarithmic scale: no axis reaches down to it.
NOTHING = 1e-300
# Contestants whose highest rates are further apart than by this factor need a logarithmic scale.
WIDE = 30
# Beyond this many steps a rate is drawn at so many of them, more than a picture has columns.
MOST_RATES = 8192


@dataclass(frozen=True)
class Quantity:
    """Something to be shown; `columns` of `Evaluations` are of the training and the test rows."""

    word: str
    title: str
    columns: tuple[str, ...]
    smooth: bool
    scale: Scale
    above: float
    """How many decades above its beginning it is still shown."""
    explained: str = ""


QUANTITIES: dict[str, Quantity] = {
    "loss": Quantity("loss", "Loss", ("train_loss", "test_loss"), True, "log", 2),
    "accuracy": Quantity("accuracy", "Accuracy", ("train_accuracy", "test_accuracy"), True,
                         "percent", 0),
    "gradient": Quantity("gradient", "Gradient norm", ("gradient_norm",), True, "log", 4),
    "weights": Quantity("weights", "Weight norm", ("weight_norm",), False, "linear", 4),
    "update": Quantity("update", "Update ratio", ("update_ratio",), True, "log", 4,
                       "update norm / weight norm"),
    "rate": Quantity("rate", "Learning rate", (), False, "linear", 4),
}


@dataclass(frozen=True)
class Track:
    """One contestant's quantity over the steps, on its training rows or on its test rows.

    `raw` (n,) is what the engine has measured at `steps` (n,), `line` (n,) are the heights that are
    drawn full. `noise` is the loss of every step's batch, where it is shown behind.
    """

    appearance: Appearance
    part: Literal["train", "test"]
    steps: NDArray[np.int64]
    raw: Array
    line: Array
    noise: Curves | None = None

    @property
    def of_batches(self) -> bool:
        """Whether it is the loss of the batches, for want of a measured one."""
        return self.noise is not None and self.raw is self.noise.loss

    def at(self, step: int) -> tuple[int, float] | None:
        """The measured step nearest to one, and its value; None where there is none."""
        if not len(self.steps):
            return None
        place = int(np.argmin(np.abs(self.steps - step)))
        return int(self.steps[place]), float(self.raw[place])

    def best(self, *, largest: bool) -> tuple[int, float] | None:
        """The first step at which it was best, and its value then; None without any value."""
        if not np.isfinite(self.raw).any():
            return None
        place = int(np.nanargmax(self.raw) if largest else np.nanargmin(self.raw))
        return int(self.steps[place]), float(self.raw[place])


def heights(values: Array, scale: Scale) -> Array:
    """Values as heights of an axis of that scale; a 0 without a logarithm lies far below it."""
    if scale != "log":
        return np.asarray(values)
    return np.log10(np.maximum(values, NOTHING))


def _smooth(steps: NDArray[np.int64], values: Array, scale: Scale, span: float) -> Array:
    """Heights of the smoothed line: on a logarithmic axis through the middle of what is seen."""
    found = heights(values, scale)
    nothing = (values == 0) & (scale == "log")
    return np.where(nothing, found, smoothed(steps, np.where(nothing, np.nan, found), span))


def scale_of(snapshot: Snapshot, look: Look) -> Scale:
    """The scale on which the looked-at quantity is shown."""
    if look.curve == "loss":
        return look.loss_scale
    if look.curve == "rate":
        # Those of muted contestants too: who is shown changes no scale.
        highest = planned_rates(snapshot.experiment, _rate_steps(snapshot) + 1).max(axis=1)
        return "log" if highest.max() > WIDE * highest.min() > 0 else "linear"
    return QUANTITIES[look.curve].scale


def tracks_of(snapshot: Snapshot, look: Look, shown: Sequence[Appearance], scale: Scale
              ) -> list[Track]:
    """The tracks of the contestants that are shown, in their order; those of test rows last.

    Until a run is measured, its loss is that of the batches.
    """
    if look.curve == "rate":
        return _rate_tracks(snapshot, shown, scale)
    quantity, span = QUANTITIES[look.curve], max(SPAN * snapshot.experiment.steps, 1.0)
    train: list[Track] = []
    test: list[Track] = []
    for appearance in shown:
        trail: Curves = snapshot.trails[appearance.index]
        measured, noise = trail.evaluations, trail if look.curve == "loss" else None
        if measured is None and noise is not None:
            train.append(Track(appearance, "train", trail.steps, trail.loss,
                               _smooth(trail.steps, trail.loss, scale,
                                       BATCHES_SPAN / SPAN * span), noise))
        if measured is None:
            continue
        for found, column in zip((train, test), quantity.columns, strict=False):
            raw = getattr(measured, column)
            line = _smooth(measured.steps, raw, scale, span) if quantity.smooth else heights(
                raw, scale)
            if np.isfinite(raw).any():
                found.append(Track(appearance, "test" if found is test else "train",
                                   measured.steps, raw, line, noise if found is train else None))
    return train + test


def _rate_steps(snapshot: Snapshot) -> NDArray[np.int64]:
    last = snapshot.experiment.steps
    return np.unique(np.linspace(0, last, min(last + 1, MOST_RATES)).astype(np.int64))


def _rate_tracks(snapshot: Snapshot, shown: Sequence[Appearance], scale: Scale) -> list[Track]:
    """The whole schedule, of steps that are still to come too."""
    steps = _rate_steps(snapshot)
    # A contestant's rate at a step is that of the step that follows.
    rates = planned_rates(snapshot.experiment, steps + 1)
    return [Track(a, "train", steps, rates[a.index], heights(rates[a.index], scale))
            for a in shown]


def words_without(snapshot: Snapshot, look: Look, shown: Sequence[Appearance]) -> str:
    """Why there is nothing to see, as a sentence."""
    if not shown:
        return "Every contestant is muted."
    if look.curve == "accuracy":
        regression = snapshot.contestants[shown[0].index].training.loss.predict is None
        if regression:
            return "Accuracy is for classes; this network learns numbers."
    if look.curve == "loss":
        return "No step is computed yet."
    return "Nothing is measured yet."
