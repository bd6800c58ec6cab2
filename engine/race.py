"""What a kind of problem must bring for `Run` to carry it out: lanes, one for each contestant.

A lane computes steps and remembers enough to come back to any of them. What it computes with is an
engine, a pure function from what is known at a step to what is known at the next ones; `Phases`
holds one for each stretch of the run in which nothing was changed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from numpy.typing import NDArray

if TYPE_CHECKING:
    from .contestant import Contestant
    from .divergence import Divergence
    from .snapshot import ContestantState, Curves, StepAnatomy, Trail

Named = tuple[str, NDArray[Any]]
E = TypeVar("E")


class Phases(Generic[E]):
    """Engines by the step from which on they compute."""

    def __init__(self, engine: E) -> None:
        self._phases: tuple[tuple[int, E], ...] = ((0, engine),)

    @property
    def first(self) -> E:
        """The engine that takes the first step."""
        return self._phases[0][1]

    @property
    def last(self) -> E:
        """The engine in force at the end."""
        return self._phases[-1][1]

    def after(self, step: int) -> tuple[E, int]:
        """The engine that takes the step after `step`, and how many steps it can take."""
        place = len(self._phases) - 1
        while self._phases[place][0] > step:
            place -= 1
        later = self._phases[place + 1][0] if place + 1 < len(self._phases) else 2**63 - 1
        return self._phases[place][1], later - step

    def until(self, step: int) -> Phases[E]:
        """Those that have taken steps up to `step`; the last of them goes on."""
        branch: Phases[E] = copy(self)
        branch._phases = tuple(phase for phase in self._phases if phase[0] < step or not phase[0])
        return branch

    def change(self, step: int, engine: E) -> None:
        """Let another engine take the steps after `step`."""
        self._phases = (*(phase for phase in self._phases if phase[0] < step or phase[0] == 0),
                        (step, engine))


class Lane(ABC):
    """One contestant's part of a run. One thread advances it; any thread may look."""

    name: str
    diverged: Divergence | None = None
    size: int = 2
    """How many numbers are learnt: what a step costs, and a look into it, goes with it."""

    @property
    @abstractmethod
    def reached(self) -> int:
        """The last step computed; a diverged contestant's last finite one."""

    @abstractmethod
    def advance(self, count: int) -> None:
        """Take `count` steps, or as many as stay finite."""

    @abstractmethod
    def change(self, step: int, contestant: Contestant) -> None:
        """Go on from `step` as another contestant of the same shape."""

    def until(self, step: int) -> Lane | None:
        """Another lane that has come to `step` as this one has, or None: compute it anew."""
        return None

    @abstractmethod
    def state(self, index: int, step: int) -> ContestantState:
        """What is known of any step up to `reached`, and NaN after that."""

    @abstractmethod
    def trail(self) -> Trail | Curves:
        """All that has been computed so far, over the steps."""

    def measure(self, limit_seconds: float | None) -> bool:
        """Work out more of what its trail shows only on demand; whether that is all of it."""
        return True

    @abstractmethod
    def anatomy(self, index: int, step: int) -> StepAnatomy | None:
        """The step taken from `step`, taken apart, where that can be shown."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """Where it stands at the last step, in words that tables and programs take."""

    @abstractmethod
    def arrays(self, steps: int) -> Iterator[Named]:
        """Its part of the record of the steps up to `steps`."""


@dataclass(frozen=True)
class Race:
    """The lanes of an experiment, and the arrays of its record that they share."""

    lanes: Sequence[Lane]
    shared: Callable[[], Iterator[Named]]
