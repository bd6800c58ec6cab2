"""A hyperparameter, described once: validation, slider, tooltip and sweep axis come from it."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Literal

Scale = Literal["linear", "log", "one-minus"]


@dataclass(frozen=True)
class Hyper:
    """One number that a definition can be tuned by.

    `low` and `high` bound what is accepted; `slider` is the part of it that a slider spans and
    defaults to the whole. `scale` says how a slider moves: evenly, by factors (`log`), or by
    factors of 1 - value (`one-minus`, for decay rates, where 0.9, 0.99 and 0.999 are equal steps).
    A `log` scale whose slider starts at 0 keeps its left end for exactly 0. A `whole` one takes
    whole numbers only.
    """

    name: str
    default: float
    low: float
    high: float
    scale: Scale = "linear"
    unit: str = ""
    doc: str = ""
    symbol: str = ""
    slider: tuple[float, float] | None = None
    whole: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """The values at the slider's two ends."""
        return self.slider or (self.low, self.high)

    @property
    def allowed(self) -> str:
        """What is accepted, in words: the end of a sentence that begins with "must be"."""
        if self.whole:
            return f"a whole number from {self.low:,.0f} to {self.high:,.0f}"
        return f"a number from {self.low:g} to {self.high:g}"

    def refusal(self, value: float) -> str | None:
        """Why `value` is not accepted, as a sentence, or None."""
        # Compared first: the largest whole numbers do not fit into a float.
        inside = self.low <= value <= self.high and isfinite(value)
        if self.whole:
            whole = inside and value == int(value)
            return None if whole else f"must be {self.allowed}, not {_in_full(value)}"
        return None if inside else f"must be from {self.low:g} to {self.high:g}, not {value:g}"

    def position(self, value: float) -> float:
        """Where a slider stands for `value`, 0 to 1; values outside the span stand at its ends."""
        low, high = self._warp(self.span[0]), self._warp(self.span[1])
        if self.scale == "log" and self.span[0] == 0 and value <= 0:
            return 0.0
        return min(1.0, max(0.0, (self._warp(value) - low) / (high - low)))

    def value(self, position: float) -> float:
        """The value at a slider's `position`, 0 to 1; the inverse of `position`, or the nearest."""
        value = self._between(position)
        return round(value) if self.whole else value

    def _between(self, position: float) -> float:
        low, high = self.span
        if position <= 0:
            return low
        if position >= 1:
            return high
        start, end = self._warp(low), self._warp(high)
        warped = start + position * (end - start)
        if self.scale == "log":
            return exp(warped)
        if self.scale == "one-minus":
            return 1 - exp(-warped)
        return warped

    def _warp(self, value: float) -> float:
        if self.scale == "log":
            # A slider that starts at 0 spans the six decades below its right end.
            floor = self.span[0] or self.span[1] * 1e-6
            return log(max(value, floor))
        if self.scale == "one-minus":
            return -log(max(1 - value, 1e-12))
        return value


def _in_full(value: float) -> str:
    """A number whose digits matter: 1,000,001 must not read 1e+06."""
    if not isinstance(value, int):
        return f"{value:g}"
    return f"{value:,}" if abs(value) < 10**30 else "a number of more than 30 digits"


def learning_rate(default: float, doc: str = "") -> Hyper:
    """The `lr` that every optimizer has as its first hyperparameter."""
    return Hyper(
        "lr", default, 0.0, 1e6, "log", symbol="η", slider=(1e-5, 10.0),
        doc=doc or "Learning rate: how long the step is for a (scaled) gradient of 1.",
    )


def decay_rate(name: str, default: float, symbol: str, doc: str) -> Hyper:
    """A forgetting factor below 1, such as `beta1` or `rho`."""
    return Hyper(name, default, 0.0, 0.999999, "one-minus", symbol=symbol, slider=(0.0, 0.9999),
                 doc=doc)


def epsilon(default: float) -> Hyper:
    """The small number that keeps a division from blowing up."""
    return Hyper("eps", default, 0.0, 1.0, "log", symbol="ε", slider=(1e-12, 1e-1),
                 doc="Added to the denominator, where the published update puts it.")


def weight_decay(default: float = 0.0, *, decoupled: bool = False) -> Hyper:
    """Shrinking of the weights, inside the gradient (L2) or beside it (decoupled)."""
    where = "beside the gradient step (decoupled)" if decoupled else "as λ·w in the gradient (L2)"
    return Hyper("weight_decay", default, 0.0, 10.0, "log", symbol="λ", slider=(0.0, 1.0),
                 doc=f"Pulls the weights towards 0, {where}.")
