"""States of steps that were looked at lately, so that stepping on from one begins close by."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

import numpy as np
from numpy.typing import NDArray

State = NDArray[np.floating]

# That of the playhead, and those that views look back at.
FEWEST, MOST, MOST_BYTES = 3, 24, 16_000_000


class Lately:
    """The last few states that were asked for, by step; any thread asks."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, State] = OrderedDict()
        self._looking = Lock()

    def of(self, step: int, make: Callable[[Mapping[int, State], int], State]) -> State:
        """The state of a step, which `make` trains from those that are known."""
        with self._looking:
            state = make(self._known, step)
            self._known[step] = state
            self._known.move_to_end(step)
            if len(self._known) > capacity(state.nbytes):
                self._known.popitem(last=False)
            return state


def capacity(size: int) -> int:
    """How many states of so many bytes are remembered."""
    return min(max(MOST_BYTES // max(size, 1), FEWEST), MOST)
