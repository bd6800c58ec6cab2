"""What becomes of a contestant with other settings: a heat map over two of its hyperparameters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from engine.experiment import Experiment
from engine.hyper import Hyper
from engine.maps import Quadratic, quadratic

from ..kinds import surface_of
from ..numbers import number
from ..theme import Style
from . import hyper_axis
from .heads import short
from .kept import Same
from .map_pixels import pixels_of
from .only_finer import Drawn
from .outcomes import DIVERGES, UNCONVERGED
from .panel_grid import say
from .plot import round_corners
from .quantity_choice import paint_segments, segment_at
from .quiet_axes import Extent
from .run_map import RunMap
from .settings_layout import ALL, Layout, glide_of
from .settings_legend import paint_legend
from .settings_marks import Mark, mark_at, marks_of, paint_marks
from .settings_question import (
    Map,
    Question,
    affordable,
    answers,
    axes_of,
    of_the_map,
    question_of,
)
from .settings_shades import layer_of, scale_of
from .settings_theory import theory_said
from .trails import as_image, device_ratio, is_raster
from .value_scale import on_the_way
from .view import Appearance, ViewDefinition, appearances


class SettingsMap(RunMap[Question, Map]):
    """The chosen contestant's map; a click adds a contestant with the settings of the pixel."""

    def __init__(self) -> None:
        super().__init__(answers)
        self._axes: tuple[Hyper, Hyper] | None = None
        self._layout = Layout()
        self._shown: Map | None = None
        self._marks: list[Mark] = []

    @property
    def _body(self) -> QRectF:
        """Where the map is."""
        return self._layout.body

    # ---- words

    def title(self) -> str:
        whose = self._whose()
        return f"Settings of {short(whose.name)}" if whose is not None else ""

    def hint(self) -> str:
        return "click adds a contestant"

    def note(self) -> str:
        note, chosen, whose = super().note(), self.look.chosen, self._whose()
        if whose is None or self.snapshot is None or chosen is None or (
                whose.name == self.look.highlight):
            return note
        wanted = self.snapshot.experiment.contestants[chosen:chosen + 1]
        # Whose map it would be takes no part in what is shown.
        return f"{short(wanted[0].name)} is muted · {note}" if wanted and wanted[0].muted else note

    @property
    def zoomed_in(self) -> bool:
        return self.look.settings_zoom is not None

    def note_clicked(self) -> None:
        """All of the two hyperparameters again."""
        self.asked.emit("settings_zoom", None)

    def said(self) -> str:
        found = self._cell(self._hover)
        if found is None or self._shown is None or self._axes is None:
            return ""
        (row, column), picture = found, self._shown.picture
        values = (picture.x[column], picture.y[row])
        pair = ", ".join(f"{axis.name} {number(float(value), 4)}"
                         for axis, value in zip(self._axes, values, strict=True))
        lost, steps = int(picture.diverged_at[row, column]), int(picture.steps[row, column])
        if lost >= 0:
            return f"{DIVERGES} at step {lost:,} · {pair}"
        theory = self._theory_said()
        if theory:
            return theory
        loss = f"loss {number(float(picture.loss[row, column]))}"
        arrived = f"converged at step {steps:,}" if steps >= 0 else UNCONVERGED
        first, second = (arrived, loss) if self.look.settings_value == "steps" else (loss, arrived)
        return f"{first} · {second} · {pair}"

    def _theory_said(self) -> str:
        whose, snapshot, style = self._whose(), self.snapshot, self.style
        assert whose is not None and snapshot is not None and style is not None
        known = self._known(snapshot.experiment)
        if known is None or self._axes is None or self._hover is None:
            return ""
        optimizer = snapshot.experiment.contestants[whose.index].optimizer.definition
        return theory_said(self._hover, self._body, self._axes, optimizer, known,
                           snapshot.experiment.steps, style)

    # ---- what is shown

    def _whose(self) -> Appearance | None:
        """The contestant whose settings are mapped: the highlighted, the chosen or the first."""
        if self.snapshot is None or self.style is None:
            return None
        shown = [a for a in appearances(self.snapshot.experiment, self.style, self.look)
                 if a is not None]
        for appearance in shown:
            if appearance.name == self.look.highlight:
                return appearance
        return next((a for a in shown if a.index == self.look.chosen), shown[0] if shown else None)

    def _known(self, experiment: Experiment) -> Quadratic | None:
        """What theory knows of the surface, if it is a quadratic."""
        if experiment.problem.kind != "surface":
            return None
        return self._kept.of("theory", experiment.problem,
                             lambda: quadratic(surface_of(experiment).resolve()))

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, experiment, whose = self.style, self.snapshot.experiment, self._whose()
        self._layout = Layout()
        if whose is None:
            say(painter, self.rect(), "All contestants are muted.", style)
            return
        full = axes_of(experiment, whose.index, self.look)
        way, axes_at = glide_of(full, self.look)
        axes = self._axes = axes_at(way.now)
        asked = self._kept.of(
            "asked", (Same(experiment), axes[0].name, axes[1].name),
            lambda: [of_the_map(experiment, index, full)
                     for index in range(len(experiment.contestants))])
        own = asked[whose.index]
        assert own is not None
        most = self._kept.of("most", own, lambda: affordable(own))
        if not most:
            say(painter, self.rect(), "A map of settings trains this network many times over, "
                "which takes too long: fewer steps or a smaller network would do.", style)
            return
        self._layout = Layout.of(self.rect(), axes, own.contestants[0].optimizer.hyper_names,
                                 self.look.settings_value, style, live=self.live)
        if self._body.isEmpty():
            return
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        self._shown, seen = self.answers_to(way, lambda part: question_of(
            own, axes_at(part), self._body, ratio, most))
        self._paint_map(painter, seen, way.top, style, ratio)
        shown = appearances(experiment, style, self.look)
        self._marks = marks_of(experiment, asked, whose.index, shown, axes, self._body, style)
        paint_marks(painter, self._body, axes, self._marks, experiment, whose.index,
                    self._known(experiment), style)
        round_corners(painter, self._body, style.px(8), QColor(style.theme.card))
        hyper_axis.paint_bottom(painter, self._body, axes[0], style)
        hyper_axis.paint_left(painter, self._body, axes[1], style)
        paint_segments(painter, style, self._layout.segments)

    def _paint_map(self, painter: QPainter, seen: Sequence[tuple[Map, float]], top: float,
                   style: Style, ratio: float) -> None:
        body, value = self._body, self.look.settings_value
        assert self._axes is not None
        names = self._axes[0].name, self._axes[1].name
        seen = [(found, opacity) for found, opacity in seen if found.question.axes == names]
        if not seen:
            painter.fillRect(body, QColor(style.theme.raised))
            return
        size = max(1, round(body.width() * ratio)), max(1, round(body.height() * ratio))
        logarithmic = self.look.loss_scale == "log"
        scale = on_the_way([self._kept.of(
            ("scale", place), (Same(found), value, logarithmic),
            partial(scale_of, found.picture, value, logarithmic))
            for place, (found, _) in enumerate(seen)], top)
        cells = [self._cells(found) for found, _ in seen]
        key = tuple((Same(found), opacity) for found, opacity in seen), tuple(cells)
        shades = self._kept.of(
            "pixels", (key, scale, value, size, style),
            lambda: pixels_of([layer_of(found.picture, scale, value, where, style, opacity)
                               for (found, opacity), where in zip(seen, cells, strict=True)],
                              ALL, size, QColor(style.theme.raised), style, ratio))
        painter.drawImage(body, as_image(shades))
        paint_legend(painter, self._layout.legend, self._layout.below,
                     [found.picture for found, _ in seen], scale, value, style)

    def _cells(self, found: Map) -> Extent:
        """What a map fills, in shares of the axes as they are now: it may be of another part."""
        assert self._axes is not None
        if found.question.box == (self._axes[0].span, self._axes[1].span):
            return ALL
        return hyper_axis.cells(found.picture.axes, self._axes)

    def answers(self, question: Question, picture: Map) -> bool:
        return picture.question == question

    def alike(self, question: Question, picture: Map) -> bool:
        other = picture.question
        return (question.experiment, question.axes) == (other.experiment, other.axes)

    def placed(self, picture: Map, opacity: float) -> Drawn[Map]:
        fills, stride = self._cells(picture), picture.picture.stride
        return Drawn(picture, opacity, fills,
                     stride * (fills[1] - fills[0]) / picture.question.size[0], stride == 1)

    # ---- mouse

    def is_on_map(self, pixel: QPointF) -> bool:
        return self._body.contains(pixel)

    def _cell(self, pixel: QPointF | None) -> tuple[int, int] | None:
        """The row and column of the map under a pixel."""
        if pixel is None or self._shown is None or not self._body.contains(pixel):
            return None
        body, picture = self._body, self._shown.picture
        left, right, bottom, top = self._cells(self._shown)
        x = ((pixel.x() - body.left()) / body.width() - left) / (right - left)
        y = ((body.bottom() - pixel.y()) / body.height() - bottom) / (top - bottom)
        column, row = int(x * len(picture.x)), int(y * len(picture.y))
        inside = x >= 0 and y >= 0 and column < len(picture.x) and row < len(picture.y)
        return (row, column) if inside else None

    def mouseClickEvent(self, event: Any) -> None:
        segment, whose = segment_at(self._layout.segments, event.pos()), self._whose()
        if segment is not None:
            event.accept()
            self.asked.emit(segment.kind, segment.value)
            return
        found = self._cell(event.pos())
        if found is None or whose is None or self._axes is None or self._shown is None or (
                event.button() != Qt.MouseButton.LeftButton):
            event.ignore()
            return
        event.accept()
        assert self.style is not None
        mark = mark_at(self._marks, event.pos(), self.style)
        if mark is not None:
            self.asked.emit("choose", mark.appearance.index)
            return
        (row, column), picture = found, self._shown.picture
        values = {axis.name: float(value) for axis, value in zip(
            self._axes, (picture.x[column], picture.y[row]), strict=True)}
        self.asked.emit("settings", (whose.index, values))

    def mouseDragEvent(self, event: Any) -> None:
        if not self._body.contains(event.buttonDownPos()) or (
                event.button() != Qt.MouseButton.LeftButton):
            event.ignore()
            return
        event.accept()
        step = event.pos() - event.lastPos()
        across, up = -step.x() / self._body.width(), step.y() / self._body.height()
        self._ask_zoom((across, 1 + across), (up, 1 + up))

    def zoom_about(self, pixel: QPointF, factor: float) -> None:
        x = (pixel.x() - self._body.left()) / self._body.width()
        y = (self._body.bottom() - pixel.y()) / self._body.height()
        self._ask_zoom((x - x * factor, x + (1 - x) * factor),
                       (y - y * factor, y + (1 - y) * factor))

    def _ask_zoom(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        """Wish for a part of the plane, by shares of what is shown now."""
        whose = self._whose()
        if self.snapshot is None or self._axes is None or whose is None:
            return
        full = axes_of(self.snapshot.experiment, whose.index, self.look)
        ends = tuple(hyper_axis.moved(axis, whole, *share) for axis, whole, share in zip(
            self._axes, full, (across, up), strict=True))
        all_of_it = ends == (full[0].span, full[1].span)
        self.asked.emit("settings_zoom", None if all_of_it else ends)


settings_map = ViewDefinition(
    "settings-map", "Settings",
    "Final loss or steps to converge over two hyperparameters, with what theory knows of them.",
    SettingsMap, weight=(1.3, 1.3), kinds=frozenset({"surface", "network"}),
)
