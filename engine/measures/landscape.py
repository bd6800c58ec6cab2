"""The loss on a plane through weight space, and every contestant's way on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definition import Measure

if TYPE_CHECKING:
    from ..measure import MeasureTable


def _table() -> type[MeasureTable]:
    from ..landscape.measured import LandscapeTable

    return LandscapeTable


landscape = Measure(
    name="landscape",
    title="Landscape",
    doc="The loss on a plane through the space of weights, with every contestant's way on it.",
    source="Li, Xu, Taylor, Studer & Goldstein 2018, Visualizing the loss landscape of neural "
           "nets, arXiv:1712.09913",
    keys={
        "plane": '"pca" of all ways, "random", "hessian", "ends" of three, or "steps"',
        "rows": 'whose loss: "train", "test", or "batch", those of the step after `step`',
        "of": "the contestant whose network it is, by default the first of `contestants`",
        "steps": 'of plane = "steps", the three steps; first, middle and last',
        "step": 'of rows = "batch", the step before it, 0',
        "biases": "whether random directions move biases and the parameters of norms, false",
        "penalty": "whether l1 and l2 are part of the loss, false",
        "statistics": 'of batch norms, "recomputed" at every point or "kept"',
        "size": "points a side, 51",
        "box": "the piece of the plane, [[x low, x high], [y low, y high]]; all ways",
    },
    arrays={
        "x": "(size,) and `y` (size,): coordinates on the plane",
        "loss": "(size, size): the loss, row r at y[r]",
        "origin": "(P,) and `axes` (2, P): the weights at point (a, b) are origin + (a, b) · axes",
        "explained": "(2,): of principal components, the share of the variance along each axis",
        "curvatures": "(2,): of a Hessian plane, its eigenvalues",
        "i/steps": "(n,): the steps at which a contestant's way is known",
        "i/points": "(n, 2): where it is on the plane",
        "i/distance": "(n,): how far off the plane it is",
        "i/plane_loss": "(n,) and `i/loss` (n,): the loss at that point, and the network's own",
    },
    kinds=frozenset({"network"}),
    table=_table,
)
