"""The compiled passes through a network, and the loop that trains it, many steps to a call.

Layers, loss and optimizer come in as pointers to their kernels and the network as a plan of
offsets, so every architecture runs through these same compiled functions. The arrays that kernels
get are made on the spot from addresses: without an owner to count references for, that costs
a few nanoseconds, where views of Numba arrays would cost more than a small layer.
"""

from __future__ import annotations

from functools import cache
from math import isfinite, sqrt
from typing import Any

import numpy as np

from ..kernels import (
    BACKWARD,
    FORWARD,
    LOSS,
    UPDATE,
    Precision,
    compile_function,
    import_numba,
    pointer_type,
)
from .plan import (
    DX_AT,
    DX_ROWS,
    DY_AT,
    FAN_IN,
    FAN_OUT,
    GRADS,
    HYPER,
    HYPER_AT,
    KEY,
    MEMORY,
    MEMORY_AT,
    PARAMS,
    PARAMS_AT,
    STATE,
    STATE_AT,
    WEIGHTS,
    X_AT,
    Y_AT,
)

import_numba()

from numba import carray, types  # noqa: E402
from numba.extending import register_jitable  # noqa: E402

from ..machine_code import FLUSH, pointer_to, set_rounding  # noqa: E402

# Steps are spread over all 64 bits of a mask's key (the golden ratio, as SplitMix64 counts).
STRIDE = 0x9E3779B97F4A7C15


@register_jitable
def vector(array, at, size):
    """A part of a flat array, (size,)."""
    return carray(pointer_to(array, at), (size,))


@register_jitable
def matrix(array, at, rows, columns):
    """A part of a flat array, (rows, columns)."""
    return carray(pointer_to(array, at), (rows, columns))


@register_jitable
def go_forward(kernels, plan, rows, step, params, state, hypers, workspace, training):
    """All layers in order; the batch is in the workspace already, and the outputs after."""
    for k in range(plan.shape[0]):
        key = np.uint64(plan[k, KEY]) + np.uint64(step) * np.uint64(STRIDE)
        kernels[k](
            vector(params, plan[k, PARAMS_AT], plan[k, PARAMS]),
            matrix(workspace, plan[k, X_AT], plan[k, FAN_IN], rows),
            matrix(workspace, plan[k, Y_AT], plan[k, FAN_OUT], rows),
            vector(workspace, plan[k, MEMORY_AT], plan[k, MEMORY]),
            vector(state, plan[k, STATE_AT], plan[k, STATE]),
            vector(hypers, plan[k, HYPER_AT], plan[k, HYPER]),
            key, training,
        )


@register_jitable
def go_backward(kernels, plan, rows, params, grads, hypers, workspace, training):
    """All layers in reverse, from the outputs' gradient in the workspace to `grads` (P,)."""
    for k in range(plan.shape[0] - 1, -1, -1):
        kernels[k](
            vector(params, plan[k, PARAMS_AT], plan[k, PARAMS]),
            matrix(workspace, plan[k, X_AT], plan[k, FAN_IN], rows),
            matrix(workspace, plan[k, Y_AT], plan[k, FAN_OUT], rows),
            matrix(workspace, plan[k, DY_AT], plan[k, FAN_OUT], rows),
            matrix(workspace, plan[k, DX_AT], plan[k, DX_ROWS], rows),
            vector(grads, plan[k, PARAMS_AT], plan[k, GRADS]),
            vector(workspace, plan[k, MEMORY_AT], plan[k, MEMORY]),
            vector(hypers, plan[k, HYPER_AT], plan[k, HYPER]),
            training,
        )


@register_jitable
def fetch(rows, values, into, at):
    """Put the `rows` (n,) of a table (N, d) into the workspace as columns, (d, n)."""
    width, count = values.shape[1], rows.size
    for j in range(count):
        row = rows[j]
        for i in range(width):
            into[at + i * count + j] = values[row, i]


@register_jitable
def measured(losses, plan, target_at, wanted, rows, workspace, loss_hyper):
    """The mean loss of what a forward pass has left, beside (wanted, rows) targets."""
    last = plan.shape[0] - 1
    outputs = plan[last, FAN_OUT]
    return losses[0](
        matrix(workspace, plan[last, Y_AT], outputs, rows),
        matrix(workspace, target_at, wanted, rows),
        matrix(workspace, plan[last, DY_AT], outputs, rows), loss_hyper,
    )


@register_jitable
def place(numbers, first, count, into, at):
    """Copy a part of a flat array into the workspace."""
    for i in range(count):
        into[at + i] = numbers[first + i]


@register_jitable
def penalise(plan, params, grads, l1, l2):
    """Add the penalties' gradient; returns l1·Σ|W| + l2/2·ΣW² over the weight matrices."""
    absolute, squares = 0.0, 0.0
    one, two = params.dtype.type(l1), params.dtype.type(l2)
    for k in range(plan.shape[0]):
        first = plan[k, PARAMS_AT]
        for i in range(first, first + plan[k, WEIGHTS]):
            w = params[i]
            absolute += abs(w)
            squares += np.float64(w) * np.float64(w)
            grads[i] += two * w + one * np.sign(w)
    return l1 * absolute + l2 / 2 * squares


@register_jitable
def clip_gradient(grads, how, limit):
    """Clip the whole gradient's norm (1) or each component (2) to `limit`, as PyTorch does."""
    if how == 1:
        squares = 0.0
        for i in range(grads.size):
            # In float64: squares of large and of small float32 numbers are beyond its range.
            squares += np.float64(grads[i]) * np.float64(grads[i])
        scale = limit / (sqrt(squares) + 1e-6)
        if scale < 1:
            factor = grads.dtype.type(scale)
            for i in range(grads.size):
                grads[i] *= factor
    elif how == 2:
        bound = grads.dtype.type(limit)
        for i in range(grads.size):
            # Not min and max, which would make a number of NaN.
            if grads[i] > bound:
                grads[i] = bound
            elif grads[i] < -bound:
                grads[i] = -bound


@register_jitable
def all_finite(numbers):
    """Whether none of them is NaN or infinite: what is, times 0, is not 0."""
    total = numbers.dtype.type(0)
    for i in range(numbers.size):
        total += numbers[i] * numbers.dtype.type(0)
    return total == 0


def train(
    forwards, backwards, losses, updates, plan, target_at, groups, factors, inputs, targets,
    batches, params, slots, state, grads, workspace, hypers, loss_hyper, hyper, rates, l1, l2, clip,
    limit, first, careful, rows,
):
    """Take the steps `first`, `first` + 1, …, one for each of `batches` (n, B); how many went well.

    `inputs` (N, d) and `targets` (N, t) are the rows that batches name. `params` (P,), `slots`
    (S·P,), `state` (R,) go on from what they are. `groups` (G, 4) are runs of parameters with a
    learning rate of their own: first, size, first slot, slots. `rows` (n, 2) gets each step's loss
    and penalty before its update. The loop ends early at a loss that is not finite, or, if
    `careful`, at parameters that are not.
    """
    size = batches.shape[1]
    # float64 is the precision of proof: it keeps every number.
    before = set_rounding(FLUSH if params.itemsize == 4 else 0)
    done = batches.shape[0]
    for n in range(batches.shape[0]):
        step = first + n
        fetch(batches[n], inputs, workspace, plan[0, X_AT])
        fetch(batches[n], targets, workspace, target_at)
        go_forward(forwards, plan, size, step, params, state, hypers, workspace, True)
        value = measured(losses, plan, target_at, targets.shape[1], size, workspace, loss_hyper)
        go_backward(backwards, plan, size, params, grads, hypers, workspace, True)
        rows[n, 0], rows[n, 1] = value, 0.0
        if l1 != 0 or l2 != 0:
            rows[n, 1] = penalise(plan, params, grads, l1, l2)
        if clip != 0:
            clip_gradient(grads, clip, limit)
        for g in range(groups.shape[0]):
            # A factor of 0 freezes: no rule may touch these, whatever it does besides its rate.
            if factors[g] == 0:
                continue
            hyper[0] = rates[n] * factors[g]
            at, count = groups[g, 0], groups[g, 1]
            updates[0](
                vector(params, at, count), vector(grads, at, count),
                matrix(slots, groups[g, 2], groups[g, 3], count), hyper, step,
            )
        if not isfinite(value) or (careful and not all_finite(params)):
            done = n
            break
    set_rounding(before)
    return done


def evaluate(
    forwards, losses, plan, target_at, rows, inputs, targets, params, state, workspace, hypers,
    loss_hyper, outputs,
):
    """The mean loss on `rows` (n,) of a table, as in use; fills `outputs` (K, n)."""
    last = plan.shape[0] - 1
    fan_out = plan[last, FAN_OUT]
    fetch(rows, inputs, workspace, plan[0, X_AT])
    fetch(rows, targets, workspace, target_at)
    go_forward(forwards, plan, rows.size, 0, params, state, hypers, workspace, False)
    out = matrix(workspace, plan[last, Y_AT], fan_out, rows.size)
    for i in range(fan_out):
        for j in range(rows.size):
            outputs[i, j] = out[i, j]
    return measured(losses, plan, target_at, targets.shape[1], rows.size, workspace, loss_hyper)


def there_and_back(
    forwards, backwards, losses, plan, target_at, rows, inputs, targets, params, state, grads,
    workspace, hypers, loss_hyper, step, training,
):
    """One pass forward and backward over `rows` (n,), everything kept in the workspace.

    Returns the loss; `grads` (P,) is filled; `state` (R,) changes as in training, if `training`.
    """
    fetch(rows, inputs, workspace, plan[0, X_AT])
    fetch(rows, targets, workspace, target_at)
    go_forward(forwards, plan, rows.size, step, params, state, hypers, workspace, training)
    value = measured(losses, plan, target_at, targets.shape[1], rows.size, workspace, loss_hyper)
    go_backward(backwards, plan, rows.size, params, grads, hypers, workspace, training)
    return value


def through(
    forwards, plan, size, inputs, step, params, state, workspace, hypers, training, units, outputs,
):
    """Go forward with all of `inputs` (N, d), `size` rows at a time, through all layers of `plan`.

    `outputs` (N, u) gets what `units` (u,) of the last one put out; the workspace keeps the
    rows that went through last.
    """
    last = plan.shape[0] - 1
    for first in range(0, inputs.shape[0], size):
        rows = np.arange(first, min(first + size, inputs.shape[0]))
        fetch(rows, inputs, workspace, plan[0, X_AT])
        go_forward(forwards, plan, rows.size, step, params, state, hypers, workspace, training)
        out = matrix(workspace, plan[last, Y_AT], plan[last, FAN_OUT], rows.size)
        for j in range(rows.size):
            for u in range(units.size):
                outputs[first + j, u] = out[units[u], j]


def at_points(
    forwards, losses, plan, target_at, size, columns, targets, points, origin, axes, params, state,
    workspace, hypers, loss_hyper, gauge, gauge_columns, gauge_workspace, gauge_hypers, values,
):
    """The mean loss at `points` (n, 2) of a plane through weights, as in use; fills `values` (n,).

    Parameters (P,) are `origin` + point · `axes` (2, P), rounded once. `columns` and `targets` hold
    the rows in pieces of `size`, one (d, size) after another. If there are `gauge_columns`, these
    rows go through first at every point, in training and by `gauge_hypers`, so that `state` (R,) is
    what layers remember of them.
    """
    inputs = plan[0, FAN_IN]
    count, gauged = columns.size // inputs, gauge_columns.size // inputs
    wanted = targets.size // count
    for n in range(points.shape[0]):
        a, b = points[n, 0], points[n, 1]
        for i in range(params.size):
            params[i] = origin[i] + a * axes[0, i] + b * axes[1, i]
        if gauged > 0:
            place(gauge_columns, 0, gauge_columns.size, gauge_workspace, gauge[0, X_AT])
            go_forward(forwards, gauge, gauged, 0, params, state, gauge_hypers, gauge_workspace,
                       True)
        total = 0.0
        for first in range(0, count, size):
            rows = min(size, count - first)
            place(columns, first * inputs, rows * inputs, workspace, plan[0, X_AT])
            place(targets, first * wanted, rows * wanted, workspace, target_at)
            go_forward(forwards, plan, rows, 0, params, state, hypers, workspace, False)
            total += rows * measured(
                losses, plan, target_at, wanted, rows, workspace, loss_hyper)
        values[n] = total / count


def back(backwards, plan, rows, params, grads, workspace, hypers, training):
    """Go backward from the outputs' gradient, after a forward pass over `rows` rows.

    Everything is read from the workspace and nothing in it that this pass needs is changed, so it
    can be done again, with other gradients left out.
    """
    go_backward(backwards, plan, rows, params, grads, hypers, workspace, training)


def _types(precision: Precision) -> dict[str, Any]:
    real = getattr(types, precision)
    # Losses and updates are one kernel each, listed too: see `kernel_lists`.
    return {
        "real": types.float64, "whole": types.int64, "flag": types.boolean,
        "flat": real[::1], "table": real[:, ::1], "exact": types.float64[::1],
        "data": types.Array(real, 2, "C", readonly=True),
        "fixed": types.Array(real, 1, "C", readonly=True), "void": types.void,
        "origin": types.Array(types.float64, 1, "C", readonly=True),
        "axes": types.Array(types.float64, 2, "C", readonly=True),
        "plan": types.int64[:, ::1], "rows": types.int64[::1], "record": types.float64[:, ::1],
        "forwards": types.ListType(pointer_type(FORWARD, precision)),
        "backwards": types.ListType(pointer_type(BACKWARD, precision)),
        "losses": types.ListType(pointer_type(LOSS, precision)),
        "updates": types.ListType(pointer_type(UPDATE, precision)),
    }


_ARGUMENTS = {
    train: "whole(forwards backwards losses updates plan whole plan exact data data plan flat flat "
           "flat flat flat exact exact exact exact real real whole real whole flag record)",
    evaluate: "real(forwards losses plan whole rows data data fixed fixed flat exact exact table)",
    there_and_back: "real(forwards backwards losses plan whole rows data data flat flat flat flat "
                    "exact exact whole flag)",
    through: "void(forwards plan whole data whole fixed flat flat exact flag rows table)",
    at_points: "void(forwards losses plan whole whole fixed fixed record origin axes flat flat "
               "flat exact exact plan fixed flat exact exact)",
    back: "void(backwards plan whole fixed flat flat exact flag)",
}


@cache
def compiled(function: Any, precision: Precision) -> Any:
    """One of this file's passes with its types spelled out, compiled or read from the cache."""
    known = _types(precision)
    returned, arguments = _ARGUMENTS[function].rstrip(")").split("(")
    signature = known[returned](*(known[name] for name in arguments.split()))
    return compile_function(function, signature, precision)
