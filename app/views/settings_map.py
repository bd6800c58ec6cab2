"""What becomes of a contestant with other settings: a heat map over two of its hyperparameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from engine.hyper import Hyper
from engine.maps import quadratic
from engine.snapshot import Snapshot

from ..kinds import surface_of
from ..numbers import number
from ..theme import Style
from . import hyper_axis
from .chips import Chip, paint_chips
from .heads import short
from .kept import Kept, Same
from .markers import draw_marker
from .panel_grid import say
from .plot import round_corners
from .quantity_choice import HEIGHT, Segment, paint_segments, segment_at
from .quiet_axes import BOTTOM
from .refined import Refined
from .settings_question import (
    Map,
    Question,
    affordable,
    answers,
    axes_of,
    of_the_map,
    question_of,
    zoomed,
)
from .settings_shades import Scale, paint_legend, pixels, scale_of
from .settings_theory import paint_theory, place
from .trails import as_image, device_ratio, is_raster
from .view import Appearance, Look, View, ViewDefinition, appearances
from .word_choice import word_choice

LEFT, LEGEND, HEAD = 52.0, 24.0, 24.0
NOTCH, ZOOM_A_NOTCH = 120.0, 0.85
VALUES = ({"loss": "final loss", "steps": "steps to converge"}, {"loss": "loss", "steps": "steps"})
# The mouse is over a contestant's marker as near as that.
GRIP = 12.0


class SettingsMap(View):
    """The chosen contestant's map; a click adds a contestant with the settings of the pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptHoverEvents(True)
        self._maps: Refined[Question, Map] = Refined(
            lambda question, stop: answers(question, stop, alone=self.whole))
        self._kept = Kept()
        self._axes: tuple[Hyper, Hyper] | None = None
        self._body = QRectF()
        self._segments: tuple[Segment, ...] = ()
        self._shown: Map | None = None
        self._hover: QPointF | None = None

    @property
    def unfinished(self) -> bool:
        return self._maps.unfinished

    def refine(self, stop: Callable[[], bool]) -> None:
        self._maps.refine(stop)

    # ---- words

    def title(self) -> str:
        whose = self._whose()
        return f"Settings of {short(whose.name)}" if whose is not None else ""

    def note(self) -> str:
        if self.snapshot is None or self.style is None or self._axes is None:
            return ""
        said = self._said()
        if said:
            return said
        steps = f"runs of {self.snapshot.experiment.steps:,} steps"
        zoomed_in = self.live and self.look.settings_zoom is not None
        return f"click for all of it · {steps}" if zoomed_in else steps

    def note_clicked(self) -> None:
        """All of the two hyperparameters again."""
        self.asked.emit("settings_zoom", None)

    def _said(self) -> str:
        """What becomes of the settings under the mouse."""
        found = self._cell(self._hover)
        if found is None or self._shown is None or self._axes is None:
            return ""
        (row, column), picture = found, self._shown.picture
        values = (picture.x[column], picture.y[row])
        pair = ", ".join(f"{axis.name} {number(float(value), 4)}"
                         for axis, value in zip(self._axes, values, strict=True))
        lost, steps = int(picture.diverged_at[row, column]), int(picture.steps[row, column])
        if lost >= 0:
            return f"{pair}: diverges at step {lost:,}"
        loss = f"{pair}: loss {number(float(picture.loss[row, column]))}"
        return f"{loss}, converged at step {steps:,}" if steps >= 0 else loss

    # ---- what is shown

    def drawn(self, snapshot: Snapshot, look: Look) -> None:
        self.update()
        self.noted.emit()

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

    def _lay_out(self, style: Style, axes: tuple[Hyper, Hyper]) -> None:
        px, rect = style.px, self.rect()
        self._axes = axes
        self._body = rect.adjusted(round(px(LEFT)), round(px(HEAD)), 0,
                                   -round(px(BOTTOM + LEGEND)))
        x, y = (axis.name for axis in axes)
        metrics = QFontMetricsF(style.font(12, 600))
        bottom = rect.bottom() - px(LEGEND) + px(4)
        up, across = (QRectF(0, 0, metrics.horizontalAdvance(word) + px(12), px(HEIGHT))
                      for word in (f"{y} ↑", f"{x} →"))
        up.moveTopLeft(QPointF(self._body.left(), 0))
        across.moveTopRight(QPointF(self._body.right(), bottom))
        names = (Segment("settings_y", self._next("settings_y"), f"{y} ↑", False, up),
                 Segment("settings_x", self._next("settings_x"), f"{x} →", False, across))
        values = word_choice(
            style, "settings_value", VALUES, self.look.settings_value, rect.right(),
            rect.right() - up.right()) if self.live else ()
        self._segments = (*names, *values)

    def _next(self, key: str) -> str:
        """The hyperparameter that a click on an axis's name puts there."""
        assert self.snapshot is not None and self._axes is not None
        whose = self._whose()
        assert whose is not None
        names = list(self.snapshot.experiment.contestants[whose.index].optimizer.hyper_names)
        own, other = (axis.name for axis in self._axes)
        if key == "settings_y":
            own, other = other, own
        rest = [name for name in names if name != other]
        return rest[(rest.index(own) + 1) % len(rest)]

    # ---- painting

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self.style is None or self.snapshot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, snapshot, whose = self.style, self.snapshot, self._whose()
        self._body = QRectF()
        if whose is None:
            say(painter, self.rect(), "All contestants are muted.", style)
            return
        full = axes_of(snapshot.experiment, whose.index, self.look)
        box = zoomed(full, self.look.settings_zoom)
        axes = (hyper_axis.between(full[0], box[0]), hyper_axis.between(full[1], box[1]))
        self._lay_out(style, axes)
        if min(self._body.width(), self._body.height()) < style.px(40):
            self._body = QRectF()
            return
        names = (axes[0].name, axes[1].name)
        experiment = self._kept.of(
            "asked", (Same(snapshot.experiment), whose.index, names),
            lambda: of_the_map(snapshot.experiment, whose.index, axes))
        most = self._kept.of("most", experiment, lambda: affordable(experiment))
        if not most:
            say(painter, self.rect(), "A map of settings trains this network many times over, "
                "which takes too long: fewer steps or a smaller network would do.", style)
            self._body = QRectF()
            return
        ratio = device_ratio(painter) if is_raster(painter) else 1.0
        self._shown = self._maps.of(
            question_of(experiment, axes, box, self._body, ratio, most), whole=self.whole)
        self._paint_map(painter, style, ratio)
        self._paint_marks(painter, style, whose)
        round_corners(painter, self._body, style.px(8), QColor(style.theme.card))
        hyper_axis.paint_bottom(painter, self._body, axes[0], style)
        hyper_axis.paint_left(painter, self._body, axes[1], style)
        paint_segments(painter, style, self._segments)

    def _paint_map(self, painter: QPainter, style: Style, ratio: float) -> None:
        found, body, value = self._shown, self._body, self.look.settings_value
        assert self._axes is not None
        here = found is not None and found.question.axes == (
            self._axes[0].name, self._axes[1].name)
        if found is None or not here:
            painter.fillRect(body, QColor(style.theme.raised))
            return
        size = max(1, round(body.width() * ratio)), max(1, round(body.height() * ratio))
        scale: Scale = self._kept.of(
            "scale", (Same(found), value, self.look.loss_scale),
            lambda: scale_of(found.picture, value, self.look.loss_scale == "log"))
        shades: NDArray[np.uint32] = self._kept.of(
            "pixels", (Same(found), scale, value, size, style),
            lambda: pixels(found.picture, scale, value, size, style, ratio))
        painter.save()
        painter.setClipRect(body)
        painter.fillRect(body, QColor(style.theme.raised))
        # A map that is not this part's own yet is shown where its values are.
        painter.drawImage(self._where(found), as_image(shades))
        painter.restore()
        line = style.px(LEGEND)
        name = next(segment.rect for segment in self._segments if segment.kind == "settings_x")
        paint_legend(painter, QRectF(body.left(), self.rect().bottom() - line + style.px(4),
                                     name.left() - body.left(), line - style.px(4)),
                     found.picture, scale, value, style)

    def _where(self, found: Map) -> QRectF:
        """Where a map's rectangle is on the axes as they are now."""
        assert self._axes is not None
        if found.question.box == (self._axes[0].span, self._axes[1].span):
            return self._body
        full = found.picture.axes
        ends = []
        for axis, now in zip(full, self._axes, strict=True):
            low, high = (axis.position(value) for value in now.span)
            # Beyond the ends of either all positions are those of the ends.
            ends.append((low, high) if high > low else (0.0, 1.0))
        (left, right), (bottom, top) = ends
        width = self._body.width() / (right - left)
        height = self._body.height() / (top - bottom)
        return QRectF(self._body.left() - left * width, self._body.bottom() - (1 - bottom) * height,
                      width, height)

    def _paint_marks(self, painter: QPainter, style: Style, whose: Appearance) -> None:
        """What theory knows, and where the contestants are, with words where there is room."""
        markers = self._markers(whose)
        radius = style.px(9)
        taken = [QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
                 for _, at in markers]
        chips = [Chip(short(shown.name), (at,), style.px(13), shown.opacity)
                 for shown, at in markers]
        painter.save()
        painter.setClipRect(self._body)
        known = self._paint_theory(painter, style, whose)
        # Nothing is to lie over the target of the fastest pair either.
        target = style.px(14)
        taken += [QRectF(at.x() - target, at.y() - target, 2 * target, 2 * target)
                  for chip in known for at in chip.places if len(chip.places) == 1]
        chips += known
        for shown, at in markers:
            painter.setOpacity(shown.opacity)
            draw_marker(painter, shown.marker, at.x(), at.y(), style.px(7.5), shown.color,
                        QColor(style.theme.card))
            painter.setOpacity(1)
        paint_chips(painter, self._body, chips, taken, style)
        painter.restore()

    def _paint_theory(self, painter: QPainter, style: Style, whose: Appearance) -> list[Chip]:
        assert self.snapshot is not None and self._axes is not None
        experiment = self.snapshot.experiment
        if experiment.problem.kind != "surface":
            return []
        found = self._kept.of("theory", experiment.problem,
                              lambda: quadratic(surface_of(experiment).resolve()))
        if found is None:
            return []
        optimizer = experiment.contestants[whose.index].optimizer
        return paint_theory(painter, self._body, self._axes, optimizer.definition,
                            optimizer.hypers(), found, style)

    def _markers(self, whose: Appearance) -> list[tuple[Appearance, QPointF]]:
        """The contestants with the same optimizer, where their own settings are on the map."""
        assert self.snapshot is not None and self.style is not None and self._axes is not None
        contestants = self.snapshot.experiment.contestants
        found = []
        for shown in appearances(self.snapshot.experiment, self.style, self.look):
            if shown is None:
                continue
            optimizer = contestants[shown.index].optimizer
            if optimizer.name == contestants[whose.index].optimizer.name and all(
                    hyper_axis.inside(axis, optimizer.hypers()[axis.name])
                    for axis in self._axes):
                found.append((shown, place(self._body, self._axes, optimizer.hypers())))
        return found

    # ---- mouse

    def _cell(self, pixel: QPointF | None) -> tuple[int, int] | None:
        """The row and column of the map under a pixel."""
        if pixel is None or self._shown is None or not self._body.contains(pixel):
            return None
        where, picture = self._where(self._shown), self._shown.picture
        column = int((pixel.x() - where.left()) / where.width() * len(picture.x))
        row = int((where.bottom() - pixel.y()) / where.height() * len(picture.y))
        inside = 0 <= column < len(picture.x) and 0 <= row < len(picture.y)
        return (row, column) if inside else None

    def mouseClickEvent(self, event: Any) -> None:
        segment, whose = segment_at(self._segments, event.pos()), self._whose()
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
        for shown, at in self._markers(whose):
            away = event.pos() - at
            if np.hypot(away.x(), away.y()) < self.style.px(GRIP):
                self.asked.emit("choose", shown.index)
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

    def wheelEvent(self, event: Any) -> None:
        if not self._body.contains(event.pos()):
            event.ignore()
            return
        event.accept()
        factor = ZOOM_A_NOTCH ** (event.delta() / NOTCH)
        x = (event.pos().x() - self._body.left()) / self._body.width()
        y = (self._body.bottom() - event.pos().y()) / self._body.height()
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

    def hoverEvent(self, event: Any) -> None:
        self._hover = None if event.isExit() else event.pos()
        over = self._hover is not None and self._body.contains(self._hover)
        self.setCursor(Qt.CursorShape.CrossCursor if over else Qt.CursorShape.ArrowCursor)
        self.noted.emit()


settings_map = ViewDefinition(
    "settings-map", "Settings",
    "Final loss or steps to converge over two hyperparameters, with what theory knows of them.",
    SettingsMap, weight=(1.3, 1.3), kinds=frozenset({"surface", "network"}),
)
