"""What preprocessing does: the cloud of inputs after each step, the loss of a linear unit before
and after with the way of each contestant's optimizer, and how little deeper layers gain from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QImage, QPainter

from engine.data.stages import Stage, raw_offset, stages
from engine.network.blocks import blocks
from engine.network.centring import Centring, centring
from engine.network.linear_unit import Quadratic, quadratic, unit_targets
from engine.network.unit_descent import Way, way
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .centring_plot import OffsetCurve, offset_axes, offset_points, paint_offsets
from .dots import Dots
from .heads import short
from .kept import Kept, Same
from .small_axes import paint_words
from .stage_clouds import (
    FOOT,
    HEAD,
    Rows,
    frames,
    paint_cloud,
    paint_footing,
    paint_heading,
    rows_of,
    words_of,
)
from .step_cache import StepCache
from .trails import device_ratio, is_raster
from .unit_loss import (
    LossFrame,
    condition,
    loss_frame,
    paint_arrivals,
    paint_loss,
    paint_loss_heading,
)
from .view import Appearance, Look, View, ViewDefinition, appearances, in_painting_order

# The least size of a panel, and what lies between two.
COLUMN, ROW, GAP = 136.0, 130.0, 18.0


@dataclass(frozen=True, eq=False)
class Facts:
    """What hangs on the data alone: every stage, and the unit's loss on the first and the last."""

    stages: tuple[Stage, ...]
    losses: tuple[Quadratic, ...]
    rows: Rows
    raw_offset: float


@dataclass(frozen=True)
class Place:
    """A panel: "cloud" of a stage, "loss" before (0) or after (1), or "layers"; heads included."""

    kind: str
    number: int
    rect: QRectF


class Preprocessing(View):
    """Clouds above, losses and layers below; what there is no room for is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._centring: StepCache[Centring] = StepCache(centring)
        self._kept = Kept()
        self._dots = Dots()
        self._near: tuple[Appearance, int] | None = None
        self._hover: QPointF | None = None

    # ---- words

    def note(self) -> str:
        if self.snapshot is None or self.style is None:
            return ""
        said = self._hovered_text()
        if said:
            return said
        facts = self.facts(self.snapshot)
        data = self.snapshot.contestants[0].training.material.data
        kappa = " → ".join(condition(found) for found in facts.losses)
        count = len(data.columns)
        if count > 2:
            return f"{' and '.join(facts.stages[0].names)} of {count:,} inputs · κ {kappa}"
        words = f"{count} input{'s' * (count > 1)} · κ {kappa}"
        return words if len(facts.stages) > 1 else f"{words} · nothing is preprocessed"

    def _hovered_text(self) -> str:
        assert self.snapshot is not None and self.style is not None
        if self._near is not None:
            appearance, place = self._near
            known = self._centring.of(self.snapshot, appearance.index)
            if place < len(known.offset):
                where = f"layer {place}" if place else "inputs"
                return (f"{short(appearance.name)}   {where}   |mean| "
                        f"{number(float(known.mean[place]))}   std "
                        f"{number(float(known.std[place]))}")
        if self._hover is None:
            return ""
        for panel in self.places():
            if panel.kind == "loss":
                frame, found = self.loss_of(panel)
                if frame.body.contains(self._hover):
                    w = frame.weights(self._hover)
                    return (f"weights {number(float(w[0]))}, {number(float(w[1]))}   loss "
                            f"{number(float(found.loss(w)))}")
        return ""

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

    def facts(self, snapshot: Snapshot) -> Facts:
        """The stages and losses of the snapshot's data."""
        training = snapshot.contestants[0].training
        data = training.material.data

        def made() -> Facts:
            found = stages(data, training.problem.preprocess)
            ends = (found[0], found[-1])[: len(found)]
            targets = unit_targets(data)
            return Facts(found, tuple(quadratic(stage, targets) for stage in ends), rows_of(data),
                         raw_offset(data) if len(found) > 1 else nan)

        # Data are prepared once for all runs on them; the same object is the same numbers.
        return self._kept.of("facts", Same(data), made)

    def ways(self, snapshot: Snapshot, number_of: int) -> list[tuple[Appearance, Way]]:
        """The way of each contestant that is shown, before (0) or after (1) preprocessing."""
        found = self.facts(snapshot).losses[number_of]
        key = (snapshot.experiment, Same(found))

        def of(index: int) -> Way:
            return self._kept.of(("way", number_of, index), key,
                                 lambda: way(snapshot.experiment, index, found))

        return [(appearance, of(appearance.index)) for appearance in self._shown()]

    def _shown(self) -> list[Appearance]:
        assert self.snapshot is not None and self.style is not None
        every = appearances(self.snapshot.experiment, self.style, self.look)
        return in_painting_order(every, self.look.highlight)

    # ---- layout

    def places(self) -> tuple[Place, ...]:
        """What is shown where, by rows."""
        assert self.snapshot is not None and self.style is not None
        px, rect = self.style.px, self.rect()
        count = len(self.facts(self.snapshot).stages)
        columns = max(1, int((rect.width() + px(GAP)) // px(COLUMN + GAP)))
        rows = max(1, int((rect.height() + px(GAP)) // px(ROW + GAP)))
        every = count <= (columns if columns >= 3 and rows >= 2 else 2)
        first = [("cloud", k) for k in (range(count) if every else (0, count - 1))]
        losses = [("loss", k) for k in range(min(count, 2))]
        layers = [("layers", 0)]
        if rows == 1:
            table = [[*first, *losses, *layers]]
            if len(table[0]) > columns:
                table = [[*losses, *layers]] if columns >= 3 else [losses[-columns:]]
        elif columns >= 3:
            table = [first, [*losses, *layers]]
        elif columns == 2:
            table = [first, losses, layers][:rows] if rows > 2 else [first, losses]
        else:
            table = [[entry] for entry in (*losses, *layers, *first)][:rows]
        if columns >= 5 and rows >= 2 and rect.width() > 2.4 * rect.height():
            table = [[*first, *losses, *layers]]
        found = []
        gap = px(GAP)
        high = (rect.height() - gap * 0.6 * (len(table) - 1)) / len(table)
        for row, entries in enumerate(table):
            wide = (rect.width() - gap * (len(entries) - 1)) / len(entries)
            found += [Place(kind, number_of, QRectF(
                round(column * (wide + gap)), round(row * (high + 0.6 * gap)), round(wide),
                round(high))) for column, (kind, number_of) in enumerate(entries)]
        return tuple(found)

    def body(self, place: Place) -> QRectF:
        """A panel's picture, without what is written above and below."""
        assert self.style is not None
        return place.rect.adjusted(0, round(self.style.px(HEAD)), 0, -round(self.style.px(FOOT)))

    def loss_of(self, place: Place) -> tuple[LossFrame, Quadratic]:
        """What a loss panel shows, and how."""
        assert self.snapshot is not None
        found = self.facts(self.snapshot).losses[place.number]
        return loss_frame(found, self.body(place)), found

    def curves(self) -> list[OffsetCurve]:
        """How far off centre every contestant's layers are."""
        assert self.snapshot is not None
        return [OffsetCurve(appearance, self._centring.of(self.snapshot, appearance.index))
                for appearance in self._shown()]

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, snapshot = self.style, self.snapshot
        facts, places = self.facts(snapshot), self.places()
        self._paint_clouds(painter, style, facts, places)
        for place in places:
            if place.kind == "loss":
                self._paint_loss(painter, style, snapshot, place)
            elif place.kind == "layers":
                curves = self.curves()
                if curves:
                    paint_offsets(painter, style, place.rect, curves, facts.raw_offset,
                                  self._near)
                else:
                    paint_words(painter, style, place.rect, "Every contestant is muted")

    def _paint_clouds(self, painter: QPainter, style: Style, facts: Facts,
                      places: tuple[Place, ...]) -> None:
        shown = [place for place in places if place.kind == "cloud"]
        if not shown:
            return
        size = self.rect().size()

        def paint(inner: QPainter) -> None:
            found = [facts.stages[place.number] for place in shown]
            bodies = [self.body(place) for place in shown]
            for stage, frame in zip(found, frames(found, bodies, style), strict=True):
                paint_cloud(inner, style, frame, stage, facts.rows, self._dots)
            for place, stage, body in zip(shown, found, bodies, strict=True):
                paint_heading(inner, style, place.rect, stage)
                paint_footing(inner, style, body, words_of(stage))

        if is_raster(painter):
            ratio = device_ratio(painter)
            height = max(place.rect.bottom() for place in shown)

            def made() -> QImage:
                image = QImage(max(1, round(size.width() * ratio)), max(1, round(height * ratio)),
                               QImage.Format.Format_ARGB32_Premultiplied)
                image.setDevicePixelRatio(ratio)
                image.fill(0)
                with QPainter(image) as inner:
                    inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                    paint(inner)
                return image

            key = (Same(facts), style, ratio, size.width(), size.height())
            painter.drawImage(QPointF(0, 0), self._kept.of("clouds", key, made))
        else:
            paint(painter)

    def _paint_loss(self, painter: QPainter, style: Style, snapshot: Snapshot, place: Place
                    ) -> None:
        frame, found = self.loss_of(place)
        ways = self.ways(snapshot, place.number)
        key = (tuple(appearance for appearance, _ in ways),
               tuple(Same(entry) for _, entry in ways), Same(found))
        paint_loss(painter, style, frame, found, ways, snapshot.step, self._kept, place.number, key)
        name = "preprocessed" if place.number else "raw"
        paint_loss_heading(painter, style, place.rect, name, found)
        paint_arrivals(painter, style, frame.body, ways)

    # ---- mouse

    def _nearest(self, pixel: QPointF) -> tuple[Appearance, int] | None:
        """The contestant and the layer whose point in the plot of layers is nearest."""
        assert self.snapshot is not None and self.style is not None
        best, found = self.style.px(40) ** 2, None
        for place in self.places():
            curves = self.curves() if place.kind == "layers" else []
            if not curves or not place.rect.contains(pixel):
                continue
            raw = self.facts(self.snapshot).raw_offset
            axes = offset_axes(place.rect, self.style, curves, raw)
            for curve in curves:
                away = ((offset_points(axes, curve) - (pixel.x(), pixel.y())) ** 2).sum(1)
                if np.isfinite(away).any() and np.nanmin(away) < best:
                    best = float(np.nanmin(away))
                    found = curve.appearance, int(np.nanargmin(away))
        return found

    def hoverEvent(self, event: Any) -> None:
        if self.snapshot is None or self.style is None:
            return
        self._hover = None if event.isExit() else event.pos()
        near = None if event.isExit() else self._nearest(event.pos())
        if near != self._near:
            self._near = near
            self.update()
        self.noted.emit()

    def mouseClickEvent(self, event: Any) -> None:
        found = None
        if self.snapshot is not None and self.style is not None:
            found = self._nearest(event.pos())
        if found is None or self.snapshot is None or found[1] == 0:
            event.ignore()
            return
        event.accept()
        appearance, place = found
        network = self.snapshot.contestants[appearance.index].training.network
        layer = blocks(network)[place - 1].activation
        self.asked.emit("layer", None if layer == self.look.layer else layer)


preprocessing = ViewDefinition(
    "preprocessing", "Preprocessing",
    "Inputs raw and preprocessed, a linear unit's loss before and after, and deeper layers' means.",
    Preprocessing, weight=(1.6, 1.3), kinds=frozenset({"network"}),
)
