"""What networks start from: weights drawn by their inits, as many networks at once as there are.

A weight matrix is drawn from a stream of its own, named by its shape and by how many of that shape
came before it: contestants agree wherever their shapes do. Inits of a family scale the same numbers
of that stream, so they are drawn once for all contestants, and kept for a while: what a slider of
an init's scale costs is a multiplication.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..at_once import at_once
from ..inits import Matrix, Standard
from ..streams import generator

if TYPE_CHECKING:
    from .training import Training

Array = NDArray[np.floating]
Key = tuple[int, str, tuple[int, int], Standard]
Wanted = tuple[Array, float]

# Ten layers of 500 units are 20 MB of standard numbers, and 20 of 1,000 units these.
KEPT_BYTES = 160_000_000
# Fewer numbers than these are drawn sooner than a thread is started.
WORTH_THREADS = 200_000


class StandardNumbers:
    """Standard numbers of streams, those asked for lately kept; any thread may ask."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Key, Matrix] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def of(self, seed: int, stream: str, shape: tuple[int, int], standard: Standard) -> Matrix:
        """The numbers that `standard` draws from a stream, (fan_out, fan_in), read-only."""
        key = (seed, stream, shape, standard)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        drawn = standard(generator(seed, stream), shape)
        drawn.flags.writeable = False
        with self._lock:
            # Another thread may have been as far.
            if key not in self._kept:
                self._kept[key] = drawn
                self._bytes += drawn.nbytes
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return drawn


_standard_numbers = StandardNumbers(KEPT_BYTES)


def starts(trainings: Sequence[Training]) -> list[Array]:
    """The states of step 0, (width,) each."""
    states, wanted = [], dict[Key, list[Wanted]]()
    for training in trainings:
        state = np.zeros(training.width, training.precision)
        _lay_out(training, state, wanted)
        states.append(state)
    jobs: list[Callable[[], None]] = [
        partial(_fill, key, places) for key, places in wanted.items()]
    if sum(key[2][0] * key[2][1] for key in wanted) < WORTH_THREADS:
        for job in jobs:
            job()
    else:
        at_once(jobs)
    return states


class Starts:
    """The states of step 0 of trainings that are compared, drawn together when one is asked for."""

    def __init__(self, trainings: Sequence[Training]) -> None:
        self._trainings = trainings
        self._states: list[Array | None] = []
        self._lock = Lock()

    def of(self, place: int) -> Array:
        """That of one of them, handed out once and not kept."""
        with self._lock:
            if not self._states:
                self._states = list(starts(self._trainings))
            state, self._states[place] = self._states[place], None
        assert state is not None
        return state


def _lay_out(training: Training, state: Array, wanted: dict[Key, list[Wanted]]) -> None:
    """Fill in what is not drawn, and say which parts of a state are drawn from where."""
    parts, seen = training.split(state), dict[tuple[int, ...], int]()
    for layer in training.network.layers:
        at = layer.params_at
        for tensor in layer.form.params:
            part = parts.params[at : at + tensor.size]
            if tensor.start is None:
                occurrence = seen[tensor.shape] = seen.get(tensor.shape, -1) + 1
                stream = f"init/{'x'.join(map(str, tensor.shape))}/{occurrence}"
                assert layer.init is not None
                fan_out, fan_in = tensor.shape
                scale = layer.init.scale(fan_in, fan_out, layer.init_hypers)
                key = (training.seed, stream, (fan_out, fan_in), layer.init.standard)
                wanted.setdefault(key, []).append((part.reshape(fan_out, fan_in), scale))
            else:
                part[:] = tensor.start
            at += tensor.size
        at = layer.state_at
        for tensor in layer.form.state:
            parts.memory[at : at + tensor.size] = tensor.start
            at += tensor.size


def _fill(key: Key, places: Sequence[Wanted]) -> None:
    """Scale the numbers of a stream into all the places that they are wanted in."""
    numbers = _standard_numbers.of(*key)
    for part, scale in places:
        # Multiplied in float64 and rounded once, whatever the precision of the state.
        np.multiply(numbers, scale, out=part, casting="same_kind")
