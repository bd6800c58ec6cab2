"""The inputs of all networks over a run: as a drift moves them, known before it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.network.input_shift import InputShift, input_shifts, input_values
from engine.network.layer_shift import shares
from engine.network.material import Material
from engine.snapshot import Snapshot

from ..theme import Style
from .faces import face
from .kept import Kept
from .shift_panels import (
    PANEL_HEAD,
    UNUSUAL,
    BandPanel,
    Course,
    band_panel,
    bins_of,
    paint_course,
    paint_histograms,
    said_moved,
    span_of,
)
from .small_axes import Array

GAP = 14.0
WHITENED = "whitened "
# Two inputs need so much height to stand above each other.
BOTH = 110.0


@dataclass(frozen=True, eq=False)
class InputPanel:
    """One input and where it is; `foot` says whether steps stand below."""

    entry: InputShift
    course: Course
    panel: BandPanel
    foot: bool


def input_panels(snapshot: Snapshot, style: Style, rect: QRectF, kept: Kept) -> list[InputPanel]:
    """Panels in `rect`, above or beside each other and each on an axis of its own."""
    last = snapshot.experiment.steps
    material: Material = snapshot.contestants[0].training.material
    found = kept.of("inputs", (snapshot.experiment.problem, snapshot.experiment.seed, last),
                    lambda: input_shifts(material, last))
    body = rect.adjusted(0, style.px(PANEL_HEAD), 0, 0)
    beside = len(found) > 1 and body.width() > 2.2 * body.height()
    if len(found) > 1 and not beside and body.height() < style.px(BOTH):
        found = found[:1]
    gap, count = style.px(GAP), len(found)
    wide = (body.width() - gap * (count - 1)) / count if beside else body.width()
    high = body.height() if beside else (body.height() - gap * (count - 1)) / count
    panels = []
    for place, entry in enumerate(found):
        part = QRectF(body.left() + (place * (wide + gap) if beside else 0.0),
                      body.top() + (0.0 if beside else place * (high + gap)), wide, high)
        # The run is known to its end.
        course = Course(entry.steps, entry.quantiles, entry.quantiles[:, 2:3], last)
        foot = beside or place == count - 1
        panels.append(InputPanel(entry, course, band_panel(
            part, style, span_of([course], UNUSUAL), last, foot), foot))
    return panels


def paint_inputs(painter: QPainter, style: Style, snapshot: Snapshot, rect: QRectF,
                 panels: list[InputPanel], kept: Kept) -> None:
    """A head with the inputs' names and how far they have moved, and a panel each."""
    material: Material = snapshot.contestants[0].training.material
    drifts, last, now = material.drift is not None, snapshot.experiment.steps, snapshot.step
    entries = [panel.entry for panel in panels]
    at = int(np.searchsorted(entries[0].steps, now, side="right")) - 1
    away = " and ".join(said_moved(float(entry.moved[at])) for entry in entries)
    _paint_head(painter, style, rect, entries,
                (f"moved {away} σ", f"{away} σ") if drifts else ("no drift",))
    ink = QColor(style.theme.quiet)
    for found in panels:
        panel, column = found.panel, found.entry.column
        paint_course(painter, style, panel, found.course, now, ink, kept, ("input", column))
        bins = bins_of(panel, style)

        def counted(step: int, panel: BandPanel = panel, column: int = column, bins: int = bins
                    ) -> Array:
            key = (snapshot.experiment.problem, snapshot.experiment.seed, panel.bands.y, bins, step)
            slot = ("input", column, "end" if step == last else "start" if step == 0 else "now")
            return kept.of(slot, key, lambda: shares(
                input_values(material, step, [column]), bins, *panel.bands.y))

        here = counted(now)
        start, end = (counted(0), counted(last)) if drifts else (None, None)
        highest = max(float(part.max()) for part in (here, start, end) if part is not None)
        paint_histograms(painter, style, panel, here, start, end, max(1.05 * highest, 1e-9), ink)


def _paint_head(painter: QPainter, style: Style, rect: QRectF, entries: list[InputShift],
                texts: tuple[str, ...]) -> None:
    """The inputs' names, and at the right the longest of `texts` that fits."""
    font, metrics = face(style, 13, 600)
    middle = rect.top() + style.px(PANEL_HEAD - 3) / 2 - style.px(3)
    baseline = middle + (metrics.ascent() - metrics.descent()) / 2
    names = [entry.name for entry in entries]
    words = f"Input{'s' * (len(names) > 1)} {' and '.join(names)}"
    if names[0].startswith(WHITENED):
        words = (f"Whitened {words.lower()}").replace(WHITENED, "")
    painter.setFont(font)
    painter.setPen(QColor(style.theme.text))
    painter.drawText(QPointF(rect.left(), baseline), metrics.elidedText(
        words, Qt.TextElideMode.ElideRight, rect.width()))
    quiet, small = face(style, 13, tabular=True)
    room = rect.width() - metrics.horizontalAdvance(words) - style.px(8)
    text = next((text for text in texts if small.horizontalAdvance(text) <= room), "")
    painter.setFont(quiet)
    painter.setPen(QColor(style.theme.quiet))
    painter.drawText(QPointF(rect.right() - small.horizontalAdvance(text), baseline), text)
