"""One contestant on a surface: from a row of the record to the next ones, again and again the same.

Nothing here remembers anything between calls: any stretch can be computed from any kept row, on
any thread, and comes out bit for bit as it did the first time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .experiment import Contestant, SurfaceProblem
from .kernels import Precision
from .loop import CLIP_CODES, compiled_descend
from .optimizers import Moment
from .snapshot import StepAnatomy
from .streams import normals
from .surfaces import Surface

Array = NDArray[np.float64]
PRECISION: Precision = "float64"


class Descent:
    """A contestant's optimizer on a surface, as a pure function from row to rows.

    A row is (parameters (2), slots (2 each), exact loss, exact gradient (2)).
    """

    def __init__(
        self, problem: SurfaceProblem, surface: Surface, contestant: Contestant, seed: int
    ) -> None:
        self.surface = surface
        self.contestant = contestant
        self.definition = contestant.optimizer.definition
        self.slot_count = len(self.definition.slots)
        self.width = 2 + 2 * self.slot_count + 3
        self._problem = problem
        self._seed = seed
        self.hyper = np.array(list(contestant.optimizer.hypers().values()), float)
        self._surface_kernel = surface.kernel.compiled(PRECISION)
        self._update_kernel = self.definition.kernel.compiled(PRECISION)
        clip = contestant.clip
        self.clip = (CLIP_CODES[clip.by if clip else None], clip.limit if clip else 0.0)

    def start(self) -> Array:
        """The row of step 0, (width,)."""
        row = np.zeros(self.width)
        row[:2] = self._problem.start_of(self.contestant)
        row[-3] = self._surface_kernel(row[:2].copy(), row[-2:])
        return row

    def segment(self, row: Array, step: int, count: int) -> tuple[Array, bool]:
        """The rows of the `count` steps after `step`, whose row is `row`; fewer if it diverges.

        Returns (rows, diverged); a diverged segment's last row is the one that is not finite.
        """
        steps = np.arange(step + 1, step + count + 1)
        rows = np.empty((count, self.width))
        code, limit = self.clip
        finite = compiled_descend()(
            self._surface_kernel, self._update_kernel, np.array(row), self.slot_count,
            self.hyper.copy(), self.rates(steps), self.noise(step, count), code, limit, step + 1,
            rows,
        )
        return rows[: finite + 1], finite < count

    def noise(self, step: int, count: int) -> Array:
        """What is added to the gradients of the `count` steps after `step`, (count, 2), or (0, 2).
        """
        if not self._problem.noise:
            return np.empty((0, 2))
        return normals(self._seed, "noise", step, count, 2) * self._problem.noise

    def rates(self, steps: NDArray[np.int64]) -> Array:
        """The scheduled learning rate of each step, (n,)."""
        return self.contestant.rates(steps)

    def split(self, row: Array) -> tuple[Array, Array, float, Array]:
        """A row's parameters (2,), slots (S, 2), loss and gradient (2,), read-only copies."""
        row = np.array(row)
        row.flags.writeable = False
        return row[:2], row[2:-3].reshape(self.slot_count, 2), float(row[-3]), row[-2:]

    def anatomy(self, index: int, row: Array, step: int) -> StepAnatomy:
        """The step taken from `row` at `step`, taken apart."""
        after = self.segment(row, step, 1)[0][0]
        w, before, _, gradient = self.split(row)
        w_after, slots, _, _ = self.split(after)
        hypers = dict(self.contestant.optimizer.hypers())
        hypers["lr"] = float(self.rates(np.array([step + 1]))[0])
        moment = Moment(step + 1, w, self._used(gradient, step), before, slots, hypers)
        return StepAnatomy(
            index, moment, self.definition.anatomy(moment), gradient, np.asarray(w_after - w)
        )

    def _used(self, gradient: Array, step: int) -> Array:
        """The gradient after noise and clipping, as the loop used it for the step after `step`."""
        used = np.array(gradient)
        if self._problem.noise:
            used += self.noise(step, 1)[0]
        code, limit = self.clip
        if code == CLIP_CODES["norm"]:
            used *= min(1.0, limit / (float(np.sqrt((used * used).sum())) + 1e-6))
        elif code == CLIP_CODES["value"]:
            used = np.clip(used, -limit, limit)
        return used
