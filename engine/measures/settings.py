"""What becomes of a contestant over a plane of two of its hyperparameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .definition import Measure

if TYPE_CHECKING:
    from ..measure import MeasureTable


def _table() -> type[MeasureTable]:
    from ..maps.measured import SettingsTable

    return SettingsTable


settings = Measure(
    name="settings",
    title="Settings",
    doc="Final loss and steps to converge over two hyperparameters; every pixel is a run.",
    source="Polyak 1964; Goh 2017, Why momentum really works, distill.pub",
    keys={
        "axes": 'two hyperparameters, such as ["lr", "momentum"]; lr and momentum or its like',
        "size": "columns and rows of the map, [100, 100], or [16, 16] for networks",
        "box": "what is spanned, [[x low, x high], [y low, y high]]; what sliders span",
        "tolerance": "how near a run must stay, as a share of the domain's shorter side, 0.01",
    },
    arrays={
        "i/x": "(columns,) and `i/y` (rows,): the values of the hyperparameters in `axes`",
        "i/loss": "(rows, columns): the loss after the last step, or the last finite one",
        "i/steps": "(rows, columns): the step from which on it has converged, or -1",
        "i/diverged_at": "(rows, columns): the first step that is not finite, or -1",
    },
    kinds=frozenset({"surface", "network"}),
    table=_table,
)
