"""Distributions that slide while it is learnt: inputs that drift, and what hidden layers are given
while those before them learn, with and without batch norm on equal axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter

from engine.errors import TrainscopeError
from engine.network.blocks import Block, blocks
from engine.network.even_rows import sampled_probe
from engine.network.layer_shift import (
    Array,
    Distribution,
    Exact,
    ShiftSeries,
    distribution,
    layer_values,
    moved,
    seen_place,
    shares,
    unit_levels,
)
from engine.network.probe import Probe
from engine.snapshot import Snapshot

from ..numbers import number
from ..theme import Style
from .faces import face
from .kept import Kept
from .layer_owner import HEAD, Chip, Owner, chip_at, layer_chips, paint_chips
from .panel_grid import paint_head, panels
from .seeking import SeekingView
from .shift_inputs import InputPanel, input_panels, paint_inputs
from .shift_panels import (
    PANEL_HEAD,
    UNUSUAL,
    BandPanel,
    Course,
    Ground,
    band_panel,
    bins_of,
    paint_course,
    paint_grounds,
    paint_histograms,
    said_moved,
    span_of,
)
from .small_axes import paint_words
from .step_cache import StepCache
from .view import Appearance, Look, ViewDefinition, appearances

SHAPE, LEAST = 1.7, 56.0
# Inputs stand beside the contestants from this width on, and above them from this height on.
WIDE, TALL = 520.0, 330.0


@dataclass(frozen=True, eq=False)
class Hidden:
    """A contestant's panel: its course so far, and its numbers now and at the start."""

    appearance: Appearance
    rect: QRectF
    block: Block | None
    course: Course | None
    now: Array | None
    start: Array | None
    moved: float


@dataclass(frozen=True, eq=False)
class Start:
    """A layer's numbers (units, n) at step 0."""

    values: Array
    distribution: Distribution


class Shift(SeekingView):
    """The inputs, and a panel a contestant; click or drag to move through time."""

    def __init__(self) -> None:
        super().__init__()
        self._series = ShiftSeries()
        self._probes: StepCache[Probe] = StepCache(lambda state: sampled_probe(state, "training"))
        self._kept = Kept()
        self._complete = True
        self._refusal = ""
        self._number = 1
        self._hidden: tuple[Hidden, ...] = ()
        self._inputs: QRectF | None = None
        self._chips: tuple[Chip, ...] = ()
        self._left_out = 0
        self._captions: tuple[str, ...] = ()

    # ---- words

    def note(self) -> str:
        if self._refusal or not self._hidden:
            return ""
        said = self._hovered_text()
        if said:
            return said
        words = "bands 5, 25, 50, 75, 95 %"
        if any(h.course is not None and h.course.centres.shape[1] > 1 for h in self._hidden):
            words += " · thin: units' medians"
        if self._left_out:
            words += f" · {self._left_out} more need room"
        return words if self._complete else f"{words} · still looking back"

    def _hovered_text(self) -> str:
        if self.mouse is None:
            return ""
        for hidden, panel in self.band_panels():
            course = hidden.course
            if course is not None and panel.bands.rect.contains(self.mouse):
                step = panel.bands.x_of(self.mouse.x())
                look = max(int(np.searchsorted(course.steps, step, side="right")) - 1, 0)
                low, _, middle, _, high = map(float, course.quantiles[look])
                return (f"{hidden.appearance.name} · step {course.steps[look]:,} · median "
                        f"{number(middle)} · 5 to 95 % {number(low)} to {number(high)}")
        return ""

    # ---- numbers

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        assert self.style is not None
        shown = [a for a in appearances(snapshot.experiment, self.style, look) if a is not None]
        self._refusal, self._hidden, self._chips, self._complete = "", (), (), True
        if shown:
            self._choose(snapshot, shown, look)
            try:
                self._look_into(snapshot, shown)
            except TrainscopeError as error:
                self._refusal, self._hidden = str(error), ()
        if not self._complete:
            self.go_on()
        self.noted.emit()
        self.update()

    def _choose(self, snapshot: Snapshot, shown: list[Appearance], look: Look) -> None:
        """Which block is looked at: that of the chosen layer, else the last hidden one."""
        assert self.style is not None
        one = next((a for a in shown if a.index == look.chosen), shown[0])
        state = snapshot.contestants[one.index]
        found = blocks(state.training.network)
        usual = found[max(len(found) - 2, 0)]
        block = next((block for block in found if look.layer in block.places), usual)
        self._number = block.number
        owner = Owner(one, state, tuple(block.activation for block in found), block.activation,
                      True)
        wide = self.rect().width()
        self._chips = layer_chips(self.style, owner, wide, 0.5 * wide) if self.live else ()
        function = state.training.network.layers[block.activation].definition.title
        name = f"layer {block.number}"
        if block is found[-1]:
            self._captions = ("What the output layer puts out", "Outputs")
        elif seen_place(state.training.network, block) > block.activation:
            self._captions = (f"What {name} hands on, normalised", f"Behind {name}")
        else:
            self._captions = (f"What goes into {name}'s {function}", f"Into {name}'s {function}",
                              f"Into {name}")

    def _look_into(self, snapshot: Snapshot, shown: list[Appearance]) -> None:
        rects = self._arranged(snapshot, shown)
        indices = [appearance.index for appearance, _ in rects]
        self._complete = self._series.follow(snapshot, self.patience(), indices)
        found = []
        for appearance, rect in rects:
            state = snapshot.contestants[appearance.index]
            every = blocks(state.training.network)
            place = self._number - 1
            if place >= len(every):
                found.append(Hidden(appearance, rect, None, None, None, None, np.nan))
                continue
            table = self._kept.of(
                ("table", appearance.index), (self._series.version, place),
                partial(self._series.table, appearance.index, place))
            until = snapshot.computed if self._complete else 0
            course = None if table is None else Course(
                table.steps, table.quantiles, table.centres, until)
            now = layer_values(self._probes.of(snapshot, appearance.index), place)
            start = self._start(snapshot, appearance.index, place)
            away = self._away(now, start, appearance.index, (
                snapshot.experiment, state.step, place))
            found.append(Hidden(appearance, rect, every[place], course, now,
                                None if start is None else start.values, away))
        self._hidden = tuple(found)

    def _away(self, now: Array, start: Start | None, index: int, key: object) -> float:
        """How far a layer has moved since step 0."""
        if start is None:
            return float("nan")
        before = start.distribution
        return self._kept.of(("moved", index), key, lambda: moved(unit_levels(now), before))

    def _start(self, snapshot: Snapshot, index: int, place: int) -> Start | None:
        """A layer at step 0."""
        if snapshot.series is None:
            return None
        series = snapshot.series

        def made() -> Start:
            probe = sampled_probe(series(0).contestants[index], "training")
            values = np.array(layer_values(probe, place))
            return Start(values, distribution(values))

        return self._kept.of(("start", index), (snapshot.experiment, place), made)

    # ---- layout

    def _arranged(self, snapshot: Snapshot, shown: list[Appearance]
                  ) -> list[tuple[Appearance, QRectF]]:
        """A panel for each contestant, and the inputs' where there is room for them."""
        assert self.style is not None
        px = self.style.px
        rect = self.rect().adjusted(0, px(HEAD), 0, 0)
        self._inputs, self._left_out = None, 0
        drifts = snapshot.contestants[0].training.material.drift is not None
        gap = px(18)
        if rect.width() >= px(WIDE):
            wide = min(1 / (len(shown) + 1), 0.28) * rect.width()
            self._inputs = QRectF(rect.left(), rect.top(), wide, rect.height())
            rect.setLeft(rect.left() + wide + gap)
        elif rect.height() >= px(TALL) or (drifts and rect.height() >= px(0.6 * TALL)):
            high = 0.32 * rect.height()
            self._inputs = QRectF(rect.left(), rect.top(), rect.width(), high)
            rect.setTop(rect.top() + high + px(8))
        found = panels(shown, rect, SHAPE, self.style, px(LEAST), 18.0)
        if not found:
            one = next((a for a in shown if a.name == self.look.highlight), None) or next(
                (a for a in shown if a.index == self.look.chosen), shown[0])
            self._left_out = len(shown) - 1
            return [(one, rect)]
        return [(panel.appearance, panel.head.united(panel.body)) for panel in found]

    def band_panels(self) -> list[tuple[Hidden, BandPanel]]:
        """Every contestant's panel, on equal axes."""
        assert self.snapshot is not None and self.style is not None
        lost = [self.snapshot.contestants[h.appearance.index].diverged for h in self._hidden]
        there = [h.course for h in self._hidden if h.course is not None]
        sound = [h.course for h, event in zip(self._hidden, lost, strict=True)
                 if h.course is not None and event is None]
        span, last = span_of(sound or there, UNUSUAL), self.snapshot.experiment.steps
        found = []
        for hidden in self._hidden:
            rect = hidden.rect.adjusted(0, self.style.px(PANEL_HEAD), 0, 0)
            found.append((hidden, band_panel(rect, self.style, span, last, foot=True)))
        return found

    def input_panels(self) -> list[InputPanel]:
        """The inputs' panels, where there is room for them."""
        assert self.snapshot is not None and self.style is not None
        if self._inputs is None:
            return []
        return input_panels(self.snapshot, self.style, self._inputs, self._kept)

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self.style
        if not self._hidden:
            paint_words(painter, style, self.rect(), self._refusal or "Every contestant is muted")
            return
        self._paint_caption(painter, style)
        paint_grounds(painter, style, self.rect(), self._grounds(self.snapshot),
                      self.snapshot.experiment.steps, self._kept)
        if self._inputs is not None:
            paint_inputs(painter, style, self.snapshot, self._inputs, self.input_panels(),
                         self._kept)
        self._paint_hidden(painter, style, self.snapshot)

    def _paint_caption(self, painter: QPainter, style: Style) -> None:
        font, metrics = face(style, 13)
        end = self._chips[0].rect.left() - style.px(10) if self._chips else self.rect().width()
        baseline = style.px(HEAD) / 2 - style.px(3) + (metrics.ascent() - metrics.descent()) / 2
        painter.setFont(font)
        painter.setPen(QColor(style.theme.quiet))
        text = next((text for text in self._captions
                     if metrics.horizontalAdvance(text) <= end), "")
        painter.drawText(QPointF(0, baseline), text)
        paint_chips(painter, style, self._chips, left=metrics.horizontalAdvance(text))

    def _paint_hidden(self, painter: QPainter, style: Style, snapshot: Snapshot) -> None:
        every = self.band_panels()
        counted: list[tuple[Exact | None, Exact | None]] = []
        for hidden, panel in every:
            bins, index = bins_of(panel, style), hidden.appearance.index
            state = snapshot.contestants[index]
            key = (snapshot.experiment, self._number, bins, panel.bands.y)
            pair = []
            for slot, values, step in (("now", hidden.now, state.step), ("first", hidden.start, 0)):
                pair.append(None if values is None else self._kept.of(
                    (slot, index), (key, step),
                    partial(shares, values, bins, *panel.bands.y)))
            counted.append((pair[0], pair[1]))
        tops = [float(part.max()) for pair in counted for part in pair if part is not None]
        # One that has collapsed to a few bins would make lines of the others.
        highest = min(max(tops, default=1.0), 2.5 * float(np.median(tops or [1.0])))
        for (hidden, panel), (now, start) in zip(every, counted, strict=True):
            appearance = hidden.appearance
            lost = snapshot.contestants[appearance.index].diverged is not None
            head = QRectF(hidden.rect.left(), hidden.rect.top(), hidden.rect.width(),
                          style.px(PANEL_HEAD - 3))
            away = said_moved(hidden.moved)
            paint_head(painter, head, appearance, (f"moved {away} σ", f"{away} σ") if away else (),
                       lost, style, 13.0)
            if hidden.block is None:
                paint_words(painter, style, panel.body, f"It has no layer {self._number}")
                continue
            painter.setOpacity(appearance.opacity)
            paint_course(painter, style, panel, hidden.course, snapshot.step, appearance.color,
                         self._kept, appearance.index)
            paint_histograms(painter, style, panel, now, start, None, max(1.05 * highest, 1e-9),
                             appearance.color)
            painter.setOpacity(1)

    def _grounds(self, snapshot: Snapshot) -> tuple[Ground, ...]:
        """The panels as they are before anything is known, and what stands around them."""
        drifts = snapshot.contestants[0].training.material.drift is not None
        known = snapshot.series is not None
        inputs = self.input_panels()
        found = [Ground(entry.panel, self._inputs if entry.foot else None,
                        drifts and entry is inputs[-1]) for entry in inputs]
        found += [Ground(panel, hidden.rect, known) for hidden, panel in self.band_panels()
                  if hidden.block is not None]
        return tuple(found)

    # ---- mouse

    def takes_click(self, pixel: QPointF) -> bool:
        chip = chip_at(self._chips, pixel)
        if chip is not None:
            self.asked.emit("layer", chip.place)
        return chip is not None

    def step_at(self, pixel: QPointF, begun: QPointF) -> float | None:
        if self.style is None:
            return None
        every = [panel for _, panel in self.band_panels()]
        every += [entry.panel for entry in self.input_panels()]
        return next((panel.bands.x_of(pixel.x()) for panel in every
                     if panel.bands.rect.contains(begun)), None)


shift = ViewDefinition(
    "shift", "Covariate shift",
    "Inputs and hidden layers' distributions sliding during training, on equal axes.", Shift,
    weight=(1.7, 1.1), kinds=frozenset({"network"}),
)
