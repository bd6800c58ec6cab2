"""How good a network is right now, and what it takes for what: cheap enough for every frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from .decision import predicted, shares

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]

# A test of many rows by a large network is taken on a part of them; they lie shuffled.
MULTIPLICATIONS = 1e8
FEWEST_ROWS = 256


@dataclass(frozen=True, eq=False)
class Judged:
    """How good a network is on `rows` of `of` test rows, or training rows where there are none.

    `accuracy` is NaN for a regression; `outputs` (rows, K) belong to the first rows.
    """

    part: Literal["train", "test"]
    rows: int
    of: int
    loss: float
    accuracy: float
    outputs: Array


def judged(state: NetworkState) -> Judged:
    """A network on the test rows as they lie at its step, or on the first of very many."""
    training, material = state.training, state.training.material
    part: Literal["train", "test"] = "test" if len(material.test_x) else "train"
    of = len(getattr(material, f"{part}_x"))
    cost = sum(layer.weights_size for layer in training.network.layers) + material.inputs
    rows = min(of, max(FEWEST_ROWS, int(MULTIPLICATIONS / cost)))
    if rows == of:
        whole = state.test if part == "test" else state.train
        return Judged(part, rows, of, whole.loss, whole.accuracy, whole.outputs)
    inputs = material.at(getattr(material.data, f"{part}_x")[:rows], state.step)
    outputs = state.outputs(inputs)
    # Copies: kernels take no arrays that cannot be written to.
    out = np.array(outputs.T, order="C")
    targets = np.array(getattr(material, f"{part}_y")[:rows].T, order="C")
    loss = training.loss_of(out, targets, np.empty_like(out))
    classes = training.loss.predict is not None
    accuracy = training.loss.accuracy(out, targets) if classes else float("nan")
    return Judged(part, rows, of, loss, accuracy, outputs)


@dataclass(frozen=True, eq=False)
class Confusions:
    """What a classifier took each of n judged rows for, the worst mistakes first.

    `rows` (n,) are places among the judged rows: wrong ones, the surest mistake first, then right
    ones, the least sure first. `taken` and `wanted` (n,) are classes in that order, `share` (n,)
    what the class taken has, NaN where a loss has no shares. The first `wrong` are wrong.
    """

    rows: NDArray[np.intp]
    taken: NDArray[np.intp]
    wanted: NDArray[np.intp]
    share: NDArray[np.float64]
    wrong: int


def confusions(state: NetworkState, found: Judged) -> Confusions:
    """Sort the judged rows of a classifier."""
    wanted = getattr(state.training.material.data, f"{found.part}_y")[: found.rows]
    taken = predicted(state, found.outputs)
    places = np.arange(len(taken))
    split = shares(state, found.outputs)
    if split is None:
        # How far the class taken leads the next one stands for how sure it is.
        ordered = np.sort(np.asarray(found.outputs, np.float64), axis=1)
        sure, share = ordered[:, -1] - ordered[:, -2], np.full(len(taken), np.nan)
    else:
        sure = share = split[taken, places].astype(np.float64)
    wrong = taken != wanted
    order = np.lexsort((np.where(wrong, -sure, sure), ~wrong))
    return Confusions(order, taken[order], wanted[order], share[order], int(wrong.sum()))
