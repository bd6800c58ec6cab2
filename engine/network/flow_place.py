"""Where the numbers of one example are on their way: a number of stages forth and back.

A network of B blocks has the stages 0 (the inputs), 1 to B (each block in order), B + 1 (the loss),
and B + 2 to 2B + 1 (each block in reverse). In between, numbers are on their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

MOST_NAMED = 12


@dataclass(frozen=True)
class FlowPlace:
    """A place on the way through a network whose outputs are the column `outputs`."""

    value: float
    outputs: int

    @classmethod
    def at(cls, value: float, outputs: int) -> FlowPlace:
        """The place nearest to `value` that there is."""
        return cls(min(max(value, 0.0), float(last_stage(outputs))), outputs)

    @property
    def done(self) -> int:
        """The last stage whose numbers are all there."""
        return floor(self.value)

    @property
    def stage(self) -> int:
        """The stage that is being made, or has just been."""
        return ceil(self.value)

    @property
    def share(self) -> float:
        """How far the numbers are between two stages; 0 at a stage."""
        return self.value - self.done

    @property
    def column(self) -> int:
        """The column of `stage`; that of the loss lies behind the outputs."""
        return self.column_of(self.stage)

    @property
    def backward(self) -> bool:
        """Whether gradients are on their way, and not numbers to the loss."""
        return self.stage > self.outputs + 1

    @property
    def forward_to(self) -> int:
        """The last column whose activations are there; the loss, if it is there, counts as one."""
        return min(self.done, self.outputs + 1)

    @property
    def back_to(self) -> int:
        """The first column whose gradients are there; behind the loss, if there is none."""
        return self.column_of(self.done) if self.done > self.outputs + 1 else self.outputs + 2

    @property
    def gap(self) -> int | None:
        """The column at the left of the edges that numbers pass or have just passed, or None."""
        if self.stage == 0:
            return None
        return self.column if self.backward else self.column - 1

    def column_of(self, stage: int) -> int:
        """The column that a stage fills."""
        return stage if stage <= self.outputs + 1 else 2 * self.outputs + 2 - stage


def last_stage(outputs: int) -> int:
    """The stage in which the gradient has reached the first block."""
    return 2 * outputs + 1


def stage_names(outputs: int) -> tuple[str, ...]:
    """What each stage is called, from the inputs to the loss and back: "in", "→ 1", …, "← 1".

    Of many, only round numbers have names; the others are empty.
    """
    every = 1
    while outputs / every > MOST_NAMED:
        every *= 5 if str(every).startswith("2") else 2
    inner = [str(number) if number % every == 0 else "" for number in range(1, outputs)]
    forth = [name and f"→ {name}" for name in inner]
    back = [name and f"← {name}" for name in reversed(inner)]
    return ("in", *forth, "→ out", "loss", "← out", *back)
