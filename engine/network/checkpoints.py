"""States of a network kept along its way, from which every step between them is trained again.

The number of bytes is bounded: when it is reached, every second state goes and the distance
doubles. Nothing is lost by that, since training from a state gives the same bits as it did first.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import copy

import numpy as np
from numpy.typing import NDArray

State = NDArray[np.floating]


class Checkpoints:
    """States by step; one thread adds, any thread asks.

    `stride` is the distance between kept steps, `capacity` how many are kept at most (at least 2).
    """

    def __init__(self, state: State, memory: int, stride: int) -> None:
        """Begin with the state of step 0; `memory` is in bytes. States are kept, not copied."""
        self.stride = stride
        self.capacity = max(2, memory // max(state.nbytes, 1))
        # Replaced as a whole, so that a reader sees the old or the new one and never a mixture.
        self._kept: tuple[list[int], list[State]] = ([0], [_frozen(state)])

    @property
    def steps(self) -> list[int]:
        """The steps whose states are kept, in order."""
        return list(self._kept[0])

    def offer(self, step: int, state: State) -> None:
        """Keep `state`, read-only then, if its step is one to be kept; steps come in order."""
        steps, states = self._kept
        if step % self.stride or step <= steps[-1]:
            return
        if len(steps) == self.capacity:
            self.stride *= 2
            steps, states = steps[::2], states[::2]
            if step % self.stride:
                self._kept = (steps, states)
                return
        self._kept = ([*steps, step], [*states, _frozen(state)])

    def until(self, step: int) -> Checkpoints:
        """The same up to `step`, to go on from there in another way; states are shared."""
        steps, states = self._kept
        count = bisect_right(steps, step)
        branch = copy(self)
        branch._kept = (steps[:count], states[:count])
        return branch

    def before(self, step: int) -> tuple[int, State]:
        """The last kept step that is not after `step`, and its state, read-only."""
        steps, states = self._kept
        place = bisect_right(steps, step) - 1
        return steps[place], states[place]


def _frozen(state: State) -> State:
    state.flags.writeable = False
    return state
