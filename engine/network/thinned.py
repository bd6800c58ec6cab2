"""What single masks of a dropout network say, what they say on the average, and the network in use.

Training with dropout trains thinned networks that share weights; the network in use, scaled and
whole, stands for the average of all of them, which nobody could compute (Srivastava et al. 2014).
Here that average is taken over some masks, so that the two can be laid side by side. What is
averaged are predictions: shares of classes where the loss has them, else outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .decision import decisive
from .even_rows import spread_rows
from .masks import over_masks

if TYPE_CHECKING:
    from .state import NetworkState

Array = NDArray[np.floating]
Exact = NDArray[np.float64]
Grid = NDArray[np.float32]
Extent = tuple[float, float, float, float]

MOST_MASKS, FEWEST_MASKS = 20, 4
# Parameters times rows times masks, in one picture: about 5 ms on one core. 20 masks of a 2-64-64-2
# network on 18 × 18 points take 1.5 ms.
MOST_PRODUCTS = 110_000_000
# The smallest share that has a logarithm to be drawn.
SMALLEST = 1e-7
# How far a plane reaches beyond the rows, in parts of their extent.
MARGIN = 0.12


@dataclass(frozen=True, eq=False)
class ThinnedPlane:
    """What decides over a square of two inputs, (F, r, c) each, the first row at the bottom.

    Fields are those of `decision.scores`; with a `margin` they are no log-odds, and lead fully by
    so much. `single` are those of the masks 1, 2, …, `mean` of the mean prediction over `masks` of
    them, `scaled` of the network in use. `agreement` is the share of the grid's points at which
    the last two predict the same class.
    """

    extent: Extent
    single: tuple[Grid, ...]
    mean: Grid
    scaled: Grid
    masks: int
    margin: float | None
    agreement: float


@dataclass(frozen=True, eq=False)
class ThinnedRows:
    """What is predicted for some rows, under each of M masks and in use.

    For classes that is the share of the right class, or how far its score leads where there are no
    shares; for a regression the first output. `places` (n,) are the rows' numbers in `part`;
    `single` (M, n), `mean` (n,), `scaled` (n,); `target` (n,) is NaN for classes.
    """

    part: str
    places: NDArray[np.int64]
    labels: tuple[str, ...]
    single: Exact
    mean: Exact
    scaled: Exact
    target: Exact
    axis: str


@dataclass(frozen=True, eq=False)
class ThinnedCurves:
    """The first output over the only input: x (n,), and as in `ThinnedRows` for each of them."""

    x: Exact
    single: Exact
    mean: Exact
    scaled: Exact


def mask_count(state: NetworkState, rows: int, most: int = MOST_MASKS) -> int:
    """How many masks are averaged over so many rows: as many as a frame has time for."""
    products = max(state.training.network.params_size, 1) * rows
    return int(min(most, max(FEWEST_MASKS, MOST_PRODUCTS // products)))


def plane_extent(state: NetworkState) -> Extent:
    """The square around all rows of two inputs: left, right, bottom, top."""
    data = state.training.material.data
    every = np.concatenate([data.train_x, data.test_x])
    low, high = every.min(0), every.max(0)
    half = max(float((high - low).max()) / 2, 0.5) * (1 + MARGIN)
    x, y = (float(centre) for centre in (low + high) / 2)
    return x - half, x + half, y - half, y + half


def thinned_plane(state: NetworkState, shown: int, size: int = 18) -> ThinnedPlane:
    """Classes over the plane under `shown` single masks, their mean, and in use."""
    extent = plane_extent(state)
    points = state.plane(extent, size)
    count = max(mask_count(state, len(points)), shown)
    single, scaled = over_masks(state, points, count), state.outputs(points)
    loss = state.training.loss
    mean = _mean_scores(state, single)
    predict = loss.predict
    assert predict is not None, "only classes have boundaries"
    agreement = float(np.mean(predict(mean.T) == predict(scaled.T)))

    def grid(scores: Array) -> Grid:
        return np.ascontiguousarray(decisive(state, scores).reshape(-1, size, size))

    margin = None if loss.probabilities else state.training.problem.loss.hypers().get("margin", 1.0)
    return ThinnedPlane(extent, tuple(grid(entry) for entry in single[:shown]), grid(mean),
                        grid(scaled), count, margin, agreement)


def thinned_rows(state: NetworkState, rows: int, masks: int = 60) -> ThinnedRows:
    """A few rows under many masks, test rows where there are any, evenly spread."""
    material = state.training.material
    part = "test" if len(material.test_x) else "train"
    x, y = getattr(material.data, f"{part}_x"), getattr(material, f"{part}_y")
    places = spread_rows(len(x), rows)
    inputs = material.at(x[places], state.step)
    count = mask_count(state, len(places), masks)
    single, scaled = over_masks(state, inputs, count), state.outputs(inputs)
    if material.data.task == "regression":
        values, used, target = single[:, :, 0], scaled[:, 0], y[places, 0].astype(float)
        mean, axis = values.mean(0, dtype=float), material.data.targets[0]
        labels = tuple(f"row {place + 1}" for place in places)
    else:
        right = y[places, 0].astype(int)
        predicted = [_right(state, outputs, right) for outputs in (*single, scaled)]
        values, used = np.array(predicted[:-1]), predicted[-1]
        mean, target = values.mean(0, dtype=float), np.full(len(places), np.nan)
        shares = state.training.loss.probabilities is not None
        axis = "share of the right class" if shares else "lead of the right class"
        labels = tuple(material.data.classes[label] for label in right)
    return ThinnedRows(part, places, labels, np.asarray(values, float), mean,
                       np.asarray(used, float), target, axis)


def thinned_curves(state: NetworkState, shown: int, points: int = 97) -> ThinnedCurves:
    """A regression of one input under single masks, their mean, and in use."""
    data = state.training.material.data
    every = np.concatenate([data.train_x, data.test_x])[:, 0]
    pad = MARGIN / 2 * max(float(np.ptp(every)), 1e-6)
    x = np.linspace(every.min() - pad, every.max() + pad, points)
    count = max(mask_count(state, points), shown)
    single = over_masks(state, x[:, None], count)[:, :, 0].astype(float)
    return ThinnedCurves(x, single, single.mean(0), state.outputs(x[:, None])[:, 0].astype(float))


def _mean_scores(state: NetworkState, single: Array) -> Exact:
    """Scores (n, K) of the mean prediction over masks (M, n, K)."""
    shares = state.training.loss.probabilities
    if shares is None:
        return single.mean(0, dtype=float)
    masks, rows, outputs = single.shape
    each = shares(np.ascontiguousarray(single.reshape(-1, outputs).T))
    mean = each.reshape(len(each), masks, rows).mean(1, dtype=float)
    logarithms = np.log(np.maximum(mean, SMALLEST))
    # A single output is the score of class 1 over class 0.
    return (logarithms[1] - logarithms[0])[:, None] if outputs == 1 else logarithms.T


def _right(state: NetworkState, outputs: Array, right: NDArray[np.int64]) -> Exact:
    """What outputs (n, K) give to the right class of every row, (n,)."""
    shares, places = state.training.loss.probabilities, np.arange(len(right))
    if shares is not None:
        return shares(outputs.T)[right, places]
    others = np.array(outputs, float)
    others[places, right] = -np.inf
    return outputs[places, right] - others.max(1)
