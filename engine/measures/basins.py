"""Which minimum each start of a plane reaches, and in how many steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definition import Measure

if TYPE_CHECKING:
    from ..measure import MeasureTable


def _table() -> type[MeasureTable]:
    from ..maps.measured import BasinsTable

    return BasinsTable


basins = Measure(
    name="basins",
    title="Basins",
    doc="Which minimum each start reaches and in how many steps; every pixel is a run.",
    source="Strogatz 2015, Nonlinear dynamics and chaos, section 6.4 (basins of attraction)",
    keys={
        "size": "columns and rows of the map, [200, 200]",
        "box": "the starts, [[x low, x high], [y low, y high]]; the surface's domain",
        "tolerance": "how near a run must stay, as a share of the domain's shorter side, 0.01",
    },
    arrays={
        "x": "(columns,) and `y` (rows,): the starts' coordinates",
        "minima": "(M, 2), and `minima_loss` (M,)",
        "i/reached": "(rows, columns): the place of a minimum, -1 near none, -2 diverged",
        "i/steps": "(rows, columns): the step from which on a run has stayed there, that of the "
                   "divergence, or -1",
        "i/loss": "(rows, columns): the loss after the last step, or the last finite one",
    },
    kinds=frozenset({"surface"}),
    table=_table,
)
