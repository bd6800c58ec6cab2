"""A contestant's optimizer on the loss of a linear unit: the same kernels, rates and clipping.

Gradients are exact, those of all training rows; penalties l1 and l2, and noise of batches, are left
out, so that nothing but the shape of the loss is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..changes import turns
from ..kernels import UPDATE, compile_function, import_numba, pointer_type
from ..loop import CLIP_CODES
from .linear_unit import Exact, Quadratic

if TYPE_CHECKING:
    from ..experiment import Contestant, Experiment

# As many steps are taken at most: 2 ms a contestant.
MOST_STEPS = 2**17
# Of these the first ones are all kept, and of the later ones as many again.
KEPT = 1024
# There when the distance stays below this part of the start's, lost when it is so many times it.
ARRIVED, LOST = 0.01, 1e6


@dataclass(frozen=True, eq=False)
class Way:
    """A descent: `points` (k, 2) after `steps` (k,), of which 0 is the start.

    `arrived` is the first step from which on it is within a hundredth of the start's distance from
    the minimum, `lost` the one at which it has gone a million times as far; None for never. It was
    followed for `length` steps.
    """

    steps: NDArray[np.int64]
    points: Exact
    arrived: int | None
    lost: int | None
    length: int

    def at(self, step: int) -> int:
        """The place of the last point at or before a step."""
        return max(int(np.searchsorted(self.steps, step, side="right")) - 1, 0)


def way(experiment: Experiment, index: int, found: Quadratic) -> Way:
    """The way that a contestant's optimizer takes down a quadratic in the experiment's steps."""
    count = min(experiment.steps, MOST_STEPS)
    start = found.start
    points = np.empty((count + 1, 2))
    points[0] = start
    definition = experiment.contestants[index].optimizer.definition
    update = definition.kernel.compiled("float64")
    params, slots = start.copy(), np.zeros((len(definition.slots), 2))
    far = LOST * float(np.linalg.norm(start - found.minimum))
    reached = 0
    for first, last, contestant in _stretches(experiment, index, count):
        clip = contestant.clip
        hyper = np.array(list(contestant.optimizer.hypers().values()), float)
        rates = contestant.rates(np.arange(first, last + 1))
        done = _compiled()(
            update, found.hessian, found.minimum, params, slots, hyper, rates,
            CLIP_CODES[clip.by if clip else None], clip.limit if clip else 0.0, first, far,
            points[first : last + 1])
        reached = first - 1 + done
        if done < last - first + 1:
            break
    lost = reached + 1 if reached < count else None
    points = points[: reached + 1]
    away = np.linalg.norm(points - found.minimum, axis=1)
    outside = np.flatnonzero(away > ARRIVED * away[0])
    settled = int(outside[-1]) + 1 if len(outside) else 0
    arrived = settled if lost is None and settled <= reached else None
    kept = _kept(reached)
    return Way(kept, points[kept], arrived, lost, count)


def _stretches(experiment: Experiment, index: int, count: int
               ) -> Iterator[tuple[int, int, Contestant]]:
    """First and last step of each stretch without changes, and the contestant as it is then."""
    first, now = 1, None
    for step, before, after in turns(experiment, 1):
        now = before[index] if now is None else now
        if step > count:
            break
        if step > first:
            yield first, step - 1, now
        first, now = step, after[index]
    yield first, count, experiment.contestants[index] if now is None else now


def _kept(last: int) -> NDArray[np.int64]:
    """The first steps, and later ones ever further apart; the last is among them."""
    if last <= 2 * KEPT:
        return np.arange(last + 1)
    later = np.geomspace(KEPT, last, KEPT + 1).round().astype(np.int64)
    return np.unique(np.concatenate([np.arange(KEPT), later]))


def _glide(update, hessian, minimum, params, slots, hyper, rates, clip, limit, first, far, points):
    """Take the steps from `first` on; return how many stayed within `far` of the minimum."""
    grad = np.empty(2)
    for k in range(rates.size):
        a, b = params[0] - minimum[0], params[1] - minimum[1]
        grad[0] = hessian[0, 0] * a + hessian[0, 1] * b
        grad[1] = hessian[1, 0] * a + hessian[1, 1] * b
        if clip == 1:
            # PyTorch's clip_grad_norm_, its 1e-6 included.
            scale = limit / (sqrt(grad[0] * grad[0] + grad[1] * grad[1]) + 1e-6)
            if scale < 1:
                grad[0] *= scale
                grad[1] *= scale
        elif clip == 2:
            for i in range(2):
                grad[i] = min(max(grad[i], -limit), limit)
        hyper[0] = rates[k]
        update(params, grad, slots, hyper, first + k)
        a, b = params[0] - minimum[0], params[1] - minimum[1]
        away = sqrt(a * a + b * b)
        if not (isfinite(away) and away <= far):
            return k
        points[k, 0], points[k, 1] = params[0], params[1]
    return rates.size


def warm() -> None:
    """Compile the descent, or read it from the cache."""
    _compiled()


@cache
def _compiled() -> Any:
    types = import_numba().types
    real, whole = types.float64, types.int64
    vector, table = real[::1], real[:, ::1]
    signature = whole(pointer_type(UPDATE), table, vector, vector, table, vector, vector, whole,
                      real, whole, real, table)
    return compile_function(_glide, signature, "float64")
