"""What a run hands to whoever looks at it: read-only numbers of one step, and the whole trail.

Arrays in here cannot be written to, so a snapshot can be drawn on one thread while another one
goes on computing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .divergence import Divergence
from .optimizers import Anatomy, Moment

if TYPE_CHECKING:
    from .experiment import Experiment

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ContestantState:
    """One contestant at one step; numbers are NaN from a divergence on."""

    index: int
    name: str
    lr: float
    """The learning rate of the step that follows."""
    diverged: Divergence | None
    """Its divergence, if that has happened by this step."""


@dataclass(frozen=True)
class PointState(ContestantState):
    """A contestant on a surface: (2,) vectors and (S, 2) slots."""

    point: Array
    loss: float
    gradient: Array
    slots: Array


@dataclass(frozen=True, eq=False)
class Evaluations:
    """How good a network was at some steps: entry k of each array (n,) is after `steps[k]` steps.

    Losses are means without penalties, accuracies shares of rows (NaN for a regression), both as in
    use and over at most 2,000 training or test rows, drawn by the seed; those of a test set without
    rows are NaN. `gradient_norm` is that of the step that follows, over its batch with its
    penalties, before any clipping. `weight_norm` is ‖w‖ of all weight matrices together, and
    `update_ratio` ‖Δw‖ / ‖w‖ of the step that follows.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "train_loss", "test_loss", "train_accuracy", "test_accuracy", "gradient_norm",
        "weight_norm", "update_ratio")

    steps: NDArray[np.int64]
    train_loss: Array
    test_loss: Array
    train_accuracy: Array
    test_accuracy: Array
    gradient_norm: Array
    weight_norm: Array
    update_ratio: Array


@dataclass(frozen=True)
class Curves:
    """A network's training so far, entry k belonging to step `steps[k]`, counted from 1.

    `loss` (n,) is each step's mean loss over its batch before its update, `penalty` (n,) what the
    penalties l1 and l2 add to it. `evaluations` has what `Run.measure` has measured, if anything.
    """

    steps: NDArray[np.int64]
    loss: Array
    penalty: Array
    diverged: Divergence | None
    evaluations: Evaluations | None = None


@dataclass(frozen=True)
class Trail:
    """All that is known of one contestant's way, row k belonging to step `steps[k]`."""

    steps: NDArray[np.int64]
    path: Array
    loss: Array
    gradient: Array
    diverged: Divergence | None


@dataclass(frozen=True)
class StepAnatomy:
    """The step that a contestant takes from the snapshot's point, taken apart."""

    index: int
    moment: Moment
    anatomy: Anatomy
    gradient: Array
    """The exact gradient; `moment.g` is the one used, after noise and clipping."""
    step: Array
    """The change of the parameters, as the kernel made it."""

    @property
    def descended(self) -> Array:
        """The gradient that the rule begins with: weight decay included where it is part of it."""
        decay = self.moment.hypers.get("weight_decay", 0.0)
        coupled = not np.any(self.anatomy.decay)
        return self.moment.g + decay * self.moment.w if coupled else self.moment.g


@dataclass(frozen=True)
class Snapshot:
    """A race at one step, with everything that has been computed of it so far."""

    experiment: Experiment
    step: int
    computed: int
    contestants: tuple[Any, ...]
    """`PointState`s on a surface, `NetworkState`s of networks."""
    trails: tuple[Any, ...]
    """`Trail`s on a surface, `Curves` of networks."""
    anatomy: StepAnatomy | None = None
    series: Callable[[int], Snapshot] | None = field(default=None, compare=False, repr=False)
    """The snapshot of any other step computed so far, for views of how something went."""
