"""Gradients from losses alone: what is left of a derivative when nothing is derived.

A coordinate is moved a little to both sides and the loss is computed anew, forward only. Three
widths (2h, h, h/2) give two differences of fourth order (Richardson 1911), which agree where the
loss is smooth. Where it has a kink between (ReLU's at 0, the tie of two maxout pieces) they do not,
or the slopes to the left and to the right stay apart however small h is: then h is made smaller
until the kink lies outside, and a coordinate that sits on one is said to have no gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernels import BACKWARD, compile_function, import_numba, kernel
from . import passes
from .kernel_lists import listed
from .plan import DX_AT, DX_ROWS, Plan
from .training import Parts, Training

Array = NDArray[np.floating]
Places = NDArray[np.int64]
LossesAt = Callable[[Places, Array], Array]

# Every rung is a quarter of the one before. The last one is 256 times smaller than the first.
RUNGS, RATIO = 5, 4.0
OFFSETS = np.array([2.0, 1.0, 0.5, -0.5, -1.0, -2.0])
# A loss L is known to about so many times ε·|L|: its sums are rounded more than once.
ROUNDING = 16 * float(np.finfo(np.float64).eps)


@kernel(BACKWARD)
def nothing(params, x, y, dy, dx, dparams, memory, hyper, training):
    """In place of every layer's way back: a pass that only goes forward."""


def losses_around(
    run, forwards, backwards, loss, plan, target_at, rows, inputs, targets, params, state, grads,
    workspace, hypers, loss_hyper, step, training, moved, places, values, found,
):
    """The loss with one number of `moved` changed at a time; the pass `run` is a pointer.

    `moved` is `params` or `inputs`, flat; `values` (m, k) are what its numbers at `places` (m,) are
    set to, and `found` (m, k) gets the losses.
    """
    for m in range(places.size):
        kept = moved[places[m]]
        for k in range(values.shape[1]):
            moved[places[m]] = values[m, k]
            found[m, k] = run(
                forwards, backwards, loss, plan, target_at, rows, inputs, targets, params, state,
                grads, workspace, hypers, loss_hyper, step, training,
            )
        moved[places[m]] = kept


@cache
def compiled_losses_around() -> tuple[Any, Any]:
    """`losses_around` and the pass that it runs, compiled or read from the cache once."""
    types = import_numba().types
    run = passes.compiled(passes.there_and_back, "float64")
    (signature,) = run.nopython_signatures
    pass_type = types.FunctionType(signature.return_type(*signature.args))
    real = types.float64
    return compile_function(losses_around, types.void(
        pass_type, *signature.args, real[::1], types.int64[::1], real[:, ::1], real[:, ::1],
    ), "float64"), run


@dataclass(frozen=True)
class Setting:
    """A pass in float64 with everything in it held fixed: batch, masks, statistics, parameters.

    `inputs` (n, d) and `targets` (n, t) are the batch, `parts` the state's, all of them writable
    and its own. `step` counts from 1; `learning` is False for the network as in use.
    """

    training: Training
    inputs: Array
    targets: Array
    parts: Parts
    step: int
    learning: bool

    def losses(self, moved: Array, places: Places, values: Array) -> Array:
        """Losses without penalties, (m, k), with `moved` set to `values` (m, k) at `places` (m,).

        `moved` is the parameters or the inputs, flat.
        """
        around, run = compiled_losses_around()
        layout = self.training.plan_for(len(self.inputs))
        backwards = listed([nothing] * len(layout.table), "float64")
        found = np.empty_like(values)
        around(run, *self._arguments(layout, layout.workspace(), backwards), moved, places, values,
               found)
        return found

    def backpropagated(self) -> tuple[float, Array, Array]:
        """The loss, and its gradient by the parameters (P,) and the inputs (n, d).

        The first layer of a network has no use for its inputs' gradient and leaves it out; here it
        gets the room for it.
        """
        layout = self.training.plan_for(len(self.inputs))
        table = layout.table.copy()
        count, width = self.inputs.shape
        table[0, DX_AT], table[0, DX_ROWS] = layout.size, width
        wider = Plan(count, table, layout.target_at, layout.size + count * width, "float64")
        workspace, grads = wider.workspace(), np.empty_like(self.parts.params)
        arguments = self._arguments(wider, workspace, None, grads)
        value = passes.compiled(passes.there_and_back, "float64")(*arguments)
        dx = workspace[layout.size :].reshape(width, count)
        return value, grads, np.ascontiguousarray(dx.T)

    def _arguments(self, layout: Plan, workspace: Array, backwards: Any,
                   grads: Array | None = None) -> tuple[Any, ...]:
        parts = Parts(self.parts.params, self.parts.slots, self.parts.memory.copy())
        return self.training.pass_arguments(
            layout, self.inputs, self.targets, np.arange(len(self.inputs)), parts,
            np.empty_like(parts.params) if grads is None else grads, workspace, self.step,
            self.learning, backwards)


@dataclass(frozen=True)
class Slopes:
    """Derivatives by some coordinates, (m,) each; NaN where `kinks` says that there is none.

    `resolution` is the smallest slope that the differences could tell to `accuracy` of itself.
    """

    values: Array
    resolution: Array
    kinks: NDArray[np.bool_]


def slopes(losses_at: LossesAt, at: Array, scale: float, h: float, accuracy: float) -> Slopes:
    """The slope at `at` (m,) of a loss by each coordinate alone, about as large as `scale`.

    `losses_at` takes places among the m and values (n, k) for them, and returns losses (n, k).
    The first width is h · max(1, |at|); it is made smaller until two differences agree to
    `accuracy` of the scale, or of what can be resolved.
    """
    count = len(at)
    found, error = np.zeros(count), np.full(count, np.inf)
    resolution, bend = np.full(count, np.inf), np.full(count, np.inf)
    kinks = np.zeros(count, bool)
    left = np.arange(count)
    middle = losses_at(left, at[:, None])[:, 0]
    known = ROUNDING * np.abs(middle)
    # A power of two, so that what is added is what is divided by.
    widths = h * 2 ** np.ceil(np.log2(np.maximum(np.abs(at), 1)))
    for rung in range(RUNGS):
        width = widths[left] / RATIO**rung
        moved = at[left, None] + width[:, None] * OFFSETS
        sides = losses_at(left, moved)
        up, down = sides[:, :3], sides[:, :2:-1]
        spans = width[:, None] * OFFSETS[:3]
        central = (up - down) / (2 * spans)
        # By how much the slope to the right exceeds that to the left.
        bends = (up - 2 * middle[left, None] + down) / spans
        coarse = (4 * central[:, 1] - central[:, 0]) / 3
        fine = (4 * central[:, 2] - central[:, 1]) / 3
        apart = np.max(np.abs([
            fine - coarse, bends[:, 0] / 2 - bends[:, 1], bends[:, 1] / 2 - bends[:, 2],
        ]), axis=0)
        resolved = known[left] / width / accuracy
        relative = apart / np.maximum(scale, resolved)
        better = relative < error[left]
        places = left[better]
        found[places], error[places] = fine[better], relative[better]
        resolution[places] = resolved[better]
        stays = np.abs(bends[:, 0]) > 0.5 * np.abs(bend[left])
        bend[left] = bends[:, 0]
        if rung == RUNGS - 1:
            visible = np.abs(bends[:, 0]) > accuracy * np.maximum(scale, resolved)
            kinks[left] = stays & visible & (error[left] > accuracy / 4)
        left = left[error[left] > accuracy / 4]
        if not len(left):
            break
    found[kinks] = np.nan
    return Slopes(found, resolution, kinks)
