"""Batch norm at work: what it makes of a layer's batch, how γ and β undo that where it is wanted,
and how the batch's statistics stand to the running ones that take their place in use.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter

from engine.network.batch_histograms import Spread, spreads
from engine.network.batch_pass import batch_norms, normalised_batch
from engine.network.batch_ranges import BatchRanges, batch_ranges
from engine.network.batch_series import BatchSeries, BatchTable
from engine.network.normalisation import Normalisation
from engine.snapshot import Snapshot

from ..numbers import number
from .batch_norm_course import paint_course
from .batch_norm_panels import (
    Ink,
    paint_scatter,
    paint_spread,
    paint_units,
    scatter_axes,
    scatter_points,
    unit_strips,
)
from .dots import Dots
from .gradual import GradualView
from .layer_owner import (
    HEAD,
    Chip,
    Owner,
    absence,
    chip_at,
    layer_chips,
    owner_of,
    paint_owner,
    place_words,
)
from .small_axes import paint_words
from .view import Look, ViewDefinition

# The least size of a panel, and when rows and columns are added.
COLUMN, ROW, GAP = 190.0, 160.0, 22.0
BEFORE, NORMALISED, AFTER, UNITS, SCATTER, COURSE = range(6)
LAYOUTS: dict[tuple[int, int], tuple[tuple[int, ...], ...]] = {
    (1, 1): ((NORMALISED,),),
    (1, 2): ((BEFORE,), (NORMALISED,)),
    (1, 3): ((BEFORE,), (NORMALISED,), (UNITS,)),
    (2, 1): ((BEFORE, NORMALISED),),
    (2, 2): ((BEFORE, NORMALISED), (UNITS, COURSE)),
    (2, 3): ((BEFORE, NORMALISED), (AFTER, UNITS), (COURSE, SCATTER)),
    (3, 1): ((BEFORE, NORMALISED, AFTER),),
    (3, 2): ((BEFORE, NORMALISED, AFTER), (UNITS, SCATTER, COURSE)),
}
TITLES = {
    BEFORE: ("Before", "Before"),
    NORMALISED: ("Normalised by the batch", "Normalised"),
    AFTER: ("After γ · normalised + β", "After γ and β"),
}


class BatchNorm(GradualView):
    """One batch-norm layer of one contestant; hovering a unit shows its own histograms."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._series = BatchSeries()
        self._owner: Owner | None = None
        self._found: Normalisation | None = None
        self._found_key: object = None
        self._spreads: tuple[Spread, Spread, Spread] | None = None
        self._spreads_key: object = None
        self._table: BatchTable | None = None
        self._ranges: BatchRanges | None = None
        self._unit: int | None = None
        self._dots = {kind: Dots() for kind in (UNITS, SCATTER, COURSE)}
        self._panels: tuple[tuple[int, QRectF], ...] = ()
        self._chips: tuple[Chip, ...] = ()

    # ---- words

    def note(self) -> str:
        found = self._found
        if self._owner is None or found is None:
            return ""
        units, rows = found.before.shape
        if self._unit is None:
            return f"{units:,} unit{'s' * (units > 1)} · batch of {rows:,}"
        k = self._unit
        batch, running = (
            f"{number(float(mean[k]))} ± {number(float(np.sqrt(max(var[k], 0))))}"
            for mean, var in ((found.mean, found.var), (found.running_mean, found.running_var)))
        return (f"unit {k + 1} · γ {number(float(found.gamma[k]))} · β "
                f"{number(float(found.beta[k]))} · batch {batch} · running {running}")

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        self._owner = owner = owner_of(snapshot, self.style, look, batch_norms)
        if owner is None:
            self._found, self._panels, self._chips = None, (), ()
        else:
            self._panels = self._arranged()
            self._look_into(snapshot, owner)
            self._chips = layer_chips(self.style, owner, self.rect().width(),
                                      0.5 * self.rect().width()) if self.live else ()
        self.noted.emit()
        self.update()

    def _look_into(self, snapshot: Snapshot, owner: Owner) -> None:
        key = (snapshot.experiment, owner.appearance.index, owner.state.step, owner.place)
        if key != self._found_key:
            self._found_key = key
            (self._found,) = normalised_batch(owner.state, owner.place)
        assert self._found is not None and self.style is not None
        if self._unit is not None and self._unit >= len(self._found.gamma):
            self._unit = None
        if not self._series.follow(snapshot, self.patience()):
            self.go_on()
        self._table = self._series.table(snapshot, owner.appearance.index, owner.place)
        self._ranges = ranges = batch_ranges(self._found, self._table, self._unit)
        wide = next((rect.width() for kind, rect in self._panels if kind < UNITS), 200.0)
        bins = int(min(max(wide / self.style.px(5), 12), 48)) // 2 * 2
        wanted = (key, self._unit, bins, ranges.before, ranges.after)
        if wanted != self._spreads_key:
            self._spreads_key = wanted
            self._spreads = spreads(self._found, self._unit, bins, ranges.before, ranges.after)

    def _arranged(self) -> tuple[tuple[int, QRectF], ...]:
        """Which panels there is room for, and where."""
        assert self.style is not None
        px = self.style.px
        rect = self.rect().adjusted(0, px(HEAD), 0, 0)
        columns = int(min(max(rect.width() // px(COLUMN), 1), 3))
        if columns == 1 and rect.width() > px(250) and rect.height() < px(2 * ROW):
            columns = 2
        rows = int(min(max(rect.height() // px(ROW), 1), 3))
        while (columns, rows) not in LAYOUTS:
            rows -= 1
        found = []
        layout = LAYOUTS[columns, rows]
        height = (rect.height() - (rows - 1) * px(GAP * 0.7)) / rows
        for row, kinds in enumerate(layout):
            width = (rect.width() - (len(kinds) - 1) * px(GAP)) / len(kinds)
            found += [(kind, QRectF(column * (width + px(GAP)), rect.top() + row * (
                height + px(GAP * 0.7)), width, height)) for column, kind in enumerate(kinds)]
        return tuple(found)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        owner, found, style = self._owner, self._found, self.style
        ranges = self._ranges
        if owner is None or found is None or self._spreads is None or ranges is None:
            paint_words(painter, style, self.rect(), absence(self.snapshot, batch_norms,
                                                             "batch-norm"))
            return
        words = place_words(owner.state, owner.place) if not self._chips else ""
        paint_owner(painter, style, owner, words, self._chips, self.rect().width())
        painter.setOpacity(owner.appearance.opacity)
        ink = Ink.of(owner.appearance.color, style)
        unit = "" if self._unit is None else f", unit {self._unit + 1}"
        for kind, rect in self._panels:
            if kind < UNITS:
                long, short = TITLES[kind]
                paint_spread(painter, style, rect, (long + unit, short + unit, short),
                             self._spreads[kind], ink)
            elif kind == UNITS:
                paint_units(painter, style, rect, found, ranges, ink, self._unit, self._dots[kind])
            elif kind == SCATTER:
                paint_scatter(painter, style, rect, found, ranges, ink, self._unit,
                              self._dots[kind])
            else:
                paint_course(painter, style, rect, self._table, self._unit or 0, owner.state.step,
                             self.snapshot.experiment.steps, ink, self._dots[kind])
        painter.setOpacity(1)

    # ---- mouse

    def unit_at(self, pixel: QPointF) -> int | None:
        """The unit whose γ, β or statistics are under a pixel."""
        assert self.style is not None
        found, ranges = self._found, self._ranges
        for kind, rect in self._panels:
            if found is None or ranges is None or not rect.contains(pixel):
                continue
            if kind == UNITS:
                strip, _ = unit_strips(rect, self.style, found, ranges)
                place = round(strip.x_of(pixel.x())) - 1
                return place if 0 <= place < len(found.gamma) else None
            if kind == SCATTER:
                at = np.array([pixel.x(), pixel.y()])
                both = scatter_points(scatter_axes(rect, self.style, ranges), found)
                away = np.min([((points - at) ** 2).sum(1) for points in both], axis=0)
                near = int(away.argmin())
                return near if away[near] < self.style.px(14) ** 2 else None
        return None

    def hoverEvent(self, event: Any) -> None:
        self._hovered(None if event.isExit() else event.pos())

    def _hovered(self, pixel: QPointF | None) -> None:
        if self.snapshot is None or self.style is None:
            return
        unit = None if pixel is None else self.unit_at(pixel)
        if unit != self._unit:
            self._unit = unit
            self.drawn(self.snapshot, self.look)

    def mouseClickEvent(self, event: Any) -> None:
        chip = chip_at(self._chips, event.pos())
        if chip is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit("layer", chip.place)


batch_norm = ViewDefinition(
    "batch-norm", "Batch norm",
    "A batch-norm layer: the batch before and after, γ and β, batch and running statistics.",
    BatchNorm, weight=(1.6, 1.2), kinds=frozenset({"network"}),
)
